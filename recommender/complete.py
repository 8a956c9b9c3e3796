"""Complete the look: what is worn -> what would go with it, slot by slot and as whole looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from index.items import Filters
from recommender.look import Completion
from recommender.services import Services
from recommender.timing import Stopwatch
from segmentation.garments import Photo
from segmentation.taxonomy import Slot


@dataclass(frozen=True)
class CompleteRequest:
    """What is asked for.

    Attributes:
        slots: wanted slots; empty for those that the outfit lacks.
        k: candidates for each slot, 1 to 100.
        looks: whole looks, 1 to 10.
        filters: which items may be proposed. Without availability, all but those out of stock;
            without audiences, all but kids'.
        budget: the most that a whole look may cost.
    """

    slots: tuple[Slot, ...] = ()
    k: int = 5
    looks: int = 3
    filters: Filters = field(default_factory=Filters)
    budget: Decimal | None = None


def complete(
    photo: Photo,
    services: Services,
    request: CompleteRequest = CompleteRequest(),  # noqa: B008  # frozen
    *,
    watch: Stopwatch | None = None,
) -> Completion:
    """Return what completes the outfit in a photo."""
    raise NotImplementedError


def complete_item(
    sku: str,
    services: Services,
    request: CompleteRequest = CompleteRequest(),  # noqa: B008  # frozen
    *,
    watch: Stopwatch | None = None,
) -> Completion:
    """Return what completes an outfit that begins with a catalogue item."""
    raise NotImplementedError
