"""What is known of a garment, what a text claims, and whether the claim is true of the garment.

A claim is true, false, or not known: a photo whose pattern nobody wrote down is no counterexample
to "striped". The losses pull true pairs together, push false ones apart and leave the rest alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000

from index.training.examples.finer_kinds import exclude
from segmentation.common.colours import PALETTE, lab_of
from segmentation.common.taxonomy import Category

ALIKE: Final = 20.0
"""Palette colours nearer than this (CIEDE2000) may be called by each other's names."""
TRUE, UNKNOWN, FALSE = 1, 0, -1


@dataclass(frozen=True)
class Facts:
    """What is known of one garment; empty where it is not.

    Attributes:
        category: its kind.
        name: the finest word known, "blazer".
        colours: palette names, main one first.
        pattern: plain, stripe, pinstripe, check, dots or floral.
        sleeve: sleeveless, short, three-quarter or long.
        length: cropped, mini, knee, midi, maxi, ankle or full.
        words: further attributes that may stand before the name, "leather".
        audience: women, men or kids.
        usage: sport, casual, smart, formal or ethnic.
    """

    category: Category
    name: str
    colours: tuple[str, ...] = ()
    pattern: str = ""
    sleeve: str = ""
    length: str = ""
    words: tuple[str, ...] = ()
    audience: str = ""
    usage: str = ""


@dataclass(frozen=True)
class Claim:
    """What a text says of a garment; empty where it says nothing.

    Attributes:
        text: the words.
        category, name: the kind; a claim may be of a category alone, then both agree.
        colours, pattern, sleeve, length, words, audience, usage: see `Facts`.
    """

    text: str
    category: Category | None = None
    name: str = ""
    colours: tuple[str, ...] = ()
    pattern: str = ""
    sleeve: str = ""
    length: str = ""
    words: tuple[str, ...] = ()
    audience: str = ""
    usage: str = ""


def truth(facts: Sequence[Facts], claims: Sequence[Claim]) -> NDArray[np.int8]:
    """Return (garments, claims): 1 where a claim is true, -1 where it is false, 0 where unknown."""
    rows = [[verdict(claim, known) for claim in claims] for known in facts]
    return np.array(rows, dtype=np.int8).reshape(len(facts), len(claims))


def verdict(claim: Claim, facts: Facts) -> int:
    """Return `TRUE`, `FALSE` or `UNKNOWN`: a claim is as good as its weakest part.

    >>> navy = Facts(Category.JACKET, "blazer", ("navy",))
    >>> verdict(Claim("navy jacket", Category.JACKET, "jacket", ("navy",)), navy)
    1
    >>> verdict(Claim("red blazer", Category.JACKET, "blazer", ("red",)), navy)
    -1
    >>> verdict(Claim("striped blazer", Category.JACKET, "blazer", pattern="stripe"), navy)
    0
    """
    parts = [
        _kind(claim, facts),
        *(colour_truth(colour, facts.colours) for colour in claim.colours),
        _pattern(claim.pattern, facts.pattern),
        _one_of(claim.sleeve, facts.sleeve),
        _one_of(claim.length, facts.length),
        _one_of(claim.audience, facts.audience),
        _one_of(claim.usage, facts.usage),
        *(TRUE if word in facts.words else UNKNOWN for word in claim.words),
    ]
    return min(parts)


def _kind(claim: Claim, facts: Facts) -> int:
    if claim.category is None or claim.name in (facts.name, facts.category.value):
        return TRUE
    if claim.category != facts.category or exclude(facts.name, claim.name):
        return FALSE
    return UNKNOWN


def colour_truth(claimed: str, known: tuple[str, ...]) -> int:
    """Return whether a palette colour is true of a garment of some; unknown beside a colour like it, and of none."""
    if claimed in known:
        return TRUE
    if not known or any(colours_alike(claimed, colour) for colour in known):
        return UNKNOWN
    return FALSE


@cache
def colours_alike(one: str, other: str) -> bool:
    """Whether light or taste may make one palette colour the other.

    >>> colours_alike("black", "charcoal"), colours_alike("navy", "red")
    (True, False)
    """
    pair = lab_of(np.array([PALETTE[one], PALETTE[other]], dtype=np.uint8))
    return float(deltaE_ciede2000(pair[0], pair[1])) < ALIKE  # type: ignore[no-untyped-call]


def _pattern(claimed: str, known: str) -> int:
    if not claimed or claimed == known:
        return TRUE
    both_striped = {claimed, known} == {"stripe", "pinstripe"}
    return UNKNOWN if not known or both_striped else FALSE


def _one_of(claimed: str, known: str) -> int:
    if not claimed or claimed == known:
        return TRUE
    return FALSE if known else UNKNOWN
