"""What words say of occasion and weather, in a search: which items are right for it, and what it likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.facts.kinds import fine_kinds
from index.model.items import CatalogItem
from recommender.outfits.dress.rules import DressRules
from recommender.outfits.dress.spoken import Spoken
from recommender.services import Services
from recommender.similarity.alike import Suits

MOST_LIKED: Final = 8
"""So many kinds are shown where an occasion is named, and no garment."""
NOTHING_SAID: Final = Spoken("")


def liked(occasion: Spoken, services: Services) -> tuple[str, ...]:
    """Return the fine kinds that the occasion likes; none where none is said."""
    if occasion.occasion is None:
        return ()
    likes = services.stylist.table.occasions[occasion.occasion].likes
    return tuple(name for name in likes if name in fine_kinds())[:MOST_LIKED]


def suiting(occasion: Spoken, services: Services) -> Suits | None:
    """Return what says which items are right for what words say; None where they say nothing of it."""
    context = occasion.context
    if context is None:
        return None
    rules, stylist = DressRules(services.stylist, context), services.stylist

    def suits(items: Sequence[CatalogItem]) -> NDArray[np.bool_]:
        pieces = [stylist.item(item) for item in items]
        return rules.suits(pieces, on_any_day=occasion.temperature_c is None)

    return suits
