"""Which files are never trained on, where a data set has no split of its own."""

from __future__ import annotations

import hashlib


def held_out(data: bytes) -> bool:
    """Whether a file belongs to the tenth that is never trained on.

    Args:
        data: the file's bytes, or those of its name where files are named uniquely.
    """
    return hashlib.sha256(data).digest()[0] % 10 == 0
