"""The record of an import: while it runs, when it has ended, and after a restart."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from index.database import lock
from index.files import durable
from index.importing.findings.reasons import Finding
from index.importing.reports import ImportReport
from recommender.errors import ImportFailed
from segmentation.common.errors import Refusal

WAITS, RUNS, DONE, FAILED = "waiting", "running", "done", "failed"
_FILE: Final = "job.json"
LOCK: Final = "lock"
"""Held by the process that a job is under way in."""
_AGAIN: Final = "Send the feed again: what is stored already is not done twice."


@dataclass(frozen=True)
class Job:
    """An import as it stands.

    Attributes:
        id: names it.
        source: the feed's name as it was sent.
        state: waiting, running, done or failed.
        step: what is true by now, of `index.model.progress.Step`; empty before it runs.
        done, total: rows; the total where it is known.
        rate: rows a second.
        created_at, started_at, ended_at: when; ISO 8601.
        report: numbers of what it did.
        problem: code, what, got, expected and next_step of why it failed.
        hosts: where pictures lie that nothing may be fetched from, and how many.
    """

    id: str
    source: str
    state: str = WAITS
    step: str = ""
    done: int = 0
    total: int | None = None
    rate: float = 0.0
    created_at: str = ""
    started_at: str | None = None
    ended_at: str | None = None
    report: dict[str, Any] | None = None
    problem: dict[str, str] | None = None
    hosts: dict[str, int] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (DONE, FAILED)

    @property
    def eta_s(self) -> float | None:
        """Seconds that it will still take at its rate; None while that is not known."""
        if self.ended:
            return 0.0
        if self.total is None or self.rate <= 0:
            return None
        return (self.total - self.done) / self.rate


def write_job(folder: Path, job: Job) -> None:
    """Write a job into its folder, so that a restart finds it."""
    durable.write(folder / job.id / _FILE, json.dumps(asdict(job)).encode())


def read_jobs(folder: Path, on_end: Callable[[Job], None] = lambda _: None) -> list[Job]:
    """Return the jobs below a folder.

    Those that have not ended and that no living process holds died with their server: they are
    marked as failed, and their uploads deleted; so are uploads that never became a job.

    Args:
        folder: where they lie.
        on_end: called with those that are marked now.
    """
    found = (_read(folder, path, on_end) for path in sorted(folder.glob("*")) if path.is_dir())
    return [job for job in found if job is not None]


def _read(folder: Path, path: Path, on_end: Callable[[Job], None]) -> Job | None:
    job = _read_job(path / _FILE)
    if job is not None and job.ended:
        return job
    with durable.disk_refusals(path):
        held = lock.hold(path / LOCK)
    if held is None:  # under way here or in another server of this home
        return job
    with held:
        if job is None:
            shutil.rmtree(path, ignore_errors=True)
            return None
        shutil.rmtree(path / "upload", ignore_errors=True)
        job = replace(job, state=FAILED, problem=_died(), ended_at=now())
        on_end(job)
        write_job(folder, job)
        return job


def _read_job(path: Path) -> Job | None:
    try:
        return Job(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # none yet, of another version, or damaged
        return None


def numbers_of(report: ImportReport) -> dict[str, Any]:
    """Return the record of a report."""
    return {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "rejected": report.rejected,
        "withheld": report.withheld,
        "pictures_left_out": len(report.notes),
        "warnings": report.warning_count,
        "findings": [_found(each) for each in (*report.findings, *report.warned)],
        "encoded": report.encoded,
        "generation": report.generation,
        "seconds": round(report.seconds, 2),
        "dry_run": report.dry_run,
    }


def announced(job: Job) -> dict[str, Any]:
    """Return what a shop's own servers are sent of a job that has ended."""
    return {
        "import": job.id,
        "source": job.source,
        "state": job.state,
        "report": job.report,
        "problem": job.problem,
    }


def _found(finding: Finding) -> dict[str, Any]:
    examples = [{"row": e.number, "sku": e.sku, "reason": e.reason} for e in finding.examples]
    numbers = {"reason": finding.reason, "count": finding.count, "mend": finding.mend}
    return {**numbers, "examples": examples}


def refusal_record(refusal: Refusal) -> dict[str, str]:
    """Return the record of a refusal."""
    return {
        "code": refusal.code,
        "what": refusal.what,
        "got": refusal.got,
        "expected": refusal.expected,
        "next_step": refusal.next_step,
    }


def stopped() -> dict[str, str]:
    """Return the record of a job that was stopped."""
    return refusal_record(
        ImportFailed(
            "the import was stopped",
            got="a request to stop it",
            expected="to be let run to its end",
            next_step=_AGAIN,
        )
    )


def _died() -> dict[str, str]:
    return refusal_record(
        ImportFailed(
            "the server ended while it imported",
            got="an import that was not finished",
            expected="to be let run to its end",
            next_step=_AGAIN,
        )
    )


def fault() -> dict[str, str]:
    """Return the record of a job that met a fault of ours."""
    return refusal_record(
        ImportFailed(
            "the import met an error that nobody expected",
            got="a fault of ours; the server's log has it",
            expected="none",
            next_step="Send the feed again; if it fails again, report what the log says.",
        )
    )


def now() -> str:
    """Return the time, ISO 8601."""
    return datetime.now(UTC).isoformat()
