"""A shop's product photos with titles and attributes, in the layout of "Fashion Product Images".

Layout: `products.csv` (id, gender, subCategory, articleType, baseColour, usage, productDisplayName,
file) beside one archive for each name in `file`, `large.zip` or `small.zip`, with `ID.webp` in it.
It has no split: a tenth, chosen by the hash of the id, is `val`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from segmentation.common.errors import DatasetError
from segmentation.common.garments import Rgb
from segmentation.common.taxonomy import Category
from segmentation.datasets.labelled import Refused, insist, usable
from segmentation.datasets.products.archives import names_in, picture_in
from segmentation.datasets.products.article_types import ARTICLE_TYPES
from segmentation.datasets.products.tables import bad_row, rows_of
from segmentation.datasets.splits import held_out

TABLE: Final = "products.csv"
COLUMNS: Final = (
    "id", "gender", "subCategory", "articleType", "baseColour", "usage", "productDisplayName", "file",
)  # fmt: skip


@dataclass(frozen=True)
class ProductPhoto:
    """One product.

    Attributes:
        id: the shop's number.
        article: its kind in the shop's words, "Casual Shoes".
        gender: `Men`, `Women`, `Boys`, `Girls` or `Unisex`.
        usage: `Casual`, `Sports`, `Formal`, ...; empty where unknown.
        colour: the shop's word, "Navy Blue"; empty where unknown.
        title: as the shop shows it.
        split: `train` or `val`.
        archive: the zip file that holds its picture.
    """

    id: str
    article: str
    gender: str
    usage: str
    colour: str
    title: str
    split: str
    archive: Path

    @property
    def category(self) -> Category | None:
        """What the article type is here; None where the taxonomy has no such garment."""
        return ARTICLE_TYPES.get(self.article)

    @property
    def member(self) -> str:
        """The picture's name in the archive."""
        return f"{self.id}.webp"

    @property
    def large(self) -> bool:
        """Whether the picture is of the larger ones, 168 x 224 pixels and not 60 x 80."""
        return self.archive.stem == "large"

    def rgb(self) -> Rgb:
        """Return the picture, H x W x 3 uint8 RGB.

        Raises:
            DatasetError: it is missing or damaged.
        """
        return picture_in(self.archive, self.member)


def is_product_photos(folder: Path) -> bool:
    """Whether a folder has this data set's layout."""
    return (folder / TABLE).is_file()


def read_product_photos(folder: Path, refused: Refused = insist) -> list[ProductPhoto]:
    """Return the products of both splits whose archive is there, in the table's order.

    An archive that is missing is left out with its products, so that the larger pictures alone do.

    Args:
        folder: the data set's folder.
        refused: is given each row that cannot be used.

    Raises:
        DatasetError: the table is missing or damaged, or no archive is there.
    """
    rows = rows_of(folder / TABLE, COLUMNS)
    archives = {
        name: folder / f"{name}.zip"
        for name in sorted({row["file"] or "" for _, row in rows})
        if name and Path(name).name == name and (folder / f"{name}.zip").is_file()
    }
    if not archives:
        raise DatasetError(
            "no archive of product photos is there",
            got=str(folder),
            expected="large.zip or small.zip beside products.csv",
            next_step="Put the archives that the table's column `file` names there.",
        )
    held = {name: names_in(path) for name, path in archives.items()}
    wanted = [row for row in rows if row[1]["file"] in archives]
    return usable(wanted, partial(_product, archives, held), refused)


def _product(
    archives: Mapping[str, Path],
    held: Mapping[str, frozenset[str]],
    numbered: tuple[int, Mapping[str, str]],
) -> ProductPhoto:
    line, row = numbered
    if any(row[column] is None for column in COLUMNS):
        raise bad_row(TABLE, line, "fewer fields than columns", "a value for each column")
    product = ProductPhoto(
        id=row["id"],
        article=row["articleType"],
        gender=row["gender"],
        usage=row["usage"],
        colour=row["baseColour"],
        title=row["productDisplayName"],
        split="val" if held_out(row["id"].encode()) else "train",
        archive=archives[row["file"]],
    )
    if product.member not in held[row["file"]]:
        raise bad_row(TABLE, line, f"no {product.member} in {product.archive}", "its picture")
    return product
