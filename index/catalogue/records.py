"""A row of the items' table <-> `CatalogItem`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Row, func

from index.catalogue.filtering import caseless, sizes_key
from index.database.tables import ItemRow
from index.facts.naming import name_of
from index.facts.reader import PRINT
from index.facts.words import Worded, facts_in, pattern_in
from index.model.filters import Matching, declared
from index.model.garment_facts import FACTS, UNKNOWN, Audience, facts_of
from index.model.items import ATTRIBUTES, Availability, CatalogItem
from index.model.patterns import pattern_key
from segmentation.common.taxonomy import Category

T = TypeVar("T")

PLAIN: Final = (
    "sku", "title", "image", "description", "brand", "price", "currency", "sale_price", *ATTRIBUTES,
    "link", "merchant_category", "category_confidence",
)  # fmt: skip
"""Fields that are the same on both sides."""
COLUMNS: Final = (
    *(getattr(ItemRow, name) for name in PLAIN),
    ItemRow.category, ItemRow.availability, ItemRow.audience, ItemRow.sizes, ItemRow.filled,
    ItemRow.group_key, ItemRow.fine_kind, ItemRow.formality, ItemRow.warmth, ItemRow.audience_key,
)  # fmt: skip
"""What `item_of` needs of a row, in its order."""
_CASELESS: Final = tuple(
    each.name
    for each in declared().values()
    if each.matching is Matching.CASELESS and each.column == f"{each.name}_key"
)
"""Fields that have a column of their own for comparing."""
CHUNK: Final = 900
"""Values in one SQL `IN`: databases cap them; older SQLite at 999."""


@dataclass(frozen=True)
class Picture:
    """An item's picture as stored.

    Attributes:
        name: our file, `CatalogItem.image`.
        image_hash: SHA-256 of the merchant's file, 64 hexadecimal digits.
        measured: what was read off it; fills only fields that the feed left empty, and facts that
            its words leave open.
    """

    name: str
    image_hash: str
    measured: Mapping[str, str]

    def fills(self, item: CatalogItem) -> dict[str, str]:
        """Return the fields that the feed left empty and the picture gives, with their values.

        A second colour that the feed names as the main one is none. A pattern that the title says goes
        before the one that the picture shows.
        """
        main, said = caseless(item.colour), pattern_in(item.title)
        filled = {
            name: value
            for name, value in {**self.measured, **_stated(said)}.items()
            if name in ATTRIBUTES
            and value
            and not getattr(item, name)
            and not (name == "second_colour" and caseless(value) == main)
        }
        if not item.title:
            seen = {
                name: getattr(item, name) or filled.get(name, "") for name in ("colour", "pattern")
            }
            filled["title"] = name_of(item.category, **seen)
        return filled

    def shown_by(self, item: CatalogItem, more: tuple[str, ...] = ()) -> CatalogItem:
        """Return the item as it is stored: with this picture first, and its empty fields filled.

        Args:
            item: as its feed gave it.
            more: our files of its further pictures, in order.
        """
        filled = self.fills(item)
        changes: dict[str, Any] = {"image": self.name, "measured": tuple(sorted(filled)), **filled}
        facts = facts_in(_worded(item)).or_else(facts_of(self.measured))
        return replace(item, more_images=more, facts=facts, **changes)


def _stated(pattern: str) -> dict[str, str]:
    """Return the pattern that a title says; a print is none of those that are shown."""
    return {"pattern": "" if pattern == PRINT else pattern} if pattern else {}


def as_given(item: CatalogItem) -> CatalogItem:
    """Return a stored item as its feed gave it, without what its picture filled."""
    changes: dict[str, Any] = {"measured": (), **dict.fromkeys(item.measured, "")}
    return replace(item, facts=UNKNOWN, **changes)


def _worded(item: CatalogItem) -> Worded:
    return Worded(
        item.category,
        item.title,
        item.merchant_category,
        item.material,
        item.sizes,
        item.audience,
    )


def item_of(row: Row[Any] | tuple[Any, ...]) -> CatalogItem:
    """Return the item in a row that begins with `COLUMNS`."""
    plain = dict(zip(PLAIN, row, strict=False))
    category, availability, audience, sizes, filled, group, *facts = row[len(PLAIN) : len(COLUMNS)]
    return CatalogItem(
        **plain,
        category=Category(category),
        availability=Availability(availability),
        audience=Audience(audience),
        sizes=tuple(sizes),
        measured=tuple(filled),
        group=group,
        facts=facts_of(dict(zip(FACTS, facts, strict=True))),
    )


def fill(row: ItemRow, given: CatalogItem, picture: Picture) -> None:
    """Write an item, as its feed gave it, and its picture into its row."""
    item = picture.shown_by(given)
    row.image_hash, row.measured = picture.image_hash, dict(picture.measured)
    row.filled = list(item.measured)
    for name in PLAIN:
        setattr(row, name, getattr(item, name))
    row.category, row.audience = item.category.value, item.audience.value
    row.availability, row.sizes = item.availability.value, list(item.sizes)
    for name in _CASELESS:
        setattr(row, f"{name}_key", caseless(getattr(item, name)))
    row.sizes_key, row.group_key = sizes_key(item.sizes), item.group
    row.pattern_key = pattern_key(item.pattern)
    row.fine_kind, row.formality = item.facts.fine_kind, item.facts.formality or ""
    row.warmth = item.facts.warmth or ""
    row.audience_key = item.facts.audience or Audience.UNKNOWN


def unindexed(column: Any) -> ColumnElement[str]:
    """Return a column of text for a condition that no index is to be used for.

    A database without statistics, as SQLite's is, takes an equality for narrower than a list of ten
    keys. Where nearly every row meets it (one catalogue, one encoder), that reads the whole table.
    """
    return func.coalesce(column, "")


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Yield values in lists short enough for one SQL `IN`."""
    iterator = iter(values)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
