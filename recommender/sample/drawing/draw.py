"""Draw the sample boutique again: `python -m recommender.sample.drawing.draw [FOLDER]`.

A development tool; the product ships what it wrote. The same code writes the same bytes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pycocotools import mask as coco

from recommender.sample import BOUTIQUE
from recommender.sample.drawing.lookbook import OUTFITS, SampleOutfit
from recommender.sample.drawing.stock import build_stock
from recommender.sample.drawing.words import Record
from segmentation.common.garments import Mask
from segmentation.rendering import GarmentSpec, render_garment, render_outfit

GARMENT_WH, OUTFIT_WH = (420, 560), (480, 720)
_GROUND = (244, 242, 238)


def draw_boutique(folder: Path) -> None:
    """Write catalog.jsonl, images/, outfits.json and outfits/ into a folder."""
    cv2.setNumThreads(1)
    for part in ("images", "outfits"):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for old in (folder / part).glob("*.webp"):
            old.unlink()
    stock = build_stock()
    for spec, record in stock:
        draw_garment(spec, folder / str(record["image"]))
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for _, record in stock]
    (folder / "catalog.jsonl").write_text("".join(lines), encoding="utf-8")
    parts = [
        draw_outfit(outfit, folder, skus)
        for outfit, skus in zip(OUTFITS, outfit_skus(stock), strict=True)
    ]
    text = json.dumps(parts, ensure_ascii=False, indent=1) + "\n"
    (folder / "outfits.json").write_text(text, encoding="utf-8")


def draw_garment(spec: GarmentSpec, path: Path) -> None:
    """Write one product picture, 420 x 560 WebP."""
    rendering = render_garment(spec, GARMENT_WH, _GROUND, finer=2)
    Image.fromarray(rendering.rgb).save(path, quality=90, method=6)


def outfit_skus(stock: list[tuple[GarmentSpec, Record]]) -> list[list[str]]:
    """Return each outfit's SKUs in the order worn."""
    sku_of = {id(spec): str(record["sku"]) for spec, record in stock}
    return [[sku_of[id(spec)] for spec in outfit.garments] for outfit in OUTFITS]


def draw_outfit(outfit: SampleOutfit, folder: Path, skus: list[str]) -> dict[str, object]:
    """Write one figure and return its entry of outfits.json, with boxes and masks."""
    rendering = render_outfit(
        outfit.garments, outfit.seed, OUTFIT_WH, outfit.ground, audience=outfit.audience, lively=0.85,
        finer=2, mannequin=True,
    )  # fmt: skip
    file = f"outfits/{outfit.slug}.webp"
    Image.fromarray(rendering.rgb).save(folder / file, quality=90, method=6)
    sku_of = dict(zip(outfit.garments, skus, strict=True))
    garments = [
        {
            "sku": sku_of[spec], "category": garment.category.value,
            "box": [int(edge) for edge in garment.box_xyxy], "mask": rle_of(garment.mask),
        }
        for spec, garment in zip(rendering.specs, rendering.garments, strict=True)
    ]  # fmt: skip
    return {
        "file": file, "title": outfit.title, "audience": outfit.audience, "width": OUTFIT_WH[0],
        "height": OUTFIT_WH[1], "skus": skus, "garments": garments,
    }  # fmt: skip


def rle_of(mask: Mask) -> dict[str, object]:
    """Return COCO's compressed run lengths: {"size": [height, width], "counts": text}."""
    fortran: NDArray[np.uint8] = np.asfortranarray(mask.astype(np.uint8))
    code = coco.encode(fortran)
    return {"size": [int(edge) for edge in code["size"]], "counts": code["counts"].decode("ascii")}


def main() -> None:
    """Parse the command line and draw."""
    parser = argparse.ArgumentParser(
        prog="python -m recommender.sample.drawing.draw", description=__doc__
    )
    parser.add_argument("folder", type=Path, nargs="?", default=BOUTIQUE)
    draw_boutique(parser.parse_args().folder)


if __name__ == "__main__":
    main()
