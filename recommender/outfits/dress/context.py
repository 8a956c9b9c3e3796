"""What an outfit is worn for: occasion, weather and whom it is cut for, as asked or as read off it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from index.facts.kinds import fine_kinds
from index.model.garment_facts import Audience, Formality, Warmth
from recommender.outfits.dress.pieces import Piece, names_of
from recommender.outfits.dress.table import Table
from recommender.outfits.speech import N_, say
from recommender.wire.terms import Occasion, Season
from segmentation.common.taxonomy import Category, Slot

MILD_C: Final = 17.0
"""The day where nothing that is worn says otherwise, °C."""
_CUT: Final = frozenset({Audience.WOMEN, Audience.MEN})
_TELLING: Final = frozenset({Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE, Slot.OUTER, Slot.SHOES})
"""Accessories are alike for all."""
DOUBTED: Final = 0.4
"""What is worn says nothing of the audience where its kind is likelier another by so much."""
WEATHER: Final[dict[Warmth, str]] = {
    Warmth.HOT: N_("warm day"),
    Warmth.MILD: N_("mild day"),
    Warmth.COLD: N_("cold day"),
}
GRADES: Final[dict[Formality, str]] = {
    Formality.SPORT: N_("sporty"),
    Formality.CASUAL: N_("casual"),
    Formality.SMART: N_("smart"),
    Formality.FORMAL: N_("formal"),
}
OCCASIONS: Final[dict[Occasion, str]] = {
    Occasion.WORK: N_("work"),
    Occasion.EVERYDAY: N_("everyday"),
    Occasion.EVENING: N_("evening"),
    Occasion.CELEBRATION: N_("celebration"),
    Occasion.SPORT: N_("sport"),
}


@dataclass(frozen=True)
class Context:
    """What an outfit is worn for.

    Attributes:
        formality: the grade that new pieces should have, 0 sport to 3 formal.
        temperature_c: of the day.
        occasion: None where nobody said one.
        audience: women or men; kids where they alone were asked for; None where it is open.
        lean: where the audience is open, what the garments are like: 0 for men's to 1 for women's.
        read: what was read off the outfit, and not asked for: `formality`, `temperature_c`, `audience`.
    """

    formality: float
    temperature_c: float = MILD_C
    occasion: Occasion | None = None
    audience: Audience | None = None
    read: frozenset[str] = frozenset()
    lean: float = 0.5

    @property
    def weather(self) -> Warmth:
        """The day in one word."""
        if self.temperature_c < 10:
            return Warmth.COLD
        return Warmth.HOT if self.temperature_c > 20 else Warmth.MILD

    @property
    def dressiness(self) -> Formality:
        """The grade of formality in one word."""
        for grade, most in (
            (Formality.SPORT, 0.5),
            (Formality.CASUAL, 1.55),
            (Formality.SMART, 2.35),
        ):
            if self.formality < most:
                return grade
        return Formality.FORMAL

    @property
    def text(self) -> str:
        """The occasion, or how dressy it is, and the day: `smart, mild day`."""
        first = OCCASIONS[self.occasion] if self.occasion else GRADES[self.dressiness]
        return f"{say(first)}, {say(WEATHER[self.weather])}"

    def admits(self, audience: Audience | None) -> bool:
        """Return whether a piece that is cut for somebody may be worn: no child's beside adults'."""
        if self.audience is Audience.KIDS:
            return audience in (Audience.KIDS, Audience.UNISEX)
        if audience is Audience.KIDS:
            return False
        return (
            self.audience is None
            or audience is None
            or audience in (self.audience, Audience.UNISEX)
        )


def context_of(
    pieces: Sequence[Piece],
    likeness: Sequence[Mapping[str, float]],
    table: Table,
    *,
    occasion: Occasion | None = None,
    temperature_c: float | None = None,
    season: Season | None = None,
    audiences: Collection[Audience] = (),
) -> Context:
    """Return what an outfit is worn for; what is not asked for is read off it.

    Args:
        pieces: what is worn.
        likeness: for each, its likeness to women's and men's items, 0 to 1; empty where unknown.
        table: the conventions.
        occasion: asked for.
        temperature_c: of the day, asked for.
        season: in place of a temperature.
        audiences: whom items may be cut for; women and men both is open.
    """
    read: set[str] = set()
    if temperature_c is None and season is not None:
        temperature_c = table.seasons[season]
    if temperature_c is None:
        temperature_c = day_of(pieces)
        read.add("temperature_c")
    formality = grade_of(pieces)
    if occasion is None:
        read.add("formality")
    else:
        least, most = table.occasions[occasion].formality
        formality = min(max(formality, least + 0.1), most - 0.1)
    audience = _asked(audiences)
    lean = 0.5
    if audience is None and not audiences:
        audience, lean = likely_audience(pieces, likeness, table)
        if audience is not None:
            read.add("audience")
    return Context(round(formality, 3), temperature_c, occasion, audience, frozenset(read), lean)


def day_of(pieces: Sequence[Piece]) -> float:
    """Return the day that fits what is worn, in °C: mild where nothing says otherwise."""
    ranges = [piece.days for piece in pieces if piece.tells_weather]
    if not ranges:
        return MILD_C
    days = np.arange(-10.0, 36.0)
    outside = np.zeros(len(days))
    for low, high in ranges:
        ease = _inset(low, high)
        outside += np.maximum(np.maximum(low + ease - days, days - high + ease), 0.0)
    best = days[outside <= outside.min() + 1e-9]
    return float(best[np.abs(best - MILD_C).argmin()])


def _inset(low: float, high: float) -> float:
    """Return how far inside of its days a piece is worn at ease."""
    return min(3.0, (high - low) / 4)


def grade_of(pieces: Sequence[Piece]) -> float:
    """Return the formality of an outfit: its pieces' mean, accessories counting half."""
    if not pieces:
        return 1.3
    weights = [
        0.5 if piece.slot.value in ("accessories", "hosiery", "bag") else 1.0 for piece in pieces
    ]
    return float(np.average([piece.grade for piece in pieces], weights=weights))


