"""Unit vectors <-> what the database keeps of them, and their names."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segmentation.common.errors import WeightsError

_NAMESPACE: Final = uuid.UUID("6f0d0d53-5a4a-5b0c-9a3e-6a1c5c0b7f21")
_NORM_TOLERANCE: Final = 1e-2


def vector_id(catalogue: str, sku: str, image_hash: str, fingerprint: str) -> uuid.UUID:
    """Return the UUIDv5 of one picture of one item as one encoder sees it.

    The same four give the same id everywhere, so that writing twice is writing once.
    """
    return uuid.uuid5(_NAMESPACE, json.dumps([catalogue, sku, image_hash, fingerprint]))


def field_id(vector: uuid.UUID, *traits: str) -> uuid.UUID:
    """Return the name of a field's row: another one when the vector or a trait of the item changed.

    Args:
        vector: the id of the encoder's vector.
        traits: `index.model.fields.Traits`, as they are stored.
    """
    return uuid.uuid5(vector, json.dumps(traits))


def pack(vector_unit: NDArray[np.float32]) -> bytes:
    """Return a (d,) unit vector as d little-endian fp16 numbers."""
    return vector_unit.astype("<f2").tobytes()


def unpack(blobs: Sequence[bytes], dim: int) -> NDArray[np.float32]:
    """Return packed vectors as (n, dim) float32 unit rows.

    Rounding to fp16 leaves a length of 1 ± 0.0005; rows are brought back to 1, so that an inner
    product stays a cosine.

    Raises:
        ValueError: a blob does not hold `dim` numbers.
    """
    rows = np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), dim).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(rows / np.maximum(lengths, np.float32(1e-12)), np.float32)


def check_unit(vectors: NDArray[np.float32], rows: int, dim: int) -> NDArray[np.float32]:
    """Return an encoder's answer as it is, once it is known to be (rows, dim) unit rows.

    Raises:
        WeightsError: it is not; one NaN in the catalogue would spoil every search.
    """
    good = vectors.shape == (rows, dim) and bool(np.isfinite(vectors).all())
    if good and rows:
        good = bool(np.abs(np.linalg.norm(vectors, axis=1) - 1).max() <= _NORM_TOLERANCE)
    if not good:
        raise WeightsError(
            "the encoder's answer is unusable",
            got=f"{vectors.shape} rows that are not all of length 1",
            expected=f"({rows}, {dim}) unit rows",
            next_step="Run `recommender doctor`; the encoder's weights may be damaged.",
        )
    return vectors
