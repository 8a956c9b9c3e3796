"""Outfits -> arrays: every piece encoded in all its disturbed crops, once, before any training."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from index.attributes import AttributeReader
from index.encoder import Encoder
from index.families import families_of
from index.training.features import ImageNetFeatures
from recommender.compatibility.ensembles import Ensemble, EnsembleFile
from recommender.compatibility.rows import kinds_of, rows_of
from recommender.compatibility.training.crops import DRAWS, Crops, crops_of
from recommender.compatibility.training.regions import RegionEncoder
from segmentation.precision import fastest_dtype
from segmentation.training.loop import Report
from segmentation.training.workers import loaded_ahead

Places: TypeAlias = NDArray[np.int64]
TOLD_EVERY: Final = 100
MOST_WORN: Final = 10
"""Garments of an outfit that are looked at beside one of its pieces."""


@dataclass(frozen=True, eq=False)
class Seen:
    """N pieces of many outfits. Draw 0 of everything is undisturbed; K = 1 + `DRAWS`.

    Attributes:
        outfit: (N,) number of the outfit that a piece belongs to.
        names: of the outfits.
        kinds: (N,) official category ids.
        asked, worn: (N,) bool; see `Piece`.
        rows: (K, N, width) float16.
        colours: (K, N) object array of tuples of palette names.
        shrunk: (N, width) float16; the piece without its border, disturbed.
        around, border: (K, N, 8) float32 colour statistics, which the control sees.
        regions: (K, N, 49, d) float16 of the rectangle beside a piece, draw 0 zeros; None unless wanted.
        imagenet: (K, N, 1280) float16; None unless wanted.
    """

    outfit: NDArray[np.int64]
    names: tuple[str, ...]
    kinds: NDArray[np.int64]
    asked: NDArray[np.bool_]
    worn: NDArray[np.bool_]
    rows: NDArray[np.float16]
    colours: NDArray[np.object_]
    shrunk: NDArray[np.float16]
    around: NDArray[np.float32]
    border: NDArray[np.float32]
    regions: NDArray[np.float16] | None = None
    imagenet: NDArray[np.float16] | None = None

    def __len__(self) -> int:
        return len(self.outfit)

    @cached_property
    def others(self) -> Places:
        """(N, `MOST_WORN`): what is worn beside each piece, -1 where there is less."""
        table = np.full((len(self), MOST_WORN), -1, dtype=np.int64)
        for pieces in self.members:
            worn = pieces[self.worn[pieces]]
            for piece in pieces:
                beside = worn[worn != piece][:MOST_WORN]
                table[piece, : len(beside)] = beside
        return table

    @cached_property
    def members(self) -> list[Places]:
        """The pieces of each outfit."""
        order = np.argsort(self.outfit, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(self.outfit[order])) + 1)

    @cached_property
    def askable(self) -> Places:
        """The pieces that may be asked about: something else is worn."""
        return np.flatnonzero(self.asked & (self.others[:, 0] >= 0))

    def of(self, outfits: NDArray[np.bool_]) -> Seen:
        """Return some outfits alone, by a bool for each."""
        number = np.cumsum(outfits) - 1
        kept = outfits[self.outfit]

        def some(table: Any) -> Any:
            return None if table is None else table[:, kept]

        return Seen(
            number[self.outfit[kept]],
            tuple(name for name, yes in zip(self.names, outfits, strict=True) if yes),
            self.kinds[kept],
            self.asked[kept],
            self.worn[kept],
            some(self.rows),
            some(self.colours),
            self.shrunk[kept],
            some(self.around),
            some(self.border),
            some(self.regions),
            some(self.imagenet),
        )


@dataclass(frozen=True)
class _Drawn(Dataset[tuple[Ensemble, Crops]]):
    files: Sequence[EnsembleFile]
    scenes: bool

    def __getitem__(self, number: int) -> tuple[Ensemble, Crops]:
        ensemble = self.files[number].read()
        seed = zlib.crc32(ensemble.id.encode())
        return ensemble, crops_of(ensemble, seed, scenes=self.scenes)


def see(
    files: Sequence[EnsembleFile],
    encoder: Encoder,
    encoder_name: str,
    *,
    compared: bool,
    report: Report,
) -> Seen:
    """Return outfits as arrays; outfits of fewer than two pieces teach nothing and are left out.

    Args:
        files: the outfits.
        encoder: of the pieces.
        encoder_name: whose families of answers tell the patterns.
        compared: rectangles and ImageNet features are wanted too, for what the model is compared with.
        report: receives progress lines.
    """
    eyes = _Eyes(
        encoder,
        AttributeReader(encoder, families_of(encoder_name)),
        RegionEncoder() if compared else None,
        ImageNetFeatures() if compared else None,
    )
    parts: list[_Part] = []
    drawn = loaded_ahead(_Drawn(files, compared), range(len(files)), 1, _only, ahead=4)
    for number, (ensemble, crops) in enumerate(drawn, start=1):
        if len(ensemble.pieces) > 1:
            parts.append(_encoded(ensemble, crops, eyes))
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
    ensemble: Ensemble
    crops: Crops
    rows: NDArray[np.float16]
    shrunk: NDArray[np.float16]
    regions: NDArray[np.float16] | None
    imagenet: NDArray[np.float16] | None


def _encoded(ensemble: Ensemble, crops: Crops, eyes: _Eyes) -> _Part:
    count, draws = len(ensemble.pieces), 1 + DRAWS
    categories = [piece.category for piece in ensemble.pieces] * (draws + 1)
    vectors = eyes.encoder.encode_images([*crops.pieces, *crops.shrunk])
    told = eyes.reader.read([None] * len(vectors), vectors, categories)
    colours = [*crops.colours, *crops.colours[count : 2 * count]]
    rows = rows_of(vectors, colours, [each.pattern for each in told]).astype(np.float16)
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
        ensemble,
        crops,
        rows[: draws * count].reshape(draws, count, -1),
        rows[draws * count :],
        maps,
        None if features is None else features.reshape(draws, count, -1),
    )


def _joined(parts: Sequence[_Part]) -> Seen:
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
    return Seen(
        np.array([number for number, _ in pieces]),
        tuple(part.ensemble.id for part in parts),
        kinds_of([piece.category for _, piece in pieces]),
        np.array([piece.asked for _, piece in pieces]),
        np.array([piece.worn for _, piece in pieces]),
        np.concatenate([part.rows for part in parts], axis=1),
        colours,
        np.concatenate([part.shrunk for part in parts]),
        np.concatenate([part.crops.around for part in parts], axis=1),
        np.concatenate([part.crops.border for part in parts], axis=1),
        np.concatenate(maps, axis=1) if maps else None,
        np.concatenate(features, axis=1) if features else None,
    )


def _only(rows: list[tuple[Ensemble, Crops]]) -> tuple[Ensemble, Crops]:
    [row] = rows
    return row
