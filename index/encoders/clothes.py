"""Does a picture show clothes at all: an encoder's `clothes.json`, and yes where there is none.

{"fingerprint": "0123456789abcdef", "weights": [0.31, ...], "intercept": -0.8, "least": 0.2}

A detector that learned from photos of clothes finds some in noise, on walls and in phones. The vector of the
whole picture tells these apart better than what the detector says of itself, by a logistic regression that
`index.training.clothes` fits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from index.model.calibration import CalibrationFile, folder_of

FILE: Final = "clothes.json"
"""Lies beside an encoder's weights."""
COMMAND: Final = "python -m index.training.clothes DATA"


class ClothesGate(BaseModel):
    """Vector of a whole picture -> whether it shows clothes.

    Attributes:
        fingerprint: of the encoder that it was fitted for; empty where it lets everything pass.
        weights: (d,) of a unit vector's numbers.
        intercept: what is added.
        least: the probability of clothes below which there are none.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    fingerprint: str = ""
    weights: tuple[FiniteFloat, ...] = ()
    intercept: FiniteFloat = 0.0
    least: float = Field(default=0.0, ge=0, le=1, allow_inf_nan=False)

    def probabilities(self, vectors_unit: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return (n,) probabilities that pictures show clothes; 1 where nothing was fitted.

        Args:
            vectors_unit: (n, d) float32 unit rows of whole pictures.

        >>> gate = ClothesGate(weights=(4.0, -4.0), least=0.5)
        >>> gate.probabilities(np.eye(2, dtype=np.float32)).round(3).tolist()
        [0.982, 0.018]
        """
        if not self.weights:
            return np.ones(len(vectors_unit))
        logits = vectors_unit.astype(np.float64) @ np.asarray(self.weights) + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -500, 500))), np.float64)

    def shows_clothes(self, vector_unit: NDArray[np.float32]) -> bool:
        """Return whether the picture with this (d,) unit vector shows clothes."""
        return bool(self.probabilities(vector_unit[None])[0] >= self.least)


OPEN: Final = ClothesGate()
"""For an encoder for which none was fitted: every picture passes."""
_FILE: Final = CalibrationFile(
    ClothesGate.model_validate_json,
    what="what tells pictures of clothes from others cannot be used",
    expected="weights that were fitted for this very encoder",
    next_step=f"Run `{COMMAND} --encoder {{folder}}`, or take the file away: then every picture "
    "passes.",
)


def gate_of(encoder: str, fingerprint: str) -> ClothesGate:
    """Return the gate of an encoder by its name; an open one where it has none.

    Raises:
        WeightsError: as for `gate_in`.
    """
    return gate_in(folder_of(encoder), fingerprint)


def gate_in(folder: Path, fingerprint: str) -> ClothesGate:
    """Return the gate in an encoder's folder; an open one where it has no `clothes.json`.

    Raises:
        WeightsError: the file is damaged, or was made for another encoder.
    """
    return _FILE.read_for(folder / FILE, fingerprint) or OPEN
