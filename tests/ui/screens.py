"""The app's screens run by Streamlit's own harness, and what stands in for its own components."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import ui
from ui import components
from ui.visit.state import Visit

APP = str(Path(ui.__file__).parent / "app.py")


class Presses:
    """What each of the app's own components was last given, and buttons within them, to press.

    Streamlit's harness cannot press them: a press is heard where the component is next mounted,
    and the run begins anew, as it does in a browser.
    """

    def __init__(self) -> None:
        """Begin with nothing shown."""
        self.given: dict[str, Any] = {}
        self._pressed: tuple[str, str, tuple[Any, ...]] | None = None

    def stand_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the components' places."""
        for name in ("outfit", "cards", "looks"):
            monkeypatch.setattr(components, name, getattr(self, name))

    def outfit(self, data: Any, *, key: str, **heard: Any) -> None:
        """Stand in for the place for a photo, `drop`, and for the photo, `photo`."""
        self._mount(key, data, heard)

    def cards(self, label: str, entries: Any, *, key: str, **heard: Any) -> None:
        """Stand in for a row of cards."""
        self._mount(key, entries, heard)

    def looks(self, data: Any, *, key: str, **heard: Any) -> None:
        """Stand in for the collages."""
        self._mount(key, data, heard)

    def _mount(self, key: str, data: Any, heard: dict[str, Any]) -> None:
        self.given[key] = data
        if self._pressed is not None and self._pressed[0] == key:
            _, name, answer = self._pressed
            self._pressed = None
            heard[name](*answer)
            self.given.clear()
            st.rerun()

    def press(self, page: AppTest, key: str, name: str, *answer: Any) -> None:
        """Press a button in a component: have it call `name` with what it tells."""
        self._pressed = (key, name, answer)
        page.run()
        assert not page.exception
        assert self._pressed is None, f"{key} is not on the screen"

    def ids(self, key: str) -> list[str]:
        """Return the ids of the cards of a row."""
        return [each["id"] for each in self.given[key]]


def run(visit: Visit | None = None) -> AppTest:
    """Run the app at its first page, with a visit that is under way where there is one."""
    page = AppTest.from_file(APP, default_timeout=60)
    if visit is not None:
        page.session_state["visit"] = visit
    page.run()
    assert not page.exception
    return page


def open_page(address: str, who: str = "", **query: str) -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60)
    page._page_hash = calc_hash(address)
    for name, value in query.items():
        page.query_params[name] = value
    if who:
        page.session_state["person"] = who
    return again(page)


def again(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def visit_of(page: AppTest) -> Visit:
    """Return the visit as it stands."""
    held = page.session_state["visit"]
    assert isinstance(held, Visit)
    return held


def texts(page: AppTest) -> str:
    """Return all that the screen says."""
    parts = [
        *page.header, *page.subheader, *page.markdown, *page.caption, *page.error, *page.warning,
        *page.info, *page.text, *page.toast,
    ]  # fmt: skip
    return "\n".join(str(part.value) for part in parts)


def choose(page: AppTest, label: str, values: list[str]) -> None:
    """Choose values of a filter; its widget's key changes with its counts."""
    box = next(each for each in page.multiselect if each.label == label)
    box.set_value(values).run()
    assert not page.exception


def options(page: AppTest, label: str) -> list[str]:
    """Return what a filter offers."""
    return next(each.options for each in page.multiselect if each.label == label)
