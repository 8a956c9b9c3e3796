"""How results and messages reach the terminal: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import typer

from segmentation.common.errors import Refusal

UNBOUNDED: Final = 2000
"""Characters across where there is no terminal to fit: no line is broken for another program."""


def emit(record: Mapping[str, Any]) -> None:
    """Print one result as one line of JSON."""
    typer.echo(json.dumps(record, ensure_ascii=False, separators=(", ", ": ")))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows for people; without a terminal the columns are as wide as they need to be."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = Table(*columns, title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
    for row in rows:
        drawn.add_row(*(str(cell) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = UNBOUNDED
    console.print(drawn)


def note(line: str) -> None:
    """Say something that is no result: progress, remarks."""
    typer.echo(line, err=True)


def refuse(refusal: Refusal) -> None:
    """Tell what was refused, what came, what would do, and what to do next."""
    note(f"Error: {refusal.what}.")
    note(f"  got:       {refusal.got}")
    note(f"  expected:  {refusal.expected}")
    note(f"  next step: {refusal.next_step}")
