"""Stand-ins for the models and the catalogue that the verbs work with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoders.attribute_prompts import Families
from index.encoders.attributes import AttributeReader
from index.encoders.clothes import OPEN, ClothesGate
from index.encoders.relevance import Relevance
from index.errors import ItemNotFound
from index.facts.reader import FactsReader
from index.model.fields import FieldMaker
from index.model.filters import Filter, Filters, Matching, declared
from index.model.items import Audience, CatalogItem, Hit, Ranking
from index.model.patterns import allowed_by, pattern_key
from index.model.questions import FieldQuestion, Question
from recommender.compatibility import kinds
from recommender.compatibility.kinds import PairCounts
from recommender.compatibility.model import Scorer, SimilarityAndColour
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import shipped
from recommender.people.style import Style
from segmentation.common.garments import Garment, Garments, Mask, Photo
from segmentation.common.taxonomy import Category
from segmentation.detector.by_hand import filled
from tests.fakes import EVERYTHING, FakeEncoder

Found = tuple[Category, float, tuple[float, float, float, float]]
"""A category, a score, and a box in shares of the photo's sides."""

RED, NAVY, GREEN, WHITE = (192, 40, 48), (36, 46, 78), (55, 119, 81), (246, 245, 242)


def photo(colour: tuple[int, int, int] = RED, *, width: int = 40, height: int = 60) -> Photo:
    """Return a photo of one colour."""
    return Photo(np.full((height, width, 3), colour, dtype=np.uint8))


def box_mask(shape: tuple[int, int], box: tuple[float, float, float, float]) -> Mask:
    """Return a mask that fills a box given in pixels."""
    mask = np.zeros(shape, dtype=np.bool_)
    left, top, right, bottom = (round(side) for side in box)
    mask[top:bottom, left:right] = True
    return mask


@dataclass
class FakeDetector:
    """Finds what it is told to, in every photo.

    Attributes:
        found: what.
        fails: is raised instead.
        calls: how many photos it was given so far.
        outlined: how many boxes.
    """

    found: Sequence[Found] = ()
    passers_by: Sequence[Found] = ()
    fails: Exception | None = None
    calls: int = field(default=0, init=False)
    outlined: int = field(default=0, init=False)

    def segment(self, photo: Photo, *, everyone: bool = False) -> Garments:
        """Return garments whose masks fill their boxes."""
        self.calls += 1
        if self.fails is not None:
            raise self.fails
        garments = []
        for category, score, shares in (*self.found, *(self.passers_by if everyone else ())):
            sides = (photo.width, photo.height) * 2
            left, top, right, bottom = (
                float(round(share * side)) for share, side in zip(shares, sides, strict=True)
            )
            box = left, top, max(left + 1, right), max(top + 1, bottom)
            mask = box_mask((photo.height, photo.width), box)
            garments.append(Garment(category, score, box, mask))
        return Garments(photo.height, photo.width, tuple(garments))

    def outline(self, photo: Photo, box_xyxy: Sequence[float], category: Category) -> Garment:
        """Return a garment that fills the box."""
        self.outlined += 1
        return filled(photo, box_xyxy, category)

    def kinds(self, photo: Photo, box_xyxy: Sequence[float]) -> list[tuple[Category, float]]:
        """Take a flat box for a hat, a tall one for pants, any other for a shirt."""
        left, top, right, bottom = box_xyxy
        wide, tall = right - left, bottom - top
        best = Category.HAT if wide > 2 * tall else Category.SHIRT
        best = Category.PANTS if tall > 2 * wide else best
        others = [kind for kind in Category if kind is not best]
        return [(best, 0.6), *((kind, 0.4 / len(others)) for kind in others)]


