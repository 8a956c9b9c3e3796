"""Masks for photos that only have tags: what the detector finds, named by what the tags say.

The detector is surer *that* something is worn than what it is called. So for each category that is
tagged, the best detection of any kind of its slot is taken under the tag's name, and kept where the
scores of that place's kinds are high together. A photo is used only if all its large garments were
found; small ones that were not are noted as `unmarked`, so that training does not take their place
for background. After: Xie et al., Self-training with Noisy Student, CVPR 2020; the tags are ours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from segmentation.common.garments import Mask, Photo
from segmentation.common.photo import decode
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from segmentation.datasets.clothing_co_parsing import read_tagged
from segmentation.datasets.self_labelled import SelfLabelledWriter
from segmentation.datasets.splits import is_held_out
from segmentation.detector.detections import Detections, kinds_in, masks_of, same_place
from segmentation.detector.maskrcnn import Detector
from segmentation.training.runs.loop import Report

LEAST_SCORE: Final = 0.5
"""Scores of a slot's kinds in one place, together, that make a pseudo-mask believed."""
SURE: Final = 0.8
"""A large garment this sure that no tag explains makes the photo's tags doubtful."""
LARGE: Final = {Slot.TOP, Slot.OUTER, Slot.BOTTOM, Slot.ONE_PIECE, Slot.SHOES}


def named_by_tags(found: Detections, tagged: Collection[Category]) -> dict[Category, int] | None:
    """Return the number of the detection that each tagged category is, where it was found.

    None where a large garment was not found, or a sure one is not explained by any tag.
    """
    near = same_place(found)
    kinds = {number: kind for number, kind in enumerate(found.labels) if isinstance(kind, Category)}
    together = {
        number: sum(kinds_in(found, near[number], SLOT_OF[kind]).values())
        for number, kind in kinds.items()
    }
    # A detection that already has the tag's name goes before one of another kind.
    offers = sorted(
        (-together[number] - float(found.scores[number]) * (kind is category), number, category)
        for number, kind in kinds.items()
        for category in tagged
        if SLOT_OF[category] is SLOT_OF[kind] and together[number] >= LEAST_SCORE
    )
    chosen: dict[Category, int] = {}
    for _, number, category in offers:
        taken = any(near[number, other] for other in chosen.values())
        if category not in chosen and not taken:
            chosen[category] = number
    missed = [category for category in tagged if category not in chosen]
    unexplained = [
        number
        for number, kind in kinds.items()
        if SLOT_OF[kind] in LARGE
        and together[number] >= SURE
        and not any(near[number, other] for other in chosen.values())
    ]
    return None if unexplained or any(SLOT_OF[c] in LARGE for c in missed) else chosen


def label_tagged_photos(folder: Path, out: Path, weights: Path, report: Report) -> int:
    """Label the tag-only photos of Clothing Co-Parsing; return how many were kept.

    A tenth of them, chosen by the file's hash, is left out: thresholds are tuned on it.
    """
    detector = Detector.load(weights)
    kept = 0
    with SelfLabelledWriter(out, "tags") as writer:
        for path, tagged in read_tagged(folder):
            if is_held_out(path, folder):
                continue
            photo = decode(path.read_bytes())
            found = detector.detect(photo)
            chosen = named_by_tags(found, tagged)
            if chosen:
                unmarked = frozenset(tagged) - chosen.keys()
                names = {kind: tags[0] for kind, tags in tagged.items() if len(tags) == 1}
                writer.add(path, "train", _garments(found, photo, chosen), unmarked, names)
                kept += 1
    report(f"{out}: {kept} photos kept")
    return kept


def _garments(
    found: Detections, photo: Photo, chosen: Mapping[Category, int]
) -> list[tuple[Category, Mask]]:
    """Return the chosen garments, large ones first: a belt lies on the trousers, not under them."""
    masks = masks_of(found.take(list(chosen.values())), photo)
    garments = zip(chosen, masks, strict=True)
    return sorted(garments, key=lambda garment: -int(np.count_nonzero(garment[1])))
