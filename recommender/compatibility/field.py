"""Items' embeddings by the compatibility network, as a field of the index: what its questions are asked of.

An embedding follows from the item alone, whatever is worn, so it is made when the index is; a question
is one vector for each wanted kind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from index.model.fields import Traits
from recommender.compatibility.network import DIM, CompatibilityNet
from recommender.compatibility.rows import kinds_of, rows_of
from recommender.compatibility.saved import Saved
from recommender.outfits.outfit import colour_names

NAME: Final = "compatibility"


@dataclass(frozen=True, eq=False)
class CompatibilityField:
    """Makes the rows; see `index.model.fields.FieldMaker`.

    Attributes:
        network: ready to serve.
        fingerprint: of the encoder and of the network's weights.
        name, dim: of the field.
    """

    network: CompatibilityNet
    fingerprint: str
    name: str = NAME
    dim: int = DIM

    @classmethod
    def of(cls, saved: Saved) -> CompatibilityField:
        """Return what makes the field of a saved model."""
        whole = hashlib.sha256(saved.fingerprint.encode())
        for name, part in sorted(saved.network.state_dict().items()):
            whole.update(name.encode() + part.contiguous().numpy().tobytes())
        return cls(saved.network, whole.hexdigest())

    def rows(
        self, traits: Sequence[Traits], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (n, DIM) float32 unit rows; see `FieldMaker.rows`."""
        colours = [colour_names((each.colour, each.second_colour)) for each in traits]
        rows = rows_of(vectors_unit, colours, [each.pattern for each in traits])
        kinds = kinds_of([each.category for each in traits])
        with torch.inference_mode():
            made = self.network.items(torch.from_numpy(rows), torch.from_numpy(kinds))
        return np.asarray(made.numpy(), dtype=np.float32)
