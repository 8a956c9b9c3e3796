"""A shop for tests of the API: real pictures on disk, hand-written models and searcher."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import migrations
from index.build import Indexer
from index.catalogue.catalog import Catalog
from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter, Entry
from index.database.database import Database, open_database
from index.files.images import ImageStore
from index.generations.generations import Generations
from index.model.items import Audience, CatalogItem
from index.model.progress import Progress, silent
from index.stores.faiss.engine import FaissEngine
from recommender.access.keys import Keys
from recommender.events.events import Events
from recommender.jobs.answered_writes import AnsweredWrites
from recommender.jobs.imports import ImportJobs
from recommender.jobs.item_writes import ItemWrites
from recommender.people.people import People
from recommender.people.shares import Shares
from recommender.people.style import Style
from recommender.photos.photo_urls import PhotoFetcher
from recommender.runtime.upkeep import Upkeep
from recommender.settings import Settings
from recommender.similarity.browsing import Browsing
from recommender.webhooks.courier import Courier
from segmentation.common import photo
from segmentation.common.errors import Refusal
from segmentation.common.garments import Garments, Photo
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from tests.fakes import FakeCutter, FakeEncoder
from tests.recommender.fakes import FakeDetector, FakeSearcher, FakeServices, Found

Colour = tuple[int, int, int]
NAMES = "testserver, shop, t"
"""What tests call their servers: the names are set, as whoever runs a server sets theirs."""
RED: Colour = (200, 30, 40)
NAVY: Colour = (30, 40, 90)

SAYS_RED = {"red": (255, 0, 0), **{f"red {kind.value}": (255, 0, 0) for kind in Category}}


def picture(colour: Colour = RED, size_wh: tuple[int, int] = (64, 96), kind: str = "PNG") -> bytes:
    """Return an encoded picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size_wh, colour).save(buffer, kind)
    return buffer.getvalue()


def street(kind: str = "PNG") -> bytes:
    """Return an encoded photo with a red shirt over navy pants on grey."""
    rgb = np.full((120, 80, 3), 235, np.uint8)
    rgb[20:60, 20:60], rgb[60:110, 25:55] = RED, NAVY
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, kind)
    return buffer.getvalue()


@dataclass
class StreetDetector(FakeDetector):
    """Sees a shirt in the upper part of a photo, pants below, and a passer-by's hat in a corner.

    In a picture of one colour it sees nothing.
    """

    found: Sequence[Found] = (
        (Category.SHIRT, 0.9, (20 / 80, 20 / 120, 60 / 80, 60 / 120)),
        (Category.PANTS, 0.8, (25 / 80, 60 / 120, 55 / 80, 110 / 120)),
    )
    passers_by: Sequence[Found] = ((Category.HAT, 0.7, (70 / 80, 0.0, 1.0, 10 / 120)),)

    def segment(self, photo: Photo, *, everyone: bool = False) -> Garments:
        """Return two garments, or none."""
        garments = super().segment(photo, everyone=everyone)
        return Garments.empty(photo) if len(np.unique(photo.rgb)) < 4 else garments


@dataclass
class StockedSearcher(FakeSearcher):
    """Ranks items by the vectors of their pictures."""

    vectors_unit: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 8), np.float32))
    fails: Refusal | None = None

    def _vectors(self, items: Sequence[CatalogItem]) -> NDArray[np.float32]:
        if self.fails is not None:
            raise self.fails
        numbers = {item.sku: number for number, item in enumerate(self.items)}
        return self.vectors_unit[[numbers[item.sku] for item in items]]


