"""Imports as jobs: one at a time, in order, with progress; reported after a restart too.

    home/imports/<id>/job.json      as it stands; written when its state changes
    home/imports/<id>/upload/       what was sent; gone when the job has ended
    home/imports/<id>/rejects.csv   what was left out, if anything was
    home/imports/<id>/lock          held by the server that it is under way in

A job that is stopped, or dies with its server, loses nothing: what it stored is stored, and the same
feed sent again goes on from there.
"""

from __future__ import annotations

import logging
import queue
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Final, Protocol

from index.database import lock
from index.errors import PicturesElsewhere
from index.feeds.documents.workbook import is_workbook
from index.feeds.unpacking import MAX_BYTES, unpack
from index.files import durable
from index.importing.reports import ImportOptions, ImportReport
from index.model.progress import Event, Progress
from recommender.errors import ImportNotFound, ImportsFull
from recommender.jobs.import_job import (
    DONE,
    FAILED,
    LOCK,
    RUNS,
    WAITS,
    Job,
    fault,
    now,
    numbers_of,
    read_jobs,
    refusal_record,
    stopped,
    write_job,
)
from segmentation.common.errors import Refusal

KEPT: Final = 20
"""Number of the latest jobs that are listed."""
WAITING: Final = 8
WAITS_S: Final = 0.2
"""Between two looks whether its turn is still waited for."""
_ZIP: Final = b"PK\x03\x04"
log = logging.getLogger(__name__)


class Imports(Protocol):
    """What carries an import out; `index.build.Indexer` does."""

    def import_feed(self, source: Path, options: ImportOptions | None = None) -> ImportReport:
        """Bring the catalogue to what a feed says."""
        ...


def _nobody(_: Job) -> None:
    """Tell nobody of a job."""


class _StoppedError(Exception):
    """A job was asked to stop."""


@dataclass
class _Work:
    """What a waiting job is made of."""

    upload: Path
    options: ImportOptions
    held: IO[bytes]
    stop: threading.Event = field(default_factory=threading.Event)


