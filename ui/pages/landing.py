"""The first screen: what this is, a place for a photo, outfits to try."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import streamlit as st

from recommender.client import ApiProblem
from ui import components
from ui.text import plain
from ui.text.speech import N_, say
from ui.visit import service
from ui.visit.state import Visit, begin, leave

FORMATS: Final = ("jpg", "jpeg", "png", "webp", "heic", "heif", "avif")
OUTFITS: Final = (
    N_("Autumn in the park"), N_("Campus walk"), N_("City commute"), N_("Early train"),
    N_("Evening out"), N_("Ferry crossing"), N_("First coffee"), N_("Gallery afternoon"),
    N_("Garden lunch"), N_("Harbour walk"), N_("Long weekend"), N_("Monday at the office"),
    N_("Opening night"), N_("Orchard path"), N_("Rainy day"), N_("Sea wall"), N_("Spring fair"),
    N_("Studio day"), N_("Summer concert"), N_("Sunday market"), N_("Travel light"),
    N_("Wedding guest"), N_("Weekend errands"), N_("Winter lights"),
)  # fmt: skip
"""What the sample outfits are called; to be said."""


def show(held: Visit) -> None:
    """Show it."""
    left, right = st.columns([5, 7], gap="xlarge", vertical_alignment="center")
    with left, st.container(key="welcome"):
        st.title(say("Complete the look"), anchor=False)
        st.markdown(
            say(
                "Show what you wear. Every garment is found, and pieces from the shop that go "
                "with it are put together into looks."
            )
        )
        st.caption(say("Your photo stays in memory while you look at it, and is kept nowhere."))
    with right:
        if held.problem is not None:
            st.error(plain.problem(held.problem), icon=":material/error:")
        _drop_zone(held)
    _samples()


def _drop_zone(held: Visit) -> None:
    data = {
        "shows": "zone",
        # ready for the next photo where this changes
        "key": str(held.uploads),
        "endings": list(FORMATS),
        "most": int(service.photo_mb() * service.MEGABYTE),
        "words": _words(),
    }
    components.outfit(data, key="drop", photo=_take)


def _words() -> dict[str, str]:
    return {
        "lead": say("Drop a photo of an outfit here"),
        "leadTouch": say("Show a photo of an outfit"),
        "choose": say("Choose a photo"),
        "shoot": say("Take a photo"),
        "paste": say("or paste one with Ctrl+V or \N{PLACE OF INTEREST SIGN}V"),
        "formats": say("JPEG, PNG, WebP, HEIC or AVIF, up to {size} MB").format(
            size=f"{service.photo_mb():g}"
        ),
        "take": say("Take it"),
        "cancel": say("Cancel"),
        "sending": say("Sending your photo…"),
        "viewfinder": say("What the camera sees"),
        "cameraOn": say("The camera is on."),
        "cameraDenied": say(
            "The camera may not be used. Allow it in the browser's settings, or choose a photo."
        ),
        "cameraMissing": say("No camera was found. Choose a photo instead."),
        "cameraBusy": say("The camera does not answer; another program may be using it."),
        "cameraInsecure": say("The camera works over https only. Choose a photo instead."),
        "noPicture": say("This is not a picture. Choose a photo, such as a JPEG."),
        "nothingPasted": say("There is no picture to paste. Copy a photo first."),
        "tooLarge": say(
            "This photo is larger than {size} MB. Save it smaller, or as a JPEG."
        ).format(size=f"{service.photo_mb():g}"),
        "unreadable": say("This file cannot be read. Choose another one."),
    }


def _take(encoded: Any) -> None:
    try:
        photo = base64.b64decode(str(encoded), validate=True)
    except binascii.Error:
        return
    begin(photo, say("Your photo"))


def _samples() -> None:
    try:
        samples = service.api().samples().samples
    except ApiProblem as refused:
        st.warning(plain.problem(refused.problem), icon=":material/hourglass_empty:")
        st.button(say("Try again"))
        return
    if not samples:
        return
    st.header(say("Or try one of these"), anchor=False)
    pictures = service.cards(sample.image for sample in samples)
    entries = [
        {
            "id": sample.image,
            "image": pictures[sample.image],
            "alt": "",
            "action": say(sample.title),
            "actionLabel": say("Begin with {outfit}").format(outfit=say(sample.title)),
        }
        for sample in samples
    ]
    label = say("Sample outfits")
    components.cards(label, entries, key="samples", kind="samples", chosen=_take_sample)


def _take_sample(address: str) -> None:
    try:
        photo = service.api().picture(address)
    except ApiProblem as refused:
        leave(refused.problem)
        return
    begin(photo, say("The sample outfit"))
