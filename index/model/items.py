"""What a shop sells, and what a search answers. Frozen, validated at birth."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, overload

from index.model.garment_facts import UNKNOWN, GarmentFacts
from index.model.garment_facts import Audience as Audience
from segmentation.common.taxonomy import SLOT_OF, Category, Slot

BEHIND_SKU: Final = ("/similar", "/complete", "/image")
"""What the address of an item goes on with; a sku that ends so would be taken for it."""
ATTRIBUTES: Final = ("colour", "second_colour", "pattern", "material", "sleeve", "length")
"""Fields of an item that a measurement may fill where the shop left them empty."""
_UNSEEN: Final = frozenset(("Cc", "Zl", "Zp"))
"""Unicode's classes of control characters and line breaks."""


class Availability(StrEnum):
    """Whether an item can be bought, in Google Merchant's words."""

    IN_STOCK = "in_stock"
    OUT_OF_STOCK = "out_of_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"


class Pictures(StrEnum):
    """What a shop's pictures show, and so whether garments must be found in them."""

    AUTO = "auto"
    """each tells by itself: transparent or neutral grey around the garment, or not"""
    CUT_OUT = "cut-out"
    """one garment alone, already cut out"""
    GARMENTS = "garments"
    """garments, worn or lying somewhere"""


@dataclass(frozen=True)
class CatalogItem:
    """One thing a shop sells.

    Attributes:
        sku: the shop's own identifier, unique in the catalogue, 1 to 200 characters.
        title: what it is called.
        category: its kind.
        image: where its picture is; a path relative to the feed while importing, a path inside
            `RECOMMENDER_HOME/images` once stored.
        price: in `currency`, two decimals or fewer; None where the shop gave none.
        currency: ISO 4217, given exactly when `price` is.
        sale_price: the reduced price, in `currency`.
        colour, second_colour, pattern, material, sleeve, length: `ATTRIBUTES` by their common names,
            or empty.
        measured: names of those of them, and `title`, that the shop left empty and its picture shows,
            in order.
        group: what variants of one product share, such as its sizes and colours; empty for none.
        more_images: further pictures of the same item, as `image`.
        merchant_category: the kind in the shop's own words, empty where it gave none.
        category_confidence: 0 to 1 where the encoder guessed the category; None where the shop's
            words say it.
        audience: as the shop says; `facts.audience` is what is believed where it says nothing.
        facts: fine kind, formality, warmth and audience by the shop's words, else by its picture.
    """

    sku: str
    title: str
    category: Category
    image: str
    description: str = ""
    brand: str = ""
    price: Decimal | None = None
    currency: str = ""
    sale_price: Decimal | None = None
    availability: Availability = Availability.IN_STOCK
    audience: Audience = Audience.UNKNOWN
    colour: str = ""
    second_colour: str = ""
    pattern: str = ""
    material: str = ""
    sizes: tuple[str, ...] = ()
    link: str = ""
    sleeve: str = ""
    length: str = ""
    measured: tuple[str, ...] = ()
    group: str = ""
    more_images: tuple[str, ...] = ()
    merchant_category: str = ""
    category_confidence: float | None = None
    facts: GarmentFacts = UNKNOWN

    def __post_init__(self) -> None:
        if not 1 <= len(self.sku) <= 200:
            raise ValueError(f"sku: got {len(self.sku)} characters; expected 1 to 200")
        if (self.price is None) != (self.currency == ""):
            raise ValueError(
                f"currency: got {self.currency!r} with price {self.price}; expected both or neither"
            )
        for name in ("price", "sale_price"):
            amount = getattr(self, name)
            if amount is not None and not (amount.is_finite() and amount >= 0):
                raise ValueError(f"{name}: got {amount}; expected zero or more")
            if amount is not None and (amount * 100) % 1:
                raise ValueError(f"{name}: got {amount}; expected two decimals or fewer")
        confidence = self.category_confidence
        if confidence is not None and not 0 <= confidence <= 1:
            raise ValueError(f"category_confidence: got {confidence}; expected 0 to 1")

    @property
    def slot(self) -> Slot:
        """The place it takes in an outfit."""
        return SLOT_OF[self.category]

    def with_facts(self, facts: GarmentFacts) -> CatalogItem:
        """Return the item with other facts; all else was checked at its birth, and is not again."""
        other = copy(self)
        object.__setattr__(other, "facts", facts)
        return other

    @property
    def asking_price(self) -> Decimal | None:
        """What a buyer pays today: the sale price where there is one."""
        return self.price if self.sale_price is None else self.sale_price


def check_sku(sku: str) -> str:
    r"""Return a sku by which an item can be asked for at an address of its own, in any browser.

    Raises:
        ValueError: it has a line break or another control character, is `.` or `..`, or ends as
            the addresses behind an item's do.

    >>> check_sku("a/b 50% #1")
    'a/b 50% #1'
    >>> check_sku("a\nb")
    Traceback (most recent call last):
        ...
    ValueError: sku: got 'a\nb'; expected no line break or other control character
    """
    if any(unicodedata.category(sign) in _UNSEEN for sign in sku):
        raise ValueError(
            f"sku: got {sku[:60]!r}; expected no line break or other control character"
        )
    if sku in (".", ".."):
        raise ValueError(f"sku: got {sku!r}; expected one that an address can end with")
    if sku.endswith(BEHIND_SKU):
        raise ValueError(
            f"sku: got {sku[-60:]!r}; expected none that ends with one of {BEHIND_SKU}"
        )
    return sku


@dataclass(frozen=True)
class Unplaced:
    """An item whose feed names no kind that is known; its picture has to tell.

    Attributes:
        sku: as in `CatalogItem`.
        fields: everything else that a `CatalogItem` takes, but its category and confidence.
    """

    sku: str
    fields: Mapping[str, Any]

    def placed(self, category: Category, confidence: float) -> CatalogItem:
        """Return the item as one of a kind that was guessed with a confidence of 0 to 1."""
        return CatalogItem(
            sku=self.sku, category=category, category_confidence=confidence, **self.fields
        )


@dataclass(frozen=True)
class Hit:
    """One answer: an item and its cosine similarity to the query, -1 to 1."""

    item: CatalogItem
    score: float


@dataclass(frozen=True)
class Ranking(Sequence[Hit]):
    """Answers, best first, each item once; ties are ordered by sku, so equal input is equal output."""

    hits: tuple[Hit, ...] = ()

    def __post_init__(self) -> None:
        best: dict[str, Hit] = {}
        for hit in self.hits:
            held = best.get(hit.item.sku)
            if held is None or hit.score > held.score:
                best[hit.item.sku] = hit
        ordered = sorted(best.values(), key=lambda hit: (-hit.score, hit.item.sku))
        object.__setattr__(self, "hits", tuple(ordered))

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def top(self, k: int) -> Ranking:
        """Return the first `k` answers."""
        if len(self.hits) <= k:
            return self
        return Ranking(self.hits[:k])
