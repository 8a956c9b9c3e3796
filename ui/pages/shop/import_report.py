"""What an import did, in numbers, and what it left out, with the reasons."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

import streamlit as st

from recommender.client import ApiProblem
from recommender.wire.catalogue_shapes import ImportJob, Rejected, Report
from ui.text import plain, words
from ui.text.speech import N_, say, say_many
from ui.visit import shopkeeper
from ui.visit.pipeline import tell

MOST: Final = 10_000
"""So many rejects are fetched for the table and the download."""
_READS: Final = N_("reads the feed")
_STORES: Final = N_("stores items and pictures")
_INDEXES: Final = N_("makes the index")
_STEPS: Final = {
    **dict.fromkeys(("checked",), _READS),
    **dict.fromkeys(
        ("noted", "kept", "encoded", "settled", "committing", "stored", "swept"), _STORES
    ),
    **dict.fromkeys(("removing", "removed", "mended"), N_("takes out what is gone")),
    **dict.fromkeys(("filled", "written", "named", "pointing", "published", "pruned"), _INDEXES),
}
"""`index.model.progress.Step` -> what a visitor needs to know of it."""


def show(job: ImportJob) -> None:
    """Show it."""
    if job.problem is not None:
        st.error(plain.problem(job.problem), icon=":material/error:")
    if job.report is not None:
        _numbers(job.report)
    if job.report is None or job.report.rejected or job.report.pictures_left_out:
        _rejects(job)


def _numbers(report: Report) -> None:
    done = say("Nothing was changed: this is what would happen.") if report.dry_run else ""
    seconds = say("It took {time}.").format(time=duration(report.seconds))
    st.success(f"{done} {seconds}".strip(), icon=":material/check:")
    numbers = {
        say("New"): report.added,
        say("Changed"): report.changed,
        say("Unchanged"): report.unchanged,
        say("Taken out"): report.removed,
        say("Left out"): report.rejected,
    }
    for column, (name, number) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(name, words.count(number))
    if report.pictures_left_out:
        st.caption(
            say_many(
                "One further picture was left out; its item was taken.",
                "{count} further pictures were left out; their items were taken.",
                report.pictures_left_out,
            ).format(count=report.pictures_left_out)
        )


def _rejects(job: ImportJob) -> None:
    try:
        left_out = _all_of(job.id)
    except ApiProblem as refused:
        if refused.problem.status != 404:  # a job that failed early left nothing out
            tell(refused)
        return
    if not left_out:
        return
    st.subheader(say("What was left out, and why"), anchor=False)
    names = {"row": say("Row"), "sku": say("Article number"), "reason": say("Reason")}
    rows = [{name: getattr(each, key) for key, name in names.items()} for each in left_out]
    st.dataframe(rows, hide_index=True, height=min(400, 38 * (len(rows) + 1)))
    st.download_button(
        say("Download as CSV"), table(left_out), "rejects.csv", "text/csv",
        icon=":material/download:", key=f"rejects-{job.id}", on_click="ignore",
    )  # fmt: skip


def _all_of(job: str) -> list[Rejected]:
    found: list[Rejected] = []
    following: int | None = 0
    while following is not None and len(found) < MOST:
        page = shopkeeper.api().rejects(job, following)
        found += page.rejects
        following = page.next_offset
    return found


def table(left_out: Sequence[Rejected]) -> str:
    r"""Return what was left out as CSV; no cell begins as a spreadsheet's formula would.

    >>> table([Rejected(row=3, sku="=1+1", reason="no title")])
    "row,sku,reason\r\n3,'=1+1,no title\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["row", "sku", "reason"])
    writer.writerows([each.row, _cell(each.sku), _cell(each.reason)] for each in left_out)
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def brief(job: ImportJob) -> str:
    """Return what an import did in a few words; nothing while it has done nothing."""
    if job.report is None:
        return ""
    parts = [
        say("{count} new").format(count=job.report.added) if job.report.added else "",
        say("{count} changed").format(count=job.report.changed) if job.report.changed else "",
        say("{count} left out").format(count=job.report.rejected) if job.report.rejected else "",
    ]
    return ", ".join(filter(None, parts)) or say("nothing new")


def step(name: str) -> str:
    """Return what an import is at, in plain words."""
    return say(_STEPS[name]) if name in _STEPS else name


def duration(seconds: float) -> str:
    """Return a span of time in words.

    >>> duration(0.4), duration(12.4), duration(150)
    ('1 s', '12 s', '2 min 30 s')
    """
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return say("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes:
        return say("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return say("{seconds} s").format(seconds=whole)
