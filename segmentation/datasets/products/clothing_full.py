"""alexeygrigorev/clothing-dataset (CC0): photos of single garments under finer labels.

Layout: `images.csv` (image, label) beside `photos.zip`, with `IMAGE.webp` in it. It has no split: a
tenth, chosen by the hash of the image's name, is `val`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from segmentation.common.garments import Rgb
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import Refused, insist, usable
from segmentation.datasets.products.archives import names_in, picture_in
from segmentation.datasets.products.article_types import CLOTHING_FULL
from segmentation.datasets.products.tables import bad_row, rows_of
from segmentation.datasets.splits import held_out

TABLE: Final = "images.csv"
PHOTOS: Final = "photos.zip"


@dataclass(frozen=True)
class FinerGarment:
    """A photo of one garment, laid flat, hanging or worn.

    Attributes:
        id: the image's name.
        label: the data set's word, "Polo".
        split: `train` or `val`.
        archive: the zip file that holds the picture.
    """

    id: str
    label: str
    split: str
    archive: Path

    @property
    def category(self) -> Category:
        """What the label means here."""
        return CLOTHING_FULL[self.label]

    @property
    def member(self) -> str:
        """The picture's name in the archive."""
        return f"{self.id}.webp"

    def rgb(self) -> Rgb:
        """Return the picture, H x W x 3 uint8 RGB.

        Raises:
            DatasetError: it is missing or damaged.
        """
        return picture_in(self.archive, self.member)


def is_clothing_full(folder: Path) -> bool:
    """Whether a folder has this data set's layout."""
    return (folder / TABLE).is_file() and (folder / PHOTOS).is_file()


def read_clothing_full(folder: Path, refused: Refused = insist) -> list[FinerGarment]:
    """Return the garments of both splits, in the table's order; other labels are left out.

    Args:
        folder: the data set's folder.
        refused: is given each row whose picture is not there.

    Raises:
        DatasetError: the table or the archive is missing or damaged.
    """
    archive = folder / PHOTOS
    rows = rows_of(folder / TABLE, ("image", "label"))
    return usable(rows, partial(_garment, archive, names_in(archive)), refused)


def _garment(
    archive: Path, held: frozenset[str], numbered: tuple[int, Mapping[str, str]]
) -> FinerGarment | None:
    line, row = numbered
    name, label = row["image"], row["label"]
    if label not in CLOTHING_FULL:
        return None
    split = "val" if held_out(name.encode()) else "train"
    garment = FinerGarment(name, label, split, archive)
    if garment.member not in held:
        raise bad_row(TABLE, line, f"no {garment.member} in {archive}", "its picture")
    return garment
