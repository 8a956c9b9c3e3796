"""Is it style, or the camera? What a probe sees that is given nothing but traces of the photo.

Crops of one photo share its light. The probes are trained as the model is, and see only blurred colour
statistics of what is around each garment, or of each garment's own border, where background and skin
spill in. The model sees neither: but if it did well only where a probe does, its figures would be theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from recommender.compatibility.training.asking import asked_about, choices
from recommender.compatibility.training.baselines import Network
from recommender.compatibility.training.encoded.outfits import EncodedOutfits
from recommender.compatibility.training.fit import STEPS, Sight, Tables, fit
from recommender.compatibility.training.measuring import Marks, right_first

ROUNDS: Final = 10
SEES: Final[dict[str, Callable[[EncodedOutfits], np.ndarray]]] = {
    "around": lambda each: each.around,
    "border": lambda each: each.border,
    "masks": lambda each: each.rows,
}


def control(
    trained: EncodedOutfits, seen: EncodedOutfits, seed: int = 0, steps: int = STEPS
) -> dict[str, Any]:
    """Return the control's figures, binary accuracy each, on the same questions.

    `around`, `border`: the probes, `..._undisturbed`: trained and asked on crops as they are. `masks`: the
    model; `masks_undisturbed`: trained and asked on crops as they are, `masks_without_border`: asked with
    the border of every garment painted over. `masks_where_around_is_right`, `..._wrong`: on the
    questions that the probe answers so.

    Args:
        trained: outfits to learn from.
        seen: outfits that are asked about.
        seed: of training and questions.
        steps: of each training.
    """
    rng = np.random.default_rng((23, seed))
    about, answers = choices(seen, 1, ROUNDS, rng)
    asking = asked_about(seen, about, answers, rng)
    outfit = seen.outfit[about]
    record: dict[str, Any] = {}
    right: dict[str, np.ndarray] = {}

    def tell(name: str, which: np.ndarray, kept: np.ndarray | None = None) -> None:
        marks = Marks()
        kept = np.ones(len(which), dtype=bool) if kept is None else kept
        marks.add("binary_accuracy", outfit[kept], which[kept])
        record[name] = marks.figures() | {"questions": int(kept.sum())}

    for name, of in SEES.items():
        for suffix, change in (("", _as_it_is), ("_undisturbed", _undisturbed)):
            network = fit(trained, Sight(), seed=seed, steps=steps, rows=change(of(trained)))
            judge = Network(network, Tables(seen, change(of(seen))))
            right[name + suffix] = right_first(judge, asking)
            tell(name + suffix, right[name + suffix])
            if name + suffix == "masks":
                shrunk = np.repeat(seen.shrunk[None], len(seen.rows), axis=0)
                without = right_first(Network(network, Tables(seen, shrunk)), asking)
                tell("masks_without_border", without)
    for word, where in (("right", right["around"] > 0), ("wrong", right["around"] == 0)):
        tell(f"masks_where_around_is_{word}", right["masks"], where)
    return record


def _as_it_is(rows: np.ndarray) -> np.ndarray:
    return rows


def _undisturbed(rows: np.ndarray) -> np.ndarray:
    return np.repeat(rows[:1], len(rows), axis=0)