class ImportJobs:
    """The imports of one home. Safe to share between threads; `close` it."""

    def __init__(
        self,
        home: Path,
        indexer: Callable[[Progress], Imports],
        max_bytes: int = MAX_BYTES,
        on_end: Callable[[Job], None] = _nobody,
        turns: threading.Lock | None = None,
    ) -> None:
        """Read the records of earlier jobs; those that died with their server have failed.

        Args:
            home: where `imports` lies.
            indexer: gives what imports, telling its progress.
            max_bytes: the most that a zip may hold unpacked.
            on_end: called with each job that has ended, of one that died with its server too.
            turns: held while a job runs; shared by catalogues that have one writer.
        """
        self._folder, self._indexer = home / "imports", indexer
        self._max_bytes, self._on_end = max_bytes, on_end
        self._turns, self._closed = turns or threading.Lock(), threading.Event()
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._work: dict[str, _Work] = {}
        self._taken: dict[str, IO[bytes]] = {}
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def place(self) -> tuple[str, Path]:
        """Return the id of a job to be, and the empty folder that its upload goes into.

        Raises:
            ImportsFull: as many wait as may wait.
        """
        name = secrets.token_hex(6)
        with self._lock:
            there = len(self._work) + len(self._taken)
            if there > WAITING:
                raise ImportsFull(
                    "too many imports are waiting",
                    got=f"{there} before this one",
                    expected=f"at most {WAITING}",
                    next_step="Try again when one has ended.",
                )
            upload = self._folder / name / "upload"
            with durable.disk_refusals(upload):
                upload.mkdir(parents=True)
                held = lock.hold(self._folder / name / LOCK)
            assert held is not None  # its name was made this moment
            self._taken[name] = held
        return name, upload

    def start(self, name: str, source: str, upload: Path, options: ImportOptions) -> Job:
        """Have an upload imported when its turn comes.

        Args:
            name: of `place`.
            source: the feed's name as it was sent.
            upload: the file, inside the folder of `place`: a feed, or a zip of one.
            options: how to import; where rejects go is the job's own affair.
        """
        job = Job(name, source, created_at=now())
        with self._lock:
            self._keep(job)  # first: a disk that is full leaves no job that never runs
            self._work[name] = _Work(upload, options, self._taken.pop(name))
            self._forget_oldest()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="imports", daemon=True)
                self._thread.start()
        self._queue.put(name)
        return job

    def drop(self, name: str) -> None:
        """Give back the place of a job that never started, and delete its folder."""
        with self._lock:
            held = self._taken.pop(name, None)
        if held is not None:
            held.close()
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def jobs(self) -> list[Job]:
        """Return the latest jobs, the newest first."""
        with self._lock:
            found = {job.id: job for job in read_jobs(self._folder, self._on_end)} | self._jobs
            return sorted(found.values(), key=lambda job: job.created_at, reverse=True)

    def job(self, name: str) -> Job:
        """Return a job.

        Raises:
            ImportNotFound: there is none of this name, or no longer.
        """
        with self._lock:
            if name in self._jobs:
                return self._jobs[name]
            found = {job.id: job for job in read_jobs(self._folder, self._on_end)}
            if name not in found:
                raise ImportNotFound(
                    "there is no such import",
                    got=repr(name),
                    expected=f"one of the latest {KEPT}",
                    next_step="Ask for the list of imports.",
                )
            return found[name]

    def rejects(self, name: str) -> Path:
        """Return the CSV of what a job left out; it is there only if anything was.

        Raises:
            ImportNotFound: there is no such job.
        """
        return self._folder / self.job(name).id / "rejects.csv"

    def stop(self, name: str) -> Job:
        """Have a job end at its next step, and return it; what it stored stays.

        Raises:
            ImportNotFound: there is no such job.
        """
        with self._lock:
            job = self.job(name)
            if name in self._work:
                self._work[name].stop.set()
            if job.state == WAITS:
                return self._end(job, problem=stopped())
        return job

    def close(self) -> None:
        """End the running job at its next step, and wait for that."""
        self._closed.set()
        with self._lock:
            for work in self._work.values():
                work.stop.set()
            thread = self._thread
        if thread is not None:
            self._queue.put(None)
            thread.join(30)
        with self._lock:  # uploads that never became jobs, and jobs that never had their turn
            for held in (*self._taken.values(), *(work.held for work in self._work.values())):
                held.close()

    def _run(self) -> None:
        while (name := self._queue.get()) is not None:
            while not self._turns.acquire(timeout=WAITS_S):
                if self._closed.is_set():
                    return
            try:
                self._turn(name)
            except Exception:  # such as a full disk: the next job has its turn all the same
                log.exception("an import could not be written down")
            finally:
                self._turns.release()

    def _turn(self, name: str) -> None:
        with self._lock:
            job, work = self._jobs.get(name), self._work.get(name)
            if job is None or work is None or job.state != WAITS:
                return
            job = replace(job, state=RUNS, started_at=now())
            self._jobs[name] = job
        try:
            self._keep(job)
            report = self._import(job, work)
        except _StoppedError:
            self._end(self.job(name), problem=stopped())
        except Refusal as refusal:
            hosts = dict(refusal.hosts) if isinstance(refusal, PicturesElsewhere) else {}
            self._end(replace(self.job(name), hosts=hosts), problem=refusal_record(refusal))
        except Exception:
            log.exception("an import failed")
            self._end(self.job(name), problem=fault())
        else:
            ended = replace(self.job(name), hosts=dict(report.hosts))
            self._end(ended, report=numbers_of(report))

    def _import(self, job: Job, work: _Work) -> ImportReport:
        rejects = self._folder / job.id / "rejects.csv"
        source = work.upload
        if _is_zip(source):
            source = unpack(
                work.upload,
                work.upload.parent / "unpacked",
                max_bytes=self._max_bytes,
                on_entry=lambda: _heed(work.stop),
            )
        options = replace(work.options, rejects_to=rejects, named=job.source)
        return self._indexer(_Telling(self, job.id, work.stop)).import_feed(source, options)

    def _tell(self, name: str, event: Event, rate: float) -> None:
        with self._lock:
            step, done, total = event.step.value, event.done, event.total
            self._jobs[name] = replace(
                self._jobs[name], step=step, done=done, total=total, rate=rate
            )

    def _end(
        self,
        job: Job,
        *,
        report: dict[str, Any] | None = None,
        problem: dict[str, str] | None = None,
    ) -> Job:
        state = DONE if problem is None else FAILED
        ended = replace(job, state=state, report=report, problem=problem, ended_at=now())
        self._on_end(ended)  # first: where this process is killed now, the next one tells it again
        with self._lock:
            work = self._work.pop(job.id, None)
            self._jobs[job.id] = ended
            shutil.rmtree(self._folder / job.id / "upload", ignore_errors=True)
            try:
                return self._keep(ended)
            finally:
                if work is not None:
                    work.held.close()

    def _keep(self, job: Job) -> Job:
        with self._lock:
            write_job(self._folder, job)
            self._jobs[job.id] = job
        return job

    def _forget_oldest(self) -> None:
        for job in self.jobs()[KEPT:]:
            if job.ended:
                self._jobs.pop(job.id, None)
                self.drop(job.id)


class _Telling:
    """Progress -> a job; ends the import where the job is to stop."""

    def __init__(self, jobs: ImportJobs, name: str, stop: threading.Event) -> None:
        self._jobs, self._name, self._stop = jobs, name, stop
        self._began = time.monotonic()

    def __call__(self, event: Event) -> None:
        _heed(self._stop)
        spent = time.monotonic() - self._began
        self._jobs._tell(self._name, event, event.done / spent if spent > 0 else 0.0)


def _heed(stop: threading.Event) -> None:
    if stop.is_set():
        raise _StoppedError


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        zipped = file.read(4) == _ZIP
    return zipped and not is_workbook(path)
