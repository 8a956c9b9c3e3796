"""One table of the report, and how its words are ordered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = str | int | float


@dataclass(frozen=True)
class Section:
    """One table of the report.

    Attributes:
        name: unique, also in the JSON.
        title: its heading.
        summary: what it says, in a sentence or two.
        columns: their headings.
        rows: one cell for each column.
    """

    name: str
    title: str
    summary: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def once(words: Iterable[str]) -> list[str]:
    """Return each word once, in the order of its first appearance.

    >>> once([]), once(["val", "train", "val"])
    ([], ['val', 'train'])
    """
    return list(dict.fromkeys(words))
