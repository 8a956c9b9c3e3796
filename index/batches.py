"""One batch of an import: read, hash-skip, cut out, encode, keep, commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.catalog import Held
from index.embeddings import Embeddings
from index.encoding import Piece, Workbench
from index.feeds.rows import FeedRow, Reject
from index.items import CatalogItem, Unplaced
from index.plan import Change, Planner, digest
from index.progress import Event, Progress, Step
from index.records import Picture
from index.writing import CatalogWriter, Entry, Vector
from segmentation.errors import PhotoError
from segmentation.photo import decode
from segmentation.taxonomy import Category


@dataclass
class Tally:
    """What the batches did so far; `counts` are the rows written, by what they meant."""

    total: int | None = None
    done: int = 0
    encoded: int = 0
    counts: Counter[Change] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Work:
    """An item whose cut-out waits for the encoder."""

    item: CatalogItem
    picture: Picture
    piece: Piece


_Known = Mapping[tuple[str, Category], tuple[Vector, Picture]]


@dataclass(frozen=True)
class BatchWriter:
    """Writes rows, a batch in one transaction; a batch is in the catalogue whole or not at all."""

    planner: Planner
    workbench: Workbench
    progress: Progress
    tally: Tally

    def write(self, rows: Sequence[FeedRow]) -> None:
        """Bring the catalogue to what these rows say. Rows that fail become rejects."""
        held = self.planner.held(row.item.sku for row in rows)
        loaded = self._loaded(rows)
        known = self._known([digest(data) for _, data in loaded])
        ready: list[Entry] = []
        work: list[_Work] = []
        for row, data in loaded:
            if isinstance(row.item, Unplaced):
                continue  # the plan refuses them
            change = self.planner.judge(row.item, digest(data), held.get(row.item.sku))
            made = self._made(row, row.item, data, held.get(row.item.sku), known, change)
            if isinstance(made, Entry):
                ready.append(made)
            elif isinstance(made, _Work):
                work.append(made)
            self.tally.counts[change] += made is not None
        self.commit(ready, work, len(rows))

    def again(self, entries: Sequence[Entry]) -> None:
        """Encode stored items again from their stored pictures."""
        work: list[_Work] = []
        for entry in entries:
            try:
                path = self.planner.images.path_of(entry.picture.name)
                work.append(self._cut(entry.item, entry.picture, path.read_bytes()))
            except (OSError, ValueError, PhotoError) as error:
                self.tally.rejects.append(Reject(0, entry.item.sku, str(error)))
        self.commit([], work, len(entries))

    def commit(self, ready: Sequence[Entry], work: Sequence[_Work], rows: int) -> None:
        """Encode what waits, then write everything in one transaction."""
        pieces = [w.piece for w in work]
        self.progress(Event(Step.KEPT, self.tally.done, self.tally.total))
        vectors = self.workbench.vectors([piece.cutout_rgb for piece in pieces])
        measured = self.workbench.measured(pieces, vectors)
        tally = self.tally
        self.progress(Event(Step.ENCODED, tally.done, tally.total))
        entries = [
            *ready,
            *(
                Entry(w.item, replace(w.picture, measured=m), v)
                for w, m, v in zip(work, measured, vectors, strict=True)
            ),
        ]
        self.planner.images.settle({w.picture.name for w in work})
        self.progress(Event(Step.SETTLED, tally.done, tally.total))
        with self.planner.database.writing() as session:
            unused = CatalogWriter(session, self.planner.catalogue).upsert(entries)
            self.progress(Event(Step.COMMITTING, tally.done, tally.total))
        tally.encoded += len(work)
        tally.done += rows
        self.progress(Event(Step.STORED, tally.done, tally.total))
        self.planner.images.remove(unused)
        self.progress(Event(Step.SWEPT, tally.done, tally.total))

    def _made(  # noqa: PLR0917
        self,
        row: FeedRow,
        item: CatalogItem,
        data: bytes,
        held: Held | None,
        known: _Known,
        change: Change,
    ) -> Entry | _Work | None:
        """Return what is left to do for a row; None where it became a reject."""
        if held is not None and change in (Change.NONE, Change.REWRITTEN):
            return Entry(item, held.picture)
        image_hash = digest(data)
        if twin := known.get((image_hash, item.category)):
            return Entry(item, twin[1], twin[0])
        try:
            return self._cut(item, Picture("", image_hash, {}), data)
        except PhotoError as error:
            self.tally.rejects.append(Reject(row.number, item.sku, str(error)))
            return None

    def _cut(self, item: CatalogItem, picture: Picture, data: bytes) -> _Work:
        photo = decode(data)
        name = picture.name or self.planner.images.store(data, photo)
        cutout_rgb, measured = self.workbench.cutter(photo, item.category)
        piece = Piece(cutout_rgb, item.category, measured)
        return _Work(item, replace(picture, name=name), piece)

    def _loaded(self, rows: Sequence[FeedRow]) -> list[tuple[FeedRow, bytes]]:
        loaded = []
        for row in rows:
            try:
                loaded.append((row, row.pictures[0].read()))
            except OSError as error:
                self.tally.rejects.append(Reject(row.number, row.item.sku, str(error)))
        return loaded

    def _known(self, hashes: Sequence[str]) -> _Known:
        """Return what this encoder made of the same pictures for other items."""
        encoder, planner = self.workbench.encoder, self.planner
        with planner.database.reading() as session:
            found = Embeddings(session, planner.catalogue).reusable(
                hashes, encoder.fingerprint, encoder.dim
            )
        return {
            key: (vector, picture)
            for key, (vector, picture) in found.items()
            if planner.images.path_of(picture.name).is_file()
        }
