"""Data sets -> garment pictures with what is known of them, for training and measuring the encoder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.training.examples.captions import SLEEVES
from index.training.examples.facts import Facts
from index.training.examples.product_facts import KINDS, WORN, facts_of, foreground
from segmentation.common.boxes import box_of, pad_box
from segmentation.common.colours import colour_groups, main_colours
from segmentation.common.cutouts import cut_one, square
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Garment, Mask, Rgb
from segmentation.common.photo import decode
from segmentation.common.taxonomy import CLOTHING_DATASET, Category
from segmentation.datasets import read_folder
from segmentation.datasets.clothing_dataset import is_clothing_dataset, read_clothing_dataset
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.datasets.products.clothing_full import is_clothing_full, read_clothing_full
from segmentation.datasets.products.product_photos import is_product_photos, read_product_photos

STORED: Final = 256
"""Pictures are kept this large, in pixels; views are cut from them."""
SURROUNDINGS: Final = 0.15
"""What is kept around a garment of a street photo, as a share of its box's longer side."""
SMALLEST_PX: Final = 400
SINGLE: Final = "products"
PRODUCT_PHOTOS: Final = "product-photos"
FINER_SINGLE: Final = "clothing-full"
WORDS: Final = {"longsleeve": "long-sleeved top", "outwear": "jacket", "shoe": "shoes"}
"""Folder names and labels that are not what a person would type."""
FINER_NAMES: Final = {
    "Longsleeve": "long-sleeved top", "Outwear": "jacket", "Polo": "polo shirt", "Undershirt": "tank top",
}  # fmt: skip
"""The same of clothing-full's labels."""


@dataclass(frozen=True, eq=False)
class Example:
    """One garment.

    Attributes:
        id: kind of data set and number, unique within a folder.
        source: the kind of data set; nearest items are judged within one.
        rgb: S x S x 3 uint8, with its surroundings; S is `STORED`, or less where the photo is smaller.
        mask: S x S bool, True on the garment; None where nobody outlined it.
        facts: what is known of it.
        group: what counts as the same kind when nearest items are judged.
        lab: main colour, CIELAB; None where it could not be measured.
        whole: the picture is a product shot of this garment alone, and is served with what is around it.
    """

    id: str
    source: str
    rgb: Rgb
    mask: Mask | None
    facts: Facts
    group: str
    lab: NDArray[np.float32] | None = None
    whole: bool = False

    def served(self) -> Rgb:
        """Return the 224 x 224 x 3 picture as serving encodes it: cut out, or whole."""
        return square(self.rgb) if self.whole or self.mask is None else self.cut_out()

    @property
    def reserved(self) -> bool:
        """Whether it is kept from training, as one photo in twenty is, to calibrate on."""
        photo = self.id if self.whole else self.id.rpartition("/")[0]
        return hashlib.sha256(photo.encode()).digest()[0] < 256 // 20

    def cut_out(self) -> Rgb:
        """Return the garment alone on neutral grey, 224 x 224 x 3; the whole picture without a mask."""
        box = box_of(self.mask) if self.mask is not None else None
        if self.mask is None or box is None:
            return square(self.rgb)
        return cut_one(self.rgb, Garment(self.facts.category, 1.0, box, self.mask))


def read_all(folders: Sequence[Path], split: str) -> list[Example]:
    """Return the garments of one split of several data sets, those with masks before those without.

    A single garment that one folder has with its mask and another without is taken once, with it.

    Raises:
        DatasetError: there are none, or a folder is in none of the known layouts.
    """
    examples: dict[str, Example] = {}
    for place, folder in enumerate(sorted(folders, key=is_clothing_dataset)):
        for example in read_examples(folder, split, examples):
            once = example.id if example.whole else f"{place}/{example.id}"
            examples[once] = example
    if not examples:
        raise DatasetError(
            f"no garments of the split {split!r}",
            got=", ".join(map(str, folders)) or "no folders",
            expected="at least one data set with labelled garments",
            next_step="Give the folders of the data sets with --data.",
        )
    return list(examples.values())


def read_examples(folder: Path, split: str, known: Iterable[str] = ()) -> Iterator[Example]:
    """Yield the garments of one split of a data set, except single ones whose id is `known`.

    A folder of folders of single garments has no split of its own: a tenth of it, chosen by the
    file's hash, is `val`.

    Raises:
        DatasetError: the folder is in none of the known layouts.
    """
    if is_clothing_dataset(folder):
        for garment in read_clothing_dataset(folder):
            if garment.split == split and _single_id(garment.path) not in known:
                yield _single(garment.path, decode(garment.path.read_bytes()).rgb, None)
        return
    if is_product_photos(folder):
        yield from _products(folder, split, set(known))
        return
    if is_clothing_full(folder):
        yield from _finer(folder, split, set(known))
        return
    kind, photos = read_folder(folder, split)
    for photo in photos:
        if kind == SINGLE:
            rgb, masks = photo.read()
            yield _single(photo.photo_path, rgb, next(iter(masks.values())))
        else:
            yield from _worn(kind, photo)


