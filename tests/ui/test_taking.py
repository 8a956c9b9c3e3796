"""What becomes of a look: saved, shared, taken along."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from recommender.client import Client
from tests.recommender.fake_shop import street
from tests.ui.screens import Presses, run, texts
from ui.parts import taking
from ui.visit import service, undoing
from ui.visit.state import Visit

pytestmark = pytest.mark.usefixtures("api")


def test_a_look_is_saved_and_the_saving_taken_back(parts: Presses, api: Client) -> None:
    page = run(Visit(photo=street()))
    page.button(key="save-look").click().run()
    assert not page.exception and "The look is saved" in texts(page)
    (saved,) = api.saved(page.session_state["person"])
    assert [item.sku for item in saved.items] == parts.ids("pieces")
    page.button(key="undo-step").click().run()
    assert api.saved(page.session_state["person"]) == []


def test_a_step_is_told_to_those_who_do_not_see_the_bar(parts: Presses, api: Client) -> None:
    def told() -> list[str]:
        return [each.value for each in page.markdown if "role='status'" in each.value]

    page = run(Visit(photo=street()))
    assert told() == ["<p role='status' class='unseen'></p>"]  # there before there is a step
    page.button(key="save-look").click().run()
    assert "The look is saved" in told()[0]
    page.button(key="undo-hide").click().run()
    assert told() == ["<p role='status' class='unseen'></p>"]


def test_what_is_told_of_a_step_is_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "markdown", lambda body, **_: shown.append(body))
    undoing.offer("You like <b>\n\n# Bag</b>.", lambda: None)
    undoing.announce()
    assert shown == [_announced("You like &#60;b&#62; &#35; Bag&#60;&#47;b&#62;&#46;")]


def test_a_link_is_shared_for_the_look_as_it_stands(parts: Presses, api: Client) -> None:
    page = run(Visit(photo=street()))
    page.button(key="share-look").click().run()
    link = page.code[0].value
    assert "/shared?look=" in link and "article numbers only" in texts(page)
    look = api.shared(link.rsplit("=", 1)[1])
    assert [item.sku for item in look.items] == parts.ids("pieces")
    parts.press(page, "looks", "opened", 1)
    assert not page.code  # that link is of another look


def test_what_is_worn_goes_along_only_if_the_person_says_so(parts: Presses, api: Client) -> None:
    page = run(Visit(photo=street()))
    assert not page.toggle(key="with-worn-0").value
    page.button(key="save-look").click().run()
    page.toggle(key="with-worn-0").set_value(True).run()
    assert "out of your photo along their outlines" in texts(page)
    page.button(key="save-look").click().run()
    page.button(key="share-look").click().run()
    later, first = api.saved(page.session_state["person"])
    assert first.worn == [] and [each.slot for each in later.worn] == ["top", "bottom"]
    assert "with pictures of what you wear" in texts(page)
    look = api.shared(page.code[0].value.rsplit("=", 1)[1])
    assert look.worn == later.worn
    page.toggle(key="with-worn-0").set_value(False).run()
    assert not page.code  # that link shows more


@pytest.mark.parametrize(
    ("kind", "begins"), [("csv", b"sku,"), ("json", b"{"), ("png", b"\x89PNG")]
)
def test_a_look_is_taken_along(kind: str, begins: bytes) -> None:
    fetch = taking._fetch(("bag-0", "shoe-1"), kind)  # type: ignore[arg-type]
    assert fetch().lstrip(b"\xef\xbb\xbf").startswith(begins)


def test_an_api_that_is_away_is_told_in_passing(
    parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.ui.fake_api import deaf_api

    page = run(Visit(photo=street()))
    deaf = deaf_api()
    monkeypatch.setattr(service, "api", lambda: deaf)
    page.button(key="share-look").click().run()
    assert not page.code and "does not answer" in texts(page)
    page.button(key="save-look").click().run()
    assert "does not answer" in texts(page)


def _announced(answer: str) -> str:
    return f"<p role='status' class='unseen'>{answer}</p>"
