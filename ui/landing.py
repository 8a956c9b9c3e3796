"""The first screen: what this is, a box for a photo, outfits to try."""

from __future__ import annotations

from typing import Final

import streamlit as st

from recommender.client import ApiProblem
from ui import components, service, words
from ui.state import Visit, begin, leave, visit

FORMATS: Final = ("jpg", "jpeg", "png", "webp", "heic", "heif", "avif")


def show(held: Visit) -> None:
    """Show it."""
    left, right = st.columns(2, gap="xlarge", vertical_alignment="center")
    with left:
        st.title("Complete the look", anchor=False)
        st.markdown(
            "Show an outfit. Every garment in it is found, and pieces from the shop that go with "
            "it are put together into looks."
        )
        st.caption("Your photo stays in memory while you look at it, and is kept nowhere.")
    with right:
        if held.problem is not None:
            what, then = words.problem(held.problem)
            st.error(f"**{what}** {then}", icon=":material/error:")
        _drop_zone(held)
    _samples()


def _drop_zone(held: Visit) -> None:
    # a new key for each photo: the box is empty when the visitor comes back
    uploaded = st.file_uploader(
        "Drop a photo of an outfit here, or choose one",
        type=list(FORMATS),
        key=f"upload-{held.uploads}",
    )
    if uploaded is not None:
        begin(uploaded.getvalue(), "Your photo")
        st.rerun()


def _samples() -> None:
    try:
        samples = service.api().samples().samples
    except ApiProblem as refused:
        what, then = words.problem(refused.problem)
        st.warning(f"{what} {then}", icon=":material/hourglass_empty:")
        st.button("Try again")
        return
    if not samples:
        return
    st.header("Or begin with one of these", anchor=False)
    pictures = service.cards(sample.image for sample in samples)
    entries = [
        {
            "id": sample.image,
            "image": pictures[sample.image],
            "alt": "",
            "action": sample.title,
            "actionLabel": f"Begin with {sample.title}",
        }
        for sample in samples
    ]
    components.cards("Sample outfits", entries, key="samples", kind="samples", chosen=_take_sample)


def _take_sample(address: str) -> None:
    try:
        photo = service.api().picture(address)
    except ApiProblem as refused:
        leave(refused.problem)
        return
    begin(photo, "The sample outfit")
    visit()
