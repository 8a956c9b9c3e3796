"""The catalogue's use cases: import a feed, build the index anew, take items out, say how it is.

All of them may be killed at any moment and run again; what was served before is served meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index import lock
from index.attributes import AttributeReader
from index.batches import BatchWriter, Tally
from index.catalog import DEFAULT, Catalog
from index.database import Database
from index.embeddings import Embeddings
from index.encoding import Cutter, ImageEncoder, Workbench
from index.errors import FeedError
from index.feeds.detect import open_feed
from index.feeds.rejects import write_rejects
from index.feeds.rows import Feed, FeedRow, Reject
from index.generations import Generation, Generations
from index.images import ImageStore
from index.plan import Change, Plan, Planner, batched
from index.progress import Event, Progress, Step, silent
from index.publishing import Publisher
from index.reports import BuildReport, ImportOptions, ImportReport
from index.rereading import Rereader
from index.stores import Engine
from index.writing import CatalogWriter, Removed


@dataclass(frozen=True)
class Indexer:
    """One catalogue, its pictures and its index below `home`, and what makes its vectors.

    Args:
        database: migrated.
        home: `RECOMMENDER_HOME`; pictures go to `home/images`, the index to `home/index`.
        encoder: cut-outs -> unit vectors.
        cutter: picture and category -> cut-out, and what could be measured on it.
        engine: what makes the index's stores.
        reader: what reads attributes off the encoder's vectors, where anything does.
        catalogue: which one.
        batch_size: cut-outs encoded at once and written in one transaction.
        progress: told of every step.
    """

    database: Database
    home: Path
    encoder: ImageEncoder
    cutter: Cutter
    engine: Engine
    reader: AttributeReader | None = None
    catalogue: str = DEFAULT
    batch_size: int = 32
    progress: Progress = silent

    @property
    def images(self) -> ImageStore:
        """The catalogue's pictures."""
        return ImageStore(self.home / "images")

    @property
    def generations(self) -> Generations:
        """The index on disk."""
        return Generations(self.home / "index")

    def import_feed(self, source: Path, options: ImportOptions | None = None) -> ImportReport:
        """Bring the catalogue to what a feed says, and the index to the catalogue.

        Rows that changed nothing cost a hash; changed prices and other fields cost a row; only new
        pictures are encoded. Bad rows are left out and reported.

        Raises:
            FeedError: the feed cannot be read, is empty, or has too many bad rows; nothing was
                written.
            CatalogBusy: another process is writing.
        """
        started, chosen = time.monotonic(), options or ImportOptions()
        feed = open_feed(source, chosen.feed)
        if chosen.dry_run:
            return self._foretold(self._checked_plan(feed, chosen), chosen, started)
        with lock.writer(self.home, self.database):
            plan = self._checked_plan(feed, chosen)
            tally = Tally(total=len(plan.pending))
            self._write(feed, plan, tally)
            gone = self._missing(plan) if chosen.remove_missing else []
            removed = self._take_out(gone)
            self._encode_again(tally, every=False)
            number = self._publisher().publish_if_due().number
        rejects = tuple(sorted((*plan.rejects, *tally.rejects), key=lambda r: r.number))
        if rejects and chosen.rejects_to:
            write_rejects(chosen.rejects_to, rejects)
        counts = tally.counts
        return ImportReport(
            added=counts[Change.ADDED],
            changed=counts[Change.REPICTURED] + counts[Change.REWRITTEN],
            unchanged=plan.counts.get(Change.NONE, 0) + counts[Change.NONE],
            removed=len(removed.skus),
            encoded=tally.encoded,
            rejects=rejects,
            generation=number,
            seconds=time.monotonic() - started,
        )

    def rebuild(self, *, encode_again: bool = False) -> BuildReport:
        """Publish the index anew from the database.

        Stored vectors are taken as they are, and attributes are read off them anew; items that this
        encoder has not seen are encoded from their stored pictures, with `encode_again` all are.
        Pictures that a killed run left behind are deleted.

        Raises:
            CatalogBusy: another process is writing.
        """
        started, tally = time.monotonic(), Tally()
        with lock.writer(self.home, self.database):
            self._encode_again(tally, every=encode_again)
            reread = self._read_again()
            with self.database.reading() as session:
                used = Catalog(session, self.catalogue).images()
            self.images.sweep(used)
            generation = self._publisher().publish()
        seconds = time.monotonic() - started
        return BuildReport(tally.encoded, reread, tuple(tally.rejects), generation, seconds)

    def remove(self, skus: Iterable[str]) -> Removed:
        """Take items out: row, vector, and picture unless another item shows it; then publish.

        Unknown skus are left out of the answer.

        Raises:
            CatalogBusy: another process is writing.
        """
        with lock.writer(self.home, self.database):
            removed = self._take_out(skus)
            if removed.skus:
                self._publisher().publish_if_due()
        return removed

    def rollback(self) -> Generation:
        """Serve the generation before the current one; see `Generations.rollback`."""
        with lock.writer(self.home, self.database):
            return self.generations.rollback()

    def _planner(self) -> Planner:
        return Planner(self.database, self.images, self.encoder.fingerprint, self.catalogue)

    def _publisher(self) -> Publisher:
        return Publisher(
            self.database,
            self.generations,
            self.encoder.fingerprint,
            self.encoder.dim,
            self.catalogue,
            self.progress,
            self.engine,
        )

    def _batches(self, tally: Tally) -> BatchWriter:
        bench = Workbench(self.cutter, self.encoder, self.reader)
        return BatchWriter(self._planner(), bench, self.progress, tally)

    def _checked_plan(self, feed: Feed, options: ImportOptions) -> Plan:
        plan = self._planner().plan(feed, self.progress)
        if plan.rows == 0:
            raise FeedError(
                "the feed is empty",
                got="no rows",
                expected="one at least",
                next_step="A folder needs pictures in sub-folders named for garments: dress/1.jpg.",
            )
        if len(plan.rejects) > options.max_reject_share * plan.rows:
            if options.rejects_to and not options.dry_run:
                write_rejects(options.rejects_to, plan.rejects)
            first = plan.rejects[0]
            raise FeedError(
                "too many rows of the feed are bad; none was imported",
                got=f"{len(plan.rejects)} of {plan.rows} (row {first.number}: {first.reason})",
                expected=f"at most {options.max_reject_share:.0%}",
                next_step="Mend the rows, or allow more with --max-reject-share.",
            )
        return plan

    def _foretold(self, plan: Plan, options: ImportOptions, started: float) -> ImportReport:
        added = plan.counts.get(Change.ADDED, 0)
        repictured = plan.counts.get(Change.REPICTURED, 0)
        return ImportReport(
            added=added,
            changed=repictured + plan.counts.get(Change.REWRITTEN, 0),
            unchanged=plan.counts.get(Change.NONE, 0),
            removed=len(self._missing(plan)) if options.remove_missing else 0,
            encoded=added + repictured,
            rejects=plan.rejects,
            generation=0,
            seconds=time.monotonic() - started,
            dry_run=True,
        )

    def _write(self, feed: Feed, plan: Plan, tally: Tally) -> None:
        writer = self._batches(tally)
        pending = (row for row in feed.rows() if row.number in plan.pending)
        for batch in batched(pending, self.batch_size):
            # what was good when it was checked may have gone bad since
            tally.rejects += [row for row in batch if isinstance(row, Reject)]
            writer.write([row for row in batch if isinstance(row, FeedRow)])

    def _encode_again(self, tally: Tally, *, every: bool) -> None:
        writer, fingerprint, after = self._batches(tally), self.encoder.fingerprint, ""
        while True:
            with self.database.reading() as session:
                stored = Embeddings(session, self.catalogue)
                entries = stored.foreign(fingerprint, after=after, every=every)
            if not entries:
                return
            for batch in batched(entries, self.batch_size):
                writer.again(batch)
            after = entries[-1].item.sku

    def _read_again(self) -> int:
        if self.reader is None:
            return 0
        return Rereader(self.database, self.catalogue, self.encoder, self.reader).run()

    def _missing(self, plan: Plan) -> list[str]:
        with self.database.reading() as session:
            return [sku for sku in Catalog(session, self.catalogue).skus() if sku not in plan.seen]

    def _take_out(self, skus: Iterable[str]) -> Removed:
        with self.database.writing() as session:
            removed = CatalogWriter(session, self.catalogue).remove(skus)
            self.progress(Event(Step.REMOVING, len(removed.skus)))
        self.progress(Event(Step.REMOVED, len(removed.skus)))
        self.images.remove(removed.pictures)
        return removed
