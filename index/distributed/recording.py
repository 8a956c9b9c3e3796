"""What a fleet made, into the catalogue: by sku, in one transaction for each answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.catalogue.catalog import DEFAULT, Catalog, StoredItem
from index.catalogue.embeddings import Embeddings
from index.catalogue.entries import Entry, View
from index.catalogue.records import Picture, as_given
from index.catalogue.writing import CatalogWriter
from index.database.database import Database
from index.distributed.jobs import EncodedPicture, EncodingJob, Finished, Fleet
from index.feeds.rows import Reject
from index.importing.batches import Tally
from index.model.items import Pictures
from index.model.progress import Event, Progress, Step, silent


@dataclass(frozen=True)
class Recorder:
    """Has a catalogue's pictures encoded by a fleet. Killed at any moment, the next run goes on.

    Attributes:
        database, catalogue: where the items are and the vectors go.
        fingerprint: the encoder's.
        fleet: who encodes.
        tally: counts what was done.
        progress: called at every step.
    """

    database: Database
    fingerprint: str
    fleet: Fleet
    tally: Tally
    progress: Progress = silent
    catalogue: str = DEFAULT

    def run(self, pictures: Pictures = Pictures.AUTO, *, every: bool = False) -> None:
        """Encode the items that this encoder has yet to see; all of them with `every`.

        Pictures that cannot be used become rejects.

        Raises:
            Refusal: the fleet cannot be used. What it answered before is written.
        """
        with self.database.reading() as session:
            stored = Embeddings(session, self.catalogue)
            waiting = stored.count_foreign(self.fingerprint)
            self.tally.total = Catalog(session, self.catalogue).count() if every else waiting
        for finished in self.fleet.encode(self._jobs(pictures, every=every)):
            self.progress(Event(Step.ENCODED, self.tally.done, self.tally.total))
            self._write(finished)

    def _jobs(self, pictures: Pictures, *, every: bool) -> Iterator[EncodingJob]:
        after = ""
        while True:
            with self.database.reading() as session:
                stored = Embeddings(session, self.catalogue)
                entries = stored.foreign(self.fingerprint, after=after, every=every)
            if not entries:
                return
            for entry in entries:
                names = dict.fromkeys(entry.views[at].picture.name for at in entry.due)
                yield EncodingJob(entry.item.sku, entry.item.category, tuple(names), pictures)
            after = entries[-1].item.sku

    def _write(self, finished: Sequence[Finished]) -> None:
        tally = self.tally
        with self.database.reading() as session:
            held = Catalog(session, self.catalogue).held(each.sku for each in finished)
        entries, encoded = [], 0
        for each in finished:
            tally.rejects += [
                Reject(0, each.sku, seen) for seen in each.seen.values() if isinstance(seen, str)
            ]
            if each.sku in held and (entry := _entry(held[each.sku], each)):
                entries.append(entry)
                encoded += sum(isinstance(seen, EncodedPicture) for seen in each.seen.values())
        with self.database.writing() as session:
            CatalogWriter(session, self.catalogue).upsert(entries)
            self.progress(Event(Step.COMMITTING, tally.done, tally.total))
        tally.encoded += encoded
        tally.done += len(finished)
        self.progress(Event(Step.STORED, tally.done, tally.total))


def _entry(held: StoredItem, finished: Finished) -> Entry | None:
    """Return what is to be written of an item; None where its main picture cannot be used."""
    first, *more = (_view(picture, finished) for picture in held.pictures)
    if first is None:
        return None
    views = tuple(view or View(picture) for view, (picture, _) in zip(more, held.more, strict=True))
    item = replace(as_given(held.item), more_images=())
    seen = finished.seen.get(first.picture.name)
    measured = seen.measured if isinstance(seen, EncodedPicture) else held.picture.measured
    return Entry(item, replace(first.picture, measured=measured), first.vector, views)


def _view(picture: Picture, finished: Finished) -> View | None:
    """Return a picture with its vector, without one where none was asked; None where it failed."""
    seen = finished.seen.get(picture.name)
    if isinstance(seen, str):
        return None
    return View(picture, seen.vector if seen else None)
