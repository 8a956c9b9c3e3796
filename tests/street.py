"""A data set in Clothing Co-Parsing's layout, made of rectangles."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from segmentation.common.taxonomy import CLOTHING_CO_PARSING

LABELS = list(CLOTHING_CO_PARSING)
HAT, PANTS = LABELS.index("hat"), LABELS.index("pants")


def write_street(folder: Path, photos: int = 6) -> Path:
    """A folder in Clothing Co-Parsing's layout: red trousers, and a green hat in every other photo.

    Two thirds of the photos are `train`, the others `val`.
    """
    (folder / "photos").mkdir(parents=True)
    (folder / "masks").mkdir()
    (folder / "labels.json").write_text(json.dumps(LABELS))
    lines = []
    for number in range(1, photos + 1):
        rgb = np.full((160, 100, 3), 90 + 120 * number // photos, dtype=np.uint8)
        labels = np.zeros((160, 100), dtype=np.uint8)
        rgb[70:150, 30:70], labels[70:150, 30:70] = (200, 20, 20), PANTS
        if number % 2:
            rgb[5:25, 35:65], labels[5:25, 35:65] = (20, 160, 40), HAT
        Image.fromarray(rgb).save(folder / "photos" / f"{number:04d}.jpg")
        Image.fromarray(labels).save(folder / "masks" / f"{number:04d}.png")
        split = "train" if number <= photos * 2 // 3 else "val"
        lines.append(json.dumps({"id": number, "split": split, "tags": ["pants"]}))
    (folder / "photos.jsonl").write_text("\n".join(lines))
    return folder
