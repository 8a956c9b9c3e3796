"""Garments -> pooled features of their views at the served size, each seen by the trunk once.

A garment is remembered as it is served and in random views, and so are some repainted looks of it: in
another colour, in a pattern on its own colour, and in a pattern on the other colour, so that one step
of "this, but red" or "this, but striped" leads from each to the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from index.encoders import pretrained
from index.encoders.compiled import CompiledTower, tower
from index.encoders.fingerprints import fingerprint_of
from index.training.contrastive.batches import BACKGROUND_LEFT, MILD, STRONG, main_rgb
from index.training.contrastive.losses import normalised
from index.training.examples.facts import Facts
from index.training.examples.garments import PRODUCT_PHOTOS, Example, read_examples
from index.training.examples.repainting import (
    SOLID_KINDS,
    Paint,
    is_plain,
    patterned_look,
    plain_look,
    repainted,
)
from index.training.examples.views import view
from index.training.remembered import shelf
from index.training.remembered.shelf import Features, Look, Remembered
from segmentation.common.backbone import fold_batch_norms
from segmentation.common.cutouts import SIDE
from segmentation.common.garments import Rgb
from segmentation.engines.choice import Engine
from segmentation.engines.graph import GraphUnfit
from segmentation.training.runs.devices import autocast
from segmentation.training.runs.loop import Report

SHARD: Final = 200
"""Garments of a shard."""
BATCH: Final = 32
PAINTED: Final = 0.7
"""How often a garment that can be repainted is."""
PRODUCTS_PAINTED: Final = 0.4
"""The same of product photos, of which there are enough."""


class Trunk:
    """An encoder's trunk, which pools 1280 numbers of a picture."""

    def __init__(self, folder: Path) -> None:
        """Load the trunk of an encoder in a `local-dir:` folder.

        Raises:
            WeightsError: there is none.
        """
        found = pretrained.load(f"local-dir:{folder}")
        self.fingerprint = fingerprint_of(found.model, found.tokenize, found.config)
        visual = found.model.eval().get_submodule("visual")
        fold_batch_norms(visual)
        visual.set_submodule("head", nn.Identity())
        self._trunk = visual.to(memory_format=torch.channels_last)
        self._compiled: CompiledTower | None = None
        with suppress(GraphUnfit):
            self._compiled = tower(self._trunk, SIDE, Engine.AUTO)

    def features(self, pictures: Sequence[Rgb]) -> Features:
        """Return (n, d) float16 features of `SIDE` x `SIDE` x 3 pictures."""
        rows = []
        with torch.inference_mode():
            for start in range(0, len(pictures), BATCH):
                pixels = torch.from_numpy(np.stack(pictures[start : start + BATCH]))
                rows.append(self._rows(normalised(pixels)).half())
        return np.asarray(torch.cat(rows).numpy(), np.float16)

    def _rows(self, pixels: Tensor) -> Tensor:
        if self._compiled is not None:
            return self._compiled(pixels)
        with autocast(pixels.device):
            rows: Tensor = self._trunk(pixels)
        return rows


@dataclass(frozen=True)
class _Seen:
    facts: Facts
    served: Rgb | None
    changed: Sequence[Rgb]


def collect(folders: Sequence[Path], encoder: Path, out: Path, report: Report) -> int:
    """Remember every garment of the `train` splits that is not remembered yet; return how many.

    Args:
        folders: data sets, as `index.training.examples.garments` reads them.
        encoder: whose trunk sees them.
        out: the folder of the shards.
        report: receives a line a shard.

    Raises:
        DatasetError: a folder is in none of the known layouts.
        WeightsError: the encoder cannot be read, or `out` holds another's features.
    """
    trunk = Trunk(encoder)
    out.mkdir(parents=True, exist_ok=True)
    known = shelf.known(out, trunk.fingerprint)
    number, new = len(list(out.glob(shelf.SHARDS))), 0
    waiting: list[tuple[str, Example]] = []
    for folder in folders:
        for example in read_examples(folder, "train", known):
            # two folders may number worn garments alike
            once = example.id if example.whole else f"{folder.name}/{example.id}"
            if once not in known:
                waiting.append((once, example))
                known.add(once)
            if len(waiting) >= SHARD:
                number, new = number + 1, new + _put_away(waiting, trunk, out, number)
                report(f"{new} garments remembered")
    if waiting:
        new += _put_away(waiting, trunk, out, number)
    return new


def _put_away(waiting: list[tuple[str, Example]], trunk: Trunk, out: Path, number: int) -> int:
    garments, pictures = [], list[Rgb]()
    for once, example in waiting:
        looks = []
        for seen in _looks(example):
            served = None if seen.served is None else len(pictures)
            pictures += [] if seen.served is None else [seen.served]
            changed = tuple(range(len(pictures), len(pictures) + len(seen.changed)))
            pictures += seen.changed
            looks.append(Look(seen.facts, served, changed))
        garments.append(
            Remembered(once, example.source, example.group, example.reserved, tuple(looks))
        )
    path = out / f"{number:05d}.npz"
    shelf.write(path, garments, trunk.features(pictures), trunk.fingerprint)
    count = len(waiting)
    waiting.clear()
    return count


def _looks(example: Example) -> list[_Seen]:
    """Return a garment's views: of product photos, of which there are many, one changed view a look."""
    digest = hashlib.sha256(example.id.encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    product = example.source == PRODUCT_PHOTOS
    strengths = (STRONG if rng.random() < 0.5 else MILD,) if product else (MILD, STRONG)

    def changed(rgb: Rgb) -> list[Rgb]:
        views = []
        for strength in strengths:
            mask = None if example.whole and rng.random() < BACKGROUND_LEFT else example.mask
            views.append(view(rgb, rng, strength=strength, side=SIDE, mask=mask))
        return views

    looks = [_Seen(example.facts, example.served(), changed(example.rgb))]
    if rng.random() < (PRODUCTS_PAINTED if product else PAINTED) and is_plain(example):
        paints = _paints(example, rng)
        chosen = [paints[int(rng.integers(2))]] if product else paints
        looks += [
            _Seen(paint.facts_of(example.facts), None, changed(repainted(example, paint)))
            for paint in chosen
        ]
    return looks


def _paints(example: Example, rng: np.random.Generator) -> list[Paint]:
    facts = example.facts
    other = plain_look(facts, rng)
    if facts.category in SOLID_KINDS:
        return [other, plain_look(facts, rng)]
    return [
        other,
        patterned_look(facts.colours[0], main_rgb(example), rng),
        patterned_look(other.colours[0], other.rgb, rng),
    ]
