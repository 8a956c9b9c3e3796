"""The garments of the last batches: more wrong answers, and more right ones, than one batch has.

A batch has a dozen shoes, the catalogue a thousand. The vectors of the last batches are a little out of
date and carry no gradient, and help all the same (Wang et al., Cross-Batch Memory, 2020). It is not part
of a checkpoint: a resumed run fills it again within some dozen steps.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from index.training.examples.facts import FALSE, UNKNOWN

REMEMBERED: Final = 2048


class Memory:
    """M garments, newest last.

    Attributes:
        vectors: (M, d) unit rows without gradient.
        words_truth: (M, K), garment by word.
        number: (M,) equal numbers are the same garment.
    """

    def __init__(self) -> None:
        self.vectors = torch.zeros(0, 0)
        self.words_truth = torch.zeros(0, 0, dtype=torch.int8)
        self.number = torch.zeros(0, dtype=torch.long)

    def beside(self, vectors: Tensor) -> Tensor:
        """Return (B + M, d): a batch's vectors, then those remembered."""
        return torch.cat([vectors, self.vectors]) if len(self.vectors) else vectors

    def words_truth_beside(self, words_truth: Tensor) -> Tensor:
        """Return (B + M, K)."""
        return torch.cat([words_truth, self.words_truth]) if len(self.vectors) else words_truth

    def truth_of(self, number: Tensor) -> Tensor:
        """Return (B, M): false where a garment is another one, unknown where it may look alike."""
        same = number[:, None] == self.number.to(number.device)[None]
        return torch.where(same, UNKNOWN, FALSE)

    def keep(self, vectors: Tensor, words_truth: Tensor, number: Tensor) -> None:
        """Remember a batch, and forget the oldest garments beyond `REMEMBERED`."""
        self.vectors, self.words_truth, self.number = (
            torch.cat([old, new.detach()])[-REMEMBERED:] if len(old) else new.detach().clone()
            for old, new in (
                (self.vectors, vectors),
                (self.words_truth, words_truth),
                (self.number, number),
            )
        )
