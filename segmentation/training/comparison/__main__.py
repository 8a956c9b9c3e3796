"""Write docs/segmentation.md and its plots anew from the result files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import typer

from segmentation.common.commands import run
from segmentation.common.errors import Refusal
from segmentation.training.comparison import plots, tables
from segmentation.training.comparison.results import Result, read_results

TABLES: Final[dict[str, Callable[[Sequence[Result]], str]]] = {
    "models": tables.models,
    "papers": tables.papers,
    "per_class": tables.per_class,
    "commands": tables.commands,
}
"""What stands for `{{name}}` in the hand-written text."""


def page(text: str, results: Sequence[Result]) -> str:
    """Return the hand-written text with its tables filled in.

    Raises:
        Refusal: a blank of the text is no table.

    >>> page("no table", [])
    'no table'
    """
    for name, table in TABLES.items():
        if f"{{{{{name}}}}}" in text:
            text = text.replace(f"{{{{{name}}}}}", table(results))
    if "{{" in text:
        raise Refusal(
            "the page's text has a blank that no table fills",
            got=text[text.index("{{") :][:40],
            expected=", ".join(TABLES),
            next_step="Write the text, or name a table that there is.",
        )
    return text


def main(
    results: Path = Path("docs/results/segmentation"),
    text: Path = Path("docs/results/segmentation.in.md"),
    out: Path = Path("docs/segmentation.md"),
) -> None:
    """Write the page and its plots; the same result files give the same bytes."""
    read = read_results(results)
    made = page(text.read_text(encoding="utf-8"), read)
    folder = out.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "learning.svg").write_text(plots.learning(read), encoding="utf-8")
    (folder / "precision.svg").write_text(plots.precision(read), encoding="utf-8")
    out.write_text(made, encoding="utf-8")
    typer.echo(f"{out}: {len(read)} results")


if __name__ == "__main__":
    run(main)
