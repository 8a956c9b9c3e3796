"""What becomes of a look: saved, shared by a link that expires, or exported as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias

import streamlit as st

from recommender.client import ApiProblem
from ui.parts import sharing
from ui.text import words
from ui.text.speech import N_, say
from ui.visit import asking, person, service, undoing, verdicts
from ui.visit.fitting import Picks, goes_with
from ui.visit.state import Visit, visit

Skus: TypeAlias = tuple[str, ...]
Numbers: TypeAlias = tuple[int, ...]
_SHARED: Final = "shared-look"
_KINDS: Final[dict[Literal["png", "csv", "json"], tuple[str, str, str]]] = {
    "png": (N_("Picture"), "image/png", ":material/image:"),
    "csv": (N_("Table (CSV)"), "text/csv", ":material/table:"),
    "json": (N_("JSON"), "application/json", ":material/data_object:"),
}


def show(held: Visit, picks: Picks) -> None:
    """Show what can be done with the open look."""
    skus, worn = _wanted(held, picks)
    st.button(
        say("Save"), icon=":material/bookmark_add:", key="save-look", on_click=_save,
        args=(skus, worn),
    )  # fmt: skip
    st.button(
        say("Share"), icon=":material/ios_share:", key="share-look", on_click=_share,
        args=(skus, worn),
    )  # fmt: skip
    photo = held.garments.id if held.garments is not None else None
    with st.popover(say("Export"), icon=":material/download:"):
        for kind, (label, mime, icon) in _KINDS.items():
            st.download_button(
                say(label), _fetch(skus, kind, photo, worn), file_name=f"look.{kind}", mime=mime,
                icon=icon, key=f"export-{kind}", on_click="ignore", width="stretch",
            )  # fmt: skip


def agree(held: Visit, picks: Picks) -> None:
    """Ask whether what is worn goes along with the look, where there is something to show of it."""
    if not _staying(held, picks):
        return
    means = say(
        "Looks that you save, share or export then show the clothes you keep on: small pictures, cut "
        "out of your photo along their outlines. A hand or hair within an outline is in them; "
        "nothing else of the photo is. They are deleted with the look, and whoever has the link of "
        "a shared look sees them."
    )
    key = f"with-worn-{held.uploads}"
    st.session_state[key] = held.with_worn
    st.toggle(say("Include what I wear"), key=key, help=means, on_change=_agree, args=(key,))
    if held.with_worn:
        st.caption(means)


def _agree(key: str) -> None:
    visit().with_worn = bool(st.session_state[key])


def _wanted(held: Visit, picks: Picks) -> tuple[Skus, Numbers]:
    """Return the items of a look, and the numbers of the garments that go along with it."""
    worn = _staying(held, picks) if held.with_worn else ()
    return tuple(pick.sku for pick in picks.values()), worn


def _staying(held: Visit, picks: Picks) -> Numbers:
    """Return the photo's numbers of what stays on in the open look and can be shown alone."""
    done = held.completion
    looks = [look for look in done.looks if look.picks] if done is not None else []
    if done is None or held.garments is None or held.look >= len(looks):
        return ()
    worn = [done.garments[at] for at in looks[held.look].worn if at < len(done.garments)]
    boxes = [each.box for each in worn if goes_with(each, picks)]
    garments = enumerate(held.garments.garments)
    return tuple(number for number, each in garments if each.box in boxes)


def _fetch(
    skus: Skus, kind: Literal["png", "csv", "json"], photo: str | None = None, worn: Numbers = ()
) -> Callable[[], bytes]:
    client = service.api()  # outside of a session when it is called
    return lambda: client.export(skus, kind, photo, worn)


def _save(skus: Skus, worn: Numbers) -> None:
    who = person.identity()
    try:
        if worn:
            asking.about(visit(), lambda photo: service.api().save(who, skus, photo.id, worn))
        else:
            service.api().save(who, skus)
    except ApiProblem as refused:
        verdicts.refuse(refused)
        return
    undoing.offer(say("The look is saved; it is on the page Your style."), _unsave)


def _unsave() -> None:
    verdicts.take_back()


def _share(skus: Skus, worn: Numbers) -> None:
    try:
        if worn:
            answer = asking.about(visit(), lambda photo: service.api().share(skus, photo.id, worn))
        else:
            answer = service.api().share(skus)
    except ApiProblem as refused:
        verdicts.refuse(refused)
    else:
        st.session_state[_SHARED] = (visit().uploads, (skus, worn), answer)


def link(held: Visit, picks: Picks) -> None:
    """Show the link to a look that was shared as it stands."""
    upload, shared, answer = st.session_state.get(_SHARED, (None, (), None))
    if answer is None or (upload, shared) != (held.uploads, _wanted(held, picks)):
        return
    text = (
        say(
            "Whoever has this link sees the look until {day}, with pictures of what you wear in it. "
            "It holds nothing else of your photo."
        )
        if shared[1]
        else say(
            "Whoever has this link sees the look until {day}. It holds article numbers only: "
            "nothing of you or your photo."
        )
    )
    with st.container(key="share-link", gap="small"):
        st.code(sharing.address(answer.token), language=None, wrap_lines=True)
        st.caption(text.format(day=words.day(answer.expires_at)))
