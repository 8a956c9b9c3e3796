"""Items written one by one: a change costs a row, a new picture its encoding; each is answered by itself."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from index.errors import FeedError, ItemNotFound, TooManyRejects
from index.feeds.fields.field_texts import FieldRefused
from index.feeds.rows import FeedOptions, Fetcher
from index.importing.changing import CHANGEABLE, ChangedItem
from index.importing.reports import ImportOptions, ImportReport
from index.model.progress import Progress, silent
from recommender.jobs.imports import Imports

ADDED, CHANGED, UNCHANGED, REMOVED, REFUSED = "added", "changed", "unchanged", "removed", "refused"
DELETE: Final = "delete"
APART_FROM: Final = 5
"""From how many whole items on they are encoded apart: to start what does that takes seconds."""


class Writer(Imports, Protocol):
    """What changes the catalogue; `index.build.Indexer` does."""

    def change(
        self, changes: Mapping[str, Mapping[str, object]], *, dry_run: bool = False
    ) -> dict[str, ChangedItem]:
        """Change single fields of items."""
        ...

    def remove(self, skus: Sequence[str]) -> Any:
        """Take items out."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What became of one item.

    Attributes:
        sku: its own.
        result: added, changed, unchanged, removed or refused.
        warnings: what was left out or read otherwise than written.
        refused: why it was refused; None where it was not.
    """

    sku: str
    result: str
    warnings: tuple[str, ...] = ()
    refused: FeedError | ItemNotFound | None = None


@dataclass(frozen=True)
class ItemWrites:
    """Writes items. Safe to share between threads: the catalogue has one writer at a time.

    Attributes:
        indexer: gives what writes.
        fetching: gives what fetches pictures at addresses; None fetches none.
        known: says which of some skus are there.
        apart: gives what imports in a process of its own, where many items have to be encoded; what
            writes does that as well where there is none.
        on_written: called with what became of items that were written, by sku, once they are.
    """

    indexer: Callable[[Progress], Writer]
    fetching: Callable[[str], AbstractContextManager[Fetcher | None]]
    known: Callable[[Sequence[str]], frozenset[str]] = field(default=lambda _: frozenset())
    apart: Callable[[Progress], Imports] | None = None
    on_written: Callable[[Mapping[str, str]], None] = field(default=lambda _: None)

    def change(self, sku: str, fields: Mapping[str, object], *, dry_run: bool = False) -> Outcome:
        """Change fields of an item that is there.

        Raises:
            ItemNotFound: it is not.
            FeedError: a value is not understood.
            CatalogBusy: another process is writing.
        """
        return self._alone(self._changed_alone(sku, fields, dry_run=dry_run), dry_run=dry_run)

    def put(
        self,
        sku: str,
        fields: Mapping[str, object],
        picture: bytes | None,
        *,
        dry_run: bool = False,
    ) -> Outcome:
        """Write a whole item, new or there already; without a picture it keeps the one it has.

        Raises:
            FeedError: a value is not understood, or there is no picture.
            CatalogBusy: another process is writing.
        """
        if picture is None and not fields.get("image"):
            if not self.known([sku]):
                raise _not_understood(sku, "image: got nothing; expected a picture or its address")
            emptied = {
                name: "" for name in CHANGEABLE if name not in ("title", "price", "currency")
            }
            rest = {name: value for name, value in fields.items() if name in CHANGEABLE}
            return self.change(sku, {**emptied, **rest}, dry_run=dry_run)
        (outcome,) = self._imported([(sku, fields, picture)], dry_run=dry_run)
        return self._alone(outcome, dry_run=dry_run)

    def remove(self, sku: str, *, dry_run: bool = False) -> Outcome:
        """Take an item out: row, vector, and picture unless another item shows it.

        Raises:
            ItemNotFound: it is not there.
            CatalogBusy: another process is writing.
        """
        (outcome,) = self._removed([sku], dry_run=dry_run)
        return self._alone(outcome, dry_run=dry_run)

    def bulk(self, lines: Sequence[Mapping[str, Any]], *, dry_run: bool = False) -> list[Outcome]:
        """Write many items; each is answered by itself, in order, and one that fails spoils no other.

        A line with `delete` takes its item out; one with `image` writes a whole item; any other
        changes fields of an item that is there.

        Raises:
            CatalogBusy: another process is writing.
        """
        outcomes: dict[int, Outcome] = {}
        seen: set[str] = set()
        gone: list[tuple[int, str]] = []
        whole: list[tuple[int, str, Mapping[str, object]]] = []
        parts: list[tuple[int, str, Mapping[str, object]]] = []
        for at, line in enumerate(lines):
            sku = str(line.get("sku") or "")
            fields = {name: value for name, value in line.items() if name not in ("sku", DELETE)}
            if not sku or sku in seen:
                got = f"sku: got {sku!r} again" if sku else "sku: got nothing; expected a value"
                outcomes[at] = Outcome(sku, REFUSED, refused=_not_understood(sku, got))
                continue
            seen.add(sku)
            if line.get(DELETE):
                gone.append((at, sku))
            else:
                (whole if fields.get("image") else parts).append((at, sku, fields))
        changed = self._changed({sku: fields for _, sku, fields in parts}, dry_run=dry_run)
        outcomes |= {at: outcome for (at, _, _), outcome in zip(parts, changed, strict=True)}
        removed = self._removed([sku for _, sku in gone], dry_run=dry_run)
        outcomes |= {at: outcome for (at, _), outcome in zip(gone, removed, strict=True)}
        made = self._imported([(sku, fields, None) for _, sku, fields in whole], dry_run=dry_run)
        outcomes |= {at: outcome for (at, _, _), outcome in zip(whole, made, strict=True)}
        answers = [outcomes[at] for at in range(len(lines))]
        self._tell(answers, dry_run=dry_run)
        return answers

    def _alone(self, outcome: Outcome, *, dry_run: bool) -> Outcome:
        """Return what became of the only item.

        Raises:
            FeedError, ItemNotFound: it was refused.
        """
        if outcome.refused is not None:
            raise outcome.refused
        self._tell([outcome], dry_run=dry_run)
        return outcome

    def _tell(self, outcomes: Sequence[Outcome], *, dry_run: bool) -> None:
        written = {
            each.sku: each.result for each in outcomes if each.result in (ADDED, CHANGED, REMOVED)
        }
        if written and not dry_run:
            self.on_written(written)

    def _changed(
        self, changes: Mapping[str, Mapping[str, object]], *, dry_run: bool
    ) -> list[Outcome]:
        """Change items together; only where a value is not understood, each by itself."""
        if not changes:
            return []
        try:
            found = self.indexer(silent).change(changes, dry_run=dry_run)
        except FieldRefused:
            return [
                self._changed_alone(sku, fields, dry_run=dry_run) for sku, fields in changes.items()
            ]
        return [_changed_to(sku, found.get(sku)) for sku in changes]

    def _changed_alone(self, sku: str, fields: Mapping[str, object], *, dry_run: bool) -> Outcome:
        try:
            found = self.indexer(silent).change({sku: fields}, dry_run=dry_run)
        except FieldRefused as error:
            return Outcome(sku, REFUSED, refused=_not_understood(sku, str(error)))
        return _changed_to(sku, found.get(sku))

    def _removed(self, skus: Sequence[str], *, dry_run: bool) -> list[Outcome]:
        """Take items out together: the index is published once."""
        known = self.known(skus) if skus else frozenset()
        if known and not dry_run:
            self.indexer(silent).remove([sku for sku in skus if sku in known])
        return [
            Outcome(sku, REMOVED)
            if sku in known
            else Outcome(sku, REFUSED, refused=ItemNotFound.of(sku))
            for sku in skus
        ]

    def _imported(
        self, items: Sequence[tuple[str, Mapping[str, object], bytes | None]], *, dry_run: bool
    ) -> list[Outcome]:
        """Write whole items as a feed of them; one that is refused does not hold up the others."""
        if not items:
            return []
        before = self.known([sku for sku, _, _ in items])
        with tempfile.TemporaryDirectory(prefix="items-") as folder, self.fetching("") as fetcher:
            feed = Path(folder) / "items.jsonl"
            lines = []
            for at, (sku, fields, picture) in enumerate(items):
                if picture is not None:
                    (feed.parent / f"{at}").write_bytes(picture)
                image = {"image": str(at)} if picture is not None else {}
                lines.append(json.dumps({**fields, "sku": sku, **image}, default=str))
            feed.write_text("\n".join(lines), encoding="utf-8")
            options = ImportOptions(
                FeedOptions("jsonl", fetcher=fetcher), max_reject_share=1, dry_run=dry_run
            )
            many = len(items) >= APART_FROM and not dry_run
            importer = self.apart if self.apart is not None and many else self.indexer
            try:
                report = importer(silent).import_feed(feed, options)
            except TooManyRejects as refused:
                return [Outcome(sku, REFUSED, refused=refused) for sku, _, _ in items]
        return [_outcome(sku, at, before, report) for at, (sku, _, _) in enumerate(items, start=1)]


def _changed_to(sku: str, item: ChangedItem | None) -> Outcome:
    if item is None:
        return Outcome(sku, REFUSED, refused=ItemNotFound.of(sku))
    return Outcome(sku, CHANGED if item.differs else UNCHANGED, item.warnings)


def _outcome(sku: str, number: int, before: frozenset[str], report: ImportReport) -> Outcome:
    for reject in report.rejects:
        if reject.number == number:
            return Outcome(sku, REFUSED, refused=_not_understood(sku, reject.reason))
    warnings = tuple(
        each.reason for each in (*report.warnings, *report.notes) if each.number == number
    )
    return Outcome(sku, CHANGED if sku in before else ADDED, warnings)


def _not_understood(sku: str, reason: str) -> FeedError:
    got, _, expected = reason.partition("; expected ")
    return FeedError(
        f"the item {sku!r} cannot be written",
        got=got,
        expected=expected or "values as a feed has them",
        next_step="Mend the field, then send the item again.",
    )
