"""Outfits -> arrays: every piece encoded in all its disturbed crops, once, before any training."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from index.encoders.attribute_prompts import families_of
from index.encoders.attributes import AttributeReader
from index.encoders.encoder import Encoder
from index.training.measuring.features import ImageNetFeatures
from recommender.compatibility.ensembles import Ensemble, EnsembleFile
from recommender.compatibility.rows import kinds_of, rows_of
from recommender.compatibility.training.encoded.crops import DRAWS, Crops, crops_of, filled
from recommender.compatibility.training.encoded.outfits import EncodedOutfits
from recommender.compatibility.training.encoded.regions import RegionEncoder
from segmentation.common.precision import fastest_dtype
from segmentation.training.runs.loop import Report
from segmentation.training.samples.workers import loaded_ahead

TOLD_EVERY: Final = 100
NOTHING: Final = np.zeros((0, 0, 3), np.uint8)


@dataclass(frozen=True)
class _Drawn(Dataset[tuple[Ensemble, Crops] | None]):
    files: Sequence[EnsembleFile]
    scenes: bool
    stretched: bool

    def __getitem__(self, number: int) -> tuple[Ensemble, Crops] | None:
        ensemble = self.files[number].read()
        if len(ensemble.pieces) < 2:
            return None
        if self.stretched:
            pieces = tuple(replace(piece, rgb=filled(piece.rgb)) for piece in ensemble.pieces)
            ensemble = replace(ensemble, pieces=pieces)
        seed = zlib.crc32(ensemble.id.encode())
        return ensemble, crops_of(ensemble, seed, scenes=self.scenes)


def see(
    files: Sequence[EnsembleFile],
    encoder: Encoder,
    encoder_name: str,
    *,
    compared: bool,
    stretched: bool = False,
    report: Report,
) -> EncodedOutfits:
    """Return outfits as arrays; outfits of fewer than two pieces teach nothing and are left out.

    Args:
        files: the outfits.
        encoder: of the pieces.
        encoder_name: whose families of answers tell the patterns.
        compared: rectangles and ImageNet features are wanted too, for what the model is compared with.
        stretched: cut-outs fill their square, so that their shapes do not tell where they were worn; there are
            no ImageNet features then.
        report: receives progress lines.
    """
    eyes = _Eyes(
        encoder,
        AttributeReader(encoder, families_of(encoder_name)),
        RegionEncoder(encoder_name) if compared else None,
        ImageNetFeatures() if compared and not stretched else None,
    )
    parts: list[_Part] = []
    drawn = loaded_ahead(_Drawn(files, compared, stretched), range(len(files)), 1, _only, ahead=4)
    for number, pictures in enumerate(drawn, start=1):
        if pictures is not None:
            parts.append(_encoded(*pictures, eyes))
        if number % TOLD_EVERY == 0:
            report(f"{number} of {len(files)} outfits encoded")
    return _joined(parts)


@dataclass(frozen=True)
class _Eyes:
    encoder: Encoder
    reader: AttributeReader
    regions: RegionEncoder | None
    imagenet: ImageNetFeatures | None


@dataclass(frozen=True)
class _Part:
    """An outfit, encoded; its pictures are let go of: those of a thousand take 10 GB."""

    ensemble: Ensemble
    crops: Crops
    boxes: NDArray[np.float32]
    rows: NDArray[np.float16]
    shrunk: NDArray[np.float16]
    regions: NDArray[np.float16] | None
    imagenet: NDArray[np.float16] | None


def _encoded(ensemble: Ensemble, crops: Crops, eyes: _Eyes) -> _Part:
    count, draws = len(ensemble.pieces), 1 + DRAWS
    categories = [piece.category for piece in ensemble.pieces] * (draws + 1)
    vectors = eyes.encoder.encode_images([*crops.pieces, *crops.shrunk])
    result = eyes.reader.read([None] * len(vectors), vectors, categories)
    colours = [*crops.colours, *crops.colours[count : 2 * count]]
    rows = rows_of(vectors, colours, [each.pattern for each in result]).astype(np.float16)
    maps = None
    if eyes.regions is not None and crops.scenes:
        seen = eyes.regions.encode(crops.scenes)
        maps = np.zeros((draws, count, *seen.shape[1:]), dtype=np.float16)
        maps[1:] = seen.reshape(DRAWS, count, *seen.shape[1:])
    features = None
    if eyes.imagenet is not None:
        bf16 = fastest_dtype() is torch.bfloat16
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            features = eyes.imagenet.encode_images(crops.pieces).astype(np.float16)
    return _Part(
        replace(
            ensemble, scene=None, pieces=tuple(replace(p, rgb=NOTHING) for p in ensemble.pieces)
        ),
        crops._replace(pieces=[], scenes=[], shrunk=[]),
        _boxes(ensemble),
        rows[: draws * count].reshape(draws, count, -1),
        rows[draws * count :],
        maps,
        None if features is None else features.reshape(draws, count, -1),
    )


def _joined(parts: Sequence[_Part]) -> EncodedOutfits:
    pieces = [
        (number, piece) for number, part in enumerate(parts) for piece in part.ensemble.pieces
    ]
    colours = np.empty((1 + DRAWS, len(pieces)), dtype=object)
    start = 0
    for part in parts:
        count = len(part.ensemble.pieces)
        for place, names in enumerate(part.crops.colours):
            colours[place // count, start + place % count] = names
        start += count
    maps = [part.regions for part in parts if part.regions is not None]
    features = [part.imagenet for part in parts if part.imagenet is not None]
    return EncodedOutfits(
        np.array([number for number, _ in pieces]),
        tuple(part.ensemble.id for part in parts),
        np.array([piece.id for _, piece in pieces]),
        kinds_of([piece.category for _, piece in pieces]),
        np.array([piece.asked for _, piece in pieces]),
        np.array([piece.worn for _, piece in pieces]),
        np.concatenate([part.rows for part in parts], axis=1),
        colours,
        np.concatenate([part.shrunk for part in parts]),
        np.concatenate([part.crops.around for part in parts], axis=1),
        np.concatenate([part.crops.border for part in parts], axis=1),
        np.concatenate([part.boxes for part in parts]),
        np.concatenate(maps, axis=1) if maps else None,
        np.concatenate(features, axis=1) if features else None,
    )


def _boxes(ensemble: Ensemble) -> NDArray[np.float32]:
    boxes = np.zeros((len(ensemble.pieces), 4), dtype=np.float32)
    if ensemble.scene is not None:
        height, width = ensemble.scene.shape[:2]
        for row, piece in zip(boxes, ensemble.pieces, strict=True):
            row[:] = piece.box_xyxy or (0, 0, 0, 0)
        boxes /= (width, height, width, height)
    return boxes


def _only(rows: list[tuple[Ensemble, Crops] | None]) -> tuple[Ensemble, Crops] | None:
    [row] = rows
    return row
