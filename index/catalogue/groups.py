"""Products and their variants: what a catalogue has of each kind, and what belongs together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from index.catalogue.catalog import DEFAULT
from index.catalogue.records import COLUMNS, chunks, item_of, unindexed
from index.database.tables import ItemRow
from index.model.items import CatalogItem
from segmentation.common.taxonomy import Category


@dataclass(frozen=True)
class Groups:
    """The products of one catalogue in one session."""

    session: Session
    name: str = DEFAULT

    def kinds(self) -> dict[Category, int]:
        """Return how many products of each kind there are; the variants of one are one product."""
        product = case((ItemRow.group_key == "", "i" + ItemRow.sku), else_="g" + ItemRow.group_key)
        query = select(ItemRow.category, func.count(distinct(product)))
        query = query.where(ItemRow.catalogue == self.name).group_by(ItemRow.category)
        return {Category(kind): count for kind, count in self.session.execute(query)}

    def items(self, groups: Iterable[str]) -> list[CatalogItem]:
        """Return the items of some groups of variants, in order of sku."""
        query = select(*COLUMNS).where(unindexed(ItemRow.catalogue) == self.name)
        found = [
            item_of(row)
            for chunk in chunks(sorted(set(groups) - {""}))
            for row in self.session.execute(query.where(ItemRow.group_key.in_(chunk)))
        ]
        return sorted(found, key=lambda item: item.sku)
