"""How large the files may be that visitors and merchants hand in: the service's limits, as `serve ui` passes them on."""

from __future__ import annotations

import os
from typing import Final

MEGABYTE: Final = 2**20
_PHOTO, _FEED = "RECOMMENDER_MAX_UPLOAD_MB", "RECOMMENDER_MAX_FEED_MB"


def photo_mb() -> float:
    """Return the size of the largest photo, in megabytes (2^20 bytes)."""
    return float(os.environ.get(_PHOTO) or 15)


def feed_mb() -> int:
    """Return the size of the largest feed, in whole megabytes (2^20 bytes)."""
    return max(1, int(float(os.environ.get(_FEED) or 200)))
