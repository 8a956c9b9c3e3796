"""What is read off a garment for free: colours from its pixels, the rest from its vector.

Pattern, sleeve and length are read by the encoder's families of answers: the answer whose phrases
lie nearest to the garment's vector is given where its share is sure enough; else nothing is said.
An encoder without families gives colours only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoders.attribute_prompts import Families, Family
from index.model.vectors import check_unit
from segmentation.common.colours import main_colours
from segmentation.common.cutouts import NEUTRAL
from segmentation.common.garments import Rgb
from segmentation.common.taxonomy import Category

ANSWERED: Final = ("pattern", "sleeve", "length")
"""The families, and the fields of `Attributes` that they fill."""


class TextEncoder(Protocol):
    """The part of `index.encoders.encoder.Encoder` that reading attributes needs."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each text, in order."""


@dataclass(frozen=True)
class Attributes:
    """What was read off one garment; an empty text is "unknown"."""

    colour: str = ""
    second_colour: str = ""
    pattern: str = ""
    sleeve: str = ""
    length: str = ""

    def known(self) -> dict[str, str]:
        """Return those that are known, by name.

        >>> Attributes(colour="navy", sleeve="long").known()
        {'colour': 'navy', 'sleeve': 'long'}
        """
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, eq=False)
class AttributeReader:
    """Reads attributes. Safe to share between threads: a text encoded twice gives the same row.

    Attributes:
        encoder: made the vectors that will be read.
        families: as its `attributes.json` says; empty for colours only.
    """

    encoder: TextEncoder
    families: Families = field(default_factory=dict)
    _rows: dict[tuple[str, str], NDArray[np.float32]] = field(default_factory=dict, init=False)

    def read(
        self,
        cutouts_rgb: Sequence[Rgb | None],
        vectors: NDArray[np.float32],
        categories: Sequence[Category],
    ) -> list[Attributes]:
        """Return the attributes of n garments, in order.

        Args:
            cutouts_rgb: H x W x 3 uint8 cut-outs on the encoder's neutral grey; None where the
                colours are known from elsewhere, or where the background was left in.
            vectors: (n, d) float32 unit rows of the same garments.
            categories: their kinds.

        Raises:
            ValueError: there are not as many of each.
            WeightsError: the encoder's answer for the phrases is unusable.
        """
        if not len(cutouts_rgb) == len(vectors) == len(categories):
            raise ValueError(
                f"read: got {len(cutouts_rgb)} cut-outs, {len(vectors)} vectors, "
                f"{len(categories)} categories; expected as many of each"
            )
        parts: list[dict[str, str]] = [_colours(rgb) for rgb in cutouts_rgb]
        keys = self._keys(categories)
        self._learn(keys, vectors.shape[1] if len(vectors) else 0)
        for (name, key), rows in keys.items():
            family = self.families[name]
            cosines = vectors[rows] @ self._rows[name, key].T
            for row, answer in zip(rows, _answers(family, cosines), strict=True):
                parts[row][name] = answer
        return [Attributes(**each) for each in parts]

    def _keys(self, categories: Sequence[Category]) -> dict[tuple[str, str], list[int]]:
        """Return which rows are compared with which set of phrases."""
        keys: dict[tuple[str, str], list[int]] = {}
        for name, family in self.families.items():
            for row, category in enumerate(categories):
                key = family.key_of(category)
                if key is not None:
                    keys.setdefault((name, key), []).append(row)
        return keys

    def _learn(self, keys: Iterable[tuple[str, str]], dim: int) -> None:
        """Encode, in one batch, the phrases that were not needed before."""
        missing = {k: self.families[k[0]].texts(k[1]) for k in keys if k not in self._rows}
        texts = list({t for answers in missing.values() for phrases in answers for t in phrases})
        if not texts:
            return
        rows = check_unit(self.encoder.encode_texts(texts), len(texts), dim)
        number = {text: at for at, text in enumerate(texts)}
        for key, answers in missing.items():
            means = np.stack([rows[[number[t] for t in phrases]].mean(0) for phrases in answers])
            lengths = np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)
            self._rows[key] = np.asarray(means / lengths, np.float32)


def _colours(cutout_rgb: Rgb | None) -> dict[str, str]:
    if cutout_rgb is None:
        return {}
    names = main_colours(cutout_rgb, (cutout_rgb != NEUTRAL).any(axis=2))
    return dict(zip(("colour", "second_colour"), names, strict=False))


def _answers(family: Family, cosines: NDArray[np.float32]) -> list[str]:
    """Return the answer for each row of (n, answers) cosines, or nothing where none is sure."""
    logits = cosines.astype(np.float64) / family.temperature
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    best = shares.argmax(axis=1)
    names = list(family.answers)
    sure = shares[np.arange(len(best)), best] >= family.threshold
    return [names[at] if ok else "" for at, ok in zip(best.tolist(), sure.tolist(), strict=True)]