def likely_audience(
    pieces: Sequence[Piece], likeness: Sequence[Mapping[str, float]], table: Table
) -> tuple[Audience | None, float]:
    """Return women or men where what is worn is surely theirs, None where it is open, and the lean.

    Kinds that one of them alone wears, as a skirt, say it; else what all garments together are like:
    the mean of their likeness to a catalogue's women's and men's items. One garment alone is too little.
    The lean is that mean, 0 for men's to 1 for women's. Nothing of the person is looked at.
    """
    has_trousers = any(piece.category is Category.PANTS for piece in pieces)
    telling = [piece for piece in pieces if _tells(piece, has_trousers=has_trousers)]
    said = {piece.audience or _worn_by(piece, table) for piece in telling} & _CUT
    if len(said) == 1:
        [one] = said
        return one, 1.0 if one is Audience.WOMEN else 0.0
    like = [
        each["women"] if "women" in each else 1 - each["men"]
        for piece, each in zip(pieces, likeness, strict=True)
        if piece.slot in _TELLING and ("women" in each or "men" in each)
    ]
    mean = sum(like) / len(like) if like else 0.5
    if len(like) < 2 or table.limits.likeness[0] <= mean <= table.limits.likeness[1]:
        return None, mean
    return (Audience.WOMEN if mean > 0.5 else Audience.MEN), mean


def _tells(piece: Piece, *, has_trousers: bool) -> bool:
    """Return whether a piece says for whom it is cut: a garment or a tie that is surely one; no bag.

    What is called a skirt over trousers is rather a jacket's hem, or the same trousers named twice.
    """
    if has_trousers and piece.category is Category.SKIRT:
        return False
    return (piece.slot in _TELLING or piece.category is Category.TIE) and piece.doubt <= DOUBTED


def _worn_by(piece: Piece, table: Table) -> Audience | None:
    kind = fine_kinds().get(piece.fine_kind)
    if kind is not None and kind.audience is not None:
        return kind.audience
    names = set(names_of(piece.category, piece.fine_kind, table))
    for who, kinds in table.audience.items():
        if names & set(kinds):
            return Audience(who)
    return None


def _asked(audiences: Collection[Audience]) -> Audience | None:
    stated = set(audiences) - {Audience.UNISEX, Audience.UNKNOWN}
    if stated == {Audience.KIDS}:
        return Audience.KIDS
    adults = stated - {Audience.KIDS}
    return next(iter(adults)) if len(adults) == 1 else None
