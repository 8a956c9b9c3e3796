"""Settings -> real objects: the one place where concrete classes meet.

Everything is made when it is first asked for, once, under a lock; importing this module loads no
model and no torch.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.engine import make_url

import migrations
from index.attributes import AttributeReader
from index.build import Indexer
from index.catalog import Catalog
from index.database import Database, open_database, told
from index.encoding import Cutter
from index.families import Families, families_of
from index.generations import Generations
from index.guessing import CategoryGuesser, calibration_of
from index.images import ImageStore
from index.items import CatalogItem
from index.progress import Progress, silent
from index.relevance import Relevance, relevance_of
from index.search import Searcher
from index.stores import Engine
from recommender import loading
from recommender.batching import SharedBatches
from recommender.browsing import Browsing
from recommender.compatibility import kinds
from recommender.compatibility.kinds import Counts
from recommender.compatibility.model import Scorer
from recommender.engines import engine_of
from recommender.errors import CatalogMissing
from recommender.garment_of import cutter_with
from recommender.people import People
from recommender.services import Detector
from recommender.settings import Settings
from recommender.shares import Shares
from recommender.style import Style
from recommender.upkeep import Upkeep
from segmentation import photo
from segmentation.decoding import DecodingPool, memory_for
from segmentation.garments import Photo

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.feeds.fetching.fetcher import RemoteFetcher
    from recommender.photo_urls import PhotoFetcher

T = TypeVar("T")


class Wiring:
    """The real `Services`, and what the catalogue's commands need besides."""

    def __init__(self, settings: Settings, *, serving: bool = False) -> None:
        """Take the settings; nothing is made yet.

        Args:
            settings: of this process.
            serving: photos come from strangers, several at a time: they are decoded in children, and
                share the encoder's batches. A single command's photo is its user's own, and starting
                a child would take longer than decoding it.
        """
        self.settings, self._serving = settings, serving
        self._lock = threading.RLock()
        self._made: dict[str, Any] = {}
        self._closing = ExitStack()

    @property
    def detector(self) -> Detector:
        """The garment detector."""
        return self._once("detector", self._load_detector)

    @property
    def cutter(self) -> Cutter:
        """What cuts items out of the shop's pictures; the detector is loaded when one needs it."""
        return cutter_with(
            lambda: self._once("catalogue detector", lambda: loading.for_catalogue(self.detector))
        )

    @property
    def encoder(self) -> Encoder:
        """The encoder."""
        if not self._serving:
            return self._own_encoder
        return self._once("shared batches", lambda: SharedBatches(self._own_encoder))

    @property
    def attributes(self) -> AttributeReader:
        """What reads attributes off the encoder's vectors; the encoder is loaded when it is asked.

        Raises:
            WeightsError: the encoder's `attributes.json` is damaged.
        """
        return self._once("attributes", lambda: AttributeReader(_Words(self), self._families()))

    @property
    def relevance(self) -> Relevance:
        """What says when an answer is relevant: as the encoder was calibrated, or a rule.

        Raises:
            WeightsError: the encoder's `relevance.json` is damaged, or of another encoder.
        """
        return self._once("relevance", self._relevance)

    @property
    def guesser(self) -> CategoryGuesser:
        """What guesses the kind of an item whose shop does not say it.

        Raises:
            WeightsError: the encoder's `guessing.json` is damaged.
        """
        return self._once("guesser", self._guesser)

    @property
    def fetcher(self) -> RemoteFetcher | None:
        """What fetches a feed's pictures from elsewhere; None where that is not switched on.

        Raises:
            FeedError: the setting cannot be read.
        """
        from index.feeds.fetching import spool
        from index.feeds.fetching.fetcher import RemoteFetcher  # loads the web's libraries
        from index.feeds.fetching.rules import Rules

        rules = Rules.of(self.settings.fetch.split(","))
        if not rules.rules:
            spool.sweep(self.settings.home)
            return None
        return self._once("fetcher", lambda: RemoteFetcher(self.settings.home, rules))

    @property
    def photo_fetcher(self) -> PhotoFetcher | None:
        """What fetches photos that requests name by address; None where that is not switched on.

        Raises:
            SettingsError: the setting cannot be read.
        """
        from recommender.photo_urls import fetcher_of  # loads the web's libraries

        told = self.settings
        return self._once("photos", lambda: fetcher_of(told.photo_urls, told.max_bytes))

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
    def scorer(self) -> Scorer:
        """What says how well an item completes an outfit: the trained model, or a rule.

        The rule stands in where an encoder is set that the shipped model was not trained for.

        Raises:
            WeightsError: the model that is set is damaged, or was trained for another encoder.
        """
        return self._once("scorer", lambda: loading.scorer(self.settings, self.encoder.fingerprint))

    @property
    def kinds(self) -> Counts:
        """How often kinds were worn together: of the model that is set, or of the shipped one.

        Raises:
            WeightsError: the file is damaged.
        """
        chosen = self.settings.compatibility
        if chosen is None:
            return kinds.shipped()
        return self._once("kinds", lambda: kinds.counts_in(chosen / kinds.SHIPPED.name))

    @property
    def database(self) -> Database:
        """The catalogue's database as it is.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        self._require_catalogue()
        return self._open()

    @property
    def people(self) -> People:
        """What people told, and their styles; the database is migrated first.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        self._require_catalogue()
        return self._once("people", lambda: People(self.migrate(), lambda: self.searcher))

    @property
    def shares(self) -> Shares:
        """Looks that are shared; the database is migrated first.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        self._require_catalogue()
        return self._once("shares", lambda: Shares(self.migrate(), self.settings.share_days))

    @property
    def browsing(self) -> Browsing:
        """The catalogue leafed through."""
        return Browsing(lambda: self.database)

    @property
    def upkeep(self) -> Upkeep:
        """How the index is, and back to the one before."""
        return Upkeep(
            home=self.settings.home,
            database=lambda: self.database,
            encoder=lambda: self.encoder,
            engine=lambda: self.engine,
            generations=self.generations,
        )

    @property
    def generations(self) -> Generations:
        """The index on disk."""
        return Generations(self.settings.home / "index")

    @property
    def images(self) -> ImageStore:
        """The catalogue's pictures."""
        return ImageStore(self.settings.home / "images")

    def item(self, sku: str) -> CatalogItem:
        """Return an item of the catalogue. See `Services.item`."""
        with self.database.reading() as session:
            return Catalog(session).get(sku)

    def style_of(self, person: str) -> Style:
        """Return a person's style. See `Services.style_of`."""
        return self.people.style(person)

    def migrate(self) -> Database:
        """Bring the database to this version's schema, made where it is missing, and return it."""
        database = self._open()
        with told():
            migrations.upgrade(database.engine)
        return database

    def indexer(self, progress: Progress = silent) -> Indexer:
        """Return what changes the catalogue; its database is migrated first."""
        return Indexer(
            database=self.migrate(),
            home=self.settings.home,
            encoder=self._own_encoder,  # an import's batches are full, and no photo is to wait for one
            cutter=self.cutter,
            engine=self.engine,
            reader=self.attributes,
            progress=progress,
            guesser=self.guesser,
        )

    def decode(self, data: bytes) -> Photo:
        """Return a photo within the settings' limits.

        Raises:
            PhotoError: it is none that is accepted.
        """
        told = self.settings
        decode = self._once("decoding", self._decoding).decode if self._serving else photo.decode
        return decode(data, max_bytes=told.max_bytes, max_pixels=told.max_pixels)

    def close(self) -> None:
        """Give back what is open."""
        with self._lock:
            database = self._made.pop("database", None)
            fetcher = self._made.pop("fetcher", None)
            decoding = self._made.pop("decoding", None)
            self._made.clear()
            self._closing.close()
        if decoding is not None:
            decoding.close()
        if fetcher is not None:
            fetcher.close()
        if database is not None:
            database.close()

    def _open(self) -> Database:
        return self._once("database", lambda: open_database(self.settings.catalogue_url))

    def _require_catalogue(self) -> None:
        try:
            url = make_url(self.settings.catalogue_url)
        except Exception:  # `open_database` refuses it with the remedy
            return
        file = url.database
        if url.get_backend_name() == "sqlite" and file and not Path(file).is_file():
            raise CatalogMissing(
                "there is no catalogue",
                got=f"no file {file}",
                expected="a catalogue that was imported",
                next_step="Run `recommender catalog import SOURCE`, or `recommender demo` for the "
                "sample boutique.",
            )

    def _load_detector(self) -> Detector:
        return loading.detector(self.settings)

    @property
    def _own_encoder(self) -> Encoder:
        return self._once("encoder", self._load_encoder)

    def _decoding(self) -> DecodingPool:
        told = self.settings
        children = min(told.photos_at_once, os.cpu_count() or 1)
        return DecodingPool(children, memory_bytes=memory_for(told.max_pixels))

    def _load_encoder(self) -> Encoder:
        return loading.encoder(self.settings)

    def _families(self) -> Families:
        return families_of(loading.encoder_name(self.settings))

    def _relevance(self) -> Relevance:
        return relevance_of(loading.encoder_name(self.settings), self.encoder.fingerprint)

    def _guesser(self) -> CategoryGuesser:
        calibration = calibration_of(loading.encoder_name(self.settings))
        return CategoryGuesser(self._own_encoder, calibration, self.settings.least_confidence)

    def _make_searcher(self) -> Searcher:
        database = self.database  # refuses before the encoder is loaded for nothing
        encoder = self.encoder
        return Searcher(
            database,
            self.generations,
            self.engine,
            fingerprint=encoder.fingerprint,
            dim=encoder.dim,
        )

    def _once(self, name: str, make: Callable[[], T]) -> T:
        """Return what was made under a name; make it if it is not there yet."""
        if name not in self._made:
            with self._lock:
                if name not in self._made:
                    self._made[name] = make()
        return cast(T, self._made[name])


@dataclass(frozen=True)
class _Words:
    """The encoder's side for words; it is loaded for the first of them."""

    wiring: Wiring

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.wiring.encoder.encode_texts(texts)
