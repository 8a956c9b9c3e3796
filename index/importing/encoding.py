"""Pictures -> cut-outs -> vectors and attributes, a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.catalogue.entries import Vector
from index.encoders.attributes import AttributeReader
from index.facts.reader import FactsReader
from index.model.items import Pictures
from index.model.vectors import check_unit
from segmentation.common.garments import Photo, Rgb
from segmentation.common.taxonomy import Category


class Cutter(Protocol):
    """Cuts the garment out of a picture."""

    def __call__(
        self, photo: Photo, category: Category | None, pictures: Pictures = Pictures.AUTO
    ) -> tuple[Rgb, Mapping[str, str]]:
        """Return the cut-out for the encoder, and what could be measured on it by field name.

        What is measured are `colour`, `second_colour` and `material`; the attribute reader tells
        the rest.

        Args:
            photo: the picture.
            category: of the garment that is meant; None for the largest.
            pictures: what the shop's pictures show.
        """
        ...


class Guesser(Protocol):
    """Tells kinds of garments from their vectors, for items whose shop does not say."""

    @property
    def least(self) -> float:
        """The least confidence that is believed, 0 to 1."""
        ...

    def guess(self, vectors_unit: NDArray[np.float32]) -> list[tuple[Category, float]]:
        """Return the likeliest kind of each of (n, d) unit rows and its confidence, 0 to 1."""
        ...


class ImageEncoder(Protocol):
    """The part of `index.encoders.encoder.Encoder` that indexing needs."""

    @property
    def fingerprint(self) -> str:
        """Identifies weights and preprocessing."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows."""
        ...


@dataclass(frozen=True, eq=False)
class CutOut:
    """A cut-out that waits for the encoder, of what kind it is, and what the cutter measured."""

    cutout_rgb: Rgb
    category: Category
    measured: Mapping[str, str]


@dataclass(frozen=True)
class Workbench:
    """A cutter, an encoder, and what reads attributes off its vectors, where anything does."""

    cutter: Cutter
    encoder: ImageEncoder
    reader: AttributeReader | None = None
    guesser: Guesser | None = None
    facts: FactsReader = field(default_factory=FactsReader)

    def vectors(self, cutouts_rgb: Sequence[Rgb]) -> list[Vector]:
        """Return a vector for each cut-out, in order; nothing is asked where there is none.

        Raises:
            WeightsError: the encoder's answer is unusable.
        """
        if not cutouts_rgb:
            return []
        answer = self.encoder.encode_images(cutouts_rgb)
        rows = check_unit(answer, len(cutouts_rgb), self.encoder.dim)
        return [Vector(row, self.encoder.fingerprint) for row in rows]

    def measured(
        self, pieces: Sequence[CutOut], vectors: Sequence[Vector]
    ) -> list[Mapping[str, str]]:
        """Return all that was read off each piece, by field name; the cutter knows colours best.

        A cutter that tells no colour has cut along the garment's border: the cut-out itself shows
        the colours then.
        """
        if not pieces:
            return []
        units = np.stack([vector.unit for vector in vectors])
        kinds = [piece.category for piece in pieces]
        known = [facts.known() for facts in self.facts.read(units, kinds)]
        if self.reader is not None:
            cutouts = [None if p.measured.get("colour") else p.cutout_rgb for p in pieces]
            read = self.reader.read(cutouts, units, kinds)
            result = self.facts.corrected([each.known() for each in read], units, kinds)
            known = [{**k, **each} for k, each in zip(known, result, strict=True)]
        return [{**k, **piece.measured} for k, piece in zip(known, pieces, strict=True)]
