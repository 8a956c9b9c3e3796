"""What the buttons of the pieces do; each step is announced and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from recommender.client import ApiProblem, CompleteQuery
from recommender.wire.look_shapes import Suggestion, Why
from recommender.wire.shapes import Item
from recommender.wire.terms import Fact
from segmentation.common.taxonomy import Slot
from ui.text import words
from ui.text.speech import say
from ui.visit import pipeline, undoing, verdicts
from ui.visit.fitting import Fitting
from ui.visit.state import Visit, Wishes, visit

CHOICES: Final = 8
"""So many pieces to choose from are asked for at a slot."""
KEEP, SWAP, OUT, PUT, LIKE_IT, LIKE, DISLIKE = (
    "keep", "swap", "out", "put", "similar", "like", "dislike",
)  # fmt: skip
"""What a card's further actions are called."""


def act(sku: str, name: str) -> None:
    """Do what a card's further action says."""
    steps: dict[str, Callable[[Visit, str], None]] = {
        KEEP: _keep, SWAP: _swap, OUT: _leave_out, PUT: _put, LIKE_IT: _similar,
        LIKE: _like, DISLIKE: _dislike,
    }  # fmt: skip
    if name in steps:
        steps[name](visit(), sku)


def bring_back(slot: Slot) -> None:
    """Want something for a slot of the open look again."""
    held = visit()
    held.fitting = held.fitting.leaving_out(held.look, slot)


def anew() -> None:
    """Have looks made anew around what is kept of the open one."""
    visit().ask_anew()


def _keep(held: Visit, sku: str) -> None:
    held.fitting = held.fitting.keeping(sku)


def _leave_out(held: Visit, sku: str) -> None:
    slot = held.fitting.slot_of(held.look, sku)
    if slot is not None:
        made = held.fitting.leaving_out(held.look, slot)
        _step(held, made, say("{piece} is removed."), _title(held, sku))


def _put(held: Visit, sku: str) -> None:
    item = held.find(sku)
    if item is None or not held.fitting.looks:
        return
    pool = held.fitting.pools.get(item.slot, ())
    piece = next((each for each in pool if each.sku == sku), None) or _chosen(item)
    made = held.fitting.put(held.look, item.slot, piece)
    _step(held, made, say("{piece} is added to the look."), item.title)


def _chosen(item: Item) -> Suggestion:
    chosen = Why(fact=Fact.TOGETHER, text=say("You chose it yourself."))
    return Suggestion(sku=item.sku, score=0.0, why=[chosen], item=item)


def _swap(held: Visit, sku: str) -> None:
    made = _replaced(held, sku)
    if made is not None:
        _step(held, made, say("{piece} is swapped for another."), _title(held, sku))


def _replaced(held: Visit, sku: str) -> Fitting | None:
    """Return the looks with the next best in place of a piece; None where there is none, said."""
    fitting, slot = held.fitting, held.fitting.slot_of(held.look, sku)
    if slot is None:
        return None
    away, staying = fitting.without(sku), held.staying()
    asked: dict[str, Any] = {
        **(held.completed_for or Wishes()).fields(whole_looks=True),
        "picked": fitting.others(held.look, slot),
        "slot": [slot],
        "exclude": list(away.away),
        "k": CHOICES,
        "looks": 1,
        **({"keep": list(staying)} if staying else {}),
    }
    try:
        answer = pipeline.complete(held, CompleteQuery(**asked))
    except ApiProblem as refused:
        verdicts.refuse(refused)
        return None
    found = answer.looks[0].picks.get(slot)
    if found is None:
        note = answer.notes.get(slot) or answer.looks[0].reason
        verdicts.note(words.sentence(note or say("There is nothing else that fits")))
        return None
    made = away.offering(slot, tuple(answer.slots.get(slot, ())))
    return made.put(held.look, slot, found)


def _similar(held: Visit, sku: str) -> None:
    item = held.find(sku)
    if item is not None:
        held.select_item(item)


def _like(held: Visit, sku: str) -> None:
    if verdicts.known().get(sku) == LIKE:
        verdicts.unsay(sku)
    elif verdicts.tell(sku, "like"):
        undoing.offer(say("You like {piece}.").format(piece=_title(held, sku)), _unsaid)


def _dislike(held: Visit, sku: str) -> None:
    """Tell it, and put another piece in its place."""
    if verdicts.known().get(sku) == DISLIKE:
        verdicts.unsay(sku)
        return
    if not verdicts.tell(sku, "dislike"):
        return
    made = _replaced(held, sku) or held.fitting.without(sku)
    _step(held, made, say("{piece} does not come back."), _title(held, sku), acknowledged=True)


def _unsaid() -> None:
    verdicts.take_back()


def _step(
    held: Visit, made: Fitting, message: str, piece: str, *, acknowledged: bool = False
) -> None:
    """Take a step, and offer to take it back: and the feedback that the service got with it, if any."""
    before = held.fitting
    held.fitting = made

    def back() -> None:
        if not acknowledged or verdicts.take_back():
            visit().fitting = before

    undoing.offer(message.format(piece=piece), back)


def _title(held: Visit, sku: str) -> str:
    item = held.find(sku)
    return sku if item is None else item.title
