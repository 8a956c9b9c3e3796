"""The app's screens, run by Streamlit's own test harness over the real API with fake models."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.elements.html import _html_only_style_tags
from streamlit.testing.v1 import AppTest

import ui
from recommender.client import ApiProblem, Client
from segmentation.common.errors import WeightsError
from tests.recommender.fake_shop import FakeShop, picture, street
from tests.ui.fake_api import deaf_api, garbled_api
from tests.ui.screens import run, visit_of
from ui import components
from ui.pages import landing
from ui.visit import service
from ui.visit.state import Visit

APP = str(Path(ui.__file__).parent / "app.py")


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each of the app's own components was last given, by its key's first word."""
    given: dict[str, Any] = {}

    def outfit(data: Any, *, key: str, **_: Any) -> None:
        given[key] = data

    def cards(label: str, entries: Any, *, key: str, **_: Any) -> None:
        given[key] = entries

    def looks(data: Any, *, key: str, **_: Any) -> None:
        given["looks"] = data

    for stand_in in (outfit, cards, looks):
        monkeypatch.setattr(components, stand_in.__name__, stand_in)
    return given


def texts(page: AppTest) -> str:
    parts = [*page.header, *page.markdown, *page.caption, *page.error, *page.warning, *page.info]
    return "\n".join(str(part.value) for part in parts)


def test_the_first_screen_offers_a_box_and_samples(api: Client, shown: dict[str, Any]) -> None:
    page = run()
    assert page.title[0].value == "Complete the look"
    assert [entry["action"] for entry in shown["samples"]] == ["City walk", "Grey wall"]
    assert shown["samples"][0]["image"].startswith("data:image/webp;base64,")


def test_no_garment_says_what_to_do(api: Client, shown: dict[str, Any]) -> None:
    page = run(Visit(photo=picture()))
    assert "No garment was found" in texts(page)
    assert shown["photo"]["garments"] == []
    assert "looks" not in shown


@pytest.mark.parametrize(
    ("photo", "says"),
    [
        (b"no picture", "format is not accepted"),
        (b"", "picture is empty"),
        (picture(size_wh=(400, 400), kind="JPEG")[:800], "cannot be read to its end"),
    ],
)
def test_a_photo_that_is_refused_leads_back_and_says_why(
    api: Client, photo: bytes, says: str
) -> None:
    page = run(Visit(photo=photo))
    assert page.title[0].value == "Complete the look"
    assert says in page.error[0].value
    assert visit_of(page).photo is None


def test_a_server_without_models_says_how_to_mend_it(api: Client, shop: FakeShop) -> None:
    shop.detector.fails = WeightsError(
        "the detector's weights are missing", got="", expected="", next_step="Run `make train`."
    )
    page = run(Visit(photo=street()))
    assert page.error[0].value == "**The detector's weights are missing.** Run `make train`."
    shop.detector.fails = None
    next(each for each in page.button if each.label == "Try again").click().run()
    assert not page.error
    assert visit_of(page).completion is not None


def test_an_unexpected_error_is_told_kindly(api: Client, shop: FakeShop) -> None:
    shop.detector.fails = ZeroDivisionError("secret")
    page = run(Visit(photo=street()))
    assert "Something went wrong" in page.error[0].value
    assert "secret" not in texts(page)


@pytest.mark.parametrize(
    ("make", "says"), [(deaf_api, "does not answer"), (garbled_api, "cannot be read")]
)
def test_an_api_that_is_not_there(monkeypatch: pytest.MonkeyPatch, make: Any, says: str) -> None:
    client = make()
    monkeypatch.setattr(service, "api", lambda: client)
    page = run()
    assert says in page.warning[0].value
    page = run(Visit(photo=street()))
    assert says in page.error[0].value


def test_a_sample_is_taken(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    landing._take_sample("/v1/samples/city-walk")
    assert state["visit"].photo == street()
    landing._take_sample("/v1/samples/none")
    assert state["visit"].photo is None
    assert state["visit"].problem.status == 404


def test_the_client_takes_odd_skus(api: Client) -> None:
    with pytest.raises(ApiProblem) as caught:
        api.similar_items("a/b?c")
    assert caught.value.problem.status == 404


def test_the_app_loads_no_model() -> None:
    """A thin client: it starts at once, and one machine may hold many of it."""
    code = (
        "import sys, ui.pages.results, ui.pages.landing\n"
        "heavy = {'torch', 'faiss', 'open_clip', 'timm', 'sqlalchemy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], check=True, cwd=Path(APP).parent.parent
    )


def test_styles_do_not_share_the_container_of_the_toasts(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit puts styles alone beside the toasts, where the next toast takes their place."""
    bodies: list[str] = []
    monkeypatch.setattr(st, "html", lambda body, **_: bodies.append(str(body)))
    run()
    (dress,) = [body for body in bodies if "<style>" in body]
    assert ".st-key-undo-bar" in dress and not _html_only_style_tags(dress)
    assert _html_only_style_tags("<style>p {}</style>")
