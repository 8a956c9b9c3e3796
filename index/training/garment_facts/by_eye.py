"""How often details are right on garments of which no words say them, beside the encoder's phrases.

Titles name patterns rather than their absence: figures on them alone flatter whoever calls everything
patterned. So those that somebody looked at are counted apart from those that titles tell of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.facts.heads import FactFamily
from index.facts.reader import PATTERN
from index.training.garment_facts.encoded import Encoded
from segmentation.common.taxonomy import SLOT_OF, Category, Slot

Phrases = Callable[[NDArray[np.float32], Sequence[Category]], Sequence[str]]
"""(n, d) unit vectors and n kinds -> n patterns, empty where none is said."""
CLOTHES: Final = frozenset((Slot.TOP, Slot.OUTER, Slot.BOTTOM, Slot.ONE_PIECE))
NOTHING: Final = {"pattern": "plain", "toe": "closed"}
"""Family -> the answer that there is nothing to see."""


def by_eye(
    name: str,
    family: FactFamily,
    held: Encoded,
    *,
    shares: NDArray[np.float32],
    given: NDArray[np.bool_],
    phrases: Phrases | None,
) -> dict[str, Any]:
    """Return counts of a family for clothes and other pieces that were seen, and for those that are told.

    Args:
        name: of the family.
        family: as calibrated.
        held: n garments.
        shares: (n, answers).
        given: (n,) whether an answer is given.
        phrases: says patterns by the encoder's words; None for nothing beside the heads.
    """
    true = np.array([each.answers.get(name, "") for each in held.pictures])
    said = np.array(family.answers)[shares.argmax(axis=1)]
    answers = {"heads": (said, given)}
    if name == PATTERN and phrases is not None:
        spoken = np.array(list(phrases(held.vectors, [each.category for each in held.pictures])))
        answers["phrases"] = (spoken, spoken != "")
    something = 1 - shares[:, family.answers.index(NOTHING[name])]
    record: dict[str, Any] = {}
    for group, here in _groups(name, held).items():
        if here.any():
            marked = true[here] != NOTHING[name]
            record[group] = {
                "known": int(here.sum()),
                **{
                    who: {
                        "likeliest_right": _share((each == true)[here]),
                        "answered": _share(told[here]),
                        "right_where_answered": _share((each == true)[here & told]),
                    }
                    for who, (each, told) in answers.items()
                },
                "area_under_curve": area(something[here], marked),
            }
    return record


def _groups(name: str, held: Encoded) -> dict[str, NDArray[np.bool_]]:
    """Return the garments of which a detail is known: how it is known, and what they are."""
    seen = np.array([name in each.seen for each in held.pictures], np.bool_)
    known = np.array([name in each.answers for each in held.pictures], np.bool_)
    flat = np.array([each.flat for each in held.pictures], np.bool_)
    clothes = np.array([SLOT_OF[each.category] in CLOTHES for each in held.pictures], np.bool_)
    return {
        "clothes, seen, shop's": seen & clothes & ~flat,
        "clothes, seen, laid flat": seen & clothes & flat,
        "shoes, bags, scarves and ties, seen": seen & ~clothes,
        "told by titles": known & ~seen,
    }


def area(scores: NDArray[np.float32], marked: NDArray[np.bool_]) -> float | None:
    """Return how often a marked one scores above one that is not; None where there are not both.

    >>> area(np.array([0.9, 0.4, 0.1], np.float32), np.array([True, False, False]))
    1.0
    """
    if marked.all() or not marked.any():
        return None
    above = scores[marked][:, None] - scores[~marked][None]
    return round(float((above > 0).mean() + (above == 0).mean() / 2), 4)


def _share(values: NDArray[np.bool_]) -> float:
    return round(float(values.mean()), 4) if values.size else 0.0
