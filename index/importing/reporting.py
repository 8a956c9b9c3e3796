"""Whether a plan may be carried out, and its report before and afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from index.errors import FeedError, TooManyRejects
from index.feeds.rejects import write_rejects
from index.feeds.rows import Reject
from index.importing.batches import Tally
from index.importing.findings.addresses import closed_off
from index.importing.findings.reasons import EXAMPLES, summary
from index.importing.plan import ImportPlan, RowChange
from index.importing.reports import ImportOptions, ImportReport

CLOSED: Final = "is an address"
"""What is said of a row whose picture lies where nothing is fetched from."""


def require_good(plan: ImportPlan, options: ImportOptions, source: Path) -> None:
    """Check that a feed may be imported; if its rows are bad, list them first.

    Raises:
        FeedError: it is empty, its pictures lie where nothing is fetched, or its prices have no currency.
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
    closed = [row for row in bad if CLOSED in row.reason]
    if closed and len(closed) > options.max_reject_share * plan.rows:
        raise closed_off(options.named or source.name, plan.hosts.closed)
    require_currency(plan, options)
    if len(bad) <= options.max_reject_share * plan.rows:
        return
    if options.rejects_to:
        write_rejects(options.rejects_to, plan.rejects, plan.warnings)
    raise TooManyRejects(
        "too many rows of the feed are bad; none was imported",
        got=f"{len(bad)} of {plan.rows} ({_most_frequent(bad)})",
        expected=f"at most {options.max_reject_share:.0%}",
        next_step="Mend the rows, or allow more with --max-reject-share.",
    )


def require_currency(plan: ImportPlan, options: ImportOptions) -> None:
    """Check that prices are not left out of most of a feed because nobody named its currency.

    Raises:
        FeedError: they would be; a dry run only tells.
    """
    findings = plan.warned.summary()
    without = sum(each.count for each in findings if "without a currency" in each.reason)
    if options.dry_run or options.feed.currency or without <= options.max_reject_share * plan.rows:
        return
    raise FeedError(
        "the feed has prices but no currency",
        got=f"{without} prices without one in {plan.rows} rows",
        expected="the shop's currency: many exports do not name it",
        next_step="Name it with --currency, such as --currency EUR.",
    )


def _most_frequent(bad: Sequence[Reject]) -> str:
    """Return the most frequent reasons, each with its first row."""
    shown = [
        f"row {each.examples[0].number}: {each.examples[0].reason}"
        + (f", and {each.count - 1} more like it" if each.count > 1 else "")
        for each in summary(bad)[:EXAMPLES]
    ]
    return "; ".join(shown)


def dry_run_report(plan: ImportPlan, missing: Sequence[str], seconds: float) -> ImportReport:
    """Return what carrying out a plan would do; `missing` are the skus that would be taken out."""
    return ImportReport(
        added=plan.counts[RowChange.ADDED],
        changed=plan.counts[RowChange.REPICTURED] + plan.counts[RowChange.REWRITTEN],
        unchanged=plan.counts[RowChange.NONE],
        removed=0 if plan.nameless else len(missing),
        encoded=plan.encoded,
        rejects=tuple(plan.rejects),
        generation=0,
        seconds=seconds,
        dry_run=True,
        notes=_in_order(*plan.notes),
        withheld=len(missing) if plan.nameless else 0,
        warnings=tuple(plan.warnings),
        warned=plan.warned.summary(),
        hosts=dict(plan.hosts.closed),
    )


def import_report(
    plan: ImportPlan, tally: Tally, *, removed: int, withheld: int, generation: int, seconds: float
) -> ImportReport:
    """Return what an import did."""
    return ImportReport(
        added=tally.counts[RowChange.ADDED],
        changed=tally.counts[RowChange.REPICTURED] + tally.counts[RowChange.REWRITTEN],
        unchanged=plan.counts[RowChange.NONE] + tally.counts[RowChange.NONE],
        removed=removed,
        encoded=tally.encoded,
        rejects=_in_order(*plan.rejects, *tally.rejects),
        generation=generation,
        seconds=seconds,
        notes=_in_order(*plan.notes, *tally.notes),
        withheld=withheld,
        warnings=tuple(plan.warnings),
        warned=plan.warned.summary(),
        hosts=dict(plan.hosts.closed),
    )


def list_rejects(path: Path, report: ImportReport) -> None:
    """Write the rows and pictures that were left out, and the warnings, if there are any."""
    left_out = _in_order(*report.rejects, *report.notes)
    if left_out or report.warnings:
        write_rejects(path, left_out, report.warnings)


def _in_order(*rejects: Reject) -> tuple[Reject, ...]:
    """Return warnings and rejects, each once, in order of the rows."""
    return tuple(sorted(dict.fromkeys(rejects), key=lambda reject: reject.number))
