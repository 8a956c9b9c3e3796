"""A feed that nobody has seen -> what its columns may mean: by their names, and by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Final

from index.errors import FeedError
from index.feeds.categories.matching import category_of
from index.feeds.documents import json_document, workbook, xml_document
from index.feeds.fields.colours import colours
from index.feeds.fields.columns import NEEDED, ColumnsRefused, layout
from index.feeds.fields.money import MoneyRefused, is_currency, money
from index.feeds.fields.vocabulary import WordUnknown, audience, availability
from index.feeds.formats.cells import Cells
from index.feeds.formats.delimited import Dialect, records
from index.feeds.formats.texts import decoded, lines
from index.feeds.unpacking import GZIP, ZIP
from segmentation.common.colours import PALETTE

_SAMPLED: Final = 200
_SHOWN: Final = 3
_START: Final = 1 << 18
_PICTURE: Final = re.compile(r"\S.*\.(?:jpe?g|png|webp|gif|avif)(?:[?#].*)?", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_SIZE: Final = re.compile(
    r"(?:[2-6]?X{0,3}[SML]|one size|(?:EU|US|UK)?\s?[0-9]{1,3}(?:[.,]5)?)", re.IGNORECASE
)


@dataclass(frozen=True)
class Suggestion:
    """What a column may mean.

    Attributes:
        column: as the feed calls it.
        field: ours; empty where nothing fits.
        why: `name`, or what its values look like.
        examples: the first few of them.
    """

    column: str
    field: str
    why: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What a whole feed may mean.

    Attributes:
        suggestions: one a column, in order.
        missing: fields that every item needs and no column fills.
    """

    suggestions: tuple[Suggestion, ...]
    missing: tuple[str, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """The words for the command line: `--map column=field` for what a name alone does not tell."""
        by_values = (each for each in self.suggestions if each.field and each.why != "name")
        return tuple(
            word for each in by_values for word in ("--map", f"{each.column}={each.field}")
        )


def suggest(source: Path) -> Proposal:
    """Return what the columns of a file may mean; nothing is stored or fetched.

    Raises:
        FeedError: it cannot be read, or has no records.
    """
    names, rows = _sample(source)
    if not names or not rows:
        raise FeedError(
            "the feed has no records to look at",
            got=source.name,
            expected="a table, a workbook, JSON or XML with at least one record",
            next_step="Check the file.",
        )
    columns = [[row[at] if at < len(row) else "" for row in rows] for at in range(len(names))]
    known = _known(names)
    free = [field for field, *_ in _LOOKS if field not in set(known.values())]
    for at, values in enumerate(columns):
        filled = [value.strip() for value in values if value.strip()]
        if at in known or not filled:
            continue
        looks = next(
            (
                field
                for field, fits, share in _LOOKS
                if field in free and _share(filled, fits) >= share
            ),
            "",
        )
        if looks:
            known[at] = looks
            free.remove(looks)
    by_name = _known(names)
    suggestions = tuple(
        Suggestion(
            name,
            known.get(at, ""),
            "name"
            if at in by_name
            else f"values that look like {known[at]}"
            if at in known
            else "",
            tuple(dict.fromkeys(value[:60] for value in columns[at] if value.strip()))[:_SHOWN],
        )
        for at, name in enumerate(names)
    )
    understood = {"image" if field == "more_images" else field for field in known.values()}
    return Proposal(suggestions, tuple(field for field in NEEDED if field not in understood))


def _known(names: Sequence[str]) -> dict[int, str]:
    try:
        places = layout(names, {}).places
    except ColumnsRefused:
        return {}
    return {at: field for field, found in places.items() for at in found}


def _share(values: Sequence[str], fits: Callable[[str, Sequence[str]], bool]) -> float:
    return sum(fits(value, values) for value in values) / len(values)


def _is_price(value: str, values: Sequence[str]) -> bool:
    if re.fullmatch(r"[0-9]+", value) and not any(
        re.search(r"[.,][0-9]{2}\b", each) for each in values
    ):
        return False
    try:
        return money(value, "EUR")[0] > 0
    except MoneyRefused:
        return False


def _is_word(value: str, meaning: Callable[[str], object]) -> bool:
    try:
        return not value.isdigit() and meaning(value) is not None
    except WordUnknown:
        return False


def _is_code(value: str, values: Sequence[str]) -> bool:
    return len(set(values)) == len(values) and re.fullmatch(r"[\w./-]{1,40}", value) is not None


def _is_title(value: str, values: Sequence[str]) -> bool:
    return 2 <= len(value.split()) <= 20 and len(set(values)) > len(values) / 2


def _is_colour(value: str, _: Sequence[str]) -> bool:
    found = colours([value])
    return (
        len(value.split()) <= 3
        and bool(found)
        and all(name in PALETTE for name in found)
        and category_of(value) is None
    )


def _is_kind(value: str, _: Sequence[str]) -> bool:
    return len(value) < 100 and category_of(value) is not None


_LOOKS: Final[tuple[tuple[str, Callable[[str, Sequence[str]], bool], float], ...]] = (
    ("image", lambda value, _: _PICTURE.fullmatch(value) is not None, 0.6),
    ("link", lambda value, _: _ADDRESS.fullmatch(value) is not None, 0.8),
    ("currency", lambda value, _: is_currency(value), 0.9),
    ("audience", lambda value, _: _is_word(value, audience), 0.9),
    ("availability", lambda value, _: _is_word(value, availability), 0.9),
    ("colour", _is_colour, 0.7),
    ("sizes", lambda value, _: _SIZE.fullmatch(value) is not None, 0.8),
    ("price", _is_price, 0.8),
    ("description", lambda value, _: len(value) > 80, 0.6),
    ("category", lambda value, values: _is_kind(value, values) and len(set(values)) <= len(values) / 2, 0.5),
    ("title", _is_title, 0.7),
    ("sku", _is_code, 0.95),
)  # fmt: skip
"""A field, what its values look like, and the share of them that has to."""


def _sample(source: Path) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the names of a file's columns, and its first records."""
    try:
        with source.open("rb") as file:
            start = file.read(_START)
    except OSError as error:
        raise FeedError(
            "the feed cannot be looked at",
            got=f"{type(error).__name__} for {source.name}",
            expected="a file that may be read",
            next_step="Check the path.",
        ) from error
    if start.startswith(GZIP) or (start.startswith(ZIP) and not workbook.is_workbook(source)):
        raise FeedError(
            "the feed cannot be looked at while it is packed",
            got=source.name,
            expected="the file itself",
            next_step="Unpack it, then ask again.",
        )
    text = decoded(start)
    if workbook.is_workbook(source):
        return _of_cells(
            list(
                islice((c for c in workbook.cells(source, _any) if isinstance(c, Cells)), _SAMPLED)
            )
        )
    if text.lstrip().startswith("<"):
        return _of_cells(list(islice(xml_document.cells(source), _SAMPLED)))
    if json_document.looks_like(text) and json_document.prefix_of(source) is not None:
        return _of_cells(list(islice(json_document.cells(source), _SAMPLED)))
    return _of_table(text)


def _any(names: Sequence[str]) -> int:
    return sum(bool(name.strip()) and not name.strip()[0].isdigit() for name in names)


def _of_cells(found: Sequence[Cells]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    names = tuple(dict.fromkeys(name for cells in found for name in cells.names))
    return names, [
        tuple(_shown(dict(zip(c.names, c.values, strict=True)).get(name)) for name in names)
        for c in found
    ]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return _shown(value[0]) if value else ""
    return "" if value is None else str(value)


def _of_table(text: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the table that most rows of a text agree on."""
    best: list[tuple[str, ...]] = []
    for sign in "\t;,|":
        found = records(lines(StringIO(text, newline="")), Dialect(sign))
        rows = [
            record.cells for record in islice(found, _SAMPLED) if record.cells and not record.fault
        ]
        widths = [len(row) for row in rows]
        same = (
            [row for row in rows if len(row) == max(set(widths), key=widths.count)] if rows else []
        )
        if (
            len(same) > 1
            and len(same[0]) > 1
            and len(same) * len(same[0]) > len(best) * len(best[0] if best else ())
        ):
            best = same
    return (best[0], best[1:]) if best else ((), [])
