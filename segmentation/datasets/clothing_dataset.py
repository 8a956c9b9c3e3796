"""alexeygrigorev/clothing-dataset-small (CC0): photos of single garments, a sub-folder a kind.

It has neither masks nor a split: a tenth of it, chosen by each file's hash, is `val`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segmentation.common.taxonomy import CLOTHING_DATASET, Category
from segmentation.datasets.splits import is_held_out


@dataclass(frozen=True)
class SingleGarment:
    """A photo of one garment, laid flat, hanging or worn.

    Attributes:
        path: the photo.
        label: the data set's word, "longsleeve".
        split: `train` or `val`.
    """

    path: Path
    label: str
    split: str

    @property
    def id(self) -> str:
        """Unique within the data set."""
        return f"{self.label}/{self.path.stem}"

    @property
    def category(self) -> Category:
        """What the label means here."""
        return CLOTHING_DATASET[self.label]


def is_clothing_dataset(folder: Path) -> bool:
    """Whether a folder has this data set's layout."""
    return (folder / "t-shirt").is_dir()


def read_clothing_dataset(folder: Path) -> list[SingleGarment]:
    """Return the garments of both splits, by path."""
    return [
        SingleGarment(path, path.parent.name, "val" if is_held_out(path, folder) else "train")
        for path in sorted(folder.glob("*/*"))
        if path.suffix in {".jpg", ".webp"} and path.parent.name in CLOTHING_DATASET
    ]
