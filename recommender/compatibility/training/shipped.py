"""Ask a trained model about outfits, nothing trained on: `recommender evaluate compatibility --shipped`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from recommender.compatibility.ensembles import Question
from recommender.compatibility.rows import width_of
from recommender.compatibility.saved import Saved
from recommender.compatibility.training.asking import published
from recommender.compatibility.training.baselines import (
    Cosine,
    HarmonyBaseline,
    Network,
    RandomBaseline,
    Ranker,
)
from recommender.compatibility.training.encoded.outfits import EncodedOutfits, check_enough
from recommender.compatibility.training.fit import Tables
from recommender.compatibility.training.measuring import Marks, exam_of, right_first, sit, sit_pool
from segmentation.common.errors import WeightsError
from segmentation.training.runs.loop import Report

SHIPPED: Final = "shipped"


def ask_shipped(
    seen: EncodedOutfits,
    saved: Saved,
    *,
    report: Report,
    questions: Sequence[Question] = (),
    seeds: int,
) -> dict[str, Any]:
    """Return the figures of a trained model, and of what needs no training, on the same questions.

    The keys are those of `evaluate.evaluate_compatibility`. Pools of 101 are filled from the outfits
    themselves, so that few outfits give none.

    Args:
        seen: the outfits that are asked about.
        saved: the model.
        report: receives progress lines.
        questions: a data set's own fill-in-the-blank questions.
        seeds: how often everything is asked, with other wrong answers and other crops each time.

    Raises:
        DatasetError: the outfits are too few.
    """
    check_enough(seen, "to ask about")
    dim = int(seen.rows.shape[-1]) - width_of(0)
    judges: dict[str, Callable[[int], Ranker]] = {
        "random": RandomBaseline,
        "colour harmony rule": lambda seed: HarmonyBaseline(seen, seed),
        "cosine, encoder": lambda _seed: Cosine(seen.rows[..., :dim]),
        SHIPPED: lambda _seed: Network(saved.network, Tables(seen)),
    }
    marks = {name: Marks() for name in judges}
    for seed in range(seeds):
        exam = exam_of(seen, seen, np.zeros(len(seen), dtype=np.bool_), seed)
        own = published(seen, questions, np.random.default_rng(seed))
        for name, judge_of in judges.items():
            judge, mine = judge_of(seed), marks[name]
            sit(judge, exam, seen, mine)
            sit_pool(judge, exam, seen, mine)
            if own is not None:
                mine.add("published_fitb", seen.outfit[own.about], right_first(judge, own))
            report(f"questions {seed}: {name}: {mine.figures()}")
    return {
        "models": {name: each.figures() for name, each in marks.items()},
        "outfits": {"asked": len(seen.names)},
        "questions": {
            "binary_accuracy": len(exam.binary),
            "fitb": len(exam.blank),
            "recall_at_10": len(exam.pool),
        },
        "seeds": seeds,
    }


def check_encoder(saved: Saved, fingerprint: str) -> None:
    """Refuse a model that was trained for another encoder.

    Raises:
        WeightsError: it was.
    """
    if saved.fingerprint != fingerprint:
        raise WeightsError(
            "this compatibility model was trained for another encoder",
            got=f"made with {saved.fingerprint}",
            expected=f"one for the encoder in use, {fingerprint}",
            next_step="Unset RECOMMENDER_ENCODER to ask the shipped model, or run `recommender train "
            "compatibility` with this encoder and set RECOMMENDER_COMPATIBILITY.",
        )
