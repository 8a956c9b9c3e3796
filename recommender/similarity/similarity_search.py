"""Similar items: to a garment of a photo, to a catalogue item, to words; "this, but red".

A person who asks for a kind that the photo or the item is not gets nothing: no shoe is like a dress.
The note says so, and that completing the look finds what goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encoders.composed_retrieval import refined
from index.model.filters import Filters
from index.model.items import CatalogItem, Ranking
from recommender.errors import RequestError
from recommender.outfits.dress.spoken import Spoken, spoken
from recommender.outfits.outfit import colours_of
from recommender.outfits.speech import N_, number, say, say_many
from recommender.photos.photo_analysis import PhotoAnalysis
from recommender.photos.reading import choose
from recommender.services import Services, of_one_state
from recommender.similarity.alike import About, Alike, AnswerOptions, alike
from recommender.similarity.deduplication import ExcludedItem
from recommender.similarity.likeness import Likeness
from recommender.similarity.occasions import NOTHING_SAID, liked, suiting
from recommender.similarity.retrieval import proposable
from recommender.timing import Stopwatch
from recommender.wire.nouns import NAMED
from recommender.wire.terms import MAX_OFFSET, MAX_TEXT
from segmentation.common.garments import Garment, Garments
from segmentation.common.taxonomy import SLOT_OF, Category, categories_of

WHOLE: Final = N_("No garment was found in the photo, so the whole picture was compared.")
WHOLE_OF_KIND: Final = N_("No {kinds} was found in the photo, so the whole picture was compared.")
NOTHING: Final = N_("The catalogue has no item that passes the filters.")
ONLY_KNOWN: Final = N_("What passes the filters are variants or copies of the item itself.")
UNDERSTOOD: Final = N_("Understood as: {what}.")
UNSUITED: Final = N_("Nothing like it in the catalogue is right for that.")
GOES_WITH: Final = N_("Completing the look finds what goes with it.")


@dataclass(frozen=True)
class SimilarRequest:
    """What is asked for.

    Attributes:
        k: answers, 1 to 200.
        filters: which items may answer. Without availability, all but those out of stock;
            without audiences, all but kids'. Without categories, the garment's or item's own slot.
            What passes is an answer only where it is like what was asked for.
        but: what is to be otherwise, such as "red": 1 to `MAX_TEXT` characters; None if nothing
            is. It moves what is searched for and filters nothing.
        every_variant: each variant of a product, and each copy of a picture, is an answer of its own.
        offset: number of answers that are skipped, 0 to 1000: for the next page.
    """

    k: int = 10
    filters: Filters = field(default_factory=Filters)
    but: str | None = None
    every_variant: bool = False
    offset: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.k <= 200:
            raise ValueError(f"k: got {self.k}; expected 1 to 200")
        if not 0 <= self.offset <= MAX_OFFSET:
            raise ValueError(f"offset: got {self.offset}; expected 0 to {MAX_OFFSET}")


DEFAULT: Final = SimilarRequest()


@dataclass(frozen=True, eq=False)
class Similar:
    """The answer.

    Attributes:
        ranking: an item for each product, the most alike first; scores are cosines, -1 to 1, the best of
            the product's variants, for an item less what makes another less alike (`Likeness`).
        variants: sku of an answer -> the other items of its product; of products of one item none.
        garment: the garment of the photo that was compared; None for the whole picture, an item
            or words.
        note: what the reader should know of the answer, such as why it is empty; often empty.
        ms: stage -> milliseconds.
        next_offset: the next page's `offset`; None on the last.
    """

    ranking: Ranking
    garment: Garment | None = None
    note: str = ""
    ms: Mapping[str, float] = field(default_factory=dict)
    variants: Mapping[str, tuple[CatalogItem, ...]] = field(default_factory=dict)
    next_offset: int | None = None


def similar_to_photo(
    analysis: PhotoAnalysis,
    services: Services,
    request: SimilarRequest = DEFAULT,
    *,
    garment: int | None = None,
) -> Similar:
    """Return items like one garment of a photo, or like the whole picture where none is found.

    Args:
        analysis: the photo, its garments as they stand.
        services: what does the work.
        request: what is asked for.
        garment: its number; None for the largest one, of the kinds that the filters name where they
            name some.

    Raises:
        RequestError: the photo has no garment of that number, or `but` is no few words.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    services = of_one_state(services)
    found, kinds = analysis.found, request.filters.categories
    number = choose(found, garment, kinds)
    [vector] = analysis.vectors([number])
    chosen = None if number is None else analysis.garment(number)
    question = _Question(vector, None if chosen is None else chosen.category)
    note = _compared(chosen, found, kinds)
    return _search(question, services, request, analysis.watch, garment=chosen, note=note)


