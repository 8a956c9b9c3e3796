"""Street photos with masks -> outfits: every garment is a piece, and the photo is the scene."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from recommender.compatibility.ensembles import Ensemble, EnsembleFile, OutfitPiece
from segmentation.common.boxes import box_of
from segmentation.common.cutouts import cut_one
from segmentation.common.garments import Garment
from segmentation.common.taxonomy import Category
from segmentation.datasets import read_folder
from segmentation.datasets.labelled import LabelledPhoto

SMALLEST_PX: Final = 400
"""What covers fewer pixels of a photo shows too little to be judged."""


def read_street(folder: Path, split: str) -> list[EnsembleFile]:
    """Return the outfits of one split of a data set of labelled photos, such as Clothing Co-Parsing.

    Raises:
        DatasetError: the folder is in none of the layouts of `segmentation.datasets`.
    """
    kind, photos = read_folder(folder, split)
    return [
        EnsembleFile(f"{kind}/{photo.id}", partial(_read, f"{kind}/{photo.id}", photo))
        for photo in photos
    ]


def _read(name: str, photo: LabelledPhoto) -> Ensemble:
    rgb, masks = photo.read()
    pieces = []
    for value, category in photo.labels.items():
        box = box_of(masks[value])
        if isinstance(category, Category) and box and np.count_nonzero(masks[value]) >= SMALLEST_PX:
            garment = Garment(category, 1.0, box, masks[value])
            pieces.append(OutfitPiece(f"{name}/{value}", category, cut_one(rgb, garment), box))
    return Ensemble(name, tuple(pieces), rgb)
