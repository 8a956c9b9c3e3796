"""What people and shops tell is wired to: likes, shares, events, imports, writes, and the webhooks that tell of them."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Any

from index.build import Indexer
from index.catalogue.catalog import Catalog
from index.database.database import Database
from index.generations.generations import folder_of
from index.importing.reports import ImportReport
from index.model.progress import Progress, silent
from index.search import Searcher
from recommender.access.keys import Keys
from recommender.events.events import Events
from recommender.events.popularity import Popularity
from recommender.jobs.answered_writes import AnsweredWrites
from recommender.jobs.import_job import DONE, Job, announced, numbers_of
from recommender.jobs.imports import ImportJobs
from recommender.jobs.item_writes import ItemWrites
from recommender.people.people import People
from recommender.people.shares import Shares
from recommender.people.style import Style
from recommender.runtime.importing import ImportsApart
from recommender.runtime.models import Models
from recommender.webhooks.webhooks import Webhooks
from recommender.wire.terms import Topic

if TYPE_CHECKING:
    from index.feeds.fetching.fetcher import RemoteFetcher
    from recommender.webhooks.courier import Courier

log = logging.getLogger(__name__)


class ShopSide(Models, ABC):
    """What a shop's pages, servers and buyers tell, and what its servers are sent."""

    @abstractmethod
    def migrate(self) -> Database:
        """Bring the database to this version's schema, made where it is missing, and return it."""

    @abstractmethod
    def indexer(self, progress: Progress = silent) -> Indexer:
        """Return what changes the catalogue; its database is migrated first."""

    @abstractmethod
    def fetching(self, also: str = "") -> AbstractContextManager[RemoteFetcher | None]:
        """Yield what fetches a feed's pictures for one import."""

    @property
    @abstractmethod
    def searcher(self) -> Searcher:
        """The catalogue's searcher, for this encoder."""

    @abstractmethod
    def _require_catalogue(self) -> None:
        """Refuse what is no catalogue."""

    @property
    def people(self) -> People:
        """People's feedback, and their styles; the database is migrated first.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        self._require_catalogue()
        return self._once("people", self._make_people)

    @property
    def shares(self) -> Shares:
        """Looks that are shared; the database is migrated first.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        self._require_catalogue()
        settings = self.settings
        return self._once(
            "shares", lambda: Shares(self.migrate(), settings.share_days, settings.catalogue)
        )

    @property
    def keys(self) -> Keys:
        """Keys to the API; the database is migrated first, made where it is missing."""
        return self._once("keys", lambda: Keys(self.migrate()))

    def style_of(self, person: str) -> Style:
        """Return a person's style. See `Services.style_of`."""
        return self.people.style(person)

    @property
    def imports(self) -> ImportJobs:
        """Imports into the catalogue as jobs, each in a process of its own."""
        folder = folder_of(self.settings.home, self.settings.catalogue)
        room = int(10 * self.settings.max_feed_mb * 2**20)
        make = partial(
            ImportJobs,
            folder,
            partial(ImportsApart, self.settings),
            max_bytes=room,
            on_end=self._job_ended,
            turns=self._once("turns", threading.Lock, aside=True),
        )
        return self._once("imports", make, aside=True)

    @property
    def writes(self) -> ItemWrites:
        """Items written one by one."""
        apart = partial(ImportsApart, self.settings)
        return ItemWrites(self.indexer, self.fetching, self._there, apart, self.written)

    @property
    def answered(self) -> AnsweredWrites:
        """Writes that came with an idempotency key; the database is migrated first."""
        return AnsweredWrites(self.migrate())

    @property
    def events(self) -> Events:
        """Clicks, carts and purchases; the database is migrated first.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        self._require_catalogue()
        settings = self.settings
        return Events(self.migrate(), settings.catalogue, settings.event_days, settings.events)

    @property
    def popularity(self) -> Mapping[str, float]:
        """How popular items are. See `Services.popularity`."""
        if not self.settings.events:
            return {}
        return self._once("popularity", lambda: Popularity(lambda: self.events.popular())).now()

    @property
    def webhooks(self) -> Webhooks:
        """Notifications to the shop's own servers; the database is migrated first, made where it is missing."""
        return self._once("webhooks", lambda: Webhooks(self.migrate(), self.settings.catalogue))

    @property
    def courier(self) -> Courier | None:
        """What sends webhooks; None where that is not switched on.

        Raises:
            SettingsError: a setting cannot be read.
        """
        from recommender.webhooks import sending  # loads the web's libraries
        from recommender.webhooks.courier import Courier

        settings = self.settings
        if not settings.webhooks:
            return None
        rules = sending.rules_of(settings.webhooks)
        networks = sending.networks_of(settings.webhook_networks)
        make = partial(Courier, self._known_webhooks, partial(sending.Sender, rules, networks))
        return self._once("courier", make, aside=True)

    def tell(self, topic: Topic, data: Mapping[str, Any], id: str = "") -> None:
        """Notify the shop's own servers, where webhooks are on. What happened has happened: it never fails."""
        if not self.settings.webhooks:
            return
        try:
            due = self.webhooks.tell(topic, data, id)
        except Exception:
            log.exception("a webhook could not be written down")
            return
        if due:
            self._wake()

    def imported(self, source: str, report: ImportReport) -> None:
        """Notify the shop's own servers of an import that was no job."""
        done = Job("", source, DONE, report=numbers_of(report))
        self.tell(Topic.IMPORT_FINISHED, announced(done))

    def written(self, results: Mapping[str, str]) -> None:
        """Notify the shop's own servers of what became of items, by sku."""
        items = [{"sku": sku, "result": result} for sku, result in results.items()]
        self.tell(Topic.ITEMS_CHANGED, {"items": items})

    def _wake(self) -> None:
        courier = self._made.get("courier")
        if courier is not None:
            courier.wake()

    def _known_webhooks(self) -> Webhooks:
        """Return the webhooks of a catalogue that is there: a server makes none."""
        self._require_catalogue()
        return self.webhooks

    def _there(self, skus: Sequence[str]) -> frozenset[str]:
        with self.migrate().reading() as session:
            return frozenset(Catalog(session, self.settings.catalogue).held(skus))

    def _job_ended(self, job: Job) -> None:
        if not (job.report or {}).get("dry_run"):
            self.tell(Topic.IMPORT_FINISHED, announced(job), f"import_{job.id}")

    def _make_people(self) -> People:
        return People(self.migrate(), lambda: self.searcher, catalogue=self.settings.catalogue)
