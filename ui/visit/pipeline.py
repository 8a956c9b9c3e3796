"""From a photo to all that the second screen shows, each stage shown as it happens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

import streamlit as st
from streamlit.elements.lib.mutable_status_container import StatusContainer

from recommender.client import ApiProblem, CompleteQuery, SimilarQuery
from recommender.wire.look_shapes import CompletionAnswer
from recommender.wire.photo_shapes import PhotoAnswer
from recommender.wire.shapes import GarmentsAnswer, SimilarAnswer
from segmentation.common.errors import PhotoError
from ui.text import plain
from ui.text.speech import say, say_many
from ui.visit import asking, service, undoing, verdicts
from ui.visit.pictures import photo_url
from ui.visit.state import Visit, Wishes, leave

LOOKS: Final = 3
SUGGESTIONS: Final = 6


def run(held: Visit, wishes: Wishes, on_news: Callable[[], None]) -> bool:
    """Ask for what is not known yet.

    Args:
        held: the visit; it is filled in.
        wishes: what to filter by.
        on_news: called when there is something new to show of the photo.

    Returns:
        Whether all went well; if not, the photo was refused, and the visit left says why. Where
        other looks or other wishes cannot be had, the looks before stand, and why is said in
        passing. Where the service is at fault, this does not return: it offers to try again.
    """
    # it stands there whether or not something is asked, so that what follows keeps its place
    place = st.empty()
    if held.garments is not None and held.completion is not None and held.completed_for == wishes:
        return True
    if held.make_room():
        wishes = replace(wishes, keep=held.keep)
    before = held.garments
    try:
        with place.container():
            if held.garments is None:
                before = _look_at(held, on_news)
            _complete(held, wishes)
    except ApiProblem as refused:
        place.empty()
        if (held.before is not None or refused.problem.status < 500) and held.fall_back():
            held.completed_for = wishes  # or the same would be asked at every redraw
            verdicts.refuse(refused)
            verdicts.speak()
            return True
        if refused.problem.status >= 500:
            _offer_again(refused)
        leave(refused.problem)
        return False
    place.empty()
    if held.garments is not before:  # the service had let go of the photo: it is found anew
        st.rerun()
    return True


def _offer_again(refused: ApiProblem) -> None:
    """Say what is wrong with the service and stop here; the photo is kept for another try."""
    tell(refused)
    st.button(say("Try again"), icon=":material/refresh:")
    st.stop()


def tell(refused: ApiProblem) -> None:
    """Say what was refused, and what to do next."""
    st.error(plain.problem(refused.problem), icon=":material/error:")


def found(answer: GarmentsAnswer) -> str:
    """Return what was found in the photo."""
    count = len(answer.garments)
    if not count:
        return say("No clothes found")
    return say_many("{count} piece found", "{count} pieces found", count).format(count=count)


def _look_at(held: Visit, on_news: Callable[[], None]) -> PhotoAnswer:
    with _stage(say("Looking at the photo")) as stage:
        # what is no photo shows nothing here, and the API says what is wrong with it
        with suppress(PhotoError):
            held.preview = photo_url(held.photo or b"")
        on_news()
        photo = asking.hold(held, lambda label: stage.update(label=label))
        if photo.frame is not None:
            held.preview = photo_url(held.photo or b"", photo.frame)
        stage.update(label=found(photo), state="complete")
    on_news()
    return photo


def _complete(held: Visit, wishes: Wishes) -> None:
    with _stage(say("Putting looks together")) as stage:
        fields = {**wishes.fields(whole_looks=True), "k": SUGGESTIONS, "looks": LOOKS}
        done = complete(held, CompleteQuery(**fields), lambda label: stage.update(label=label))
        stage.update(label=say("Looks are ready"), state="complete")
    if held.before is not None:  # a step in the looks before is no step in these
        undoing.forget()
    held.completion, held.completed_for, held.look, held.similar = done, wishes, 0, None
    held.before = None


def _stage(label: str) -> StatusContainer:
    return st.status(label, type="step")


def complete(
    held: Visit, query: CompleteQuery, tell: Callable[[str], object] = st.toast
) -> CompletionAnswer:
    """Return what completes the photo's outfit; `tell` is called with what a wait is for.

    Raises:
        ApiProblem: the service refused, or does not answer.
    """
    return asking.about(held, lambda photo: service.api().complete(photo, query), tell)


def similar(held: Visit, query: SimilarQuery) -> SimilarAnswer:
    """Return items like the selection: an item, or a garment of the photo.

    Raises:
        ApiProblem: the service refused, or does not answer.
    """
    if held.item is not None:
        return service.api().similar_items(held.item.sku, query)
    asked = query.model_copy(update={"garment": held.garment})
    return asking.about(held, lambda photo: service.api().similar(photo, asked))
