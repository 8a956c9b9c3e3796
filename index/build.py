"""The catalogue's use cases: import a feed, build the index anew, take items out, say how it is.

All of them may be killed at any moment and run again; what was served before is served meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from index.catalogue.catalog import DEFAULT, Catalog
from index.catalogue.embeddings import Embeddings
from index.catalogue.entries import Entry
from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter, Removed
from index.database import lock
from index.database.database import Database
from index.distributed.jobs import Fleet
from index.distributed.recording import Recorder
from index.encoders.attributes import AttributeReader
from index.errors import within_memory
from index.facts.reader import FactsReader
from index.feeds.detect import open_feed
from index.feeds.rows import Feed, FeedRow, Reject
from index.files.images import ImageStore
from index.generations.generations import Generations
from index.generations.guards import Guard
from index.generations.publishing import Publisher
from index.importing.batches import BatchWriter, Tally
from index.importing.changing import ChangedItem, changed
from index.importing.encoding import Cutter, Guesser, ImageEncoder, Workbench
from index.importing.intake import Intake
from index.importing.journal import Journal
from index.importing.making import Maker
from index.importing.plan import ImportPlan, Planner, batched, by_pictures
from index.importing.reporting import dry_run_report, import_report, list_rejects, require_good
from index.importing.reports import BuildReport, ImportOptions, ImportReport
from index.importing.rereading import Rereader
from index.model.fields import FieldMaker
from index.model.items import Pictures
from index.model.progress import Event, Progress, Step, silent
from index.safekeeping.unclaimed import settle, strays
from index.stores import Engine


@dataclass(frozen=True)
class Indexer:
    """One catalogue, its pictures and its index below `home`, and what makes its vectors.

    Args:
        database: migrated.
        home: `RECOMMENDER_HOME`; pictures go to `home/images`, whichever catalogue's they are; the
            index goes where `Generations.of` says.
        encoder: cut-outs -> unit vectors.
        cutter: picture and category -> cut-out, and what could be measured on it.
        engine: what makes the index's stores.
        reader: what reads attributes off the encoder's vectors, where anything does.
        facts: what reads facts off them; without heads, words alone tell them.
        guesser: what tells an item's kind by its vector where its shop does not; without one, such
            rows are left out.
        catalogue: which one.
        batch_size: pictures encoded at once and written in one transaction; those of one item stay
            together.
        progress: called at every step.
        fleet: other machines that encode stored pictures; this process where there is none.
        field_maker: makes the index's second vectors of items; none where there is no such field.
    """

    database: Database
    home: Path
    encoder: ImageEncoder
    cutter: Cutter
    engine: Engine
    reader: AttributeReader | None = None
    guesser: Guesser | None = None
    facts: FactsReader = field(default_factory=FactsReader)
    catalogue: str = DEFAULT
    batch_size: int = 32
    progress: Progress = silent
    fleet: Fleet | None = None
    field_maker: FieldMaker | None = None

    @property
    def images(self) -> ImageStore:
        """The catalogue's pictures."""
        return ImageStore(self.home / "images")

    @property
    def generations(self) -> Generations:
        """The index on disk."""
        return Generations.of(self.home, self.catalogue)

    @within_memory()
    def import_feed(self, source: Path, options: ImportOptions | None = None) -> ImportReport:
        """Bring the catalogue to what a feed says, and the index to the catalogue.

        Rows that changed nothing cost a hash; changed prices and other fields cost a row; only new
        pictures are encoded. Bad rows are left out and reported.

        Raises:
            FeedError: the feed cannot be read, is empty, or has too many bad rows; nothing was
                written.
            IndexForeign: this is not the database that the index was made from.
            LossUnconfirmed: the feed lacks more than half of the items, and they were to go.
            CatalogBusy: another process is writing.
        """
        started, chosen = time.monotonic(), options or ImportOptions()
        feed, guard = open_feed(source, chosen.feed), self._guard(confirmed=chosen.confirmed)
        if chosen.dry_run:
            guard.check_database()
            with closing(self._checked_plan(feed, chosen, source)) as plan:
                missing, _ = self._going(plan, chosen, guard)
                report = dry_run_report(plan, missing, time.monotonic() - started)
            if chosen.rejects_to:
                list_rejects(chosen.rejects_to, report)
            return report
        with lock.writer(self.home, self.database):
            self._begin(guard)
            with closing(self._checked_plan(feed, chosen, source)) as plan:
                tally = Tally(total=len(plan.pending))
                missing, gone = self._going(plan, chosen, guard)
                self._write(feed, plan, tally, chosen)
                removed = self._take_out(gone)
            if not chosen.later:
                self._encode_again(tally, chosen.pictures, every=False)
            number = self._publisher(confirmed=chosen.confirmed).publish_if_due().number
        report = import_report(
            plan,
            tally,
            removed=len(removed.skus),
            withheld=len(missing) - len(gone),
            generation=number,
            seconds=time.monotonic() - started,
        )
        if chosen.rejects_to:
            list_rejects(chosen.rejects_to, report)
        return report

    @within_memory()
    def rebuild(
        self,
        *,
        encode_again: bool = False,
        pictures: Pictures = Pictures.AUTO,
        confirmed: bool = False,
    ) -> BuildReport:
        """Publish the index anew from the database.

        Stored vectors are taken as they are, and attributes are read off them anew; items that this
        encoder has not seen are encoded from their stored pictures, with `encode_again` all are.
        Pictures that a killed run left behind are set aside.

        Raises:
            IndexForeign: this is not the database that the index was made from.
            LossUnconfirmed: more than half of the pictures, or of the vectors, would go.
            CatalogBusy: another process is writing.
        """
        started, tally = time.monotonic(), Tally()
        guard = self._guard(confirmed=confirmed)
        with lock.writer(self.home, self.database):
            self._begin(guard)
            stray = strays(self.images, self.database, guard)
            self._encode_waiting(tally, pictures, every=encode_again)
            reread = self._read_again()
            generation = self._publisher(confirmed=confirmed).publish()
            self.images.set_aside(stray)
        seconds = time.monotonic() - started
        return BuildReport(tally.encoded, reread, tuple(tally.rejects), generation, seconds)

    def remove(self, skus: Iterable[str]) -> Removed:
        """Take items out: row, vector, and picture unless another item shows it; then publish.

        Unknown skus are left out of the answer.

        Raises:
            IndexForeign: this is not the database that the index was made from.
            CatalogBusy: another process is writing.
        """
        with lock.writer(self.home, self.database):
            self._begin(self._guard())
            removed = self._take_out(skus)
            self._publisher().publish_if_due()  # a killed run may have taken them out before
        return removed

    def change(
        self, changes: Mapping[str, Mapping[str, object]], *, dry_run: bool = False
    ) -> dict[str, ChangedItem]:
        """Change single fields of items, such as price and stock; nothing is encoded or published.

        Args:
            changes: by sku; see `index.importing.changing`.
            dry_run: only say what they would be.

        Returns:
            The items by sku; those that are not there are left out.

        Raises:
            FieldRefused: a value is not understood; nothing was changed.
            IndexForeign: this is not the database that the index was made from.
            CatalogBusy: another process is writing.
        """
        if dry_run:
            return {sku: changed for sku, (changed, _) in self._changed(changes).items()}
        with lock.writer(self.home, self.database):
            self._begin(self._guard())
            found = self._changed(changes)
            entries = [
                Entry(changed.item, picture)
                for changed, picture in found.values()
                if changed.differs
            ]
            if entries:
                with self.database.writing() as session:
                    CatalogWriter(session, self.catalogue).upsert(entries)
        return {sku: changed for sku, (changed, _) in found.items()}

    def _changed(
        self, changes: Mapping[str, Mapping[str, object]]
    ) -> dict[str, tuple[ChangedItem, Picture]]:
        with self.database.reading() as session:
            held = Catalog(session, self.catalogue).held(changes)
        return {
            sku: (changed(stored.item, changes[sku]), stored.picture)
            for sku, stored in held.items()
        }

    def _guard(self, *, confirmed: bool = False) -> Guard:
        return Guard(self.database, self.generations, self.catalogue, confirmed)

    def _begin(self, guard: Guard) -> None:
        """Look before anything is changed, then finish what a killed run left of pictures."""
        guard.check_database()
        self._journal().mend()
        settle(self.images, self.database)

    def _planner(self, *, later: bool = False, sample: bool = False) -> Planner:
        return Planner(
            self.database,
            self.images,
            self.encoder.fingerprint,
            self.catalogue,
            guesses=self.guesser is not None,
            later=later,
            sample=sample,
        )

    def _journal(self) -> Journal:
        return Journal(self.home / "journal", self.images, self.database, self.progress)

    def _publisher(self, *, confirmed: bool = False) -> Publisher:
        return Publisher(
            self.database,
            self.generations,
            self.encoder.fingerprint,
            self.encoder.dim,
            self.catalogue,
            self.progress,
            self.engine,
            confirmed,
            self.field_maker,
        )

    @contextmanager
    def _batches(
        self, tally: Tally, pictures: Pictures, *, later: bool = False
    ) -> Iterator[BatchWriter]:
        bench = Workbench(self.cutter, self.encoder, self.reader, self.guesser, self.facts)
        with closing(Maker(bench, pictures, cuts=not later)) as maker, closing(Intake()) as intake:
            planner, journal = self._planner(later=later), self._journal()
            yield BatchWriter(planner, maker, intake, journal, self.progress, tally)

    def _checked_plan(self, feed: Feed, options: ImportOptions, source: Path) -> ImportPlan:
        planner = self._planner(later=options.later, sample=options.dry_run)
        plan = planner.plan(feed, self.progress)
        require_good(plan, options, source)
        return plan

    def _write(self, feed: Feed, plan: ImportPlan, tally: Tally, options: ImportOptions) -> None:
        pending = (row for row in feed.rows() if row.number in plan.pending)

        def good(rows: Iterable[FeedRow | Reject]) -> list[FeedRow]:
            # what was good when it was checked may have gone bad since
            tally.rejects.extend(row for row in rows if isinstance(row, Reject))
            return [row for row in rows if isinstance(row, FeedRow)]

        with self._batches(tally, options.pictures, later=options.later) as writer:
            writer.write(map(good, by_pictures(pending, self.batch_size)))

    def _encode_waiting(self, tally: Tally, pictures: Pictures, *, every: bool) -> None:
        if self.fleet is None:
            self._encode_again(tally, pictures, every=every)
            return
        fingerprint, fleet = self.encoder.fingerprint, self.fleet
        Recorder(self.database, fingerprint, fleet, tally, self.progress, self.catalogue).run(
            pictures, every=every
        )

    def _encode_again(self, tally: Tally, pictures: Pictures, *, every: bool) -> None:
        fingerprint, after = self.encoder.fingerprint, ""
        with self._batches(tally, pictures) as writer:
            while True:
                with self.database.reading() as session:
                    stored = Embeddings(session, self.catalogue)
                    entries = stored.foreign(fingerprint, after=after, every=every)
                if not entries:
                    return
                for batch in batched(entries, self.batch_size):
                    writer.again(batch, every=every)
                after = entries[-1].item.sku

    def _read_again(self) -> int:
        reader = Rereader(self.database, self.catalogue, self.encoder, self.reader, self.facts)
        return reader.run()

    def _going(
        self, plan: ImportPlan, options: ImportOptions, guard: Guard
    ) -> tuple[list[str], list[str]]:
        """Return the items that a feed lacks, and those of them that are to be taken out."""
        if not options.remove_missing:
            return [], []
        with self.database.reading() as session:
            catalog = Catalog(session, self.catalogue)
            count, missing = catalog.count(), list(plan.seen.lacking(catalog.skus()))
        gone = [] if plan.nameless else missing
        text = "See that the feed is whole and that `--remove-missing` is meant."
        guard.check_loss("items", taken=len(gone), of=count, next_step=text)
        return missing, gone

    def _take_out(self, skus: Iterable[str]) -> Removed:
        journal = self._journal()
        with self.database.writing() as session:
            removed = CatalogWriter(session, self.catalogue).remove(skus)
            if removed.pictures:
                journal.note(removed.pictures)
            self.progress(Event(Step.REMOVING, len(removed.skus)))
        self.progress(Event(Step.REMOVED, len(removed.skus)))
        self.images.set_aside(removed.pictures)
        journal.clear()
        return removed
