"""Writing rendered pictures as a data set that `segmentation.datasets.rendered` reads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from segmentation.rendering.garments.specs import STYLES
from segmentation.rendering.pictures import Rendering, render_garment, render_outfit
from segmentation.rendering.sampling import sample_garment, sample_outfit
from segmentation.rendering.scenes import camera, random_ground

OUTFIT_WH, GARMENT_WH = (400, 608), (384, 512)


def write_dataset(folder: Path, outfits: int, garments: int, seed: int) -> None:
    """Write `photos/`, `masks/` and `rendered.jsonl` into a folder; the same seed, the same files.

    Args:
        folder: created if need be; files of the same names are overwritten.
        outfits: figures at about 400 x 608 pixels, in random places.
        garments: product pictures at about 384 x 512 pixels, every category in turn.
        seed: picture k depends on (seed, k) alone, whatever the counts.
    """
    (folder / "photos").mkdir(parents=True, exist_ok=True)
    (folder / "masks").mkdir(exist_ok=True)
    jobs = [("outfit", k) for k in range(outfits)] + [("garment", k) for k in range(garments)]
    with (folder / "rendered.jsonl").open("w", encoding="utf-8") as lines:
        for number, (kind, k) in enumerate(jobs):
            draw = draw_outfit if kind == "outfit" else draw_garment
            rng = np.random.default_rng([seed, k, 0 if kind == "outfit" else 1])
            record = _write(
                folder, f"{number:05d}", kind, draw(rng, k), rng, "val" if k % 10 == 9 else "train"
            )
            lines.write(json.dumps(record) + "\n")


def draw_outfit(rng: np.random.Generator, _number: int) -> Rendering:
    """Return one random outfit in a random place."""
    audience = "men" if rng.random() < 0.3 else "women"
    specs = sample_outfit(rng, audience)
    ground = random_ground(rng, OUTFIT_WH)
    return render_outfit(specs, int(rng.integers(1 << 30)), OUTFIT_WH, ground, audience=audience)


def draw_garment(rng: np.random.Generator, number: int) -> Rendering:
    """Return one random product picture; categories take turns by `number`."""
    category = list(STYLES)[number % len(STYLES)]
    spec = sample_garment(rng, category)
    light = rng.random() < 0.75
    ground = tuple(int(c) for c in rng.integers(222, 256) + rng.integers(-6, 4, 3).clip(-6, 0))
    background = (ground[0], ground[1], ground[2]) if light else random_ground(rng, GARMENT_WH)
    return render_garment(spec, GARMENT_WH, background)


def _write(  # noqa: PLR0917
    folder: Path, name: str, kind: str, rendering: Rendering, rng: np.random.Generator, split: str
) -> dict[str, object]:
    photo = camera(rendering.rgb, rng)
    quality = int(rng.integers(70, 96))
    Image.fromarray(photo).save(folder / "photos" / f"{name}.jpg", quality=quality)
    Image.fromarray(rendering.labels).save(folder / "masks" / f"{name}.png")
    height, width = rendering.labels.shape
    entries = []
    for garment in rendering.garments:
        value = int(rendering.labels[garment.mask][0])
        entries.append(
            {
                "value": value,
                "category": garment.category.value,
                "attributes": dict(garment.attributes),
            }
        )
    return {
        "id": name,
        "kind": kind,
        "split": split,
        "width": width,
        "height": height,
        "garments": entries,
    }
