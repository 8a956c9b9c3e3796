"""A person's feedback on items, and how much each of it still says. Pure: the time is passed in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from recommender.errors import RequestError
from recommender.people.worn import WornPiece
from recommender.wire.terms import MAX_LOOK, Verdict

HALF_LIFE_DAYS: Final = 90.0
"""After so many days a word counts half: about a season of clothes."""
_PERSON: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


WEIGHT_OF: Final[Mapping[Verdict, float]] = {
    Verdict.LIKE: 1.0,
    Verdict.SAVE: 0.5,
    Verdict.DISLIKE: -0.5,
}
"""How much a fresh word pulls; a dislike pushes away, and has less to say about what is liked."""


@dataclass(frozen=True)
class Feedback:
    """One feedback of a person.

    Attributes:
        verdict: which.
        skus: the items that it is about: one, or those of a saved look.
        at: when, with its zone.
        prices: sku -> what an item of a saved look cost then, and its currency; where it had a price.
        worn: what was worn with a saved look, where the person agreed to have it kept.
    """

    verdict: Verdict
    skus: tuple[str, ...]
    at: datetime
    prices: Mapping[str, tuple[Decimal, str]] = field(default_factory=dict)
    worn: tuple[WornPiece, ...] = ()

    def __post_init__(self) -> None:
        most = MAX_LOOK if self.verdict is Verdict.SAVE else 1
        if not 1 <= len(self.skus) <= most:
            raise ValueError(f"skus: got {len(self.skus)}; expected 1 to {most}")


def check_person(person: str) -> str:
    """Return a person's id as it is.

    Raises:
        RequestError: it is not 1 to 64 letters of ASCII, digits, `_` and `-`.

    >>> check_person("p-42")
    'p-42'
    """
    if not _PERSON.fullmatch(person):
        raise RequestError(
            "this is no id of a person",
            got=repr(person[:80]),
            expected="1 to 64 letters (a to z), digits, _ and -",
            next_step="Send an id of your own making: neither a name nor an e-mail address.",
        )
    return person


def weigh(feedback: Sequence[Feedback], at: datetime) -> dict[str, float]:
    """Return sku -> what is left of the last word on it, -0.5 to 1.

    Of an item only the last word counts; that a liked item is saved as well makes the like anew
    rather than weaker. Nothing after `at` counts.

    Args:
        feedback: oldest first.
        at: now, with its zone.

    >>> from datetime import UTC
    >>> now = datetime(2026, 4, 1, tzinfo=UTC)
    >>> weigh([Feedback(Verdict.LIKE, ("s1",), now - timedelta(days=90))], now)
    {'s1': 0.5}
    """
    last: dict[str, tuple[Verdict, datetime]] = {}
    for each in feedback:
        if each.at > at:
            continue
        for sku in each.skus:
            again = sku in last and last[sku][0] is Verdict.LIKE and each.verdict is Verdict.SAVE
            last.pop(sku, None)  # so that the order is that of the last words
            last[sku] = (Verdict.LIKE if again else each.verdict, each.at)
    return {sku: WEIGHT_OF[verdict] * _decay(at - when) for sku, (verdict, when) in last.items()}


def _decay(age: timedelta) -> float:
    return float(0.5 ** (age / timedelta(days=HALF_LIFE_DAYS)))
