"""Items like a garment or an item: refined by words, page by page, to the look."""

from __future__ import annotations

import pytest

from recommender.client import Client
from tests.recommender.fake_shop import street
from tests.ui.screens import Presses, run, texts, visit_of
from ui.parts import similar
from ui.visit.state import Visit

pytestmark = pytest.mark.usefixtures("api")


def test_a_selected_garment_shows_similar_items(parts: Presses) -> None:
    page = run(Visit(photo=street(), garment=1))
    assert "Similar to your navy pants" in texts(page)
    assert {sku.rsplit("-", 1)[0] for sku in parts.ids("hits")} <= {"pants", "shorts", "skirt"}
    page.button(key="similar-close").click().run()
    assert visit_of(page).garment is None
    assert "Similar to your" not in texts(page)


def test_a_chosen_item_shows_similar_items(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    bag = next(each for each in parts.given["pieces"] if each["badge"] == "Bag")
    parts.press(page, "pieces", "acted", bag["id"], "similar")
    assert f"Similar to {bag['title']}" in texts(page)
    assert bag["id"] not in parts.ids("hits")
    assert [each["on"] for each in parts.given["pieces"] if each["id"] == bag["id"]] == [True]
    assert visit_of(page).garment is None


def test_words_refine_and_are_taken_back(parts: Presses) -> None:
    page = run(Visit(photo=street(), garment=1))
    assert page.text_input[0].label == "But…"
    assert parts.ids("hits")[0].endswith("-1")  # navy
    page.text_input[0].set_value(" red ").run()
    assert parts.ids("hits")[0].endswith("-0")  # red
    assert page.button(key="refined").label == "red" and visit_of(page).but == "red"
    page.number_input(key="max_price").set_value(70).run()
    assert visit_of(page).but == "red" and parts.ids("hits")[0].endswith("-0")
    page.button(key="refined").click().run()
    assert page.text_input[0].value == "" and parts.ids("hits")[0].endswith("-1")


def test_refinements_are_suggested_by_what_is_selected(parts: Presses) -> None:
    page = run(Visit(photo=street(), garment=1))
    offered = [each for each in page.button if str(each.key).startswith("suggested-")]
    assert [each.label for each in offered] == [
        "in black", "in red", "longer", "shorter", "with stripes",
    ]  # fmt: skip
    offered[1].click().run()
    assert visit_of(page).but == "in red" and page.text_input[0].value == "in red"
    assert "in red" not in [
        each.label for each in page.button if str(each.key).startswith("suggested-")
    ]


def test_another_selection_begins_with_an_empty_box(parts: Presses) -> None:
    page = run(Visit(photo=street(), garment=1))
    page.text_input[0].set_value("red").run()
    parts.press(page, "pieces", "acted", parts.ids("pieces")[0], "similar")
    assert page.text_input[0].value == "" and visit_of(page).but == ""


def test_more_pages_follow_without_repeats(parts: Presses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "PAGE", 2)
    page = run(Visit(photo=street(), garment=1))
    seen = parts.ids("hits")
    assert len(seen) == 2
    page.button(key="more-similar").click().run()
    assert not page.exception
    assert parts.ids("hits")[:2] == seen and len(set(parts.ids("hits"))) == 4


def test_a_similar_item_is_put_into_the_look(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    bag = next(each["id"] for each in parts.given["pieces"] if each["badge"] == "Bag")
    parts.press(page, "pieces", "acted", bag, "similar")
    other = next(sku for sku in parts.ids("hits") if sku.startswith("bag-"))
    parts.press(page, "hits", "acted", other, "put")
    assert other in parts.ids("pieces") and bag not in parts.ids("pieces")


def test_what_is_disliked_is_no_longer_shown(parts: Presses, api: Client) -> None:
    page = run(Visit(photo=street(), garment=1))
    first = parts.ids("hits")[0]
    parts.press(page, "hits", "acted", first, "dislike")
    assert first not in parts.ids("hits")
    assert len(api.person(page.session_state["person"]).told) == 1
    page.button(key="undo-step").click().run()
    assert first in parts.ids("hits")
