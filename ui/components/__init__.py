"""The app's own parts of the screen: HTML, CSS and JavaScript in place, no frame, no other host.

Each mounts what it is given and calls back with what was chosen; none holds state that matters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from ui.text.speech import say

FOLDER: Final = Path(__file__).parent


@cache
def _part(name: str) -> ComponentRenderer:
    """Return the mounting function of one component, registered once in a process.

    A long script is written in parts, `NAME-PART.js`, which are joined, `base.js` before them: no
    build, one module.
    """

    def read(ending: str) -> str:
        return (FOLDER / f"{name}.{ending}").read_text(encoding="utf-8")

    parts = [FOLDER / "base.js", *sorted(FOLDER.glob(f"{name}-*.js")), FOLDER / f"{name}.js"]
    return st.components.v2.component(
        f"look_{name}",
        html=read("html"),
        css=(FOLDER / "base.css").read_text(encoding="utf-8") + read("css"),
        js="".join(path.read_text(encoding="utf-8") for path in parts),
    )


def outfit(data: Mapping[str, Any], *, key: str, **heard: Callable[[Any], None]) -> None:
    """Show a place for a photo, or the photo with its garments outlined.

    Args:
        data: `shows`, `zone` or `worn`, `key`, which changes where all is to begin anew, and
            `words`. Of a zone also `endings` of files and `most` bytes. Of what is worn also
            `photo`, `alt`, `label`, `width`, `height`, `selected`, `open` to corrections, all
            `kinds` (`id`, `name`, `also` found by), ids of those `likely` for the selection, a
            `guess` (`box`, `kinds`) at the box that was drawn, `notice`, and `garments`, each with
            `name`, `details`, `label`, `kind`, `box` and `outline`.
        key: of the widget.
        heard: what is called with a `photo` in base64; with the number of the garment that is
            `picked`, None for none; with one `corrected` (`number`, `kind`), `removed`
            (its number) or `added` (`box`, `kind`); with a box that was drawn (`boxed`).
    """
    _mount("outfit", data, key=key, heard=heard)


def cards(
    label: str,
    entries: Sequence[Mapping[str, Any]],
    *,
    key: str,
    chosen: Callable[[str], None],
    acted: Callable[[str, str], None] | None = None,
    kind: str = "rail",
    reveal: str = "",
) -> None:
    """Show a row of cards.

    Args:
        label: what the row is, for those who do not see it.
        entries: each with `id`, `image`, `actionLabel`, and where there are some `alt`, `brand`,
            `title` (of a sample `action`), `price`, `was`, `why` or else `facts`, `badge`, `on`,
            and further actions: `acts` below it, `marks`, such as `like`, on its picture, and
            those of its `menu`, which `menuLabel` names and which tells `details` too; each with
            `act`, `label`, and `pressed` where it is a toggle, all but the marks with `words`.
        key: of the widget.
        chosen: called with the id of the card whose action was chosen.
        acted: called with a card's id and which of its further actions was chosen.
        kind: `rail` for items in a row, `grid` for items in rows, `samples` for photos of outfits.
        reveal: when this changes, the row is brought into sight.
    """

    def hear_act(event: Mapping[str, Any]) -> None:
        if acted is not None:
            acted(str(event["id"]), str(event["act"]))

    shown = [dict(entry) for entry in entries]
    words = {"before": say("before"), "after": say("now"), "more": say("Why this")}
    data = {"label": label, "kind": kind, "reveal": reveal, "cards": shown, "words": words}
    _mount(
        "cards", data, key=key, heard={"chosen": lambda sku: chosen(str(sku)), "acted": hear_act}
    )


def looks(data: Mapping[str, Any], *, key: str, opened: Callable[[int], None]) -> None:
    """Show looks beside each other.

    Args:
        data: `key`, `label`, `open` and `looks`, each with `name`, `label`, `total`, `pieces`,
            each of which has `image`, `slot` and its `place`, and where there is one a `note`,
            `over` the budget or not. With a `photo` (`image`, `width`, `height`, the words `fresh`
            and `before`), looks may have `worn` garments and some that they replace, `instead`,
            each with `outline`, `box` and `place`, or with an `image` of its own. `key` names what is shown: where it changes, the looks are drawn anew.
        key: of the widget.
        opened: called with the number of the look to open.
    """
    _mount("looks", data, key=key, heard={"opened": lambda number: opened(int(number))})


def keeper(
    data: Mapping[str, Any],
    *,
    key: str,
    person: Callable[[str], None],
    language: Callable[[str], None],
    audience: Callable[[str], None],
) -> None:
    """Have the browser keep whose style it is, which language was chosen and whom looks are for.

    Nothing is shown.

    Args:
        data: `person`, `forgotten`, `language` that is spoken, `chosen` one, the `audience`, and the
            `place` that is shown: where it changes, the page is seen from its top on.
        key: of the widget.
        person: called with the id that was kept from before.
        language: called with the language that was chosen before.
        audience: called with whom looks were for before.
    """

    def tell(name: str, hear: Callable[[str], None]) -> None:
        kept = _event(key, name)
        if kept:
            hear(str(kept))

    _part("keeper")(
        key=key,
        data=dict(data),
        on_person_change=lambda: tell("person", person),
        on_language_change=lambda: tell("language", language),
        on_audience_change=lambda: tell("audience", audience),
    )


def wardrobe(data: Mapping[str, Any], *, key: str, done: Callable[[dict[str, Any]], None]) -> None:
    """Have the browser keep, delete and tell pieces of a wardrobe; nothing is shown.

    Args:
        data: `turn`, which is done once, pieces to `put`, each with an `id`, ids to `drop`, whether to
            `clear` all and to `read` what is there then, and how many `most` are kept.
        key: of the widget.
        done: called with the `turn`, and the `pieces` where they were read, or that it `failed`.
    """

    def tell() -> None:
        event = _event(key, "done")
        if event is not None:
            done(dict(event))

    _part("wardrobe")(key=key, data=dict(data), on_done_change=tell)


def _mount(
    name: str, data: Mapping[str, Any], *, key: str, heard: Mapping[str, Callable[[Any], None]]
) -> None:
    """Mount a component whose events come numbered, until they were heard; each is heard once.

    Args:
        name: of the component.
        data: what it shows.
        key: of the widget.
        heard: event -> what is called with its value.
    """
    last = f"{key}-heard"

    def hear() -> None:
        for event in _event(key, "events") or ():
            if event["turn"] > st.session_state.get(last, 0):
                st.session_state[last] = event["turn"]
                heard[event["name"]](event["value"])

    told = {**data, "heard": st.session_state.get(last, 0)}
    _part(name)(key=key, data=told, on_events_change=hear)


def _event(key: str, name: str) -> Any:
    return st.session_state.get(key, {}).get(name)
