"""Colours as a stylist counts them: strong hues, neutrals, and the idea that a look's colours follow. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from recommender.outfits.harmony import Relation, is_neutral, relation
from recommender.wire.terms import Idea
from segmentation.common.colours import PALETTE

_HUE_OF: Final = {
    "green": "green", "mint": "green", "teal": "blue", "blue": "blue", "light blue": "blue",
    "purple": "purple", "lilac": "purple", "burgundy": "red", "red": "red", "coral": "orange",
    "pink": "pink", "magenta": "pink", "orange": "orange", "mustard": "yellow", "yellow": "yellow",
}  # fmt: skip
"""Palette names that a stylist counts as colours -> the hue that they are of."""
HUES: Final = tuple(dict.fromkeys(_HUE_OF.values()))
_BASES: Final = {
    "black": "dark", "charcoal": "dark", "navy": "dark", "grey": "grey", "light grey": "grey", "white": "light",
    "cream": "light", "beige": "earth", "camel": "earth", "tan": "earth", "brown": "earth", "khaki": "earth",
    "olive": "earth", "denim blue": "denim",
}  # fmt: skip
"""Neutral palette names -> their family, within which a look is tone on tone."""
_NEAR: Final = {
    frozenset(pair)
    for pair in (
        ("red", "pink"),
        ("red", "orange"),
        ("orange", "yellow"),
        ("blue", "purple"),
        ("pink", "purple"),
    )
}


def hue_of(name: str) -> str | None:
    """Return the strong hue of a palette name; None for neutrals and names that are not known.

    >>> hue_of("burgundy"), hue_of("navy"), hue_of("")
    ('red', None, None)
    """
    return _HUE_OF.get(name)


def family_of(name: str) -> str:
    """Return the family of a palette name: its hue, or its kind of neutral; empty where unknown."""
    return _HUE_OF.get(name) or _BASES.get(name, "")


@cache
def fits(idea: Idea, colour: str, worn: tuple[str, ...]) -> float:
    """Return how well a colour serves an idea beside what is worn, -1 to 1; 0 where unknown.

    Args:
        idea: of the look.
        colour: the item's main colour.
        worn: main colours of what is worn, those of the largest garments first.

    >>> fits(Idea.NEUTRAL, "black", ("red",)), fits(Idea.TONAL, "burgundy", ("red",))
    (1.0, 1.0)
    """
    if colour not in PALETTE:
        return 0.0
    hues, hue = {hue_of(name) for name in worn} - {None}, hue_of(colour)
    if idea is Idea.NEUTRAL:
        return 1.0 if hue is None else -1.0
    if idea is Idea.TONAL:
        return _tonal(hue, hues, colour, worn)
    if hue is None or hue in hues:
        return 0.0 if hue is None else -0.3
    return -1.0 if any(_clash(colour, name) for name in worn) else 1.0


def _tonal(hue: str | None, hues: set[str | None], colour: str, worn: tuple[str, ...]) -> float:
    if hue is not None:
        return 1.0 if hue in hues else -1.0
    if family_of(colour) not in {family_of(name) for name in worn}:
        return 0.0
    return 0.5 if hues else 1.0


def _clash(one: str, other: str) -> bool:
    near = frozenset({hue_of(one), hue_of(other)}) in _NEAR
    return relation(one, other) is Relation.CLASHING and not near


def idea_of(picks: Sequence[str], worn: Sequence[str]) -> Idea:
    """Return which idea a look's new colours follow, whatever was meant.

    Contrast where a strong hue comes in that nothing worn has; tonal where a hue of what is worn comes
    back, or everything stays in the family of what is worn; neutral else.

    >>> idea_of(["black", "white"], ["red"]), idea_of(["blue"], ["red"]), idea_of(["pink"], ["pink"])
    (<Idea.NEUTRAL: 'neutral'>, <Idea.CONTRAST: 'contrast'>, <Idea.TONAL: 'tonal'>)
    """
    hues = {hue_of(name) for name in worn} - {None}
    new = {hue_of(name) for name in picks} - {None}
    if new - hues:
        return Idea.CONTRAST
    if new:
        return Idea.TONAL
    families = {family_of(name) for name in worn if not is_neutral(name) or hue_of(name) is None}
    same = bool(picks) and not hues and all(family_of(name) in families for name in picks)
    return Idea.TONAL if same else Idea.NEUTRAL
