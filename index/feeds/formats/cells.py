"""A record as a feed names its values, whatever the file is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from index.feeds.fields.columns import folded
from index.feeds.rows import Reject


@dataclass(frozen=True)
class Cells:
    """One record.

    Attributes:
        number: its place in the feed.
        where: said behind a reason, where the number alone does not lead there.
        names: as the feed writes them.
        values: as many; text, numbers, truth values, or lists and mappings of them.
        warnings: what had to be mended to read it.
    """

    number: int
    where: str
    names: tuple[str, ...]
    values: tuple[object, ...]
    warnings: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, object]:
        """The values that say anything, by their folded names; of two the first."""
        named: dict[str, object] = {}
        for name, value in zip(self.names, self.values, strict=True):
            if value is not None and value not in ("", [], {}):
                named.setdefault(folded(name), value)
        return named

    def text(self, *names: str) -> str:
        """Return the first of these that says anything, as text; nothing where none does."""
        found = next((self.by_name[name] for name in names if name in self.by_name), "")
        if isinstance(found, bool):
            return str(found).lower()
        return "" if isinstance(found, list | dict) else str(found).strip()


Source: TypeAlias = Callable[[], Iterator[Cells | Reject]]
"""Yields a feed's records from their beginning, as often as it is called."""
