"""Whether a plan may be carried out, and what is told of it before and afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.errors import FeedError, TooManyRejects
from index.feeds.rejects import write_rejects
from index.feeds.rows import Reject
from index.importing.batches import Tally
from index.importing.plan import Change, Plan
from index.importing.reports import ImportOptions, ImportReport


def require_good(plan: Plan, options: ImportOptions) -> None:
    """Check that a feed may be imported; if its rows are bad, list them first.

    Raises:
        FeedError: it is empty.
        TooManyRejects: it has too many bad rows.
    """
    if plan.rows == 0:
        raise FeedError(
            "the feed is empty",
            got="no rows",
            expected="one at least",
            next_step="A folder needs pictures in sub-folders named for garments: dress/1.jpg.",
        )
    bad = plan.bad
    if len(bad) <= options.max_reject_share * plan.rows:
        return
    if options.rejects_to and not options.dry_run:
        write_rejects(options.rejects_to, plan.rejects)
    raise TooManyRejects(
        "too many rows of the feed are bad; none was imported",
        got=f"{len(bad)} of {plan.rows} (row {bad[0].number}: {bad[0].reason})",
        expected=f"at most {options.max_reject_share:.0%}",
        next_step="Mend the rows, or allow more with --max-reject-share.",
    )


def foretold(plan: Plan, missing: Sequence[str], seconds: float) -> ImportReport:
    """Return what carrying out a plan would do; `missing` are the skus that would be taken out."""
    return ImportReport(
        added=plan.counts[Change.ADDED],
        changed=plan.counts[Change.REPICTURED] + plan.counts[Change.REWRITTEN],
        unchanged=plan.counts[Change.NONE],
        removed=0 if plan.nameless else len(missing),
        encoded=plan.encoded,
        rejects=tuple(plan.rejects),
        generation=0,
        seconds=seconds,
        dry_run=True,
        notes=_in_order(*plan.notes),
        withheld=len(missing) if plan.nameless else 0,
    )


def told(
    plan: Plan, tally: Tally, *, removed: int, withheld: int, generation: int, seconds: float
) -> ImportReport:
    """Return what an import did."""
    return ImportReport(
        added=tally.counts[Change.ADDED],
        changed=tally.counts[Change.REPICTURED] + tally.counts[Change.REWRITTEN],
        unchanged=plan.counts[Change.NONE] + tally.counts[Change.NONE],
        removed=removed,
        encoded=tally.encoded,
        rejects=_in_order(*plan.rejects, *tally.rejects),
        generation=generation,
        seconds=seconds,
        notes=_in_order(*plan.notes, *tally.notes),
        withheld=withheld,
    )


def list_rejects(path: Path, report: ImportReport) -> None:
    """Write the rows and pictures that were left out, if there are any."""
    if left_out := _in_order(*report.rejects, *report.notes):
        write_rejects(path, left_out)


def _in_order(*rejects: Reject) -> tuple[Reject, ...]:
    """Return what is told of rows, each thing once, in order of the rows."""
    return tuple(sorted(dict.fromkeys(rejects), key=lambda reject: reject.number))
