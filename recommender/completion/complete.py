"""Complete the look: what is worn -> what would go with it, slot by slot and as whole looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Final

from recommender.completion.asking import CompleteRequest as CompleteRequest
from recommender.completion.asking import CompletionQuestion
from recommender.completion.changing import changed
from recommender.completion.looks import LookPlan, earning, looks, shown
from recommender.completion.outfit_context import worn
from recommender.completion.scoring import main_colours
from recommender.outfits.dress.lacks import IDEAS, LEAST, Lacks, fillings
from recommender.outfits.look import Candidate, Completion, Look
from recommender.outfits.outfit import Outfit
from recommender.outfits.speech import N_, number, say
from recommender.photos.photo_analysis import PhotoAnalysis
from recommender.services import Services, of_one_state
from recommender.similarity.retrieval import Pool
from recommender.timing import Stopwatch
from segmentation.common.garments import Garments
from segmentation.common.photo import LEAST_SIDE, too_small
from segmentation.common.taxonomy import Slot

NO_GARMENT: Final = N_(
    "No garment was found in the photo. Try one that shows the outfit from head to toe, lit evenly."
)
TOO_SMALL: Final = N_(
    "The photo is too small to tell clothes apart. Take one with at least {side} pixels on its longer side."
)
DEFAULT: Final = CompleteRequest()


def complete(
    analysis: PhotoAnalysis, services: Services, request: CompleteRequest = DEFAULT
) -> Completion:
    """Return what completes the outfit in a photo, its garments as they stand.

    A photo without a garment gives one empty look that says so.

    Raises:
        RequestError: nothing is worn at a slot that is to be kept, or there is no room for what is
            picked, or the budget cannot count it.
        index.errors.ItemNotFound: no item has a sku of `picked`.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    watch = analysis.watch
    if not analysis.found:
        return Completion(analysis.found, (_nothing(analysis.found),), {}, ms=watch.ms)
    steady = of_one_state(services)
    return _completion(analysis.outfit, analysis.garments, steady, request, watch)


def complete_item(
    sku: str,
    services: Services,
    request: CompleteRequest = DEFAULT,
    *,
    watch: Stopwatch | None = None,
) -> Completion:
    """Return what completes an outfit that begins with a catalogue item.

    Raises:
        RequestError: as for `complete`.
        index.errors.ItemNotFound: no item has this sku, or one of `picked`.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    watch, services = watch or Stopwatch(), of_one_state(services)
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
    with watch.stage("search"):
        there = worn(outfit, request.keep, request.picked, services)
        asking = CompletionQuestion.of(there, outfit, services, request)
        lacking = asking.lacking(request.slots)
        found = asking.find(lacking.kinds)
    with watch.stage("rank"):
        ranked = asking.ranked(found)
    made: tuple[Look, ...] = ()
    open_to_change = lacking.is_complete and not request.slots and not request.picked
    if request.change is not None or open_to_change:
        with watch.stage("search"):
            made, more = changed(asking)
        ranked = more | ranked
    if not made and request.change is None:
        with watch.stage("rank"):
            made = _looks(asking, lacking, found, ranked)
    with watch.stage("rank"):
        answer = {slot: shown(pool, made, slot, request.k) for slot, pool in ranked.items()}
        made, answer = asking.explained(made, answer)
    notes = asking.notes(lacking, found, answer)
    answer |= {slot: () for slot in lacking.notes}
    made = made or (Look(reason=_reason(found, ranked, asking)),)
    return Completion(
        garments,
        made,
        answer,
        notes,
        watch.ms,
        asking.context,
        lacking.is_complete,
        asking.note_on(lacking),
    )


def _looks(
    asking: CompletionQuestion,
    lacking: Lacks,
    found: Mapping[Slot, Pool],
    ranked: Mapping[Slot, Sequence[Candidate]],
) -> tuple[Look, ...]:
    """Return whole looks of what an outfit lacks."""
    request, judge = asking.request, asking.judge
    pools = ranked if request.slots else earning(ranked, lacking.essential)
    made = looks(
        pools,
        request.looks,
        beside=judge.beside(found.values()),
        picked=judge.picked(),
        budget=request.budget,
        keeping=judge.keeping(),
        plans=_plans(asking, lacking, pools),
        worn=main_colours(asking.there.outfit),
    )
    # nobody calls two pieces an outfit, unless that is what was asked for
    least = 0 if request.slots else LEAST - len(asking.there.numbers)
    full = [look for look in made if len(look.picks) >= least]
    return tuple(replace(look, worn=asking.there.numbers) for look in full)


def _plans(
    asking: CompletionQuestion, lacking: Lacks, pools: Mapping[Slot, Sequence[Candidate]]
) -> list[LookPlan]:
    """Return what each look is to be: an idea of colour, what is essential, and some more."""
    request, judge, kept = asking.request, asking.judge, len(asking.pieces)
    least = {slot: min(each.cost for each in pool) for slot, pool in pools.items() if pool}
    everything = [candidate for pool in pools.values() for candidate in pool]
    leans = [judge.lean(idea, everything) for idea in IDEAS]
    ideas = list(zip(IDEAS, leans, strict=True))
    if request.slots:
        fill = [tuple(least)] * request.looks
    else:
        fill = fillings(lacking, least, asking.context, kept, request.looks)
    # an outfit that is one without them has some more only where each look has its own
    once = frozenset(pools) - set(lacking.essential)
    if request.slots or kept + len(lacking.essential) < LEAST:
        once = frozenset()
    return [
        LookPlan(slots, (Slot.BAG,) if once else (), once, idea, lean)
        for slots, (idea, lean) in zip(fill, cycle(ideas), strict=False)
    ]


def _reason(
    found: Mapping[Slot, Pool],
    ranked: Mapping[Slot, Sequence[Candidate]],
    asking: CompletionQuestion,
) -> str:
    budget = asking.request.budget
    if budget is not None and asking.there.spent > budget:
        return say("What is picked costs more than {amount}.").format(amount=number(budget, 2))
    if asking.request.change is not None:
        return say("The catalogue has nothing for this change of the outfit.")
    if not ranked:
        return say("The outfit has no room for what was asked.")
    if any(len(pool) for pool in found.values()):
        return say("No item of the wanted slots fits the outfit well enough.")
    if budget is not None:
        template = say("No item of the wanted slots costs {amount} or less.")
        return template.format(amount=number(budget, 2))
    return say("The catalogue has no item of the wanted slots that passes the filters.")


def _nothing(garments: Garments) -> Look:
    """Return the empty look of a photo in which no garment was found."""
    if too_small(garments.width, garments.height):
        return Look(reason=say(TOO_SMALL).format(side=LEAST_SIDE))
    return Look(reason=say(NO_GARMENT))
