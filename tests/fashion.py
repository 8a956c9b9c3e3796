"""Tiny photos with overlapping masks, parts and attributes, and the two foreign layouts of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from segmentation.common import masks
from segmentation.common.garments import Mask
from segmentation.common.taxonomy import Category, Part
from segmentation.datasets.labelled import LabelledPhoto, RunLengths

HEIGHT, WIDTH = 160, 100
PANTS, POCKET, HAT = 1, 2, 3


def box_mask(left: int, top: int, right: int, bottom: int) -> Mask:
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    mask[top:bottom, left:right] = True
    return mask


def write_photos(folder: Path, count: int = 4) -> list[LabelledPhoto]:
    """Red trousers with a pocket on them, and a green hat; the last photo is `val`.

    The trousers' attributes are described, the pocket has none, the hat's were never labelled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = {PANTS: box_mask(30, 70, 70, 150), POCKET: box_mask(35, 75, 45, 95)}
    found[HAT] = box_mask(35, 5, 65, 25)
    photos = []
    for number in range(count):
        rgb = np.full((HEIGHT, WIDTH, 3), 90 + 20 * number, dtype=np.uint8)
        rgb[found[PANTS]], rgb[found[HAT]] = (200, 20, 20), (20, 160, 40)
        path = folder / f"a{number}.jpg"
        Image.fromarray(rgb).save(path)
        counts = {value: masks.encode(mask)["counts"].encode() for value, mask in found.items()}
        photos.append(
            LabelledPhoto(
                id=path.stem,
                photo_path=path,
                regions=RunLengths((HEIGHT, WIDTH), counts),
                labels={PANTS: Category.PANTS, POCKET: Part.POCKET, HAT: Category.HAT},
                split="val" if number == count - 1 else "train",
                described={PANTS: frozenset({"plain", "tight (fit)"}), POCKET: frozenset()},
            )
        )
    return photos


def same_masks(ours: LabelledPhoto, theirs: LabelledPhoto) -> bool:
    """Whether two photos hold the same labels and masks, in their order; ours may have empty ones."""
    one = [(ours.labels[v], mask) for v, mask in ours.read()[1].items() if mask.any()]
    other = [(theirs.labels[v], mask) for v, mask in theirs.read()[1].items()]
    return len(one) == len(other) and all(
        label is entry and np.array_equal(mask, read)
        for (label, mask), (entry, read) in zip(one, other, strict=True)
    )


def attributes(photo: LabelledPhoto) -> Sequence[frozenset[str] | None]:
    return [photo.described.get(value) for value in photo.labels]
