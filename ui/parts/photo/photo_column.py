"""The photo with its garments outlined: one can be chosen, and corrected by hand."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from recommender.client import ApiProblem
from recommender.wire.photo_shapes import PhotoAnswer
from recommender.wire.shapes import Garment
from segmentation.common.taxonomy import Category
from ui import components
from ui.parts.photo import kind_choice, limits
from ui.text import words
from ui.text.speech import say
from ui.visit import asking, corrections, service
from ui.visit.corrections import Added, Changed, Correction, Removed
from ui.visit.state import Visit, visit


def show(held: Visit, place: Any) -> None:
    """Show the photo in a container of its own, as far as it is known by now."""
    if not held.preview:
        return
    photo = held.garments
    with place:
        data = {
            "shows": "worn",
            # drawn anew where this changes
            "key": f"{photo.id}-{held.changes}" if photo else held.photo_key,
            "open": photo is not None,
            "photo": held.preview,
            "alt": held.title,
            "label": say("Garments in the photo: choose one to see similar items"),
            "width": photo.width if photo else 1,
            "height": photo.height if photo else 1,
            "selected": held.shown.index(held.garment) if held.garment in held.shown else None,
            "garments": [_outlined(garment) for garment in held.worn],
            "kinds": kind_choice.every(),
            "likely": kind_choice.of_garment(held) if photo else [],
            "guess": kind_choice.of_box(held) if photo else None,
            "words": _words(),
            "told": held.notice,
        }
        # the photo stands alone until the garments arrive, in the same run
        components.outfit(
            data,
            key="photo" if photo else "photo-alone",
            picked=_pick,
            corrected=_correct,
            removed=_remove,
            added=_add,
            boxed=_box,
        )
        if photo is not None:
            _whose(held, photo)
            _cropped(photo)
        limit = limits.advice(photo) if photo and not held.everyone and not held.is_own else ""
        if limit:
            st.caption(limit)


def _whose(held: Visit, photo: PhotoAnswer) -> None:
    """Ask whose outfit it is, where there are several people, or whether there are."""
    if not photo.garments or held.is_own:
        return
    if not held.everyone:
        st.button(
            say("Someone else in the photo?"), icon=":material/group:", type="tertiary",
            key="everyone", on_click=lambda: visit().look_for_everyone(),
        )  # fmt: skip
        return
    left_to_right = sorted(range(len(photo.wearers)), key=lambda at: photo.wearers[at].box[0])
    key = f"wearer-{held.uploads}"
    st.session_state[key] = held.wearer
    st.pills(
        say("Whose outfit?"), left_to_right, key=key, required=True, on_change=_choose, args=(key,),
        format_func=lambda at: _named(left_to_right.index(at), len(left_to_right)),
    )  # fmt: skip


def _cropped(photo: PhotoAnswer) -> None:
    """Say that only the photo in a screenshot was looked at, and offer all of it."""
    if photo.frame is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="cropped", gap="small"):
        text = say("This is a screenshot: only the photo in it was looked at.")
        st.caption(text, width="content")
        st.button(
            say("Look at all of it"), icon=":material/crop_free:", type="tertiary", key="whole",
            on_click=lambda: visit().look_at_all(),
        )  # fmt: skip


def _named(place: int, count: int) -> str:
    if place == 0:
        return say("On the left")
    if place == count - 1:
        return say("On the right")
    return say("Number {place} from the left").format(place=place + 1)


def _choose(key: str) -> None:
    visit().choose_wearer(int(st.session_state[key]))


def _outlined(garment: Garment) -> dict[str, Any]:
    name, details = words.garment_name(garment), words.garment_details(garment)
    sure = say("{share} sure").format(share=words.percent(garment.score))
    return {
        "name": name,
        "details": details,
        "label": ", ".join(filter(None, (name, details, sure))),
        "kind": garment.category.value,
        "box": garment.box,
        "outline": garment.outline,
    }


def _words() -> dict[str, str]:
    return {
        "wrong": say("Not right? Choose what it is"),
        "away": say("Not a garment"),
        "missed": say("Something missed?"),
        "how": say("Draw a box around what was missed."),
        "keys": say("Arrow keys move the box, with Shift they change its size; Enter accepts."),
        "looksLike": say("This looks like:"),
        "likely": say("Likely kinds"),
        "find": say("Search all kinds"),
        "none": say("No kind of that name."),
        "add": say("Add: {kind}"),
        "cancel": say("Cancel"),
        "changing": say("One moment…"),
        "frame": say("Box around what was missed: arrow keys move it, with Shift change its size"),
        "boxAt": say(
            "{left} % from the left, {top} % from the top; {width} % wide, {height} % high"
        ),
    }


def _pick(number: int | None) -> None:
    held = visit()
    held.select_garment(None if number is None else held.shown[int(number)])


def _correct(event: dict[str, Any]) -> None:
    number, kind = visit().shown[int(event["number"])], Category(event["kind"])
    done = say("Changed: {kind}.").format(kind=words.kind(kind))
    _take(Changed(number, kind), done, number)


def _remove(number: int) -> None:
    _take(Removed(visit().shown[int(number)]), say("Removed."), None)


def _add(event: dict[str, Any]) -> None:
    kind = Category(event["kind"])
    box = tuple(float(edge) for edge in event["box"])
    _take(Added(box, kind), say("Added: {kind}.").format(kind=words.kind(kind)), None)


def _box(corners: Any) -> None:
    visit().drawn = tuple(float(edge) for edge in corners)


def _take(correction: Correction, done: str, selected: int | None) -> None:
    """Have the service take a correction, and say what came of it."""
    held = visit()
    held.changes, held.notice = held.changes + 1, ""
    before = held.garments.garments if held.garments else []
    try:
        photo = asking.about(held, partial(_applied, correction=correction))
    except ApiProblem as refused:
        held.notice = " ".join(words.problem(refused.problem))
        return
    if isinstance(correction, Added):
        selected = corrections.newcomer(before, photo.garments)
    held.correct(correction, photo, selected)
    held.notice = held.notice or done


def _applied(photo: PhotoAnswer, correction: Correction) -> PhotoAnswer:
    return corrections.applied(service.api(), photo, correction)