def similar_to_item(
    sku: str,
    services: Services,
    request: SimilarRequest = DEFAULT,
    *,
    watch: Stopwatch | None = None,
) -> Similar:
    """Return items like a catalogue item, itself left out.

    Its own variants and copies are left out too, unless every variant is wanted or it is to be
    otherwise: who looks at the red one in S does not look for the red one in M, but "this, but blue"
    may well be the same in blue.

    Raises:
        RequestError: `but` is no few words.
        index.errors.ItemNotFound: no item has this sku.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    watch, services = watch or Stopwatch(), of_one_state(services)
    with watch.stage("search"):
        item = services.item(sku)
        vector = services.searcher.vectors_of([sku])[0]
    others = replace(request.filters, exclude=request.filters.exclude | {sku})
    asked = replace(request, filters=others)
    apart = request.but is None and not request.every_variant
    known = ExcludedItem(item, vector) if apart else None
    likeness = None  # what is to be otherwise is not to be like it
    if request.but is None:
        colour = (*colours_of(item), "")[0]
        likeness = Likeness.of(services.facts.heads, vector, item.category, colour)
    question = _Question(vector, item.category, known, likeness=likeness)
    return _search(question, services, asked, watch)


def similar_to_text(
    text: str,
    services: Services,
    request: SimilarRequest = DEFAULT,
    *,
    watch: Stopwatch | None = None,
) -> Similar:
    """Return items like a description in words.

    Raises:
        RequestError: there are no words, or more than `MAX_TEXT` characters; or there is a `but`.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    if request.but is not None:
        raise RequestError(
            "words cannot be changed by words",
            got=f"{text!r}, but {request.but!r}",
            expected="a photo or an item that is to be otherwise",
            next_step="Say all of it in the text, such as 'red striped shirt'.",
        )
    watch, services = watch or Stopwatch(), of_one_state(services)
    result = spoken(text, services.stylist.table)
    kinds = () if result.rest else liked(result, services)
    if kinds:
        return _liked(kinds, result, services, request, watch)
    vector = _said(result.rest or text, services, watch)
    return _search(_Question(vector, said=True, occasion=result), services, request, watch)


