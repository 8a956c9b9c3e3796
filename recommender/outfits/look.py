"""What the product proposes: candidates for a slot, looks that put one of each together, and changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from index.model.items import CatalogItem
from recommender.outfits.dress.context import Context
from recommender.wire.terms import Fact, Gain, Idea
from segmentation.common.garments import Garments
from segmentation.common.taxonomy import Slot


@dataclass(frozen=True)
class Why:
    """One reason: what it is about, and a clause that a person would say."""

    fact: Fact
    text: str


@dataclass(frozen=True)
class Candidate:
    """An item proposed for a slot.

    Attributes:
        item: what is proposed.
        score: how well it completes the outfit, 0 to 1; comparable within one slot only.
        why: the computed reasons, the one that says most first.
        cost: what the stylist's table holds against it; 0 where nothing.
    """

    item: CatalogItem
    score: float
    why: tuple[Why, ...] = ()
    cost: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score: got {self.score}; expected 0 to 1")

    @property
    def slot(self) -> Slot:
        """The place it takes."""
        return self.item.slot


@dataclass(frozen=True)
class LookChange:
    """One or two pieces of an outfit replaced.

    Attributes:
        gain: what for.
        replaced: numbers of the garments that go, as the photo's answer numbers them; empty where
            picks go.
        replaced_skus: the picks that go.
        by: slots of the look's picks that come in their place; a slot that stays empty is left out.
        text: what is replaced by what, and what is gained, in one sentence.
    """

    gain: Gain
    replaced: tuple[int, ...] = ()
    replaced_skus: tuple[str, ...] = ()
    by: tuple[Slot, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Look:
    """An outfit: what is worn and kept, and what is proposed, chosen together.

    Attributes:
        picks: slot -> its item; every candidate stands at its own slot.
        score: mean score of the picks, 0 where there are none.
        reason: why there are no picks; empty where there are some.
        worn: numbers of the garments that are kept, as the answer's `garments` number them.
        idea: what its colours are about; None where nothing worn has a colour.
        change: what it replaces of a complete outfit; None where it completes one.
    """

    picks: Mapping[Slot, Candidate] = field(default_factory=dict)
    reason: str = ""
    worn: tuple[int, ...] = ()
    idea: Idea | None = None
    change: LookChange | None = None

    def __post_init__(self) -> None:
        for slot, candidate in self.picks.items():
            if candidate.slot is not slot:
                raise ValueError(f"picks: got {candidate.item.sku} of {candidate.slot} at {slot}")
        if bool(self.picks) == bool(self.reason):
            raise ValueError("reason: expected exactly where there are no picks")
        object.__setattr__(self, "picks", MappingProxyType(dict(self.picks)))

    @property
    def score(self) -> float:
        """Mean score of the picks, 0 to 1."""
        scores = [candidate.score for candidate in self.picks.values()]
        return sum(scores) / len(scores) if scores else 0.0

    @property
    def totals(self) -> dict[str, Decimal]:
        """What the look costs, by currency; items without a price are left out."""
        return totals(candidate.item for candidate in self.picks.values())


@dataclass(frozen=True)
class Completion:
    """The whole answer to "complete this outfit".

    Attributes:
        garments: what was found in the photo (empty for a query that is no photo).
        looks: best first, at least one; the first is the answer, an empty look says its reason.
        slots: wanted slot -> its candidates, best first; a slot where nothing fits is empty.
        notes: wanted slot -> why it is empty.
        ms: stage -> milliseconds (`decode`, `segment`, `cutout`, `encode`, `search`, `rank`).
        context: what the outfit is worn for, as asked or read; None where there is no outfit.
        is_complete: nothing essential is missing, so that the looks are changes.
        note: what to know of the answer as a whole; often empty.
    """

    garments: Garments
    looks: tuple[Look, ...]
    slots: Mapping[Slot, tuple[Candidate, ...]]
    notes: Mapping[Slot, str] = field(default_factory=dict)
    ms: Mapping[str, float] = field(default_factory=dict)
    context: Context | None = None
    is_complete: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.looks:
            raise ValueError("looks: expected at least one; an empty look carries its reason")

    @property
    def look(self) -> Look:
        """The best look."""
        return self.looks[0]


class Priced(Protocol):
    """What has a price: an item of the catalogue, or one on the wire."""

    @property
    def asking_price(self) -> Decimal | None:
        """What is paid today; None where it has no price."""

    @property
    def currency(self) -> str:
        """ISO 4217, or empty where there is no price."""


def totals(items: Iterable[Priced]) -> dict[str, Decimal]:
    """Return what items cost today, by currency; those without a price are left out."""
    sums: dict[str, Decimal] = {}
    for item in items:
        if item.asking_price is not None:
            sums[item.currency] = sums.get(item.currency, Decimal(0)) + item.asking_price
    return sums
