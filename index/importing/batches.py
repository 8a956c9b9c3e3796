"""One batch of an import: look, skip by hash, cut out, store, encode, commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.catalogue.embeddings import Embeddings, Key, Made
from index.catalogue.entries import Entry, View
from index.catalogue.writing import CatalogWriter
from index.feeds.rows import FeedRow, Reject
from index.importing.intake import CheckedRow, Intake, further
from index.importing.journal import Journal
from index.importing.making import Begun, Fresh, Maker, WantedPictures
from index.importing.placing import Placed, Placer
from index.importing.plan import Planner, RowChange
from index.model.progress import Event, Progress, Step


@dataclass
class Tally:
    """What the batches did so far.

    Attributes:
        total: rows to be written, where that is known.
        done: rows looked at.
        encoded: pictures that went through the encoder.
        counts: the rows written, by what they meant.
        rejects: rows left out.
        notes: further pictures left out.
    """

    total: int | None = None
    done: int = 0
    encoded: int = 0
    counts: Counter[RowChange] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class BegunBatch:
    """Rows that were looked at, and their pictures that are being cut out."""

    rows: Sequence[FeedRow]
    taken: Sequence[CheckedRow]
    cutting: Begun


@dataclass(frozen=True)
class BatchWriter:
    """Writes rows, a batch in one transaction; a batch is in the catalogue whole or not at all."""

    planner: Planner
    maker: Maker
    intake: Intake
    journal: Journal
    progress: Progress
    tally: Tally
    under_way: set[Key] = field(default_factory=set, init=False)

    def write(self, batches: Iterable[Sequence[FeedRow]]) -> None:
        """Bring the catalogue to what rows say, a batch after the other. Rows that fail become rejects.

        While a batch is encoded and written, the pictures of the next one are read and cut out.
        """
        ahead = map(self._begun, batches)
        batch = next(ahead, None)
        while batch is not None:
            batch = self._write(batch, lambda: next(ahead, None))

    def _begun(self, rows: Sequence[FeedRow]) -> BegunBatch:
        """Look at a batch's pictures, and begin to cut out those that will be wanted as things are."""
        taken = list(self.intake.take(rows))
        known = self._known(shot.image_hash for each in taken for shot in each.shots)
        held = self.planner.held(row.item.sku for row in rows)
        wishes = WantedPictures(known)
        for each in taken:
            for position, key in enumerate(self.planner.likely(each, held.get(each.row.item.sku))):
                wishes.add(key, each.shots[position].read)
        # what the batch before brings is known when this one is written
        new = [wish for wish in wishes if wish.key not in self.under_way]
        self.under_way.clear()
        self.under_way.update(wish.key for wish in wishes)
        return BegunBatch(rows, taken, self.maker.begin(new))

    def _write(
        self, batch: BegunBatch, following: Callable[[], BegunBatch | None]
    ) -> BegunBatch | None:
        """Write one batch, and return the following one, begun once the encoder has this one's pictures."""
        taken = self._good(batch.taken)
        known = self._known(shot.image_hash for each in taken for shot in each.shots)
        held = self.planner.held(row.item.sku for row in batch.rows)
        placer = Placer(self.planner, self.maker, known, held, batch.cutting)
        placed = placer.place(taken)
        self.tally.rejects += placer.rejects
        fresh = {each.wish.key: each for each in placer.fresh}
        wishes = WantedPictures({**known, **{key: each.made for key, each in fresh.items()}})
        for row in placed:
            if row.encodes:
                for position, (key, shot) in enumerate(zip(row.keys, row.shots, strict=True)):
                    wishes.add(key, shot.read, whole=position == 0)
        fresh |= {each.wish.key: each for each in self.maker.cut(wishes, batch.cutting)}
        encoding = self.maker.encode_soon(fresh.values())
        after = following()
        self._store(fresh.values(), (name for row in placed if row.encodes for name in row.leaving))
        self._measure(fresh.values(), encoding.result() + placer.encoded)
        known |= {key: each.made for key, each in fresh.items()}
        entries = []
        for row in placed:
            entry = self._entry(row, known)
            if entry is not None:
                entries.append(entry)
                self.tally.counts[row.change] += 1
        self._commit(entries, fresh.values(), len(batch.rows))
        return after

    def again(self, entries: Sequence[Entry], *, every: bool = False) -> None:
        """Encode stored items from their stored pictures, as far as those are `due`.

        Args:
            entries: as `Embeddings.foreign` gives them.
            every: also what is encoded already.
        """
        hashes = (view.picture.image_hash for entry in entries for view in entry.views)
        known = {} if every else self._known(hashes)
        wishes = WantedPictures(known)
        for entry in entries:
            for position in entry.due:
                picture = entry.views[position].picture
                read = self.planner.images.path_of(picture.name).read_bytes
                key = picture.image_hash, entry.item.category.value
                wishes.add(key, read, whole=position == 0, name=picture.name)
        fresh = self.maker.cut(wishes)
        self.progress(Event(Step.KEPT, self.tally.done, self.tally.total))
        self._measure(fresh, self.maker.encode(fresh))
        known |= {each.wish.key: each.made for each in fresh}
        done = [self._again(entry, known) for entry in entries]
        self._commit([entry for entry in done if entry is not None], [], len(entries))

    def _good(self, checked: Iterable[CheckedRow]) -> list[CheckedRow]:
        """Return the rows whose main picture is good; tell what is wrong with the others."""
        taken = []
        for each in checked:
            self.tally.rejects += each.rejects
            self.tally.notes += each.notes
            if each.shots:
                taken.append(each)
        return taken

    def _store(self, fresh: Iterable[Fresh], leaving: Iterable[str]) -> None:
        """Keep new pictures; those that items may leave are noted first, with them."""
        files = {each.kept.name: each.kept for each in fresh}
        if names := {*files, *leaving}:
            self.journal.note(names)
        for file in files.values():
            self.planner.images.put(file)
        self.progress(Event(Step.KEPT, self.tally.done, self.tally.total))

    def _measure(self, fresh: Iterable[Fresh], encoded: int) -> None:
        self.tally.encoded += encoded
        self.maker.measure(fresh)
        self.progress(Event(Step.ENCODED, self.tally.done, self.tally.total))

    def _commit(self, entries: Sequence[Entry], fresh: Iterable[Fresh], rows: int) -> None:
        """Write everything in one transaction, then set aside what no item shows any more."""
        tally, images = self.tally, self.planner.images
        images.settle({each.kept.name for each in fresh})
        self.progress(Event(Step.SETTLED, tally.done, tally.total))
        with self.planner.database.writing() as session:
            unused = CatalogWriter(session, self.planner.catalogue).upsert(entries)
            self.progress(Event(Step.COMMITTING, tally.done, tally.total))
        tally.done += rows
        self.progress(Event(Step.STORED, tally.done, tally.total))
        images.set_aside(unused)
        self.progress(Event(Step.SWEPT, tally.done, tally.total))
        self.journal.clear()

    def _entry(self, row: Placed, known: dict[Key, Made]) -> Entry | None:
        """Return what is written of a row; None where it became a reject."""
        if row.held is not None and not row.encodes:
            return Entry(row.item, row.held.picture)
        views = []
        for position, key in enumerate(row.keys):
            made = known.get(key)
            if made is not None:
                views.append(View(made.picture, made.vector))
                continue
            error = self.maker.failed[key]
            if position == 0:
                self.tally.rejects.append(Reject(row.number, row.item.sku, str(error)))
                return None
            self.tally.notes.append(further(row.row, row.shots[position].position, error))
        first, *more = views
        return Entry(row.item, first.picture, first.vector, tuple(more))

    def _again(self, entry: Entry, known: dict[Key, Made]) -> Entry | None:
        """Return what is written of an item that is encoded again; None where it cannot be."""
        views = list(entry.views)
        for position in entry.due:
            picture = views[position].picture
            key = picture.image_hash, entry.item.category.value
            made = known.get(key)
            if made is None:
                reason = str(self.maker.failed[key])
                self.tally.rejects.append(Reject(0, entry.item.sku, reason))
                if position == 0:
                    return None
                continue
            measured = made.picture.measured if position == 0 else {}
            views[position] = View(replace(picture, measured=measured), made.vector)
        return Entry(entry.item, views[0].picture, views[0].vector, tuple(views[1:]))

    def _known(self, hashes: Iterable[str]) -> dict[Key, Made]:
        """Return what this encoder made of the same pictures, where they are still there."""
        planner, dim = self.planner, self.maker.workbench.encoder.dim
        with planner.database.reading() as session:
            stored = Embeddings(session, planner.catalogue)
            found = stored.reusable(set(hashes), planner.fingerprint, dim)
        return {k: made for k, made in found.items() if planner.images.holds(made.picture.name)}
