"""The filters, and one more: what a shop may add."""

from __future__ import annotations

from dataclasses import dataclass

from index.model.filters import Filters, allowed


@dataclass(frozen=True)
class Finer(Filters):
    """Filters by material too."""

    materials: frozenset[str] = allowed(
        "material", str, "material", description="Such as wool.", option="Only of this material."
    )
