"""What kind of garment a vector shows, and how sure that is: for items whose shop does not say.

A kind has words; a vector's cosines to all words, over a temperature, become shares that add up
to one, and a kind's confidence is the share of its words. `guessing.json` beside an encoder's
weights holds the temperature at which the confidence is honest, and the least that is believed:
{"temperature": 0.05, "least": 0.7, "words": {"shirt": ["shirt", "blouse"], ...}}
`python -m index.training.measuring.guessing` writes it. Other encoders are asked in CLIP's usual words, at
their own logit scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from index.model.calibration import CalibrationFile, folder_of
from index.model.vectors import check_unit
from segmentation.common.taxonomy import Category

FILE: Final = "guessing.json"
"""Lies beside an encoder's weights."""
WORDS: Final[dict[Category, tuple[str, ...]]] = {
    **{category: (category.value,) for category in Category},
    Category.SHIRT: ("shirt", "blouse"),
    Category.TOP: ("top", "t-shirt", "long-sleeved top", "sweatshirt", "hoodie"),
    Category.SWEATER: ("sweater", "jumper"),
    Category.JACKET: ("jacket", "blazer"),
    Category.PANTS: ("pants", "jeans", "leggings"),
    Category.JUMPSUIT: ("jumpsuit", "romper"),
    Category.GLASSES: ("glasses", "sunglasses"),
    Category.HEADBAND: ("headband", "hair accessory"),
    Category.GLOVE: ("gloves",),
    Category.TIGHTS: ("tights", "stockings"),
    Category.SOCK: ("socks",),
    Category.SHOE: ("shoes", "boots", "sandals", "sneakers", "heels"),
    Category.BAG: ("bag", "purse", "wallet"),
}
"""A kind -> what people call it."""
USUAL_FRAME: Final = "a photo of {}"
USUAL_SCALE: Final = 100.0
"""The logit scale at which CLIP models end their training."""
UNCALIBRATED: Final = 0.9
"""The least confidence that is believed where nobody measured how honest it is."""


class TextEncoder(Protocol):
    """The part of `index.encoders.encoder.Encoder` that guessing needs."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each text, in order."""
        ...


class Calibration(BaseModel):
    """What was measured of an encoder's guesses.

    Attributes:
        temperature: cosines are divided by it before the softmax.
        least: the least confidence that is believed, 0 to 1.
        words: kind -> phrases, one at least.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    temperature: float = Field(gt=0, allow_inf_nan=False)
    least: float = Field(ge=0, le=1, allow_inf_nan=False)
    words: dict[Category, Annotated[list[str], Field(min_length=1)]] = Field(min_length=2)

    @classmethod
    def usual(cls, scale: float) -> Calibration:
        """Return how an encoder is asked that nobody calibrated, by its own logit scale."""
        words = {kind: [USUAL_FRAME.format(word) for word in WORDS[kind]] for kind in Category}
        return cls(temperature=1 / scale, least=UNCALIBRATED, words=words)

    def shares(self, cosines: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return each kind's share, (n, kinds) rows that add up to one.

        Args:
            cosines: (n, phrases) of vectors to all phrases, kind by kind.
        """
        logits = cosines.astype(np.float64) / self.temperature
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        counts = [len(phrases) for phrases in self.words.values()]
        starts = np.cumsum([0, *counts[:-1]])
        return np.asarray(np.add.reduceat(shares, starts, axis=1))


class CategoryGuesser:
    """Guesses kinds. Safe to share between threads: words encoded twice give the same rows."""

    def __init__(
        self,
        encoder: TextEncoder,
        calibration: Calibration | None = None,
        least: float | None = None,
    ) -> None:
        """Take what guesses.

        Args:
            encoder: made the vectors that will be asked about; its words are encoded when first needed.
            calibration: as its `guessing.json` says; None for an encoder that has none.
            least: the least confidence that is believed; the calibration's where not given.
        """
        self._encoder = encoder
        self._calibration = calibration
        self._least = least
        self._rows: NDArray[np.float32] | None = None

    @property
    def calibration(self) -> Calibration:
        """How the encoder is asked."""
        if self._calibration is None:
            scale = float(getattr(self._encoder, "logit_scale", USUAL_SCALE))
            self._calibration = Calibration.usual(scale)
        return self._calibration

    @property
    def least(self) -> float:
        """The least confidence that is believed; an item below it should be rejected."""
        return self.calibration.least if self._least is None else self._least

    def guess(self, vectors_unit: NDArray[np.float32]) -> list[tuple[Category, float]]:
        """Return the likeliest kind of each garment and its confidence, 0 to 1, in order.

        Args:
            vectors_unit: (n, d) float32 unit rows that the encoder made.

        Raises:
            WeightsError: the encoder's answer for the words is unusable.
        """
        if not len(vectors_unit):
            return []
        shares = self.calibration.shares(vectors_unit @ self._phrases(vectors_unit.shape[1]).T)
        kinds = list(self.calibration.words)
        best = shares.argmax(axis=1)
        return [(kinds[at], float(row[at])) for at, row in zip(best, shares, strict=True)]

    def _phrases(self, dim: int) -> NDArray[np.float32]:
        """Return (phrases, dim) unit rows, kind by kind."""
        if self._rows is None:
            texts = [text for phrases in self.calibration.words.values() for text in phrases]
            self._rows = check_unit(self._encoder.encode_texts(texts), len(texts), dim)
        return self._rows


_FILE: Final = CalibrationFile(
    Calibration.model_validate_json,
    what="how sure the encoder's guesses are cannot be read",
    expected="a temperature, the least confidence, and words for two kinds or more",
    next_step="Make it anew with `python -m index.training.measuring.guessing DATA`, or take the file away.",
)


def calibration_of(encoder: str) -> Calibration | None:
    """Return the calibration of an encoder by its name; None where it is no folder that has one.

    Raises:
        WeightsError: the file is damaged.
    """
    return _FILE.read(folder_of(encoder) / FILE)
