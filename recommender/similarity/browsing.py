"""The catalogue leafed through: pages of items, and what they can be filtered by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.catalogue import counting
from index.catalogue.catalog import DEFAULT, Catalog
from index.catalogue.counting import FacetCounts
from index.catalogue.gaps import Gap, gaps
from index.database.database import Database
from index.model.filters import Filters
from index.model.items import CatalogItem


@dataclass(frozen=True)
class Page:
    """Some items in order of sku, and how many pass the filters on all pages."""

    items: tuple[CatalogItem, ...]
    total: int


@dataclass(frozen=True)
class Browsing:
    """One catalogue. Safe to share between threads.

    Attributes:
        database: gives it; called for every question.
        catalogue: which one.
    """

    database: Callable[[], Database]
    catalogue: str = DEFAULT

    def page(self, filters: Filters, *, limit: int, offset: int = 0) -> Page:
        """Return a page of all that passes, whether it can be bought or not.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        with self.database().reading() as session:
            catalog = Catalog(session, self.catalogue)
            found = catalog.page(filters, limit=limit, offset=offset)
            return Page(tuple(found), catalog.count(filters))

    def gaps(self, least: int) -> list[Gap]:
        """Return the slots with fewer than `least` items beside as many that want one.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        with self.database().reading() as session:
            return gaps(session, self.catalogue, least)

    def counts(self, filters: Filters) -> FacetCounts:
        """Return how many items there are of each value.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        with self.database().reading() as session:
            return counting.count(session, filters, self.catalogue)
