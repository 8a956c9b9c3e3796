"""From a photo to all that the second screen shows, each stage told as it happens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

import streamlit as st

from recommender.api.shapes import CompletionAnswer, GarmentsAnswer, SimilarAnswer
from recommender.client import ApiProblem, CompleteQuery, SimilarQuery
from segmentation.errors import PhotoError
from ui import service, words
from ui.pictures import photo_url
from ui.state import Visit, Wishes, leave

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
        the service is at fault, this does not return: it offers to try again.
    """
    if held.garments is not None and held.completion is not None and held.completed_for == wishes:
        return True
    place = st.empty()
    try:
        with place.status("Looking at the photo", expanded=True) as status:
            if held.garments is None:
                _look_at(held, on_news)
            st.write(found(held.garments))
            status.update(label="Putting looks together")
            _complete(held, wishes)
            status.update(label="Done", state="complete", expanded=False)
    except ApiProblem as refused:
        place.empty()
        if refused.problem.status >= 500:
            _offer_again(refused)
        leave(refused.problem)
        return False
    place.empty()
    return True


def _offer_again(refused: ApiProblem) -> None:
    """Say what is wrong with the service and stop here; the photo is kept for another try."""
    tell(refused)
    st.button("Try again", icon=":material/refresh:")
    st.stop()


def tell(refused: ApiProblem) -> None:
    """Say what was refused, and what to do next."""
    what, then = words.problem(refused.problem)
    st.error(f"**{what}** {then}", icon=":material/error:")


def found(answer: GarmentsAnswer | None) -> str:
    """Return what was found in the photo, and how fast."""
    garments = answer.garments if answer else []
    count = f"{len(garments) or 'No'} garment{'s' if len(garments) != 1 else ''}"
    spent = sum(answer.ms.values()) if answer else 0.0
    return f"{count} found in {spent / 1000:.1f} s"


def chosen(answer: CompletionAnswer) -> str:
    """Return how fast the looks were made."""
    return f"looks made in {sum(answer.ms.values()) / 1000:.1f} s"


def _look_at(held: Visit, on_news: Callable[[], None]) -> None:
    photo = held.photo or b""
    # what is no photo shows nothing here, and the API says what is wrong with it
    with suppress(PhotoError):
        held.preview = photo_url(photo)
    on_news()
    held.garments = service.api().garments(photo)
    on_news()


def _complete(held: Visit, wishes: Wishes) -> None:
    fields = {**wishes.fields(whole_looks=True), "k": SUGGESTIONS, "looks": LOOKS}
    done = complete(held, CompleteQuery(**fields))
    held.completion, held.completed_for, held.look, held.similar = done, wishes, 0, None


def complete(held: Visit, query: CompleteQuery) -> CompletionAnswer:
    """Return what completes the photo's outfit.

    Raises:
        ApiProblem: the service refused, or does not answer.
    """
    return service.api().complete(held.photo or b"", query)


def similar(held: Visit, query: SimilarQuery) -> SimilarAnswer:
    """Return items like the selection: an item, or a garment of the photo.

    Raises:
        ApiProblem: the service refused, or does not answer.
    """
    if held.item is not None:
        return service.api().similar_items(held.item.sku, query)
    asked = query.model_copy(update={"garment": held.garment})
    return service.api().similar(held.photo or b"", asked)
