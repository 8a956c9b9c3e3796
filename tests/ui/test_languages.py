"""The app in German: chosen or the browser's, its words, its numbers, what it asks the service for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import ui
from recommender.api.app import create_app
from recommender.api.http.problems import TABLE, TYPE
from recommender.client import Client
from recommender.wire import look_shapes, shapes
from recommender.wire.look_shapes import Suggestion
from recommender.wire.shapes import Garment, Item
from recommender.wire.state_shapes import Problem
from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Category
from tests.recommender.fake_shop import open_shop
from tests.ui.fake_api import serve, transport_to
from ui.text import english, speech, troubles, words
from ui.visit.state import visit

APP = str(Path(ui.__file__).parent / "app.py")


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (speech, words, troubles, english):
        monkeypatch.setattr(module, "language", lambda: "de", raising=False)
    yield


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages that the app asked for, one for each of its requests."""
    languages: list[str] = []
    app = create_app(open_shop(tmp_path / "home"), outfits={}, warm=False)
    inner = transport_to(app)

    def handle(request: httpx.Request) -> httpx.Response:
        languages.append(request.headers.get("accept-language", ""))
        return inner.handle_request(request)

    http = httpx.Client(transport=httpx.MockTransport(handle), base_url="http://shop")
    client = Client.over(http, speech.language)
    serve(client, monkeypatch)
    return languages


def page_in(language: str, address: str = "catalogue", **query: str) -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60)
    page._page_hash = calc_hash(address)
    for name, value in query.items():
        page.query_params[name] = value
    if language:
        page.session_state["language"] = language
    page.run()
    assert not page.exception
    return page


def test_a_chosen_language_is_spoken_and_asked_for(heard: list[str]) -> None:
    page = page_in("de")
    assert page.title[0].value == "Im Shop suchen"
    assert [each.label for each in page.multiselect][:2] == ["Art", "Marke"]
    assert "1 bis 24 von 108 Artikeln" in [each.value for each in page.caption]
    assert "de" in heard and set(heard) <= {"de", "en"}  # pictures are asked for by no session
    page.radio(key="language-choice").set_value("en").run()
    assert page.title[0].value == "Search the shop" and page.session_state["language"] == "en"
    page.radio(key="language-choice").set_value("de").run()
    assert page.title[0].value == "Im Shop suchen"


def test_english_is_spoken_unless_something_else_is_wanted(heard: list[str]) -> None:
    assert page_in("").title[0].value == "Search the shop"
    assert page_in("xx").title[0].value == "Search the shop"
    assert set(heard) == {"en"}


def test_what_was_told_in_another_language_is_asked_for_again(heard: list[str]) -> None:
    def choice() -> None:
        import streamlit as st

        from ui.parts import frame
        from ui.visit.state import visit

        visit().completion = visit().similar = "told in English"  # type: ignore[assignment]
        st.session_state["language-choice"] = "de"
        frame._speak()
        assert visit().completion is None and visit().similar is None

    assert visit is not None
    assert not AppTest.from_function(choice, default_timeout=60).run().exception


def test_a_reason_on_an_items_page_is_german(
    heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}

    def cards(label: str, entries: Any, *, key: str, **_: Any) -> None:
        given[key] = entries

    monkeypatch.setattr("ui.components.cards", cards)
    page_in("de", item="dress-0")
    whys = [each["why"] for each in given["with-dress-0"]]
    assert whys and any("zum Kleid" in why for why in whys)


def test_numbers_money_and_dates_are_german(german: None) -> None:
    assert words.money(Decimal("129.00"), "EUR") == "129 €"
    assert words.money(Decimal("1299.5"), "EUR") == "1.299,50 €"
    assert words.money(Decimal("9.5"), "CHF") == "9,50 CHF"
    assert words.day(datetime(2026, 3, 31)) == "31. März 2026"
    assert (words.percent(0.71), words.count(1234.5)) == ("71 %", "1.234,5")


def test_garments_and_items_are_german(german: None) -> None:
    answer = {**shapes.GARMENT_EXAMPLE, "category": "shirt", "slot": "top"}
    seen = {"colour": "navy", "second_colour": "white", "pattern": "stripe", "sleeve": "long"}
    striped = Garment.model_validate({**answer, "attributes": seen})
    assert words.garment_name(striped) == "Hemd, marineblau, gestreift"
    assert words.garment_details(striped) == "mit weiß, lange Ärmel"
    item = Item.model_validate({**shapes.ITEM_EXAMPLE, "measured": ["pattern"]})
    assert words.item_facts(item) == "Schwarz, uni"
    why = [{"fact": "colour", "text": "ein ruhiges Schwarz"}]
    reason = Suggestion.model_validate({**look_shapes.PICK_EXAMPLE, "why": why})
    assert words.reasons(reason) == ["Ein ruhiges Schwarz."]


def test_every_kind_and_colour_has_a_german_word(german: None) -> None:
    same = {"jumpsuit", "cape", "shorts", "beige", "camel", "khaki", "mint", "magenta", "orange"}
    for kind in Category:
        assert words.kind(kind) != kind.value or kind.value in same, kind
    for colour in PALETTE:
        assert words.spoken("colour", colour) != colour or colour in same, colour


def test_problems_are_german(german: None) -> None:
    answer = Problem(type=f"{TYPE}busy", title="Too many", status=503, detail="d", what="w")
    what, then = words.problem(answer)
    assert what == "Gerade werden viele Fotos angesehen."
    assert then == "Bitte versuchen Sie es gleich noch einmal."
    other = answer.model_copy(update={"type": f"{TYPE}never-heard-of"})
    assert words.problem(other)[0] == "W."  # what nobody translated is told as it came


def test_the_problems_that_are_said_are_told_by_the_service_or_its_client() -> None:
    answer = set(TABLE) | {"internal"}
    answer |= {"unreachable", "garbled"}
    strange = set(troubles._SAID) - answer
    assert not strange, f"no problem has these names: {strange}"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("rotes gestreiftes Hemd", "red striped shirt"),
        ("in Marineblau, länger, ohne Streifen", "in navy, longer, without stripes"),
        ("schwarze Lederstiefel", "black lederstiefel"),
        ("Hosen", "pants"),
        ("mit kurzen Ärmeln", "with short sleeves"),
        ("", ""),
    ],
)
def test_words_are_searched_for_in_english(german: None, said: str, answer: str) -> None:
    assert english.english(said) == answer


def test_english_words_stay_as_they_were_said() -> None:
    assert english.english("Red, Striped") == "Red, Striped"


def test_german_nouns_stay_large_within_a_sentence(german: None) -> None:
    assert words.within("Schuhe, braun") == "Schuhe, braun"
