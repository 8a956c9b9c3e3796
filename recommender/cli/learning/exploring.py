"""`explore`: the exploratory report of a data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recommender.cli.learning.data import data_folders
from recommender.cli.terminal.options import JsonFlag, training_tools
from recommender.cli.terminal.output import emit, note, table
from recommender.errors import RequestError


def explore(
    dataset: Annotated[Path, typer.Argument(help="A folder of data.")],
    out: Annotated[Path, typer.Option("--out", help="The page to write.")] = Path("report.html"),
    json: JsonFlag = False,
) -> None:
    """Write the exploratory report of a data set: one HTML page of tables and plots, no photos."""
    [folder] = data_folders([dataset])
    with training_tools():
        from segmentation.training.exploring.counts import sections_of
        from segmentation.training.exploring.page import html_page
        from segmentation.training.exploring.survey import look_at

        survey = look_at(folder, note)
        sections = sections_of(survey)
        _write(out, html_page(survey, sections))
    if json:
        rows = {
            each.name: [dict(zip(each.columns, row, strict=True)) for row in each.rows]
            for each in sections
        }
        emit({"dataset": survey.name, "kind": survey.kind, "out": str(out), **rows})
        return
    first, last = sections[0], sections[-1]
    table(f"{survey.name} ({survey.kind})", first.columns, first.rows)
    if last.rows:
        table(last.title, last.columns, last.rows)
    note(f"Written: {out}")


def _write(out: Path, page: str) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise RequestError(
            "the report cannot be written",
            got=f"{out}: {error.strerror or error}",
            expected="a path that can be written",
            next_step="Give another path with --out.",
        ) from error
