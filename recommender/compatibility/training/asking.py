"""Questions about outfits: which of some garments of one kind was worn with the others?

What is worn, and what may be the answer, are numbers of pieces in an `EncodedOutfits`, each with a draw of its own,
so that no two crops of a question share their disturbance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.compatibility.ensembles import Question
from recommender.compatibility.rows import KINDS
from recommender.compatibility.training.encoded.outfits import MOST_WORN, EncodedOutfits, Places
from segmentation.common.taxonomy import SLOT_OF


@dataclass(frozen=True, eq=False)
class Questions:
    """Q questions with C answers each.

    Attributes:
        about: (Q,) the piece that was worn; its kind is wanted, and its rectangle is the scene.
        answers: (Q, C) pieces; which one is right is the asker's business.
        answer_draws: (Q, C).
        worn: (Q, M) the other pieces of the outfit, -1 where there are fewer; at least one.
        worn_draws: (Q, M).
        scene_draws: (Q,).
    """

    about: Places
    answers: Places
    answer_draws: Places
    worn: Places
    worn_draws: Places
    scene_draws: Places

    def __len__(self) -> int:
        return len(self.about)


def asked_about(
    seen: EncodedOutfits,
    about: Places,
    answers: Places,
    rng: np.random.Generator,
    *,
    draw: int | None = None,
) -> Questions:
    """Return questions with fresh draws.

    Args:
        seen: the outfits.
        about: (Q,) pieces.
        answers: (Q, C) pieces.
        rng: of the draws.
        draw: one draw for everything instead, 0 for undisturbed crops.
    """
    worn = seen.others[about]
    draws = len(seen.rows)

    def drawn(shape: tuple[int, ...]) -> Places:
        return rng.integers(1, draws, shape) if draw is None else np.full(shape, draw)

    return Questions(
        about, answers, drawn(answers.shape), worn, drawn(worn.shape), drawn((len(about),))
    )


def choices(
    seen: EncodedOutfits, wrong: int, rounds: int, rng: np.random.Generator
) -> tuple[Places, Places]:
    """Return (Q,) pieces and (Q, 1 + wrong) answers, the right one first; the others are of its kind.

    Pieces of whose kind fewer than `wrong` are worn in other outfits are not asked about.

    Args:
        seen: the outfits.
        wrong: wrong answers each.
        rounds: how often each piece is asked about.
        rng: of the wrong answers.
    """
    about, answers = [], []
    for piece in np.tile(seen.askable, rounds):
        same = (seen.kinds == seen.kinds[piece]) & seen.asked & (seen.outfit != seen.outfit[piece])
        others = np.flatnonzero(same)
        if len(others) >= wrong:
            about.append(piece)
            answers.append([piece, *rng.choice(others, wrong, replace=False)])
    return np.array(about, dtype=np.int64), np.array(answers, dtype=np.int64).reshape(-1, 1 + wrong)


def pools(
    seen: EncodedOutfits, more: NDArray[np.bool_], size: int, rng: np.random.Generator
) -> tuple[Places, Places]:
    """Return (Q,) pieces and (Q, 1 + size) answers of the same slot from other outfits, the right one first.

    Args:
        seen: the outfits that are asked about, and more whose pieces only fill the pools.
        more: (N,) bool, True on pieces that only fill.
        size: of the pools; a slot with fewer pieces is not asked about.
        rng: of what is in them.
    """
    slot = np.array([list(SLOT_OF.values()).index(SLOT_OF[KINDS[kind]]) for kind in seen.kinds])
    about, answers = [], []
    for piece in seen.askable:
        if more[piece]:
            continue
        others = np.flatnonzero(
            (slot == slot[piece]) & (seen.outfit != seen.outfit[piece]) & seen.asked
        )
        if len(others) >= size:
            about.append(piece)
            answers.append([piece, *rng.choice(others, size, replace=False)])
    return np.array(about, dtype=np.int64), np.array(answers, dtype=np.int64).reshape(-1, 1 + size)


def published(
    seen: EncodedOutfits, questions: Sequence[Question], rng: np.random.Generator
) -> Questions | None:
    """Return a data set's own fill-in-the-blank questions, the right answer first; None without any.

    Left out are questions that name a piece that is not among the outfits, or that have another number
    of answers than most. Wrong answers may be of another kind here: so it was published.
    """
    number = {name: place for place, name in enumerate(seen.ids.tolist())}
    known = [
        each for each in questions if all(name in number for name in (*each.worn, *each.answers))
    ]
    if not known:
        return None
    count = Counter(len(each.answers) for each in known).most_common(1)[0][0]
    known = [each for each in known if len(each.answers) == count and each.worn]
    answers = [
        [number[each.answers[each.right]]]
        + [number[name] for place, name in enumerate(each.answers) if place != each.right]
        for each in known
    ]
    worn = np.full((len(known), MOST_WORN), -1, dtype=np.int64)
    for row, each in enumerate(known):
        beside = [number[name] for name in each.worn][:MOST_WORN]
        worn[row, : len(beside)] = beside
    result = np.array(answers, dtype=np.int64)
    draws = len(seen.rows)
    return Questions(
        result[:, 0],
        result,
        rng.integers(1, draws, result.shape),
        worn,
        rng.integers(1, draws, worn.shape),
        rng.integers(1, draws, len(result)),
    )


def outfits_and_fakes(
    seen: EncodedOutfits, rng: np.random.Generator
) -> tuple[Questions, Questions, Places]:
    """Return a question for each piece of whole outfits, the same with all pieces exchanged, and owners.

    Each piece of a fake is another outfit's, of the same kind. Outfits with a piece of which there is no
    other, or with fewer than three pieces, are left out.

    Args:
        seen: the outfits.
        rng: of the exchange and the draws.
    """
    real: list[tuple[Places, Places]] = []
    fake: list[tuple[Places, Places]] = []
    owners: list[int] = []
    for pieces in seen.members:
        whole = pieces[seen.asked[pieces] & seen.worn[pieces]]
        others = [
            np.flatnonzero((seen.kinds == seen.kinds[piece]) & (seen.outfit != seen.outfit[piece]))
            for piece in whole
        ]
        if len(whole) < 3 or not all(len(other) for other in others):
            continue
        exchanged = np.array([rng.choice(other) for other in others])
        owners += [owners[-1] + 1 if owners else 0] * len(whole)
        real.append(_each_beside_the_others(whole))
        fake.append(_each_beside_the_others(exchanged))
    return _alone(seen, real, rng), _alone(seen, fake, rng), np.array(owners, dtype=np.int64)


def _each_beside_the_others(pieces: Places) -> tuple[Places, Places]:
    worn = np.full((len(pieces), MOST_WORN), -1, dtype=np.int64)
    for place in range(len(pieces)):
        beside = np.delete(pieces, place)[:MOST_WORN]
        worn[place, : len(beside)] = beside
    return pieces, worn


def _alone(
    seen: EncodedOutfits, questions: list[tuple[Places, Places]], rng: np.random.Generator
) -> Questions:
    none = np.zeros((0, MOST_WORN), dtype=np.int64)
    about = np.concatenate([none[:, 0], *(pieces for pieces, _ in questions)])
    worn = np.concatenate([none, *(beside for _, beside in questions)])
    draws = len(seen.rows)
    return Questions(
        about,
        about[:, None],
        rng.integers(1, draws, (len(about), 1)),
        worn,
        rng.integers(1, draws, worn.shape),
        rng.integers(1, draws, len(about)),
    )
