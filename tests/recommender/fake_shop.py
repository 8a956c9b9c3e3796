"""A shop for tests of the API: real pictures on disk, hand-written models and searcher."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import migrations
from index.build import Indexer
from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter, Entry
from index.database.database import Database, open_database
from index.encoders.attribute_prompts import Families
from index.encoders.attributes import AttributeReader
from index.encoders.relevance import Relevance
from index.errors import ItemNotFound
from index.facts.reader import FactsReader
from index.files.images import ImageStore
from index.generations.generations import Generations
from index.model.filters import Filters
from index.model.items import Audience, CatalogItem, Hit, Ranking
from index.model.patterns import allowed_by, pattern_key
from index.model.progress import Progress, silent
from index.stores.faiss.engine import FaissEngine
from recommender.access.keys import Keys
from recommender.compatibility import kinds
from recommender.compatibility.kinds import PairCounts
from recommender.compatibility.model import Scorer, SimilarityAndColour
from recommender.jobs.imports import ImportJobs
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import shipped
from recommender.people.people import People
from recommender.people.shares import Shares
from recommender.people.style import Style
from recommender.photos.photo_urls import PhotoFetcher
from recommender.runtime.upkeep import Upkeep
from recommender.settings import Settings
from recommender.similarity.browsing import Browsing
from segmentation.common import photo
from segmentation.common.errors import Refusal
from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from segmentation.detector.by_hand import filled
from tests.fakes import EVERYTHING, FakeCutter, FakeEncoder

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
class FakeDetector:
    """Sees a shirt in the upper part of a photo, pants below, and a passer-by's hat in a corner.

    In a picture of one colour it sees nothing.
    """

    fails: Exception | None = None
    calls: int = field(default=0, init=False)
    outlined: int = field(default=0, init=False)

    def segment(self, photo: Photo, *, everyone: bool = False) -> Garments:
        """Return two garments, or none."""
        self.calls += 1
        if self.fails is not None:
            raise self.fails
        if int(photo.rgb.max()) - int(photo.rgb.min()) == 0 or len(np.unique(photo.rgb)) < 4:
            return Garments.empty(photo)
        high, wide = photo.height, photo.width
        found: tuple[tuple[Category, float, tuple[float, ...]], ...] = (
            (Category.SHIRT, 0.9, (20 / 80, 20 / 120, 60 / 80, 60 / 120)),
            (Category.PANTS, 0.8, (25 / 80, 60 / 120, 55 / 80, 110 / 120)),
        )
        if everyone:
            found = (*found, (Category.HAT, 0.7, (70 / 80, 0.0, 1.0, 10 / 120)))
        garments = []
        for category, score, (left, top, right, bottom) in found:
            x1, y1, x2, y2 = (
                round(left * wide),
                round(top * high),
                round(right * wide),
                round(bottom * high),
            )
            mask = np.zeros((high, wide), dtype=bool)
            mask[y1:y2, x1:x2] = True
            garments.append(Garment(category, score, (x1, y1, x2, y2), mask))
        return Garments(high, wide, tuple(garments))

    def outline(self, photo: Photo, box_xyxy: Sequence[float], category: Category) -> Garment:
        """Return a garment that fills the box."""
        self.outlined += 1
        return filled(photo, box_xyxy, category)


@dataclass
class FakeSearcher:
    """Ranks all items that pass by cosine."""

    items: Sequence[CatalogItem]
    vectors_unit: NDArray[np.float32]
    fails: Refusal | None = None

    def nearest(self, vector_unit: NDArray[np.float32], k: int, filters: Filters) -> Ranking:
        """Return the nearest items."""
        self._check()
        scores = self.vectors_unit @ vector_unit
        pairs = zip(self.items, scores.tolist(), strict=True)
        return Ranking(tuple(Hit(item, s) for item, s in pairs if passes(item, filters))).top(k)

    def vectors_of(self, skus: Sequence[str]) -> NDArray[np.float32]:
        """Return the items' rows."""
        self._check()
        numbers = {item.sku: number for number, item in enumerate(self.items)}
        for sku in skus:
            if sku not in numbers:
                raise ItemNotFound.of(sku)
        return self.vectors_unit[[numbers[sku] for sku in skus]]

    def kinds(self) -> Counter[Category]:
        """Count."""
        return Counter(item.category for item in self.items)

    def of_groups(self, groups: Collection[str]) -> list[CatalogItem]:
        """Return the items of some groups."""
        return [item for item in self.items if item.group and item.group in groups]

    def _check(self) -> None:
        if self.fails is not None:
            raise self.fails


def passes(item: CatalogItem, filters: Filters) -> bool:
    """Return whether an item may answer."""
    price = item.asking_price
    audiences = filters.audiences | ({Audience.UNISEX} if filters.audiences else set())
    return (
        item.sku not in filters.exclude
        and (not filters.categories or item.category in filters.categories)
        and (not filters.audiences or item.audience in audiences)
        and (not filters.availability or item.availability in filters.availability)
        and (not filters.brands or item.brand.lower() in {b.lower() for b in filters.brands})
        and (not filters.colours or item.colour.lower() in {c.lower() for c in filters.colours})
        and (not filters.patterns or pattern_key(item.pattern) in allowed_by(filters.patterns))
        and (not filters.sleeves or item.sleeve in filters.sleeves)
        and (not filters.lengths or item.length in filters.lengths)
        and (filters.max_price is None or (price is not None and price <= filters.max_price))
        and (filters.min_price is None or (price is not None and price >= filters.min_price))
    )


@dataclass
class FakeShop:
    """All that the API uses."""

    settings: Settings
    images: ImageStore
    searcher: FakeSearcher
    detector: FakeDetector = field(default_factory=FakeDetector)
    encoder: FakeEncoder = field(default_factory=FakeEncoder)
    scorer: Scorer = field(default_factory=SimilarityAndColour)
    families: Families = field(default_factory=dict)
    relevance: Relevance = EVERYTHING
    facts: FactsReader = field(default_factory=FactsReader)
    kinds: PairCounts = field(default_factory=lambda: kinds.shipped())
    stylist: Stylist = field(default_factory=lambda: Stylist(shipped()))
    closed: bool = False
    photo_fetcher: PhotoFetcher | None = None

    @property
    def attributes(self) -> AttributeReader:
        """Return what reads the families' answers."""
        return AttributeReader(self.encoder, self.families)

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

    def item(self, sku: str) -> CatalogItem:
        """Return an item."""
        for item in self.searcher.items:
            if item.sku == sku:
                return item
        raise ItemNotFound.of(sku)

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
    shop.settings = Settings(api_names=NAMES)
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
    return FakeShop(settings, images, FakeSearcher(items, vectors), encoder=encoder)


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
