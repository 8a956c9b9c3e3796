"""Words that say an occasion or the weather: "for a summer wedding", "office", "25 degrees". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from recommender.outfits.dress.context import MILD_C, OCCASIONS, WEATHER, Context
from recommender.outfits.dress.pieces import MIDDLE
from recommender.outfits.dress.table import Table
from recommender.outfits.speech import say
from recommender.wire.terms import Occasion, Season

T = TypeVar("T", Occasion, Season)
_LEADING: Final = frozenset(
    {
        "for", "to", "in", "at", "on", "during", "the", "a", "an", "my", "this", "some", "wear", "something",
        "für", "fürs", "beim", "zu", "zum", "zur", "im", "ins", "am", "auf", "bei", "eine", "einen", "einer", "ein", "die", "der",
        "das", "den", "dem", "meine", "etwas",
    }
)  # fmt: skip
"""Words that lead up to an occasion and say nothing without it."""
_DEGREES: Final = re.compile(r"(-?\d{1,2})\s*(?:°\s*c?|degrees?(?:\s+celsius)?|grad)(?!\w)")


@dataclass(frozen=True)
class Spoken:
    """What words say of what a garment is for.

    Attributes:
        rest: the words without those that say it, which describe a garment; may be empty.
        occasion, temperature_c: as said; None where not.
    """

    rest: str
    occasion: Occasion | None = None
    temperature_c: float | None = None

    @property
    def context(self) -> Context | None:
        """What is said as a stylist's context; None where neither occasion nor weather is."""
        if self.occasion is None and self.temperature_c is None:
            return None
        today = MILD_C if self.temperature_c is None else self.temperature_c
        return Context(MIDDLE, today, self.occasion)

    @property
    def text(self) -> str:
        """What was understood: `celebration, warm day`; empty where nothing was."""
        context = self.context
        if context is None:
            return ""
        said = [say(OCCASIONS[self.occasion])] if self.occasion is not None else []
        said += [say(WEATHER[context.weather])] if self.temperature_c is not None else []
        return ", ".join(said)


def spoken(text: str, table: Table) -> Spoken:
    """Return what words say of occasion and weather, by the table's words, and what else they say.

    A season before a garment stays among the words too: a summer dress is a kind of dress.

    >>> from recommender.outfits.dress.table import shipped
    >>> spoken("red dress for a summer wedding", shipped())
    Spoken(rest='red dress', occasion=<Occasion.CELEBRATION: 'celebration'>, temperature_c=26.0)
    >>> spoken("summer dress", shipped()).rest, spoken("25 degrees", shipped()).temperature_c
    ('summer dress', 25.0)
    """
    degrees = _DEGREES.search(text.casefold())
    temperature = float(degrees[1]) if degrees else None
    if degrees:
        text = f"{text[: degrees.start()]} {text[degrees.end() :]}"
    words = text.split()
    plain = [word.casefold().strip(".,;:!?\"'") for word in words]
    occasion, taken = _found(plain, table.words.occasions)
    season, of_season = _found(plain, table.words.seasons)
    if season is not None and (not _leads_garment(plain, of_season, taken)):
        taken |= of_season
    if temperature is None and season is not None:
        temperature = table.seasons[season]
    if degrees or taken:
        taken |= _leading(plain, taken, at_end=bool(degrees))
    rest = " ".join(word for at, word in enumerate(words) if at not in taken)
    return Spoken(rest, occasion, temperature)


def _found(plain: Sequence[str], known: Mapping[T, Sequence[str]]) -> tuple[T | None, set[int]]:
    """Return what is said first, the longest phrase of those that begin there, and where it stands."""
    for at in range(len(plain)):
        for size in range(len(plain) - at, 0, -1):
            phrase = " ".join(plain[at : at + size])
            for name, phrases in known.items():
                if phrase in phrases:
                    return name, set(range(at, at + size))
    return None, set()


def _leads_garment(plain: Sequence[str], season: set[int], occasion: set[int]) -> bool:
    """Return whether a season's word stands right before a garment's."""
    after = max(season) + 1
    return after < len(plain) and after not in occasion


def _leading(plain: Sequence[str], taken: set[int], *, at_end: bool) -> set[int]:
    """Return where the words stand that lead up to those that were taken."""
    found: set[int] = set()
    starts = sorted(taken | ({len(plain)} if at_end else set()))
    for start in starts:
        at = start - 1
        while at >= 0 and (plain[at] in _LEADING or at in taken):
            found.add(at)
            at -= 1
    return found