@dataclass(kw_only=True)
class FakeShop(FakeServices):
    """All that the API uses."""

    settings: Settings
    images: ImageStore
    searcher: StockedSearcher
    detector: FakeDetector = field(default_factory=StreetDetector)
    closed: bool = False
    photo_fetcher: PhotoFetcher | None = None
    courier: Courier | None = None
    others: dict[str, FakeShop] = field(default_factory=dict)

    @cached_property
    def database(self) -> Database:
        """Return a database that holds the searcher's items."""
        database = open_database(self.settings.catalogue_url)
        migrations.upgrade(database.engine)
        with database.writing() as session:
            entries = [Entry(i, Picture(i.image, "0" * 64, {})) for i in self.searcher.items]
            CatalogWriter(session).upsert(entries)
        return database

    @cached_property
    def people(self) -> People:
        """Return the real thing."""
        return People(self.database, lambda: self.searcher)

    def style_of(self, person: str) -> Style:
        """Return a person's style."""
        return self.people.style(person)

    @cached_property
    def imports(self) -> ImportJobs:
        """Return the real thing, over an indexer whose encoder is a fake."""
        return ImportJobs(self.settings.home, self.indexer)

    @property
    def writes(self) -> ItemWrites:
        """Return the real thing, over the same."""
        return ItemWrites(self.indexer, lambda _: nullcontext(), self._known)

    @property
    def events(self) -> Events:
        """Return the real thing."""
        return Events(self.database, on=self.settings.events)

    @property
    def answered(self) -> AnsweredWrites:
        """Return the real thing."""
        return AnsweredWrites(self.database)

    def _known(self, skus: Sequence[str]) -> frozenset[str]:
        with self.database.reading() as session:
            return frozenset(Catalog(session).held(skus))

    def indexer(self, progress: Progress = silent) -> Indexer:
        """Return the real thing over fakes."""
        made = Indexer(
            self.database, self.settings.home, self.encoder, FakeCutter(), FaissEngine(),
            self.attributes,
        )  # fmt: skip
        return replace(made, progress=progress)

    @property
    def shares(self) -> Shares:
        """Return the real thing."""
        return Shares(self.database)

    @property
    def keys(self) -> Keys:
        """Return the real thing."""
        return Keys(self.database)

    @property
    def browsing(self) -> Browsing:
        """Return the real thing."""
        return Browsing(lambda: self.database)

    @property
    def upkeep(self) -> Upkeep:
        """Return the real thing, over a home without an index."""
        home = self.settings.home
        return Upkeep(
            home=home,
            database=lambda: self.database,
            encoder=lambda: self.encoder,
            engine=FaissEngine,
            generations=Generations(home / "index"),
        )

    def decode(self, data: bytes) -> Photo:
        """Return a photo."""
        return photo.decode(
            data, max_bytes=self.settings.max_bytes, max_pixels=self.settings.max_pixels
        )

    def close(self) -> None:
        """Remember."""
        self.closed = True


def bare_shop() -> FakeShop:
    """Return a shop that has settings and nothing else."""
    shop = FakeShop.__new__(FakeShop)
    shop.settings, shop.others = Settings(api_names=NAMES), {}
    return shop


PALETTE: tuple[tuple[str, Colour], ...] = (
    ("red", RED), ("navy", NAVY), ("black", (20, 20, 22)), ("beige", (214, 196, 164)),
)  # fmt: skip


def open_shop(home: Path, **changes: object) -> FakeShop:
    """Return a shop with four items of every kind; their pictures are below `home`.

    Its encoder knows the word `red`: said of a navy garment, it puts red ones first.
    """
    settings = Settings(home=home, **{"api_names": NAMES, **changes})  # type: ignore[arg-type]
    images, encoder = ImageStore(home / "images"), FakeEncoder(said=SAYS_RED)
    items: list[CatalogItem] = []
    colours: list[Colour] = []
    for category in Category:
        for number, (name, colour) in enumerate(PALETTE):
            data = picture(colour, (40, 60 + category.id))
            items.append(_item(category, number, name, images.store(data, photo.decode(data))))
            colours.append(colour)
    vectors = encoder.encode_images([np.full((2, 2, 3), colour, np.uint8) for colour in colours])
    searcher = StockedSearcher(items, vectors_unit=vectors)
    return FakeShop(settings=settings, images=images, searcher=searcher, encoder=encoder)


def _item(category: Category, number: int, colour: str, image: str) -> CatalogItem:
    item = CatalogItem(
        sku=f"{category.value.replace(' ', '-')}-{number}",
        title=f"{colour.title()} {category.value}",
        category=category,
        image=image,
        brand=("Nord", "Süd")[number % 2],
        price=Decimal("20.00") * (number + 1),
        currency="EUR",
        colour=colour,
        audience=(Audience.UNISEX, Audience.WOMEN, Audience.MEN, Audience.KIDS)[number],
    )
    return replace(item, sale_price=Decimal("15.00")) if number == 0 else item


SLOTS = tuple(Slot)
assert set(SLOT_OF.values()) == set(SLOTS)
