"""Measure the compatibility model beside everything simple: `recommender evaluate compatibility`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from recommender.compatibility.ensembles import Question
from recommender.compatibility.rows import width_of
from recommender.compatibility.training.ablations import control
from recommender.compatibility.training.asking import published
from recommender.compatibility.training.baselines import (
    Cosine,
    HarmonyBaseline,
    Network,
    PopularityBaseline,
    RandomBaseline,
    Ranker,
    Siamese,
)
from recommender.compatibility.training.encoded.outfits import EncodedOutfits, check_enough
from recommender.compatibility.training.fit import STEPS, Sight, Tables, fit
from recommender.compatibility.training.measuring import (
    Marks,
    exam_of,
    interval_of,
    right_first,
    sit,
    sit_pool,
)
from segmentation.training.runs.loop import Report

SEEDS: Final = 5
RECTANGLE, MASKS, BOTH = "(a) rectangle, 7 x 7", "(b) masks", "(c) both"
LEARNED: Final = {
    RECTANGLE: Sight(garments=False, regions=True),
    MASKS: Sight(garments=True, regions=False),
    BOTH: Sight(garments=True, regions=True),
}
BOX: Final = "control: the box asked for alone"
COMPARED: Final = ((MASKS, RECTANGLE), (BOTH, RECTANGLE), (BOTH, MASKS))


@dataclass(frozen=True, eq=False)
class Split:
    """Outfits to learn from, to be asked about, and more to fill the pools with."""

    trained: EncodedOutfits
    asked: EncodedOutfits
    pooled: EncodedOutfits
    more: np.ndarray


def split_of(seen: EncodedOutfits, held: np.ndarray, filling: np.ndarray) -> Split:
    """Return encoded outfits apart.

    Args:
        seen: all.
        held: (outfits,) bool; those that are asked about.
        filling: (outfits,) bool; those that only fill pools. All others are learned from.
    """
    pooled = seen.of(held | filling)
    more = filling[held | filling][pooled.outfit]
    return Split(seen.of(~held & ~filling), seen.of(held), pooled, more)


def evaluate_compatibility(
    split: Split,
    *,
    report: Report,
    questions: Sequence[Question] = (),
    seeds: int = SEEDS,
    steps: int = STEPS,
) -> dict[str, Any]:
    """Return the figures of every judge on the same questions.

    `binary_accuracy`: the garment that was worn, or another of its kind; `fitb`: among four of its kind;
    `recall_at_10`: among a hundred and one of its slot; each with its 95 % interval over outfits.
    `outfit_auc`: whole outfits from such with every piece exchanged; not for what needs a photo.

    Args:
        split: the outfits.
        report: receives progress lines.
        questions: a data set's own fill-in-the-blank questions, reported as `published_fitb`.
        seeds: trainings, each with questions of its own.
        steps: of each training.
    """
    check_enough(split.trained, "to learn from")
    check_enough(split.asked, "to ask about")
    marks: dict[str, Marks] = {}
    for seed in range(seeds):
        exam = exam_of(split.asked, split.pooled, split.more, seed)
        own = published(split.asked, questions, np.random.default_rng(seed))
        for name, judge_of in _judges(split.trained, seed, steps):
            mine = marks.setdefault(name, Marks())
            sit(judge_of(split.asked), exam, split.asked, mine, whole=not _needs_photo(name))
            sit_pool(judge_of(split.pooled), exam, split.pooled, mine)
            if own is not None and not _needs_photo(name):
                right = right_first(judge_of(split.asked), own)
                mine.add("published_fitb", split.asked.outfit[own.about], right)
            report(f"seed {seed}: {name}: {mine.figures()}")
    return {
        "models": {name: each.figures() for name, each in marks.items()},
        "differences": {
            f"{one} - {other}": {
                figure: interval_of(marks[one], figure, marks[other]) for figure in marks[one].right
            }
            for one, other in COMPARED
        },
        "control": control(split.trained, split.asked, steps=steps),
        "outfits": {"trained": len(split.trained.names), "asked": len(split.asked.names)},
        "questions": {
            "binary_accuracy": len(exam.binary),
            "fitb": len(exam.blank),
            "recall_at_10": len(exam.pool),
        },
        "seeds": seeds,
    }


def _needs_photo(name: str) -> bool:
    return name == BOX or (name in LEARNED and LEARNED[name].regions)


def _judges(
    trained: EncodedOutfits, seed: int, steps: int
) -> Iterator[tuple[str, Callable[[EncodedOutfits], Ranker]]]:
    """Yield every judge by name, as what makes it ready for some outfits."""
    dim = _dim(trained)
    yield "random", lambda _seen: RandomBaseline(seed)
    yield "right kinds only", lambda seen: PopularityBaseline(trained, seen, seed, whole=False)
    yield "popularity", lambda seen: PopularityBaseline(trained, seen, seed, whole=True)
    yield "colour harmony rule", lambda seen: HarmonyBaseline(seen, seed)
    imagenet = trained.imagenet
    if imagenet is not None:
        yield "cosine, ImageNet", lambda seen: Cosine(_imagenet(seen))
    yield "cosine, encoder", lambda seen: Cosine(seen.rows[..., :dim])
    yield "Siamese (Veit et al.)", Siamese(trained, seed=seed, steps=steps).judging
    if imagenet is not None:
        prototype = fit(trained, Sight(), seed=seed, steps=steps, rows=imagenet)
        yield (
            "masks, ImageNet features",
            lambda seen: Network(prototype, Tables(seen, _imagenet(seen))),
        )
    for name, sight in LEARNED.items():
        network = fit(trained, sight, seed=seed, steps=steps)
        yield name, lambda seen, network=network: Network(network, Tables(seen))  # type: ignore[misc]
    boxed = fit(_boxed(trained), LEARNED[RECTANGLE], seed=seed, steps=steps)
    yield BOX, lambda seen: Network(boxed, Tables(_boxed(seen)))


def _boxed(seen: EncodedOutfits) -> EncodedOutfits:
    """Return outfits whose scenes are mere numbers: where the garment asked for was worn, and how large it was."""
    left, top, right, bottom = seen.boxes.T
    numbers = np.stack([left, top, right, bottom, right - left, bottom - top], axis=1)
    table = np.repeat(numbers[None, :, None], len(seen.rows), axis=0)
    return replace(seen, regions=table.astype(np.float16))


def _imagenet(seen: EncodedOutfits) -> np.ndarray:
    if seen.imagenet is None:
        raise ValueError("seen: expected ImageNet features, as what is learned from has")
    return seen.imagenet


def _dim(seen: EncodedOutfits) -> int:
    return int(seen.rows.shape[-1]) - width_of(0)
