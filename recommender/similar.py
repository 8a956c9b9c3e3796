"""Similar items: to a garment of a photo, to a catalogue item, to words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.items import Filters, Ranking
from recommender.errors import RequestError
from recommender.reading import describe, segment
from recommender.retrieval import proposable
from recommender.services import Services
from recommender.timing import Stopwatch
from segmentation import cutouts
from segmentation.garments import Garment, Garments, Photo
from segmentation.taxonomy import Category, Slot, categories_of

MAX_TEXT: Final = 500
WHOLE: Final = "No garment was found in the photo, so the whole picture was compared."
WHOLE_OF_KIND: Final = "No {kinds} was found in the photo, so the whole picture was compared."
NOTHING: Final = "The catalogue has no item that passes the filters."


@dataclass(frozen=True)
class SimilarRequest:
    """What is asked for.

    Attributes:
        k: answers, 1 to 200.
        filters: which items may answer. Without availability, all but those out of stock;
            without audiences, all but kids'. Without categories, the garment's or item's own slot.
    """

    k: int = 10
    filters: Filters = field(default_factory=Filters)

    def __post_init__(self) -> None:
        if not 1 <= self.k <= 200:
            raise ValueError(f"k: got {self.k}; expected 1 to 200")


DEFAULT: Final = SimilarRequest()


@dataclass(frozen=True, eq=False)
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
    request: SimilarRequest = DEFAULT,
    *,
    garment: int | None = None,
    everyone: bool = False,
    watch: Stopwatch | None = None,
) -> Similar:
    """Return items like one garment of a photo, or like the whole picture where none is found.

    Args:
        photo: decoded.
        services: what does the work.
        request: what is asked for.
        garment: its number in `reading.segment`'s answer; None for the largest one, of the
            kinds that the filters name where they name some.
        everyone: the garments of passers-by are numbered too, as in `reading.segment`.
        watch: holds the time of stages that went before, such as `decode`.

    Raises:
        RequestError: the photo has no garment of that number.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    watch = watch or Stopwatch()
    garments = segment(photo, services, everyone=everyone, watch=watch).garments
    chosen = _chosen(garments, garment, request.filters.categories)
    with watch.stage("cutout"):
        piece = cutouts.cut_whole(photo) if chosen is None else cutouts.cut_one(photo.rgb, chosen)
    with watch.stage("encode"):
        vector = services.encoder.encode_images([piece])[0]
        if chosen is not None:
            alone = Garments(photo.height, photo.width, (chosen,))
            chosen = describe(alone, vector[np.newaxis], services)[0]
    if chosen is not None:
        return _search(vector, services, request, watch, slot=chosen.slot, garment=chosen)
    kinds = " or ".join(sorted(request.filters.categories))
    note = WHOLE_OF_KIND.format(kinds=kinds) if garments else WHOLE
    return _search(vector, services, request, watch, note=note)


def similar_to_item(
    sku: str,
    services: Services,
    request: SimilarRequest = DEFAULT,
    *,
    watch: Stopwatch | None = None,
) -> Similar:
    """Return items like a catalogue item, itself left out.

    Raises:
        index.errors.ItemNotFound: no item has this sku.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    watch = watch or Stopwatch()
    with watch.stage("search"):
        item = services.item(sku)
        vector = services.searcher.vectors_of([sku])[0]
    others = replace(request.filters, exclude=request.filters.exclude | {sku})
    return _search(vector, services, replace(request, filters=others), watch, slot=item.slot)


def similar_to_text(
    text: str,
    services: Services,
    request: SimilarRequest = DEFAULT,
    *,
    watch: Stopwatch | None = None,
) -> Similar:
    """Return items like a description in words.

    Raises:
        RequestError: there are no words, or more than `MAX_TEXT` characters.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    words = text.strip()
    if not 1 <= len(words) <= MAX_TEXT:
        raise RequestError(
            "the text cannot be searched for",
            got=f"{len(words)} characters",
            expected=f"1 to {MAX_TEXT} characters",
            next_step="Describe a garment in a few words, such as 'red striped shirt'.",
        )
    watch = watch or Stopwatch()
    with watch.stage("encode"):
        vector = services.encoder.encode_texts([words])[0]
    return _search(vector, services, request, watch)


def _chosen(garments: Garments, number: int | None, kinds: frozenset[Category]) -> Garment | None:
    if number is not None and not 0 <= number < len(garments):
        raise RequestError(
            "the photo has no such garment",
            got=f"number {number}",
            expected=f"0 to {len(garments) - 1}" if garments else "none: no garment was found",
            next_step="Ask for the photo's garments first; they are numbered from 0.",
        )
    if number is not None:
        asked: Garment = garments[number]
        return asked
    allowed = [garment for garment in garments if not kinds or garment.category in kinds]
    return max(allowed, key=lambda garment: int(np.count_nonzero(garment.mask)), default=None)


def _search(
    vector_unit: NDArray[np.float32],
    services: Services,
    request: SimilarRequest,
    watch: Stopwatch,
    *,
    slot: Slot | None = None,
    garment: Garment | None = None,
    note: str = "",
) -> Similar:
    filters = proposable(request.filters)
    if slot is not None and not filters.categories:
        filters = replace(filters, categories=frozenset(categories_of(slot)))
    with watch.stage("search"):
        ranking = services.searcher.nearest(vector_unit, request.k, filters)
    return Similar(ranking, garment, note if ranking else NOTHING, watch.ms)
