"""What an import did, or would do, for people and for programs."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import typer

from index.feeds.suggesting import Proposal
from index.importing.findings.addresses import allowing, host_list, pictures
from index.importing.findings.reasons import Finding
from index.importing.reports import ImportReport
from recommender.cli.terminal.output import note, table


def record_of(report: ImportReport, source: Path, rejects: Path | None) -> dict[str, Any]:
    """Return the record of a report as JSON; `rejects` is where they were listed."""
    return {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "withheld": report.withheld,
        "encoded": report.encoded,
        "rejected": report.rejected,
        "pictures_left_out": len(report.notes),
        "warnings": report.warning_count,
        "findings": [found(each) for each in (*report.findings, *report.warned)],
        "hosts": dict(report.hosts),
        "allow": allowing(str(source), report.hosts) if report.hosts else None,
        "rejects": str(rejects) if rejects else None,
        "generation": report.generation,
        "seconds": round(report.seconds, 2),
        "dry_run": report.dry_run,
    }


def found(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON."""
    examples = [{"row": e.number, "sku": e.sku, "reason": e.reason} for e in finding.examples]
    return {
        "reason": finding.reason, "count": finding.count, "examples": examples, "mend": finding.mend
    }  # fmt: skip


def tell(report: ImportReport, source: Path, rejects: Path | None) -> None:
    """Say what is worth knowing beside the numbers: addresses first, then what is wrong, by reason."""
    if report.hosts:
        count = pictures(sum(report.hosts.values()))
        note(f"Not fetched yet: {count} at {host_list(report.hosts)}. Allow these hosts with:")
        note(f"  {allowing(str(source), report.hosts)}")
    _by_reason("left out", report.findings)
    _by_reason("warnings: the rows were taken", report.warned)
    if report.withheld:
        note(
            f"{report.withheld} items that the feed lacks were kept: bad rows without a sku may be "
            "theirs. Mend those rows, then import again."
        )
    if rejects:
        note(
            f"{report.rejected} rows and {len(report.notes)} further pictures were left out, and "
            f"{report.warning_count} warnings given; they are listed in {rejects}."
        )


def _by_reason(title: str, findings: tuple[Finding, ...]) -> None:
    if findings:
        note(f"{title}:")
    for each in findings:
        note(f"  {each.count} x {each.reason}")
        for example in each.examples:
            note(f"      row {example.number} ({example.sku or 'no sku'}): {example.reason}")
        note(f"      mend: {each.mend}")


def propose(proposal: Proposal, source: Path) -> None:
    """Show what the columns of a feed may mean, and the command that takes it so."""
    rows = [
        (each.column, each.field or "-", each.why or "-", ", ".join(each.examples))
        for each in proposal.suggestions
    ]
    table(f"What {source.name} may mean", ("column", "field", "by its", "values"), rows)
    if proposal.missing:
        note(
            f"No column was found for {', '.join(proposal.missing)}: name it with --map column=field."
        )
    words = ["recommender", "catalog", "import", str(source), *proposal.options, "--dry-run"]
    typer.echo(shlex.join(words))
