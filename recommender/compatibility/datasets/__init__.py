"""Readers of outfits: each gives `EnsembleFile`s and knows nothing of models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recommender.compatibility.datasets.complete_the_look import (
    is_complete_the_look,
    read_complete_the_look,
    read_complete_the_look_questions,
)
from recommender.compatibility.datasets.polyvore import (
    is_polyvore,
    read_polyvore,
    read_polyvore_questions,
)
from recommender.compatibility.datasets.shop_the_look import (
    Find,
    is_shop_the_look,
    read_shop_the_look,
)
from recommender.compatibility.ensembles import EnsembleFile, Question
from segmentation.common.errors import DatasetError
from segmentation.datasets.labelled import Refused, insist


@dataclass(frozen=True)
class OutfitLayout:
    """A layout that is read.

    Attributes:
        recognised_by: its name, and the files by which it is recognised, for the message.
        recognise: whether a folder has it.
        outfits: folder, split, detector, what is given refused records -> outfits.
        questions: folder, split, what is given refused records -> published questions.
    """

    recognised_by: str
    recognise: Callable[[Path], bool]
    outfits: Callable[[Path, str, Find, Refused], list[EnsembleFile]]
    questions: Callable[[Path, str, Refused], list[Question]] = lambda *_: []


LAYOUTS: Final = (
    OutfitLayout(
        "Shop the Look (fashion.json, fashion-cat.json)",
        is_shop_the_look,
        read_shop_the_look,
    ),
    OutfitLayout(
        "Complete the Look (datasets/raw_train.tsv, datasets/raw_test.tsv)",
        is_complete_the_look,
        lambda folder, split, _find, refused: read_complete_the_look(folder, split, refused),
        read_complete_the_look_questions,
    ),
    OutfitLayout(
        "Polyvore Outfits (train.json beneath polyvore_item_metadata.json)",
        is_polyvore,
        lambda folder, split, _find, refused: read_polyvore(folder, split, refused),
        read_polyvore_questions,
    ),
)
"""Every layout that is read; the first that recognises a folder reads it."""


def read_outfits(
    folder: Path, split: str, *, find: Find, refused: Refused = insist
) -> list[EnsembleFile]:
    """Return the outfits of one split; their pictures are read when each is asked for.

    Args:
        folder: in one of the layouts that docs/data.md describes.
        split: `train`, `val` or, where one is published, `test`.
        find: the detector, an H x W x 3 uint8 photo -> garments; used where a set has scenes.
        refused: is given each record that cannot be used; by default the first ends the reading.

    Raises:
        DatasetError: the folder is in none of the known layouts, or a file of it is damaged.
    """
    return _layout_of(folder).outfits(folder, split, find, refused)


def read_questions(folder: Path, split: str, *, refused: Refused = insist) -> list[Question]:
    """Return the published questions about one split's pieces; none where the set has none.

    Args:
        folder: as for `read_outfits`.
        split: as for `read_outfits`.
        refused: as for `read_outfits`.

    Raises:
        DatasetError: the folder is in none of the known layouts, or a file of it is damaged.
    """
    return _layout_of(folder).questions(folder, split, refused)


def _layout_of(folder: Path) -> OutfitLayout:
    for layout in LAYOUTS:
        if layout.recognise(folder):
            return layout
    raise DatasetError(
        "the folder is no set of outfits that is read here",
        got=str(folder),
        expected=" or ".join(layout.recognised_by for layout in LAYOUTS),
        next_step="Check the path; `docs/data.md` describes the layouts.",
    )
