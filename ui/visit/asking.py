"""Questions about the visit's photo: it is sent once, and again where the service let go of it."""

from __future__ import annotations

from collections.abc import Callable
from time import sleep
from typing import Final, TypeVar

import streamlit as st

from recommender.client import ApiProblem
from recommender.wire.photo_shapes import PhotoAnswer
from ui.text.speech import say
from ui.visit import corrections, service
from ui.visit.state import Visit

GONE: Final = "urn:complete-the-look:problem:photo-not-found"
BUSY: Final = "urn:complete-the-look:problem:busy"
TRIES: Final = 3
LONGEST_WAIT_S: Final = 10.0

Answer = TypeVar("Answer")
Tell = Callable[[str], object]


def hold(held: Visit, tell: Tell = st.toast) -> PhotoAnswer:
    """Return the visit's photo as the service holds it, sent where that is not so yet.

    Raises:
        ApiProblem: the service refused, or does not answer.
    """
    if held.garments is None:
        held.garments = _sent(held, tell)
    return held.garments


def about(held: Visit, ask: Callable[[PhotoAnswer], Answer], tell: Tell = st.toast) -> Answer:
    """Return the answer to a question about the visit's photo.

    Args:
        held: the visit.
        ask: asks it.
        tell: called with what a wait is for.

    Raises:
        ApiProblem: the service refused, or does not answer.
    """
    photo = hold(held, tell)
    try:
        return patiently(lambda: ask(photo), tell)
    except ApiProblem as refused:
        if refused.problem.type != GONE:
            raise
    held.garments = again = _sent(held, tell)
    return patiently(lambda: ask(again), tell)


def patiently(ask: Callable[[], Answer], tell: Tell = st.toast) -> Answer:
    """Return an answer; where the service is busy, ask again when it says.

    Raises:
        ApiProblem: the service refused, does not answer, or stays busy.
    """
    for _ in range(TRIES - 1):
        try:
            return ask()
        except ApiProblem as refused:
            if refused.problem.type != BUSY:
                raise
            wait_s = min(refused.retry_after_s or 1.0, LONGEST_WAIT_S)
        template = say("Many photos are being looked at just now: trying again in {seconds} s")
        tell(template.format(seconds=round(wait_s)))
        sleep(wait_s)
    return ask()


def _sent(held: Visit, tell: Tell) -> PhotoAnswer:
    """Send the photo; what was corrected in it before is corrected again, or reported as lost."""
    photo = _held(held, tell)
    if held.everyone and len(photo.wearers) < 2:
        held.everyone, held.notice = False, say("Only one person was found in the photo.")
        photo = _held(held, tell)
    done: list[corrections.Correction] = []
    for correction in held.corrections:
        try:
            photo = corrections.applied(service.api(), photo, correction)
        except ApiProblem as refused:
            if refused.problem.status >= 500:
                raise
            held.notice = say("Not all of your corrections could be kept: please look once more.")
            break
        done.append(correction)
    held.corrections = tuple(done)
    return photo


def _held(held: Visit, tell: Tell) -> PhotoAnswer:
    asked = {"everyone": held.everyone, "crop": not (held.whole or held.is_own)}
    return patiently(lambda: service.api().hold(held.photo or b"", **asked), tell)
