"""What an import would do, worked out before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from index.catalogue.catalog import Catalog, StoredItem
from index.catalogue.embeddings import Embeddings, Key
from index.database.database import Database
from index.feeds.rows import Feed, FeedRow, Reject
from index.files.images import ImageStore
from index.importing.findings.addresses import AddressSample, Hosts
from index.importing.findings.reasons import Findings
from index.importing.intake import CheckedRow, Intake
from index.importing.ledger import BitSet, Names
from index.model.items import CatalogItem, Unplaced
from index.model.progress import Event, Progress, Step

T = TypeVar("T")
MAX_WARNINGS = 10_000
"""Warnings that are listed one by one; the others are counted."""
_LOOKED_UP_AT_ONCE = 256


class RowChange(StrEnum):
    """What a row means for the catalogue."""

    ADDED = "added"
    REPICTURED = "repictured"
    """known, but other pictures, in another order, of another category or encoder"""
    REWRITTEN = "rewritten"
    """other fields only; nothing is encoded"""
    NONE = "none"


@dataclass
class ImportPlan:
    """What an import would do.

    Attributes:
        counts: rows by what they mean.
        encoded: pictures that would go through the encoder.
        pending: numbers of the rows to be written.
        seen: every sku in the feed, rejected rows included, but not those passed over.
        rejects: rows that cannot be taken, in order.
        notes: further pictures that cannot be taken; their rows can.
        warnings: what of good rows was left out or read otherwise than written, the first of them.
        warned: all of it, by reason.
        hosts: where pictures lie that nothing is fetched from.
    """

    counts: Counter[RowChange] = field(default_factory=Counter)
    encoded: int = 0
    pending: BitSet = field(default_factory=BitSet)
    seen: Names = field(default_factory=Names)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[Reject] = field(default_factory=list)
    warnings: list[Reject] = field(default_factory=list)
    warned: Findings = field(default_factory=Findings)
    hosts: Hosts = field(default_factory=Hosts)

    def warn(self, row: FeedRow) -> None:
        """Keep the warnings of a good row."""
        for warning in row.warnings:
            entry = Reject(row.number, row.item.sku, warning)
            self.warned.add(entry)
            if len(self.warnings) < MAX_WARNINGS:
                self.warnings.append(entry)

    def close(self) -> None:
        """Give back what it holds; counts and rejects stay."""
        self.seen.close()

    @property
    def rows(self) -> int:
        """Number of rows, good and bad."""
        return self.counts.total() + len(self.rejects)

    @property
    def bad(self) -> list[Reject]:
        """The rejects that are faults of the feed."""
        return [reject for reject in self.rejects if not reject.passed_over]

    @property
    def nameless(self) -> bool:
        """Whether a bad row tells no sku: any item that the feed seems to lack may be its."""
        return any(not reject.sku for reject in self.bad)


@dataclass(frozen=True)
class Planner:
    """Compares a feed with what one catalogue holds for one encoder.

    Attributes:
        database, images, catalogue: what is compared with.
        fingerprint: the encoder's.
        guesses: rows that name no kind can be placed by their picture.
        later: pictures are stored, not encoded.
        sample: only looks at some of the pictures at addresses, as a dry run does.
    """

    database: Database
    images: ImageStore
    fingerprint: str
    catalogue: str
    guesses: bool = False
    later: bool = False
    sample: bool = False

    def plan(self, feed: Feed, progress: Progress) -> ImportPlan:
        """Return what importing a feed would do. Every new picture is read to its end to be sure."""
        plan, done, fresh, intake = ImportPlan(), 0, Names(), Intake()
        trusts = AddressSample().trusts if self.sample else None
        try:
            for rows in batched(feed.rows(), _LOOKED_UP_AT_ONCE):
                good = self._good(rows, plan)
                held = self.held(row.item.sku for row in good)

                def known(sku: str, held: Mapping[str, StoredItem] = held) -> frozenset[str]:
                    return frozenset(held[sku].hashes) if sku in held else frozenset()

                taken = list(intake.take(good, known, trusts))
                self._count(taken, held, plan, fresh)
                done += len(rows)
                progress(Event(Step.CHECKED, done))
        finally:
            intake.close()
            fresh.close()
        plan.rejects.sort(key=lambda reject: reject.number)
        return plan

    def held(self, skus: Iterable[str]) -> dict[str, StoredItem]:
        """Return what the catalogue holds of those skus that it knows."""
        with self.database.reading() as session:
            return Catalog(session, self.catalogue).held(skus)

    def placed(self, taken: CheckedRow, held: StoredItem | None) -> CatalogItem | Unplaced:
        """Return a row's item; one without a kind keeps the guess that is held of its picture."""
        item = taken.row.item
        if isinstance(item, CatalogItem) or held is None:
            return item
        confidence = held.item.category_confidence
        first = taken.shots[0]
        same = first.promised or held.picture.image_hash == first.image_hash
        words = item.fields.get("merchant_category", "") == held.item.merchant_category
        if confidence is None or not (same and words):
            return item
        return item.placed(held.item.category, confidence)

    def hashes(self, taken: CheckedRow, held: StoredItem | None) -> tuple[str, ...]:
        """Return the SHA-256 of a row's pictures.

        An item that is held keeps the pictures it has while one of the feed's cannot be taken: a
        server that is away for an hour takes nothing from the catalogue.
        """
        unread = any(shot.promised for shot in taken.shots)
        if (taken.notes or unread) and held is not None:
            return held.hashes
        return tuple(shot.image_hash for shot in taken.shots)

    def torn(self, taken: CheckedRow, change: RowChange, held: StoredItem | None) -> Reject | None:
        """Return why a row has to wait: its pictures must be made anew and not all can be had."""
        if not (taken.notes and held is not None and change is RowChange.REPICTURED):
            return None
        row, why = taken.row, taken.notes[0].reason
        return Reject(row.number, row.item.sku, f"the item stays as it is for now: {why}")

    def judge(
        self, item: CatalogItem | Unplaced, hashes: Sequence[str], held: StoredItem | None
    ) -> RowChange:
        """Return what one item with these pictures means for the catalogue."""
        if held is None:
            return RowChange.ADDED
        same = (
            held.hashes == tuple(hashes)
            and (self.later or held.seen_by(self.fingerprint))
            and all(self.images.holds(picture.name) for picture in held.pictures)
        )
        # the cut-outs depend on the category
        if not same or isinstance(item, Unplaced) or held.item.category != item.category:
            return RowChange.REPICTURED
        return RowChange.NONE if held.would_show(item) else RowChange.REWRITTEN

    def likely(self, taken: CheckedRow, held: StoredItem | None) -> list[Key]:
        """Return what pictures of a row will be cut out for, as things are: the first of them, in order."""
        if not taken.shots:
            return []
        item, hashes = self.placed(taken, held), self.hashes(taken, held)
        change = self.judge(item, hashes, held)
        if change in (RowChange.NONE, RowChange.REWRITTEN) or self.torn(taken, change, held):
            return []
        if isinstance(item, Unplaced):
            return [(taken.shots[0].image_hash, None)]
        return [(shot.image_hash, item.category.value) for shot in taken.shots]

    def _good(self, rows: Iterable[FeedRow | Reject], plan: ImportPlan) -> list[FeedRow]:
        """Return the rows that are good and of a new sku; the others become rejects."""
        good = []
        for row in rows:
            if isinstance(row, Reject):
                if not row.passed_over:
                    plan.seen.first(row.sku, row.number)
                plan.rejects.append(row)
            elif reason := self._refused(row, plan):
                plan.rejects.append(Reject(row.number, row.item.sku, reason))
            else:
                plan.warn(row)
                plan.hosts.count(row.pictures)
                good.append(row)
        return good

    def _refused(self, row: FeedRow, plan: ImportPlan) -> str:
        sku = row.item.sku
        first = plan.seen.first(sku, row.number)
        if first != row.number:
            return f"sku: got {sku!r} again; row {first} has it, taken or left out"
        if isinstance(row.item, Unplaced) and not self.guesses:
            words = row.item.fields.get("merchant_category") or "nothing"
            return f"category: got {words!r}; expected a garment such as 'dress' or 'shoes'"
        return ""

    def _count(
        self,
        taken: Sequence[CheckedRow],
        held: Mapping[str, StoredItem],
        plan: ImportPlan,
        fresh: Names,
    ) -> None:
        known = self._known(taken)
        for each in taken:
            plan.rejects += each.rejects
            plan.notes += each.notes
            if not each.shots:
                continue
            row = each.row
            found = held.get(row.item.sku)
            item, hashes = self.placed(each, found), self.hashes(each, found)
            change = self.judge(item, hashes, found)
            if wait := self.torn(each, change, found):
                plan.rejects.append(wait)
                continue
            plan.counts[change] += 1
            if change is RowChange.NONE:
                continue
            plan.pending.add(row.number)
            if change is not RowChange.REWRITTEN:
                keys = self._keys(item, hashes)
                plan.encoded += sum(
                    key not in known and fresh.first(repr(key), row.number) == row.number
                    for key in keys
                )

    def _keys(self, item: CatalogItem | Unplaced, hashes: Sequence[str]) -> Iterator[Key]:
        """Yield what an item's pictures would be known by if they were encoded already."""
        if isinstance(item, Unplaced):
            yield hashes[0], None
            kind = "?"
        else:
            kind = item.category.value
        if not self.later:
            yield from ((each, kind) for each in hashes[isinstance(item, Unplaced) :])

    def _known(self, taken: Sequence[CheckedRow]) -> frozenset[Key]:
        """Return what this encoder made of these pictures already, where they are still there."""
        hashes = {shot.image_hash for each in taken for shot in each.shots}
        with self.database.reading() as session:
            found = Embeddings(session, self.catalogue).known(hashes, self.fingerprint)
        return frozenset(key for key, name in found.items() if self.images.holds(name))


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield values in lists of `size`, the last one shorter."""
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch


def by_pictures(rows: Iterable[FeedRow | Reject], size: int) -> Iterator[list[FeedRow | Reject]]:
    """Yield rows in lists that show `size` pictures at most, unless a single row shows more."""
    batch: list[FeedRow | Reject] = []
    shown = 0
    for row in rows:
        pictures = len(row.pictures) if isinstance(row, FeedRow) else 1
        if batch and shown + pictures > size:
            yield batch
            batch, shown = [], 0
        batch.append(row)
        shown += pictures
    if batch:
        yield batch
