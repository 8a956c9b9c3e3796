"""What an import would do, worked out before anything is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from index.catalog import Catalog, Held
from index.database import Database
from index.feeds.rows import Feed, FeedRow, Reject
from index.images import ImageStore
from index.items import CatalogItem, Unplaced
from index.progress import Event, Progress, Step
from segmentation.errors import PhotoError
from segmentation.photo import decode

T = TypeVar("T")
_LOOKED_UP_AT_ONCE = 256


class Change(StrEnum):
    """What a row means for the catalogue."""

    ADDED = "added"
    REPICTURED = "repictured"
    """known, but to be encoded again: another picture, category or encoder"""
    REWRITTEN = "rewritten"
    """other fields only; nothing is encoded"""
    NONE = "none"


@dataclass(frozen=True)
class Plan:
    """What an import would do.

    Attributes:
        counts: rows by what they mean.
        pending: numbers of the rows to be written.
        seen: every sku in the feed, rejected rows included.
        rejects: rows that cannot be taken, in order.
    """

    counts: Mapping[Change, int]
    pending: frozenset[int]
    seen: frozenset[str]
    rejects: tuple[Reject, ...]

    @property
    def rows(self) -> int:
        """Number of rows, good and bad."""
        return sum(self.counts.values()) + len(self.rejects)


@dataclass
class _Draft:
    counts: Counter[Change] = field(default_factory=Counter)
    pending: set[int] = field(default_factory=set)
    first: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True)
class Planner:
    """Compares a feed with what one catalogue holds for one encoder."""

    database: Database
    images: ImageStore
    fingerprint: str
    catalogue: str

    def plan(self, feed: Feed, progress: Progress) -> Plan:
        """Return what importing a feed would do. Every new picture is decoded once to be sure."""
        draft, done = _Draft(), 0
        for rows in batched(feed.rows(), _LOOKED_UP_AT_ONCE):
            held = self.held(row.item.sku for row in rows if isinstance(row, FeedRow))
            for row in rows:
                self._look_at(row, held, draft)
            done += len(rows)
            progress(Event(Step.CHECKED, done))
        return Plan(
            draft.counts, frozenset(draft.pending), frozenset(draft.seen), tuple(draft.rejects)
        )

    def held(self, skus: Iterable[str]) -> dict[str, Held]:
        """Return what the catalogue holds of those skus that it knows."""
        with self.database.reading() as session:
            return Catalog(session, self.catalogue).held(skus)

    def judge(self, item: CatalogItem, image_hash: str, held: Held | None) -> Change:
        """Return what one item with one picture means for the catalogue."""
        if held is None:
            return Change.ADDED
        same = (
            held.picture.image_hash == image_hash
            and held.fingerprint == self.fingerprint
            and held.item.category == item.category  # the cut-out depends on it
            and self.images.path_of(held.picture.name).is_file()
        )
        if not same:
            return Change.REPICTURED
        return Change.NONE if held.picture.shown_by(item) == held.item else Change.REWRITTEN

    def _look_at(self, row: FeedRow | Reject, held: Mapping[str, Held], draft: _Draft) -> None:
        if isinstance(row, Reject):
            draft.seen.add(row.sku)
            draft.rejects.append(row)
            return
        sku = row.item.sku
        first = draft.first.setdefault(sku, row.number)
        draft.seen.add(sku)
        try:
            if first != row.number:
                raise ValueError(f"sku: got {sku!r} again; it stands in row {first} already")
            if isinstance(row.item, Unplaced):
                word = row.item.fields.get("merchant_category", "")
                raise ValueError(f"category: got {word!r}; expected a garment such as 'dress'")
            data = row.pictures[0].read()
            change = self.judge(row.item, digest(data), held.get(sku))
            if change in (Change.ADDED, Change.REPICTURED):
                decode(data)
        except (OSError, ValueError, PhotoError) as error:
            draft.rejects.append(Reject(row.number, sku, str(error)))
            return
        draft.counts[change] += 1
        if change is not Change.NONE:
            draft.pending.add(row.number)


def digest(data: bytes) -> str:
    """Return the SHA-256 of a picture, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield values in lists of `size`, the last one shorter."""
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch
