"""Masks for a shop's product photos, of which only the article type is known.

Bags, shoes and accessories lie alone on white: what differs from the ground is the product, kept where
U-2-Net's small network agrees. Clothes are mostly worn by somebody who wears more: the detection of the
article's slot gets the article's name, other sure ones keep theirs, and everything else is noted as
`unmarked`, so that training does not take it for background. Flat garments of a data set without
masks are what stands out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from segmentation.common.garments import Mask, Photo, Rgb
from segmentation.common.masks import iou
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from segmentation.datasets.products.clothing_full import read_clothing_full
from segmentation.datasets.products.product_photos import ProductPhoto, read_product_photos
from segmentation.datasets.self_labelled import SelfLabelledWriter
from segmentation.detector.detections import Detections, kinds_in, masks_of, same_place
from segmentation.detector.maskrcnn import Detector
from segmentation.training.labelling.salient import SalientObject
from segmentation.training.labelling.white import white_mask
from segmentation.training.runs.loop import Report

LIE_ALONE: Final = {Slot.SHOES, Slot.BAG, Slot.HOSIERY, Slot.ACCESSORIES}
AGREEMENT: Final = 0.85
"""Least IoU of the two ways to find a product on white."""
LEAST_AREA, MOST_AREA = 0.12, 0.9
"""Shares of its picture that a flat garment fills; else it was not found."""
LEAST_SCORE: Final = 0.5
"""Of the kinds of a slot in one place together, that makes a worn product believed."""
SURE: Final = 0.8
"""A score at which another garment of the photo is believed."""


def label_shop_photos(
    folder: Path,
    out: Path,
    salient: SalientObject,
    detector: Detector,
    *,
    each: int,
    report: Report,
) -> None:
    """Write `out/shop`, products alone, and `out/worn`, from a folder of product photos.

    Args:
        folder: of product photos; the larger pictures alone are used.
        out: a folder for both.
        salient: finds what stands out.
        detector: finds what is worn.
        each: how many photos of one article type to look at, at most.
        report: receives lines.
    """
    kept: Counter[str] = Counter()
    chosen = list(_some(read_product_photos(folder), each))
    with (
        SelfLabelledWriter(out / "shop", "shop") as alone,
        SelfLabelledWriter(out / "worn", "worn") as worn,
    ):
        for number, (product, category) in enumerate(chosen):
            rgb = product.rgb()
            if SLOT_OF[category] in LIE_ALONE:
                mask = product_on_white(rgb, salient)
                if mask is not None:
                    alone.add(rgb, product.split, [(category, mask)])
                    kept["alone"] += 1
            elif garments := worn_garments(rgb, category, detector):
                open_ = frozenset(Category) - {kind for kind, _ in garments}
                worn.add(rgb, product.split, garments, open_)
                kept["worn"] += 1
            if (number + 1) % 200 == 0:
                report(f"{number + 1}/{len(chosen)} products")
    report(f"{out}: {dict(kept)} of {len(chosen)} kept")


def label_flat_garments(folder: Path, out: Path, salient: SalientObject, report: Report) -> None:
    """Write a folder of masks for the garments of clothing-dataset: what stands out in them."""
    garments, kept = read_clothing_full(folder), 0
    with SelfLabelledWriter(out, "flat") as writer:
        for garment in garments:
            rgb = garment.rgb()
            mask = salient.mask(rgb)
            if LEAST_AREA <= mask.mean() <= MOST_AREA:
                names = {garment.category: garment.label.lower()}
                writer.add(rgb, garment.split, [(garment.category, mask)], names=names)
                kept += 1
    report(f"{out}: {kept} of {len(garments)} garments kept")


def product_on_white(rgb: Rgb, salient: SalientObject) -> Mask | None:
    """Return the H x W mask of a product alone on white; None where two ways to find it differ."""
    mask = white_mask(rgb)
    return mask if mask is not None and iou(mask, salient.mask(rgb)) >= AGREEMENT else None


def worn_garments(rgb: Rgb, category: Category, detector: Detector) -> list[tuple[Category, Mask]]:
    """Return what a photo of a model shows: the product, and what else is sure; nothing if it is not found."""
    photo = Photo(np.ascontiguousarray(rgb))
    found = detector.detect(photo)
    product = product_among(found, category)
    if product is None:
        return []
    near = same_place(found)
    others = [
        number
        for number, label in enumerate(found.labels)
        if isinstance(label, Category)
        and SLOT_OF[label] is not SLOT_OF[category]
        and float(found.scores[number]) >= SURE
        and not near[number, product]
    ]
    masks = masks_of(found.take([product, *others]), photo)
    kinds = [category, *(_category(found, number) for number in others)]
    garments = [pair for pair in zip(kinds, masks, strict=True) if pair[1].any()]
    return sorted(garments, key=lambda pair: -int(np.count_nonzero(pair[1])))


def product_among(found: Detections, category: Category) -> int | None:
    """Return the number of the detection that a product of a category is; None where there is none."""
    near = same_place(found)
    together = {
        number: sum(kinds_in(found, near[number], SLOT_OF[category]).values())
        for number, label in enumerate(found.labels)
        if isinstance(label, Category) and SLOT_OF[label] is SLOT_OF[category]
    }
    best = max(together, key=lambda number: together[number], default=None)
    return best if best is not None and together[best] >= LEAST_SCORE else None


def _some(products: Sequence[ProductPhoto], each: int) -> Iterator[tuple[ProductPhoto, Category]]:
    seen: Counter[str] = Counter()
    for product in products:
        if product.category is not None and product.large and seen[product.article] < each:
            seen[product.article] += 1
            yield product, product.category


def _category(found: Detections, number: int) -> Category:
    label = found.labels[number]
    assert isinstance(label, Category)
    return label
