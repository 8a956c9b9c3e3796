"""Similar items: to a garment of a photo, to a catalogue item, to words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from index.items import Filters, Ranking
from recommender.services import Services
from recommender.timing import Stopwatch
from segmentation.garments import Garment, Photo


@dataclass(frozen=True)
class SimilarRequest:
    """What is asked for.

    Attributes:
        k: answers, 1 to 200.
        filters: which items may answer. Without availability, all but those out of stock;
            without audiences, all but kids'. Without categories, a garment's or item's own slot.
    """

    k: int = 10
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True)
class Similar:
    """The answer.

    Attributes:
        ranking: items, nearest first; scores are cosines, -1 to 1.
        garment: the garment of the photo that was compared; None for the whole picture, an item
            or words.
        note: what the reader should know of the answer, such as why it is empty; often empty.
        ms: stage -> milliseconds.
    """

    ranking: Ranking
    garment: Garment | None = None
    note: str = ""
    ms: Mapping[str, float] = field(default_factory=dict)


def similar_to_photo(
    photo: Photo,
    services: Services,
    request: SimilarRequest = SimilarRequest(),  # noqa: B008  # frozen
    *,
    garment: int | None = None,
    watch: Stopwatch | None = None,
) -> Similar:
    """Return items like one garment of a photo.

    Args:
        garment: its number in `segment`'s answer; None for the largest one.
    """
    raise NotImplementedError


def similar_to_item(
    sku: str,
    services: Services,
    request: SimilarRequest = SimilarRequest(),  # noqa: B008  # frozen
    *,
    watch: Stopwatch | None = None,
) -> Similar:
    """Return items like a catalogue item, itself left out."""
    raise NotImplementedError


def similar_to_text(
    text: str,
    services: Services,
    request: SimilarRequest = SimilarRequest(),  # noqa: B008  # frozen
    *,
    watch: Stopwatch | None = None,
) -> Similar:
    """Return items like a description in words."""
    raise NotImplementedError
