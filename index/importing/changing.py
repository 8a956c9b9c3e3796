"""Single fields of items that are there already -> the items with them; pictures and kinds stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from index.catalogue.records import as_given
from index.feeds.fields.field_texts import FieldRefused, Reading
from index.feeds.fields.records import item_from
from index.model.items import ATTRIBUTES, CatalogItem

CHANGEABLE: Final = (
    "title", "description", "brand", "price", "currency", "sale_price", "availability", "audience",
    *ATTRIBUTES, "sizes", "link", "group",
)  # fmt: skip
"""What can be changed without looking at a picture."""
_KEPT: Final = ("category", "image", "more_images", "merchant_category", "category_confidence")


@dataclass(frozen=True)
class ChangedItem:
    """An item as it is after a change.

    Attributes:
        item: the item, as its shop gives it.
        differs: whether the change changed anything.
        warnings: what of it was left out or read otherwise than written.
    """

    item: CatalogItem
    differs: bool
    warnings: tuple[str, ...] = ()


def changed(stored: CatalogItem, fields: Mapping[str, object]) -> ChangedItem:
    """Return a stored item with these fields; they are read as those of a feed are.

    Args:
        stored: as the catalogue has it.
        fields: by the names in `CHANGEABLE`; an empty one empties the item's.

    Raises:
        FieldRefused: a value is not understood, or its field cannot be changed by itself.
    """
    if other := sorted(set(fields) - set(CHANGEABLE)):
        raise FieldRefused(
            f"{other[0]}: cannot be changed by itself; expected one of {', '.join(CHANGEABLE)}"
        )
    given, warnings = as_given(stored), list[str]()
    record: dict[str, Any] = {name: getattr(given, name) for name in CHANGEABLE}
    record |= {
        "sku": given.sku,
        "title": stored.title,
        "category": given.category.value,
        "image": "kept",
        "sizes": list(given.sizes),
    }
    record |= fields
    row = item_from(record, Reading(given.currency, warn=warnings.append))
    if not isinstance(row, CatalogItem):
        raise FieldRefused("title: names nothing that is kept here")
    kept = _KEPT if "title" in fields else ("title", *_KEPT)
    item = replace(row, **{name: getattr(given, name) for name in kept})
    return ChangedItem(item, item != given, tuple(warnings))