@dataclass
class FakeSearcher:
    """Searches a list of items exactly; its vectors follow from the items' skus."""

    items: Sequence[CatalogItem]
    dim: int = 8
    asked: list[Filters] = field(default_factory=list, init=False)

    def of_one_state(self) -> FakeSearcher:
        """Return itself: nothing changes it meanwhile but a test."""
        return self

    def item(self, sku: str) -> CatalogItem:
        """Return an item."""
        for each in self.items:
            if each.sku == sku:
                return each
        raise ItemNotFound.of(sku)

    def nearest(self, vector_unit: NDArray[np.float32], k: int, filters: Filters) -> Ranking:
        """Return the nearest items that pass."""
        self.asked.append(filters)
        passing = [item for item in self.items if passes(item, filters)]
        hits = [
            Hit(item, float(vector @ vector_unit))
            for item, vector in zip(passing, self._vectors(passing), strict=True)
        ]
        return Ranking(tuple(hits)).top(k)

    def nearest_all(self, questions: Sequence[Question]) -> list[Ranking]:
        """Return the answer to each question."""
        return [self.nearest(each.vector_unit, each.k, each.filters) for each in questions]

    def in_field(
        self,
        maker: FieldMaker,
        questions: Sequence[FieldQuestion],
    ) -> None:
        """Hold no field, as an index from before there were any."""
        return

    def vectors_of(self, skus: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows."""
        known = {item.sku: item for item in self.items}
        for sku in skus:
            if sku not in known:
                raise ItemNotFound.of(sku)
        return self._vectors([known[sku] for sku in skus])

    def kinds(self) -> Counter[Category]:
        """Count products by kind."""
        return Counter(
            kind for kind, _ in {(i.category, i.group or f"/{i.sku}") for i in self.items}
        )

    def of_groups(self, groups: Collection[str]) -> list[CatalogItem]:
        """Return the items of some groups."""
        found = [each for each in self.items if each.group and each.group in groups]
        return sorted(found, key=lambda each: each.sku)

    def _vectors(self, items: Sequence[CatalogItem]) -> NDArray[np.float32]:
        seeds = [sum(ord(letter) * 31**at for at, letter in enumerate(i.sku)) for i in items]
        rows = [np.random.default_rng(seed).normal(size=self.dim) + 0.3 for seed in seeds]
        stacked = np.reshape(rows, (len(items), self.dim))
        lengths = np.linalg.norm(stacked, axis=1, keepdims=True)
        return np.asarray(stacked / lengths, dtype=np.float32)


def passes(item: CatalogItem, filters: Filters) -> bool:
    """Return whether an item passes; the same rules as the real catalogue's."""
    asked = ((each, getattr(filters, each.field)) for each in declared().values())
    return item.sku not in filters.exclude and all(
        _passes(item, each, value) for each, value in asked if value
    )


def _passes(item: CatalogItem, declaration: Filter, asked: Any) -> bool:
    match declaration.matching:
        case Matching.AT_LEAST:
            return item.asking_price is not None and item.asking_price >= asked
        case Matching.AT_MOST:
            return item.asking_price is not None and item.asking_price <= asked
        case Matching.SIZES:
            return bool({size.casefold() for size in item.sizes} & {s.casefold() for s in asked})
        case Matching.PATTERN:
            return pattern_key(item.pattern) in allowed_by(asked)
        case Matching.AUDIENCE:
            open_to = {Audience.UNISEX, Audience.UNKNOWN} if asked - {Audience.KIDS} else set()
            return item.audience in asked | open_to
    facts = {
        "fine_kind": item.facts.fine_kind,
        "formality": item.facts.formality or "",
        "warmth": item.facts.warmth or "",
    }
    value = facts.get(declaration.name) or getattr(item, declaration.name, "")
    return str(value).casefold() in {str(word).casefold() for word in asked}


@dataclass
class FakeServices:
    """All that the verbs use, in memory."""

    searcher: FakeSearcher
    detector: FakeDetector = field(default_factory=FakeDetector)
    encoder: FakeEncoder = field(default_factory=FakeEncoder)
    scorer: Scorer = field(default_factory=SimilarityAndColour)
    families: Families = field(default_factory=dict)
    relevance: Relevance = EVERYTHING
    clothes: ClothesGate = OPEN
    facts: FactsReader = field(default_factory=FactsReader)
    kinds: PairCounts = field(default_factory=lambda: kinds.shipped())
    styles: dict[str, Style] = field(default_factory=dict)
    popularity: Mapping[str, float] = field(default_factory=dict)
    stylist: Stylist = field(default_factory=lambda: Stylist(shipped()))

    def style_of(self, person: str) -> Style:
        """Return the style of one who told something."""
        return self.styles.get(person, Style())

    @property
    def attributes(self) -> AttributeReader:
        """Return what reads the families' answers."""
        return AttributeReader(self.encoder, self.families)

    def item(self, sku: str) -> CatalogItem:
        """Return an item."""
        return self.searcher.item(sku)


def item(sku: str, category: Category, price: str | None = "20.00", **fields: Any) -> CatalogItem:
    """Return an item, its price in euros."""
    money = {} if price is None else {"price": Decimal(price), "currency": "EUR"}
    return CatalogItem(sku, f"Thing {sku}", category, f"{sku}.jpg", **{**money, **fields})


def shop(per_kind: int = 6) -> FakeSearcher:
    """Return a shop with some items of every kind, in turn of several colours."""
    colours = ("navy", "red", "white", "green", "camel", "black")
    return FakeSearcher(
        [
            item(
                f"{category.value.replace(' ', '-')}-{number}",
                category,
                f"{10 + 10 * number}.00",
                colour=colours[number % len(colours)],
            )
            for category in Category
            for number in range(per_kind)
        ]
    )


DRESSED: Sequence[Found] = (
    (Category.DRESS, 0.9, (0.2, 0.1, 0.8, 0.8)),
    (Category.SHOE, 0.7, (0.3, 0.85, 0.7, 1.0)),
)
SHIRT_ONLY: Sequence[Found] = ((Category.SHIRT, 0.9, (0.2, 0.1, 0.8, 0.5)),)
