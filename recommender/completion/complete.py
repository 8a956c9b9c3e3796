"""Complete the look: what is worn -> what would go with it, slot by slot and as whole looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from index.model.items import Filters
from recommender.completion.candidates import find
from recommender.completion.looks import looks, shown
from recommender.completion.outfit_context import Worn, worn
from recommender.completion.scoring import NOBODY, Judge
from recommender.outfits import slots
from recommender.outfits.look import Candidate, Completion, Look
from recommender.outfits.outfit import Outfit
from recommender.outfits.speech import N_, number, say
from recommender.photos.photo_analysis import Seen
from recommender.photos.reading import embed, segment
from recommender.services import Services
from recommender.similarity.retrieval import Pool
from recommender.timing import Stopwatch
from segmentation.common.garments import Garments, Photo
from segmentation.common.photo import LEAST_SIDE, too_small
from segmentation.common.taxonomy import Slot

NO_GARMENT: Final = N_(
    "No garment was found in the photo. Try one that shows the outfit from head to toe, lit evenly."
)
TOO_SMALL: Final = N_(
    "The photo is too small to tell clothes apart. Take one with at least {side} pixels on its longer side."
)
NONE_PASSES: Final = N_("The catalogue has no item of this slot that passes the filters.")
NONE_FITS: Final = N_("No item of this slot that passes the filters fits the outfit well enough.")
POOL: Final = 24
"""So many diverse candidates of a slot are open to the looks; `k` of them are shown."""


@dataclass(frozen=True)
class CompleteRequest:
    """What is asked for.

    To swap one item of a look, send the look's other items as `picked`, the item's slot alone as
    `slots`, and its sku in `filters.exclude`.

    Attributes:
        slots: wanted slots; empty for those that the outfit lacks.
        k: candidates for each slot, 1 to 100.
        looks: whole looks, 1 to 10.
        filters: which items may be proposed. Without availability, all but those out of stock;
            without audiences, all but kids'.
        budget: the most that a whole look may cost, with what is picked; it counts in the picks'
            currency, or else in the one that most candidates are sold in, and leaves out the others.
        keep: slots whose garments are the outfit; all else is to be replaced. Empty keeps all.
        picked: skus that are chosen already: they stand in every look at their slots, and count as
            worn where the others are scored.
        person: whose style moves the scores, as they told it (`recommender.people.people`); empty for nobody's.
    """

    slots: tuple[Slot, ...] = ()
    k: int = 5
    looks: int = 3
    filters: Filters = field(default_factory=Filters)
    budget: Decimal | None = None
    keep: tuple[Slot, ...] = ()
    picked: tuple[str, ...] = ()
    person: str = ""

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
        RequestError: nothing is worn at a slot that is to be kept, or there is no room for what is
            picked, or the budget cannot count it.
        index.errors.ItemNotFound: no item has a sku of `picked`.
        index.errors.IndexRefusal: there is no index to answer from.
    """
    watch = watch or Stopwatch()
    garments = segment(photo, services, watch=watch).garments
    if not garments:
        return Completion(garments, (_nothing(garments),), {}, ms=watch.ms)
    garments, outfit = embed(photo, garments, services, watch)
    return _completion(outfit, garments, services, request, watch)


def complete_seen(
    seen: Seen,
    services: Services,
    request: CompleteRequest = DEFAULT,
    *,
    watch: Stopwatch | None = None,
) -> Completion:
    """Return what completes the outfit of a photo that was looked at before, garments as they stand.

    Raises:
        RequestError, index.errors.ItemNotFound, index.errors.IndexRefusal: as for `complete`.
    """
    watch = watch or Stopwatch()
    if not seen.garments:
        return Completion(seen.garments, (_nothing(seen.garments),), {}, ms=watch.ms)
    return _completion(seen.outfit, seen.garments, services, request, watch)


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
    style = services.style_of(request.person) if request.person else NOBODY
    with watch.stage("search"):
        there = worn(outfit, request.keep, request.picked, services)
        wanted = _wanted(request.slots, there)
        filters = replace(request.filters, exclude=request.filters.exclude | style.disliked)
        found = find(wanted.kinds, there, services.searcher, filters, request.budget)
    with watch.stage("rank"):
        judge = Judge(services.scorer, services.kinds.beside, style)
        count, budget = max(POOL, request.k), request.budget
        ranked = {
            slot: judge.candidates(pool, there.outfit, count, cheap=budget is not None)
            for slot, pool in found.items()
        }
        beside, picks = judge.beside(found.values(), there), judge.picked(there)
        made = looks(ranked, request.looks, beside=beside, picked=picks, budget=budget)
        answer = {slot: shown(pool, made, slot, request.k) for slot, pool in ranked.items()}
    empty = {slot: say(NONE_FITS if len(found[slot]) else NONE_PASSES) for slot in answer}
    notes = {slot: text for slot, text in empty.items() if not answer[slot]} | dict(wanted.notes)
    answer |= {slot: () for slot in wanted.notes}
    made = made or (Look(reason=_reason(found, ranked, there, request)),)
    return Completion(garments, made, answer, notes, watch.ms)


def _wanted(asked: Sequence[Slot], there: Worn) -> slots.Wanted:
    """Return what to look for; what is picked leaves no room at its slot."""
    full = {item.slot: item.category for item in there.picked}
    categories = there.outfit.categories
    free = [slot for slot in asked or slots.missing(categories) if slot not in full]
    wanted = slots.resolve(free, categories) if free else slots.Wanted()
    told = say("{thing} was picked already")
    notes = {
        slot: told.format(thing=slots.with_article(full[slot])) for slot in asked if slot in full
    }
    return replace(wanted, notes={**wanted.notes, **notes})


def _reason(
    found: Mapping[Slot, Pool],
    ranked: Mapping[Slot, Sequence[Candidate]],
    there: Worn,
    request: CompleteRequest,
) -> str:
    if request.budget is not None and there.spent > request.budget:
        most = number(request.budget, 2)
        return say("What is picked costs more than {amount}.").format(amount=most)
    if not ranked:
        return say("The outfit has no room for what was asked.")
    if any(len(pool) for pool in found.values()):
        return say("No item of the wanted slots fits the outfit well enough.")
    if request.budget is not None:
        most = number(request.budget, 2)
        return say("No item of the wanted slots costs {amount} or less.").format(amount=most)
    return say("The catalogue has no item of the wanted slots that passes the filters.")


def _nothing(garments: Garments) -> Look:
    """Return the empty look of a photo in which no garment was found."""
    if too_small(garments.width, garments.height):
        return Look(reason=say(TOO_SMALL).format(side=LEAST_SIDE))
    return Look(reason=say(NO_GARMENT))
