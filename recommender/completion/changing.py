"""A complete outfit -> looks that change it: one or two pieces replaced, the rest as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from recommender.completion import changes
from recommender.completion.asking import CompletionQuestion
from recommender.completion.changes import Aim, is_dressy
from recommender.completion.looks import LookPlan, looks
from recommender.outfits.dress.lacks import lacks
from recommender.outfits.look import Candidate, Look, LookChange
from recommender.outfits.nouns import title_of
from recommender.outfits.slots import kinds_for
from recommender.outfits.speech import N_, number, say
from recommender.similarity.retrieval import Pool
from recommender.wire.terms import Gain
from segmentation.common.taxonomy import Slot

MOST_COST: Final = 0.38
"""What the table holds more against is no change for the better: the outfit is fine as it is."""
_INSTEAD: Final = N_("{new} in place of {old}")
_COMES: Final = N_("{new} on top")
_GOES: Final = N_("without {old}")
_EVENING: Final = N_("smart enough for the evening")
_GAINS: Final[dict[Gain, str]] = {
    Gain.DRESS_UP: N_("a little smarter"),
    Gain.DRESS_DOWN: N_("easy enough for every day"),
    Gain.WARMER: N_("warm enough for {degrees} degrees"),
    Gain.HOT_DAY: N_("light enough for {degrees} degrees"),
    Gain.CHEAPER: N_("{amount} {currency} less"),
}


def changed(
    asking: CompletionQuestion,
) -> tuple[tuple[Look, ...], dict[Slot, tuple[Candidate, ...]]]:
    """Return up to as many changed outfits as looks are asked for, and the candidates they came from.

    One of each change, the most useful first; where one change is asked for, several of it.
    """
    wanted = asking.request.change
    if wanted is Gain.CHEAPER:
        return _cheaper(asking)
    made: list[Look] = []
    seen: dict[Slot, tuple[Candidate, ...]] = {}
    aims = [
        aim for aim in changes.aims(asking.pieces, asking.context) if wanted in (None, aim.gain)
    ]
    most = asking.request.looks
    for aim in [*aims, *aims]:  # where there are few changes, a second one of each
        if len(made) < most:
            count = 1 if wanted is None else most - len(made)
            used = {pick.item.sku for look in made for pick in look.picks.values()}
            for tried in (aim, *aim.smaller(asking.pieces)):
                found, pools = _made(asking, tried, count, used)
                if found:
                    made, seen = [*made, *found], pools | seen
                    break
    return tuple(made), seen


def _made(
    asking: CompletionQuestion, aim: Aim, count: int, used: set[str]
) -> tuple[list[Look], dict[Slot, tuple[Candidate, ...]]]:
    pieces = tuple(piece for at, piece in enumerate(asking.pieces) if at not in aim.gone)
    if not pieces:  # with nothing left of it, it would be another outfit
        return [], {}
    there = asking.there.without_rows(aim.gone)
    about = asking.about(there, pieces, aim.context)
    worn = [piece.category for piece in pieces]
    kinds = {slot: kinds_for(slot, worn) for slot in aim.slots}
    found = about.find({slot: allowed for slot, allowed in kinds.items() if allowed})
    gaining = {slot: _gaining(asking, aim, pool, used) for slot, pool in found.items()}
    ranked = _ranked(about, aim, gaining)
    if not ranked:
        return [], {}
    everything = [candidate for pool in ranked.values() for candidate in pool]
    filled = looks(
        ranked, count, beside=about.judge.beside(gaining.values()), budget=asking.request.budget,
        picked=about.judge.picked(), keeping=about.judge.keeping(),
        plans=(LookPlan(lean=about.judge.lean(None, everything)),),
    )  # fmt: skip
    made = [_explained(asking, about, aim, look) for look in filled if _stands(about, aim, look)]
    return made, ranked


def _gaining(asking: CompletionQuestion, aim: Aim, pool: Pool, used: set[str]) -> Pool:
    """Return the items that are a gain, and not in an earlier look."""
    rows = [
        row
        for row, item in enumerate(pool.items)
        if item.sku not in used and aim.gains(asking.seen.piece(item))
    ]
    return Pool(tuple(pool.items[row] for row in rows), pool.vectors_unit[rows])


def _ranked(
    about: CompletionQuestion, aim: Aim, gaining: Mapping[Slot, Pool]
) -> dict[Slot, tuple[Candidate, ...]]:
    """Return the candidates of each slot; none where a slot would stay bare, but of what is to be cheaper."""
    ranked: dict[Slot, tuple[Candidate, ...]] = {}
    for slot in sorted(aim.slots, key=lambda slot: len(gaining.get(slot, ()))):
        candidates = about.ranked({slot: gaining[slot]})[slot] if slot in gaining else ()
        ranked[slot] = tuple(
            each for each in candidates if aim.gain is Gain.CHEAPER or each.cost <= MOST_COST
        )
        if not ranked[slot] and aim.gain is not Gain.CHEAPER:
            return {}
    return {slot: ranked[slot] for slot in gaining}


def _stands(about: CompletionQuestion, aim: Aim, look: Look) -> bool:
    """Return whether what is left and what comes make an outfit: no place that was filled stays bare."""
    new = [slot for slot in look.picks if slot in aim.slots]
    if len(new) < len(aim.slots):  # what goes has nothing in its place
        return False
    if not all(changes.bears(aim, piece) for piece in about.pieces):
        return False
    picks = [about.seen.piece(look.picks[slot].item) for slot in new]
    left = lacks((*about.pieces, *picks), aim.context)
    return not left.essential


def _explained(asking: CompletionQuestion, about: CompletionQuestion, aim: Aim, look: Look) -> Look:
    """Return a changed outfit that says what is replaced by what, and what is gained."""
    by = tuple(slot for slot in look.picks if slot in aim.slots)
    kept = asking.there.kept
    gone = [at for at in aim.gone if at < kept]
    change = LookChange(
        aim.gain,
        tuple(asking.there.numbers[at] for at in gone),
        tuple(asking.there.picked[at - kept].sku for at in aim.gone if at >= kept),
        by,
        _sentence(asking, aim, look),
    )
    reasons = about.reasons
    picks = {slot: replace(pick, why=reasons.of(pick.item)) for slot, pick in look.picks.items()}
    return replace(look, picks=picks, worn=about.there.numbers, change=change)


def _sentence(asking: CompletionQuestion, aim: Aim, look: Look, saved: Decimal = Decimal(0)) -> str:
    parts = []
    reasons = asking.reasons
    old = {asking.pieces[at].slot: at for at in aim.out}
    for slot, pick in look.picks.items():
        if slot in aim.slots:
            gone = old.get(slot)
            template = say(_COMES) if gone is None else say(_INSTEAD)
            before = "" if gone is None else reasons.replaced(gone)
            parts.append(template.format(new=title_of(pick.item), old=before))
    parts += [say(_GOES).format(old=reasons.replaced(at)) for at in aim.off]
    gain = say(_EVENING if _is_for_the_evening(asking, aim, look) else _GAINS[aim.gain])
    degrees = number(round(aim.context.temperature_c))
    currency = next(iter(look.totals), "")
    gain = gain.format(degrees=degrees, amount=number(saved, 2), currency=currency)
    return f"{', '.join(parts)}: {gain}."


def _is_for_the_evening(asking: CompletionQuestion, aim: Aim, look: Look) -> bool:
    """Return whether the whole outfit is dressy enough, not only what is new in it."""
    if aim.gain is not Gain.DRESS_UP or aim.context.occasion is None:
        return False
    stays = [piece for at, piece in enumerate(asking.pieces) if at not in aim.gone]
    new = [asking.seen.piece(pick.item) for pick in look.picks.values()]
    return is_dressy([*stays, *new])


def _cheaper(
    asking: CompletionQuestion,
) -> tuple[tuple[Look, ...], dict[Slot, tuple[Candidate, ...]]]:
    """Return the outfit with its dearest picks replaced by cheaper ones."""
    kept = asking.there.kept
    prices = {item.slot: item.asking_price for item in asking.there.picked if item.asking_price}
    out = changes.cheaper({slot: price for slot, price in prices.items() if price})
    if not out:
        return (), {}
    rows = tuple(kept + at for at, item in enumerate(asking.there.picked) if item.slot in out)
    aim = Aim(Gain.CHEAPER, rows, out, asking.context, lambda _: True)
    limits = {slot: prices[slot] for slot in out}
    used = {item.sku for item in asking.there.picked}
    made, ranked = _made(_bounded(asking, limits), aim, asking.request.looks, used)
    cheaper = ((look, _saves(look, limits)) for look in made)
    return tuple(_saved(asking, aim, look, saved) for look, saved in cheaper if saved > 0), ranked


def _bounded(
    asking: CompletionQuestion, limits: Mapping[Slot, Decimal | None]
) -> CompletionQuestion:
    """Return the question with no item dearer than the dearest that goes."""
    most = max(price for price in limits.values() if price is not None)
    filters = asking.request.filters
    bound = most if filters.max_price is None else min(most, filters.max_price)
    request = replace(asking.request, filters=replace(filters, max_price=bound))
    return replace(asking, request=request)


def _saves(look: Look, limits: Mapping[Slot, Decimal | None]) -> Decimal:
    new = [look.picks[slot].item.asking_price for slot in limits if slot in look.picks]
    if len(new) < len(limits) or any(price is None for price in new):
        return Decimal(0)
    before = sum((price for price in limits.values() if price is not None), Decimal(0))
    return before - sum((price for price in new if price is not None), Decimal(0))


def _saved(asking: CompletionQuestion, aim: Aim, look: Look, saved: Decimal) -> Look:
    assert look.change is not None
    return replace(look, change=replace(look.change, text=_sentence(asking, aim, look, saved)))