def _liked(
    kinds: Sequence[str],
    occasion: Spoken,
    services: Services,
    request: SimilarRequest,
    watch: Stopwatch,
) -> Similar:
    """Return some of each kind that an occasion likes, where no garment is named; one page of them."""
    each = replace(request, k=-(-request.k // len(kinds)), offset=0)
    found = [
        _search(
            _Question(_said(kind, services, watch), said=True, occasion=occasion),
            services,
            each,
            watch,
        )
        for kind in kinds
    ]
    hits = [hit for answer in found for hit in answer.ranking]
    ranking = Ranking(Ranking(tuple(hits))[: request.k]) if not request.offset else Ranking()
    shown = {hit.item.sku for hit in ranking}
    variants = {sku: others for one in found for sku, others in one.variants.items()}
    kept = {sku: others for sku, others in variants.items() if sku in shown}
    note = next((one.note for one in found if one.ranking), found[0].note)
    return Similar(ranking, None, note, watch.ms, kept)


def _compared(chosen: Garment | None, garments: Garments, kinds: frozenset[Category]) -> str:
    """Return what there is to say of what was compared: of the whole picture, why."""
    if chosen is not None:
        return ""
    if not garments:
        return say(WHOLE)
    named = say(" or ").join(say(NAMED[kind]) for kind in sorted(kinds))
    return say(WHOLE_OF_KIND).format(kinds=named)


def _wanted(own: Category | None, allowed: frozenset[Category]) -> Category | None:
    """Return the kind that a change is said of: the one asked for, or its own where that may answer."""
    if len(allowed) == 1:
        return next(iter(allowed))
    return own if own in allowed or not allowed else None


def _said(
    text: str, services: Services, watch: Stopwatch, kind: Category | None = None
) -> NDArray[np.float32]:
    """Return the vector of a few words, said of a kind where one is given: "red" is "red shirt"."""
    words = text.strip()
    if not 1 <= len(words) <= MAX_TEXT:
        raise RequestError(
            "the text cannot be searched for",
            got=f"{len(words)} characters",
            expected=f"1 to {MAX_TEXT} characters",
            next_step="Describe a garment in a few words, such as 'red striped shirt'.",
        )
    if kind is not None and kind.value not in words.split():
        words = f"{words} {kind.value}"
    with watch.stage("encode"):
        vector: NDArray[np.float32] = services.encoder.encode_texts([words])[0]
    return vector


@dataclass(frozen=True, eq=False)
class _Question:
    """What is searched for.

    Attributes:
        vector_unit: (d,) float32.
        kind: of the garment or item that asks; None where it is not known.
        known: the item that asks, where its own variants are no answers.
        said: it is made of words.
        occasion: what words say of occasion and weather.
        likeness: what more the item that asks is compared by; None for photos and words.
    """

    vector_unit: NDArray[np.float32]
    kind: Category | None = None
    known: ExcludedItem | None = None
    said: bool = False
    occasion: Spoken = NOTHING_SAID
    likeness: Likeness | None = None


def _search(
    question: _Question,
    services: Services,
    request: SimilarRequest,
    watch: Stopwatch,
    *,
    garment: Garment | None = None,
    note: str = "",
) -> Similar:
    kind, vector, occasion = question.kind, question.vector_unit, question.occasion
    if request.but is not None:  # a garment's own attributes were read before
        occasion = spoken(request.but, services.stylist.table)
        if occasion.rest or occasion.context is None:
            meant = _wanted(kind, request.filters.categories)
            words = _said(occasion.rest or request.but, services, watch, meant)
            vector = refined(vector[np.newaxis], words[np.newaxis])[0]
    filters = proposable(request.filters)
    if kind is not None and not filters.categories:
        filters = replace(filters, categories=frozenset(categories_of(SLOT_OF[kind])))
    relevance, searcher = services.relevance, services.searcher
    curve = relevance.words if question.said or request.but is not None else relevance.picture
    end = request.offset + request.k
    # one more than is shown tells whether there is a next page
    wanted = AnswerOptions(
        end + 1,
        filters,
        relevance.identical,
        request.every_variant,
        question.known,
        suiting(occasion, services),
        question.likeness,
    )
    with watch.stage("search"):
        about = About.of(vector, searcher, curve, kind=kind, exclude=filters.exclude)
        found = alike(vector, about, wanted, searcher)
    if occasion.text:
        note = f"{note} {say(UNDERSTOOD).format(what=occasion.text)}".strip()
    if not found.ranking:
        unsuited = occasion.text and found.relevant
        why = say(UNSUITED) if unsuited else _why(found, question, request.filters)
        note = f"{note} {why}".strip()
    page = Ranking(found.ranking[request.offset : end])
    following = end if len(found.ranking) > end and end <= MAX_OFFSET else None
    return Similar(page, garment, note, watch.ms, found.variants, following)


def _why(found: Alike, question: _Question, filters: Filters) -> str:
    """Return why nothing was found."""
    if not found.passed:
        return say(NOTHING)
    if found.relevant:
        return say(ONLY_KNOWN)
    text = say_many(
        "{count} item passes the filters, but none is like what was asked for.",
        "{count} items pass the filters, but none is like what was asked for.",
        found.passed,
    )
    if not found.all_seen:
        text = say("More than {count} items pass the filters, but none is like what was asked for.")
    text = text.format(count=number(found.passed))
    strange = not question.said and filters.categories and question.kind not in filters.categories
    return f"{text} {say(GOES_WITH)}" if strange else text
