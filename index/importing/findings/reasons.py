"""What is wrong with a feed, counted by reason: how often, three examples, and what mends it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from index.feeds.rows import Reject

EXAMPLES: Final = 3
_SAID: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"[^\"]*\"|https?://\S+|\b[0-9][0-9.,]*\b")
_WHERE: Final = re.compile(r" \(line [0-9]+\)$")
_MENDS: Final = (
    ("without a currency", "Name the shop's currency: --currency EUR."),
    ("could be", "Write the column's amounts alike, such as 1299.00."),
    ("is an address", "Allow the host with --fetch."),
    ("is not there", "Put the pictures beside the feed, under the names that it gives them."),
    ("may not be fetched", "Allow the host with --fetch."),
    ("cells; expected", "Quote cells that hold the separator, then export again."),
    ("quote that is not closed", "Double the quotes inside a cell, then export again."),
    ("sku: got", "Give each item a sku of its own."),
    ("category: got", "Name the garment in the category or the title."),
    (
        "availability: got",
        "Write in stock, out of stock, preorder or backorder, or a number of pieces.",
    ),
    ("audience: got", "Write women, men, kids or unisex."),
    ("sale_price", "A sale price is lower than the price, and in its currency."),
    ("range", "Give each variant its price, if its lowest is not meant."),
    ("has no price", "Give it a price, if it has one."),
    ("XML was mended", "Have the export escape & as &amp;amp;."),
    ("no kind of garment", "Nothing, if it is none; else name the garment in the title."),
    ("not published", "Nothing, if it is not for sale."),
    ("passed over", "Nothing, if it is not for sale."),
    ("broken characters", "Export the feed as UTF-8."),
    ("control characters", "Take them out of the text."),
    ("picture", "Replace the picture by one that opens."),
)
"""What a reason says -> what to do about it; the first that fits."""
_ELSE: Final = "See the rows in the list of rejects."


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with rows of a feed.

    Attributes:
        reason: what is said of them all; what differs between them is `…`.
        count: how many.
        examples: the first few.
        mend: what to do about it.
    """

    reason: str
    count: int
    examples: tuple[Reject, ...]
    mend: str


@dataclass
class Findings:
    """Counts by reason; its memory grows with the reasons, not with the rows."""

    _counts: dict[str, int] = field(default_factory=dict)
    _examples: dict[str, list[Reject]] = field(default_factory=dict)

    def add(self, reject: Reject) -> None:
        """Count one warning or reject of a row."""
        reason = shape_of(reject.reason)
        self._counts[reason] = self._counts.get(reason, 0) + 1
        examples = self._examples.setdefault(reason, [])
        if len(examples) < EXAMPLES:
            examples.append(reject)

    @property
    def count(self) -> int:
        """How many there were in all."""
        return sum(self._counts.values())

    def summary(self) -> tuple[Finding, ...]:
        """Return the reasons, the most frequent first."""
        ordered = sorted(self._counts.items(), key=lambda each: (-each[1], each[0]))
        return tuple(
            Finding(reason, count, tuple(self._examples[reason]), mend_of(reason))
            for reason, count in ordered
        )


def summary(rejects: Iterable[Reject]) -> tuple[Finding, ...]:
    """Return the warnings and rejects of rows by reason; see `Findings`."""
    findings = Findings()
    for each in rejects:
        findings.add(each)
    return findings.summary()


def shape_of(reason: str) -> str:
    """Return a reason without what differs from row to row.

    >>> shape_of("price: got '1.234', which could be 1234 or 1.234; expected two decimals (line 4)")
    'price: got …, which could be … or …; expected two decimals'
    """
    return _SAID.sub("…", _WHERE.sub("", reason))


def mend_of(reason: str) -> str:
    """Return what to do about a reason."""
    return next((mend for part, mend in _MENDS if part in reason), _ELSE)
