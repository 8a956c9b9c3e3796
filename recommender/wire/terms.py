"""What the wire and the verbs both hold to: how much may be asked at once, and what may be said."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

MAX_TEXT: Final = 500
"""Characters of a question in words."""
MAX_OFFSET: Final = 1000
"""Similar items that may be passed over; beyond it nobody leafs."""
MAX_LOOK: Final = 20
"""Items of a look that is saved, shared or taken along."""


class Verdict(StrEnum):
    """What was told: of one item, or, where a look was saved, of each of its items."""

    LIKE = "like"
    DISLIKE = "dislike"
    SAVE = "save"
