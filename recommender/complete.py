"""Complete the look: what is worn -> what would go with it, slot by slot and as whole looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

import numpy as np

from index.items import CatalogItem, Filters
from recommender import explain, harmony, rank, slots
from recommender.look import Candidate, Completion, Look
from recommender.outfit import Outfit, colours_of
from recommender.reading import embed, segment
from recommender.retrieval import Pool, candidates, narrowed, proposable
from recommender.services import Services
from recommender.timing import Stopwatch
from segmentation.garments import Garments, Photo
from segmentation.taxonomy import Slot

NO_GARMENT: Final = (
    "No garment was found in the photo. Try one that shows the outfit from head to toe, lit evenly."
)
POOL: Final = 24
"""So many diverse candidates of a slot are open to the looks; `k` of them are shown."""


@dataclass(frozen=True)
class CompleteRequest:
    """What is asked for.

    Attributes:
        slots: wanted slots; empty for those that the outfit lacks.
        k: candidates for each slot, 1 to 100.
        looks: whole looks, 1 to 10.
        filters: which items may be proposed. Without availability, all but those out of stock;
            without audiences, all but kids'.
        budget: the most that a whole look may cost; it counts in the currency that most
            candidates are sold in, and leaves out the others.
    """

    slots: tuple[Slot, ...] = ()
    k: int = 5
    looks: int = 3
    filters: Filters = field(default_factory=Filters)
    budget: Decimal | None = None

    def __post_init__(self) -> None:
        for name, most in (("k", 100), ("looks", 10)):
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"{name}: got {getattr(self, name)}; expected 1 to {most}")
        if self.budget is not None and not self.budget >= 0:
            raise ValueError(f"budget: got {self.budget}; expected zero or more")


DEFAULT: Final = CompleteRequest()


def complete(
    photo: Photo,
    services: Services,
    request: CompleteRequest = DEFAULT,
    *,
    watch: Stopwatch | None = None,
) -> Completion:
    """Return what completes the outfit in a photo.

    A photo without a garment gives one empty look that says so.

    Args:
        photo: decoded.
        services: what does the work.
        request: what is asked for.
        watch: holds the time of stages that went before, such as `decode`.

    Raises:
        index.errors.IndexRefusal: there is no index to answer from.
    """
    watch = watch or Stopwatch()
    garments = segment(photo, services, watch=watch).garments
    if not garments:
        return Completion(garments, (Look(reason=NO_GARMENT),), {}, ms=watch.ms)
    garments, outfit = embed(photo, garments, services, watch)
    return _completion(outfit, garments, services, request, watch)


def complete_item(
    sku: str,
    services: Services,
    request: CompleteRequest = DEFAULT,
    *,
    watch: Stopwatch | None = None,
) -> Completion:
    """Return what completes an outfit that begins with a catalogue item.

    Raises:
        index.errors.ItemNotFound: no item has this sku.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    watch = watch or Stopwatch()
    with watch.stage("search"):
        item = services.item(sku)
        outfit = Outfit.of_item(item, services.searcher.vectors_of([sku])[0])
    others = replace(request.filters, exclude=request.filters.exclude | {sku})
    return _completion(outfit, Garments(1, 1), services, replace(request, filters=others), watch)


def _completion(
    outfit: Outfit,
    garments: Garments,
    services: Services,
    request: CompleteRequest,
    watch: Stopwatch,
) -> Completion:
    wanted = slots.resolve(request.slots, outfit.categories)
    with watch.stage("search"):
        found = _find(wanted, outfit, services, request)
    with watch.stage("rank"):
        ranked = {slot: _ranked(pool, outfit, services, request) for slot, pool in found.items()}
        ranked = _one_currency(ranked) if request.budget is not None else ranked
        made = rank.looks(ranked, request.looks, together=_together, budget=request.budget)
        answer = {slot: rank.shown(pool, made, slot, request.k) for slot, pool in ranked.items()}
    notes = {slot: _EMPTY for slot, pool in answer.items() if not pool} | dict(wanted.notes)
    answer |= {slot: () for slot in wanted.notes}
    return Completion(
        garments, made or (Look(reason=_reason(ranked, request)),), answer, notes, watch.ms
    )


_EMPTY: Final = "The catalogue has no item of this slot that passes the filters."


def _find(
    wanted: slots.Wanted, outfit: Outfit, services: Services, request: CompleteRequest
) -> dict[Slot, Pool]:
    """Return the candidates of every wanted slot, none where its filters leave no kind."""
    filters = proposable(request.filters)
    if request.budget is not None:
        bounds = [p for p in (request.budget, filters.max_price) if p is not None]
        filters = replace(filters, max_price=min(bounds))
    by_slot = {slot: narrowed(filters, kinds) for slot, kinds in wanted.kinds.items()}
    possible = {slot: passing for slot, passing in by_slot.items() if passing is not None}
    nothing = Pool((), np.zeros((0, outfit.vectors_unit.shape[1]), dtype=np.float32))
    return dict.fromkeys(by_slot, nothing) | candidates(services.searcher, outfit, possible)


def _ranked(
    pool: Pool, outfit: Outfit, services: Services, request: CompleteRequest
) -> tuple[Candidate, ...]:
    """Return the diverse best of a slot's pool, best first, each with its reason."""
    scores = services.scorer.score(outfit, pool.items, pool.vectors_unit)
    # a budget needs cheap candidates too, however they score
    count = max(POOL, request.k) if request.budget is None else len(pool)
    rows = rank.diverse(scores, pool.vectors_unit, count)
    cosines = pool.vectors_unit @ outfit.vectors_unit.T
    chosen = [
        Candidate(
            pool.items[row],
            min(1.0, max(0.0, float(scores[row]))),
            explain.why(pool.items[row], outfit, cosines[row]),
        )
        for row in rows
    ]
    return tuple(chosen)


def _one_currency(
    ranked: Mapping[Slot, Sequence[Candidate]],
) -> dict[Slot, tuple[Candidate, ...]]:
    counts = Counter(c.item.currency for pool in ranked.values() for c in pool)
    if not counts:
        return {slot: tuple(pool) for slot, pool in ranked.items()}
    common = min(counts, key=lambda currency: (-counts[currency], currency))
    return {
        slot: tuple(c for c in pool if c.item.currency == common) for slot, pool in ranked.items()
    }


def _together(one: CatalogItem, other: CatalogItem) -> float:
    first, second = colours_of(one), colours_of(other)
    return harmony.coherence(first[0], second[:1]) if first else harmony.coherence("", [])


def _reason(ranked: Mapping[Slot, Sequence[Candidate]], request: CompleteRequest) -> str:
    if not ranked:
        return "The outfit has no room for what was asked."
    if request.budget is not None:
        return f"No item of the wanted slots costs {request.budget:.2f} or less."
    return "The catalogue has no item of the wanted slots that passes the filters."