def _single_id(path: Path) -> str:
    return f"{SINGLE}/{path.parent.name}/{path.stem}"


def _single(path: Path, rgb: Rgb, mask: Mask | None) -> Example:
    label = path.parent.name
    name = WORDS.get(label, label)
    facts = _facts(CLOTHING_DATASET[label], name, rgb, mask, {})
    picture, outline = framed(rgb, mask, (0, 0, rgb.shape[1], rgb.shape[0]))
    lab = _main_lab(rgb, mask)
    return Example(_single_id(path), SINGLE, picture, outline, facts, label, lab, whole=True)


def _products(folder: Path, split: str, known: Collection[str]) -> Iterator[Example]:
    """Yield product photos, none larger than it is; the colours of worn garments are not measured."""
    for product in read_product_photos(folder):
        name = f"{PRODUCT_PHOTOS}/{product.id}"
        if product.split != split or product.article not in KINDS or name in known:
            continue
        rgb, facts = product.rgb(), facts_of(product)
        mask = foreground(rgb)
        window = (0, 0, rgb.shape[1], rgb.shape[0])
        picture, outline = framed(rgb, mask, window, min(STORED, max(rgb.shape[:2])))
        lab = None if facts.category in WORN else _main_lab(rgb, mask)
        group = product.article.lower()
        yield Example(name, PRODUCT_PHOTOS, picture, outline, facts, group, lab, whole=True)


def _finer(folder: Path, split: str, known: Collection[str]) -> Iterator[Example]:
    for garment in read_clothing_full(folder):
        number = f"{FINER_SINGLE}/{garment.id}"
        if garment.split != split or number in known:
            continue
        rgb = garment.rgb()
        picture, _ = framed(rgb, None, (0, 0, rgb.shape[1], rgb.shape[0]))
        name = FINER_NAMES.get(garment.label, garment.label.lower())
        facts = Facts(garment.category, name, sleeve=SLEEVES.get(name, ""))
        yield Example(number, FINER_SINGLE, picture, None, facts, name, whole=True)


def _worn(kind: str, photo: LabelledPhoto) -> Iterator[Example]:
    rgb, masks = photo.read()
    for value, category in photo.labels.items():
        mask = masks[value]
        box = box_of(mask)
        if box is None or np.count_nonzero(mask) < SMALLEST_PX:
            continue
        if not isinstance(category, Category):  # a part of a garment is no garment
            continue
        attributes = photo.attributes.get(value, {})
        name = attributes.get("style") or photo.names.get(value, category.value)
        facts = _facts(category, WORDS.get(name, name), rgb, mask, attributes)
        window = pad_box(box, SURROUNDINGS, (rgb.shape[1], rgb.shape[0]))
        picture, outline = framed(rgb, mask, window)
        lab = _main_lab(rgb, mask)
        number = f"{kind}/{photo.id}/{value}"
        yield Example(number, kind, picture, outline, facts, category.value, lab)


def _facts(
    category: Category, name: str, rgb: Rgb, mask: Mask | None, attributes: Mapping[str, str]
) -> Facts:
    pattern = attributes.get("pattern", "")
    words = (attributes.get(key, "") for key in ("fabric", "neckline"))
    return Facts(
        category,
        name,
        main_colours(rgb, mask) if mask is not None else (),
        {"gingham": "check", "colourblock": ""}.get(pattern, pattern),
        attributes.get("sleeve", "") or SLEEVES.get(name, ""),
        attributes.get("length", ""),
        tuple(word for word in words if word),
    )


def framed(
    rgb: Rgb, mask: Mask | None, window: tuple[int, int, int, int], side: int = STORED
) -> tuple[Rgb, Mask | None]:
    """Return a window of a picture and of its mask, scaled into `side` x `side`, grey around it."""
    left, top, right, bottom = window
    picture = square(rgb[top:bottom, left:right], side)
    if mask is None:
        return picture, None
    white = np.repeat(mask[top:bottom, left:right, None].astype(np.uint8) * 255, 3, axis=2)
    outline = square(white, side, (0, 0, 0))
    return picture, np.asarray(outline[..., 0] > 127)


def _main_lab(rgb: Rgb, mask: Mask | None) -> NDArray[np.float32] | None:
    groups = colour_groups(rgb, mask) if mask is not None else []
    return groups[0][0] if groups else None
