"""Settings -> real objects: the one place where concrete classes meet, together with `models`.

Everything is made when it is first asked for, once, under a lock; importing this module loads no
model and no torch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Session

import migrations
from index.build import Indexer
from index.catalogue.catalog import Catalog
from index.database.database import Database, database_refusals, open_database, sqlite_file
from index.errors import IndexRefusal
from index.files.images import ImageStore
from index.generations.generations import Generations
from index.generations.guards import empty
from index.model.items import CatalogItem
from index.model.progress import Progress, silent
from index.search import Searcher
from index.stores import Engine
from recommender.errors import CatalogMissing
from recommender.people import forgetting
from recommender.runtime.engines import engine_of
from recommender.runtime.models import T
from recommender.runtime.safekeeping import Safekeeper
from recommender.runtime.shop_side import ShopSide
from recommender.runtime.upkeep import Upkeep
from recommender.settings import Settings
from recommender.similarity.browsing import Browsing
from segmentation.common import photo
from segmentation.common.garments import Photo
from segmentation.decoding.pool import DecodingPool, memory_for

if TYPE_CHECKING:
    from index.feeds.fetching.fetcher import RemoteFetcher
    from recommender.photos.photo_urls import PhotoFetcher


class Wiring(ShopSide):
    """The real `Services`, and what the catalogue's commands need besides."""

    def __init__(self, settings: Settings, *, serving: bool = False) -> None:
        """Take the settings; nothing is made yet.

        Args:
            settings: of this process.
            serving: photos come from strangers, several at a time: they are decoded in children, and
                share the encoder's batches. A single command's photo is its user's own, and starting
                a child would take longer than decoding it.
        """
        super().__init__(settings, shared=serving)
        self._serving = serving
        self._closing = ExitStack()

    @contextmanager
    def fetching(self, also: str = "") -> Iterator[RemoteFetcher | None]:
        """Yield what fetches a feed's pictures for one import; None where that is not switched on.

        What it fetched is deleted afterwards, and what it knows of hosts forgotten.

        Args:
            also: may be read beside what is set, in the same words.

        Raises:
            FeedError: the setting, or what is asked beside it, cannot be read.
        """
        from index.feeds.fetching import spool
        from index.feeds.fetching.fetcher import RemoteFetcher  # loads the web's libraries
        from index.feeds.fetching.rules import FetchRules

        rules = FetchRules.of([*self.settings.fetch.split(","), *also.split(",")])
        if not rules.rules:
            spool.sweep(self.settings.home)
            yield None
            return
        with closing(RemoteFetcher(self.settings.home, rules)) as fetcher:
            yield fetcher

    @property
    def photo_fetcher(self) -> PhotoFetcher | None:
        """What fetches photos that requests name by address; None where that is not switched on.

        Raises:
            SettingsError: the setting cannot be read.
        """
        from recommender.photos.photo_urls import fetcher_of  # loads the web's libraries

        settings = self.settings
        make = partial(fetcher_of, settings.photo_urls, settings.max_bytes)
        return self._once("photos", make, aside=True)

    @property
    def searcher(self) -> Searcher:
        """The catalogue's searcher, for this encoder.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        return self._once("searcher", self._make_searcher)

    @property
    def engine(self) -> Engine:
        """What makes and opens the index's stores; see `engine_of`."""
        return self._once("engine", lambda: engine_of(self.settings, self._open, self._closing))

    @property
    def database(self) -> Database:
        """The catalogue's database as it is.

        Raises:
            CatalogMissing: nothing was ever imported.
            IndexForeign: it is empty, and an index was made from another.
            DatabaseUnfit: it is of a newer version.
        """
        self._require_catalogue()
        return self._open()

    @property
    def browsing(self) -> Browsing:
        """The catalogue leafed through."""
        return Browsing(lambda: self.database, self.settings.catalogue)

    @property
    def upkeep(self) -> Upkeep:
        """How the index is, and back to the one before."""
        return Upkeep(
            home=self.settings.home,
            database=lambda: self.database,
            encoder=lambda: self.encoder,
            engine=lambda: self.engine,
            generations=self.generations,
            catalogue=self.settings.catalogue,
        )

    @property
    def safekeeper(self) -> Safekeeper:
        """What copies, backs up and restores; it opens the database by itself."""
        return Safekeeper(self.settings.home, self.settings.catalogue_url)

    @property
    def generations(self) -> Generations:
        """The index on disk."""
        return Generations.of(self.settings.home, self.settings.catalogue)

    @property
    def images(self) -> ImageStore:
        """The catalogue's pictures."""
        return ImageStore(self.settings.home / "images")

    @property
    def others(self) -> Mapping[str, Wiring]:
        """Further catalogues that are served, by name. They share all but what is a catalogue's own."""
        return self._once(
            "others",
            lambda: {name: _Beside(self, name) for name in self.settings.others},
            aside=True,
        )

    def item(self, sku: str) -> CatalogItem:
        """Return an item of the catalogue. See `Services.item`."""
        with self.database.reading() as session:
            return self.catalog(session).get(sku)

    def catalog(self, session: Session) -> Catalog:
        """Return the catalogue that is worked on, in a session."""
        return Catalog(session, self.settings.catalogue)

    def migrate(self) -> Database:
        """Bring the database to this version's schema, made where it is missing, and return it.

        It is looked at once: a write of one item is not to begin with a look at the schema.
        """
        return self._once("migrated", self._migrated)

    def indexer(self, progress: Progress = silent) -> Indexer:
        """Return what changes the catalogue; its database is migrated first."""
        encoder = self._own_encoder  # an import's batches are full, and no photo is to wait for one
        return Indexer(
            database=self.migrate(),
            home=self.settings.home,
            encoder=encoder,
            cutter=self.cutter,
            engine=self.engine,
            reader=self.attributes,
            progress=progress,
            guesser=self.guesser,
            facts=self.facts,
            catalogue=self.settings.catalogue,
            batch_size=encoder.batch,
            field_maker=self.scorer.field,
        )

    def decode(self, data: bytes) -> Photo:
        """Return a photo within the settings' limits.

        Raises:
            PhotoError: it is none that is accepted.
        """
        settings = self.settings
        decode = self._once("decoding", self._decoding).decode if self._serving else photo.decode
        return decode(data, max_bytes=settings.max_bytes, max_pixels=settings.max_pixels)

    def close(self) -> None:
        """Give back what is open."""
        for other in self._made.pop("others", {}).values():
            other.close()
        for name in ("imports", "courier"):  # before the database that they use
            made = self._made.pop(name, None)
            if made is not None:
                made.close()
        with self._lock:
            database = self._made.pop("database", None)
            decoding = self._made.pop("decoding", None)
            self._made.clear()
            self._closing.close()
        if decoding is not None:
            decoding.close()
        if database is not None:
            database.close()

    def _migrated(self) -> Database:
        database = self._open()
        with database_refusals():
            migrations.upgrade(database.engine)
        return database

    def _open(self) -> Database:
        return self._once("database", self._opened)

    def _opened(self) -> Database:
        database = open_database(self.settings.catalogue_url)
        forgetting.finish(database)
        return database

    def _require_catalogue(self) -> None:
        """Refuse what is no catalogue; a database that was found to be one is not looked at again."""
        file = sqlite_file(self.settings.catalogue_url)
        if file and not Path(file).is_file():
            raise self._nothing_in(file, f"no file {file}")
        self._once("a known schema", self._known)

    def _known(self) -> migrations.Schema:
        database = self._open()
        found = migrations.require_known(database.engine)
        if found is migrations.Schema.EMPTY:
            raise self._nothing_in(database.place, f"an empty database, {database.place}")
        return found

    def _nothing_in(self, place: str, got: str) -> IndexRefusal:
        newest = self.generations.newest()
        if newest is not None and newest.manifest.count:
            return empty(newest.manifest, place)
        return CatalogMissing(
            "there is no catalogue",
            got=got,
            expected="a catalogue that was imported",
            next_step="Run `recommender catalog import SOURCE`, or `recommender demo` for the "
            "sample boutique.",
        )

    def _decoding(self) -> DecodingPool:
        settings = self.settings
        children = min(settings.photos_at_once, os.cpu_count() or 1)
        return DecodingPool(children, memory_bytes=memory_for(settings.max_pixels))

    def _make_searcher(self) -> Searcher:
        database = self.database  # refuses before the encoder is loaded for nothing
        encoder = self.encoder
        return Searcher(
            database,
            self.generations,
            self.engine,
            fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            catalogue=self.settings.catalogue,
        )


class _Beside(Wiring):
    """Another catalogue of a home, served beside the first: models and database are the first's."""

    OWN: Final = frozenset(
        ("searcher", "engine", "people", "imports", "shares", "popularity", "webhooks", "others")
    )

    def __init__(self, first: Wiring, name: str) -> None:
        settings = first.settings.model_copy(update={"catalogue": name, "catalogues": ""})
        super().__init__(settings, serving=first._serving)
        self._first = first

    def _once(self, name: str, make: Callable[[], T], *, aside: bool = False) -> T:
        if name in self.OWN:
            return super()._once(name, make, aside=aside)
        return self._first._once(name, make, aside=aside)

    def _wake(self) -> None:
        self._first._wake()
