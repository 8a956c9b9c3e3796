"""When is an answer relevant: an encoder's `relevance.json`, and the rule where there is none.

{"fingerprint": "0123456789abcdef",
 "picture": {"of_kind": 8.7, "cosine": 1.9, "intercept": -5.4, "least": 0.3},
 "words": {"of_kind": 4.6, "cosine": 10.2, "intercept": -6.7, "least": 0.7},
 "identical": 0.992}

A cosine alone tells little: how near the right answers lie differs from question to question and from
encoder to encoder. What tells more is where the question lies in its own catalogue: an answer is
like it where the catalogue's nearest items, whatever the filters, are of the answer's kind. Both
together give a chance, and what is below the least chance is no answer. `index.training.measuring.relevance`
fits the numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from index.model.calibration import CalibrationFile, folder_of
from segmentation.common.taxonomy import Category

FILE: Final = "relevance.json"
"""Lies beside an encoder's weights."""
NEIGHBOURS: Final = 10
"""Number of the catalogue's nearest items that decide what a question is about."""
COMMAND: Final = "python -m index.training.measuring.relevance DATA"


class Curve(BaseModel):
    """Cosine and kind -> the chance that an answer is relevant: a logistic curve.

    Attributes:
        of_kind: weight of the share of the nearest items that are of the answer's kind.
        cosine: weight of the answer's cosine.
        intercept: what is added.
        least: the chance below which an answer is none.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    of_kind: float = Field(ge=0, allow_inf_nan=False)
    cosine: float = Field(ge=0, allow_inf_nan=False)
    intercept: float = Field(allow_inf_nan=False)
    least: float = Field(ge=0, le=1, allow_inf_nan=False)

    def chances(
        self, cosines: NDArray[np.floating], of_kind: NDArray[np.floating]
    ) -> NDArray[np.float64]:
        """Return the chances, 0 to 1, of answers with these cosines and shares of 0 to 1.

        >>> curve = Curve(of_kind=8.0, cosine=2.0, intercept=-5.0, least=0.5)
        >>> curve.chances(np.array([0.5, 0.5]), np.array([0.0, 1.0])).round(3).tolist()
        [0.018, 0.982]
        """
        logits = self.of_kind * of_kind + self.cosine * cosines + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -500, 500))), np.float64)

    def least_cosine(self, of_kind: float) -> float:
        """Return from which cosine on an answer is relevant; infinite where none is enough."""
        if self.least <= 0:
            return -np.inf
        needed = np.log(self.least / (1 - self.least)) if self.least < 1 else np.inf
        short = float(needed - self.of_kind * of_kind - self.intercept)
        if self.cosine > 0:
            return short / self.cosine
        return -np.inf if short <= 0 else np.inf


class Relevance(BaseModel):
    """What is relevant to whom.

    Attributes:
        fingerprint: of the encoder that it was calibrated for; empty for the rule.
        picture: for questions that are pictures or items.
        words: for texts, and for what was moved by words.
        identical: the cosine from which on two items of one kind are pictures of the same; None
            where only the same picture is.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    fingerprint: str = ""
    picture: Curve
    words: Curve
    identical: float | None = Field(default=None, gt=0, le=1, allow_inf_nan=False)


_RULE: Final = Curve(of_kind=20.0, cosine=0.0, intercept=-1.0, least=0.5)
UNCALIBRATED: Final = Relevance(picture=_RULE, words=_RULE)
"""For an encoder that was not calibrated: relevant is what is of the question's kind or of a kind
that is among the nearest ten of the whole catalogue, however near."""


def shares_of_kinds(
    nearest: Sequence[Category], stocked: Mapping[Category, int]
) -> dict[Category, float]:
    """Return how much of what could be among the nearest items is, for each kind that is: 0 to 1.

    Args:
        nearest: kinds of the nearest items of the catalogue, `NEIGHBOURS` at most.
        stocked: how many items of each kind the catalogue has, so that the only hat of a shop is
            not outvoted.

    >>> ten = [Category.HAT] + 4 * [Category.TOP]
    >>> shares_of_kinds(ten, {Category.HAT: 1, Category.TOP: 90})
    {<Category.HAT: 'hat'>: 1.0, <Category.TOP: 'top'>: 0.8}
    """
    room = len(nearest)
    return {
        kind: min(1.0, count / max(1, min(room, stocked.get(kind, room))))
        for kind, count in Counter(nearest).items()
    }


_FILE: Final = CalibrationFile(
    Relevance.model_validate_json,
    what="the encoder's calibration of relevance cannot be used",
    expected="the curves that were fitted for this very encoder",
    next_step=f"Run `{COMMAND} --encoder {{folder}}`, or take the file away: then a rule "
    "that needs no calibration decides.",
)


def relevance_of(encoder: str, fingerprint: str) -> Relevance:
    """Return the calibration of an encoder by its name; the rule where it has none.

    Raises:
        WeightsError: as for `relevance_in`.
    """
    return relevance_in(folder_of(encoder), fingerprint)


def relevance_in(folder: Path, fingerprint: str) -> Relevance:
    """Return the calibration in an encoder's folder; the rule where it has no `relevance.json`.

    Raises:
        WeightsError: the file is damaged, or was made for another encoder.
    """
    return _FILE.read_for(folder / FILE, fingerprint) or UNCALIBRATED
