"""Shop the Look (Kang et al., Complete the Look, CVPR 2019): scenes and the products in them.

Layout: `fashion.json`, one object a line with `product` and `scene` (signatures) and `bbox` (the
product's place in the scene: left, top, right, bottom as fractions); `fashion-cat.json`, signature
of a product -> category; the pictures as `<signature>.jpg`, in any folder beneath.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

import torch
from torchvision.ops import box_iou

from recommender.compatibility.datasets.boxes import Box, fractions_of, in_pixels
from recommender.compatibility.datasets.categories import SHOP_THE_LOOK, category_of
from recommender.compatibility.datasets.files import (
    cannot_use,
    picture_of,
    pictures_under,
    read_json,
    read_rgb,
    read_text,
)
from recommender.compatibility.ensembles import Ensemble, EnsembleFile, OutfitPiece
from segmentation.common.cutouts import cut_one, square
from segmentation.common.garments import Garment, Garments, Rgb
from segmentation.common.taxonomy import SLOT_OF, Category
from segmentation.datasets.labelled import Refused, insist, usable
from segmentation.datasets.splits import held_out

Find: TypeAlias = Callable[[Rgb], Garments]
"""The detector: an H x W x 3 uint8 photo -> the garments in it."""

SAME_IOU: Final = 0.5
"""A garment whose box overlaps a product's box by more than this is that product."""

_RECORDS, _CATEGORIES = "fashion.json", "fashion-cat.json"


@dataclass(frozen=True)
class _Product:
    """A line of fashion.json: a product, and its box in the scene as fractions."""

    scene: str
    scene_path: Path
    id: str
    path: Path
    category: Category
    box: Box


def is_shop_the_look(folder: Path) -> bool:
    """Whether a folder has this data set's layout."""
    return (folder / _RECORDS).is_file() and (folder / _CATEGORIES).is_file()


def read_shop_the_look(
    folder: Path, split: str, find: Find, refused: Refused = insist
) -> list[EnsembleFile]:
    """Return one outfit a scene, in the order of the file.

    Its products are asked for and not worn; what `find` sees in the scene is worn and not asked for.
    Of that, whatever overlaps a product or takes its slot is left out: it is the product.

    Args:
        folder: the data set's folder.
        split: `train` or `val`, a tenth of the scenes by the hash of their signature; there is no
            `test`.
        find: the detector; it runs when an outfit is read.
        refused: is given each line that cannot be used.

    Raises:
        DatasetError: a file is missing or damaged.
    """
    kinds, pictures = read_json(folder / _CATEGORIES, dict), pictures_under(folder)
    lines = read_text(folder / _RECORDS).splitlines()

    def product(numbered: tuple[int, str]) -> _Product | None:
        return _product(numbered, kinds, pictures, split)

    scenes: dict[str, dict[str, _Product]] = {}
    for each in usable(enumerate(lines, start=1), product, refused):
        scenes.setdefault(each.scene, {}).setdefault(each.id, each)
    return [
        EnsembleFile(scene, partial(_ensemble, tuple(products.values()), find))
        for scene, products in scenes.items()
    ]


def _product(
    numbered: tuple[int, str], kinds: dict[str, str], pictures: dict[str, Path], split: str
) -> _Product | None:
    number, line = numbered
    record = f"line {number} of {_RECORDS}"
    try:
        entry = json.loads(line)
        scene, product = str(entry["scene"]), str(entry["product"])
        corners = [float(side) for side in entry["bbox"]]
    except (ValueError, KeyError, TypeError) as error:
        text = f"{type(error).__name__}: {error}"
        raise cannot_use(record, text, "product, scene and a bbox of four numbers") from error
    if split != ("val" if held_out(scene.encode()) else "train"):
        return None
    if product not in kinds:
        raise cannot_use(record, f"product {product}", f"a product that {_CATEGORIES} has")
    category = category_of(str(kinds[product]), SHOP_THE_LOOK, record)
    if category is None:
        return None
    return _Product(
        scene=scene,
        scene_path=picture_of(scene, pictures, record),
        id=product,
        path=picture_of(product, pictures, record),
        category=category,
        box=fractions_of(corners, record),
    )


def _ensemble(products: Sequence[_Product], find: Find) -> Ensemble:
    scene_id, rgb = products[0].scene, read_rgb(products[0].scene_path)
    size_wh = rgb.shape[1], rgb.shape[0]
    asked = [
        OutfitPiece(
            id=each.id,
            category=each.category,
            rgb=square(read_rgb(each.path)),
            box_xyxy=in_pixels(each.box, size_wh),
            worn=False,
        )
        for each in products
    ]
    worn = [
        OutfitPiece(
            id=f"{scene_id}#{number}",
            category=garment.category,
            rgb=cut_one(rgb, garment),
            box_xyxy=garment.box_xyxy,
            asked=False,
        )
        for number, garment in enumerate(_others(find(rgb), asked))
    ]
    return Ensemble(id=scene_id, pieces=(*asked, *worn), scene=rgb)


def _others(found: Garments, products: Sequence[OutfitPiece]) -> list[Garment]:
    """Return the garments that are none of the products."""
    if not found:
        return []
    slots = {SLOT_OF[product.category] for product in products}
    overlaps = box_iou(
        torch.tensor([garment.box_xyxy for garment in found]),
        torch.tensor([product.box_xyxy for product in products]),
    ).amax(dim=1)
    return [
        garment
        for garment, overlap in zip(found, overlaps.tolist(), strict=True)
        if garment.slot not in slots and overlap <= SAME_IOU
    ]
