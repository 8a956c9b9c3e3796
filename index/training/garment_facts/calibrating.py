"""Logits of kept garments -> temperatures, and the least share from which on each answer is given.

The temperature is the one of least cross-entropy (Guo et al., On Calibration of Modern Neural Networks,
2017). An answer is given from the least share on from which nine in ten of the kept garments that get it
have it; garments laid flat, as the heads themselves tell them, have least shares of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.facts.heads import NEVER, FactFamily, shares_of
from index.facts.reader import FINE_KIND, allowed_kinds
from index.model.garment_facts import Audience
from index.training.garment_facts.encoded import Encoded
from index.training.garment_facts.judged import ADULT
from index.training.garment_facts.labelled import Labelled
from index.training.measuring.calibration import BELIEVED

FEWEST: Final = 10
"""Garments of which a fine kind is learned, and kept ones that must get an answer for it to be given."""
SEEN: Final = 30
"""Kept garments that somebody looked at and that are likeliest an answer, for it to be judged by them alone."""
MARGIN: Final = 0.02
"""Thresholds are the luckiest of many: what they keep is a little less right elsewhere."""
CHILDS: Final = 0.7
"""Laid flat, a child's thing is said from here on: one that is missed is put on an adult, while an
adult's that is withheld is one garment of many."""
TEMPERATURES: Final = np.geomspace(0.4, 4.0, 40)


def targets(pictures: Sequence[Labelled], name: str, answers: Sequence[str]) -> NDArray[np.bool_]:
    """Return (n, answers): which answers are true of each picture; none where it is not known.

    An adult's garment of which nobody says whose is women's or men's. A fine kind that is too rare to be
    learned is its category's plain one where that is learned: a parka is a jacket, and no blazer.
    """
    rows = np.zeros((len(pictures), len(answers)), np.bool_)
    for at, picture in enumerate(pictures):
        known = picture.answers.get(name, "")
        if name == FINE_KIND and known and known not in answers:
            known = str(picture.category)
        if known == ADULT:
            rows[at] = [answer != Audience.KIDS for answer in answers]
        elif known in answers:
            rows[at, answers.index(known)] = True
    return rows


def allowed(pictures: Sequence[Labelled], name: str, answers: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return (n, answers): which answers each picture's kind allows."""
    if name != FINE_KIND:
        return np.ones((len(pictures), len(answers)), np.bool_)
    return allowed_kinds(answers, [picture.category for picture in pictures])


def calibrated(
    family: FactFamily,
    logits: NDArray[np.float32],
    kept: Encoded,
    name: str,
    flat: NDArray[np.bool_],
) -> FactFamily:
    """Return a family with its temperature and least shares, as kept garments have it.

    Args:
        family: its answers.
        logits: (n, answers) of all kept garments.
        kept: them.
        name: of the family.
        flat: (n,) which of them are laid flat.
    """
    true = targets(kept.pictures, name, family.answers)
    may = allowed(kept.pictures, name, family.answers)
    known = (true & may).any(axis=1)
    seen = np.array([name in picture.seen for picture in kept.pictures], np.bool_)
    if not seen.any():
        seen[:] = True
    logits, true, may = logits[known], true[known], may[known]
    flat, seen = flat[known], seen[known]

    def shares(temperature: float) -> NDArray[np.float32]:
        at = family.model_copy(update={"temperature": temperature})
        return shares_of(at, logits, may)

    def cross_entropy(temperature: float) -> float:
        of_true = (shares(temperature) * true).sum(axis=1)[seen]
        return float(-np.log(np.maximum(of_true, 1e-9)).mean())

    if not len(logits):
        return family.model_copy(update={"thresholds": (NEVER,) * len(family.answers)})
    temperature = round(float(min(TEMPERATURES, key=cross_entropy)), 3)
    rows = shares(temperature)
    sure, best = rows.max(axis=1), rows.argmax(axis=1)
    judged = judgeable(true, best)
    sure, best, true = sure[judged], best[judged], true[judged]
    flat, seen = flat[judged], seen[judged]
    right = true[np.arange(len(best)), best]
    places = range(len(family.answers))
    others = [(best == at) & ~flat for at in places]
    # of an answer that was seen too seldom, those whose words say it are counted too
    counted = [here & seen if (here & seen).sum() >= SEEN else here for here in others]
    usual = [least_share(sure[here], right[here]) for here in counted]
    laid = [(best == at) & flat for at in places]
    where_flat = [
        least_share_flat(sure[here], right[here], least, believed_of(answer))
        for here, least, answer in zip(laid, usual, family.answers, strict=True)
    ]
    found = {"thresholds": tuple(usual), "laid_flat": tuple(where_flat) if flat.any() else ()}
    return family.model_copy(update={"temperature": temperature, **found})


def judgeable(true: NDArray[np.bool_], best: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return (n,): of which garments an answer is right or wrong for sure.

    An adult's garment of which nobody says whose is wrong as a child's; as women's it is neither.

    >>> true = np.array([[True, False, False], [True, True, False], [True, True, False]])
    >>> judgeable(true, np.array([1, 0, 2])).tolist()
    [True, False, True]
    """
    return np.asarray((true.sum(axis=1) == 1) | ~true[np.arange(len(best)), best])


def believed_of(answer: str) -> float:
    """Return how often an answer must be right of garments laid flat."""
    return CHILDS if answer == Audience.KIDS else BELIEVED + MARGIN


def least_share_flat(
    sure: NDArray[np.float32], right: NDArray[np.bool_], usual: float, believed: float
) -> float:
    """Return the least share for garments laid flat, by those of them that are likeliest this answer.

    Where there are fewer than `FEWEST` of them the usual one holds, unless it is wrong about these.

    >>> few = np.array([0.9, 0.8], np.float32)
    >>> least_share_flat(few, np.array([True, True]), 0.7, 0.92)
    0.7
    >>> least_share_flat(few, np.array([True, False]), 0.7, 0.92)
    2.0
    """
    if len(sure) >= FEWEST:
        return least_share(sure, right, believed)
    given = sure >= usual
    return usual if not given.any() or right[given].mean() >= BELIEVED else NEVER


def least_share(
    sure: NDArray[np.float32], right: NDArray[np.bool_], believed: float = BELIEVED + MARGIN
) -> float:
    """Return the least share from which on `believed` of the answers are right, `NEVER` for none.

    >>> least_share(np.linspace(1, 0.5, 6), np.ones(6, dtype=bool))
    2.0
    >>> least_share(np.linspace(1, 0.5, 11), np.ones(11, dtype=bool))
    0.5
    """
    order = np.argsort(-sure, kind="stable")
    running = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(running >= believed)
    if not enough.size or enough[-1] + 1 < FEWEST:
        return NEVER
    return round(float(sure[order][enough[-1]]), 4)
