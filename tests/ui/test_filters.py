"""Filters: counted, told as chips, and which one to drop where they leave nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.recommender.fake_shop import FakeShop, street
from tests.ui.screens import Presses, choose, options, run, texts, visit_of
from ui.visit.state import Visit, Wishes

pytestmark = pytest.mark.usefixtures("api")


def shoes(parts: Presses) -> set[str]:
    rows = [*parts.given["pieces"], *parts.given.get("alternatives", ())]
    return {each["id"] for each in rows if each["id"].startswith("shoe-")}


def audience(page: AppTest) -> Any:
    return next(each for each in page.segmented_control if each.label == "Cut for")


def test_filters_are_applied_and_told_as_chips(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    page.segmented_control(key="slot-shown").set_value("shoes").run()
    assert shoes(parts) == {"shoe-0", "shoe-1", "shoe-2"}
    page.number_input(key="max_price").set_value(40).run()
    assert shoes(parts) == {"shoe-0", "shoe-1"}
    parts.given.clear()
    audience(page).set_value("Men").run()
    assert shoes(parts) == {"shoe-0"}
    assert visit_of(page).completed_for == Wishes("Men", 40.0, None)
    assert [page.button(key=f"chip-{n}").label for n in range(2)] == ["Men", "Up to €40"]
    page.button(key="chip-1").click().run()
    assert visit_of(page).completed_for == Wishes("Men")
    assert page.number_input(key="max_price-1").value is None  # another one: it was cleared
    page.number_input(key="min_price").set_value(50).run()
    page.button(key="chips-clear").click().run()
    assert visit_of(page).completed_for == Wishes()
    assert not [each for each in page.button if str(each.key).startswith("chip")]


def test_values_are_counted_among_what_passes_the_others(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    assert [each.label for each in page.multiselect] == ["Brand", "Colour"]
    everyone, women, *_ = audience(page).options
    assert everyone == "Everyone" and women == "Women (54)"
    colours = options(page, "Colour")
    assert sorted(colours) == ["Black (27)", "Navy (27)", "Red (27)"]
    choose(page, "Brand", ["Nord"])
    assert sorted(options(page, "Colour")) == ["Black (27)", "Red (27)"]
    assert "54 items pass" in texts(page)


def test_pieces_are_filtered_by_attributes(parts: Presses, shop: FakeShop) -> None:
    looks = {"bag-1": "stripe", "bag-2": "plain"}
    items = shop.searcher.items
    shop.searcher.items = [replace(i, pattern=looks.get(i.sku, ""), measured=()) for i in items]
    page = run(Visit(photo=street()))
    assert options(page, "Pattern") == ["Plain (1)", "Striped (1)"]
    choose(page, "Pattern", ["stripe"])
    assert parts.ids("pieces") == ["bag-1"]
    assert parts.given["pieces"][0]["facts"] == "Navy, striped"
    assert visit_of(page).completed_for == Wishes(facets={"pattern": ("stripe",)})


def test_what_is_chosen_stays_chosen_when_counts_change(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    choose(page, "Brand", ["Nord"])
    choose(page, "Colour", ["red"])
    page.number_input(key="max_price").set_value(30).run()
    told = {"colour": ("red",), "brand": ("Nord",)}
    assert visit_of(page).completed_for == Wishes(facets=told, max_price=30.0)
    assert options(page, "Colour") == ["Red (27)"]


def test_where_filters_leave_nothing_one_is_dropped_by_one_tap(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    choose(page, "Colour", ["navy"])
    parts.given.clear()
    page.number_input(key="max_price").set_value(30).run()
    assert not page.exception and "looks" not in parts.given
    drops = [each for each in page.button if str(each.key).startswith("drop-")]
    assert [each.label for each in drops] == [
        "Without the filter “Colour”: 27 more",
        "Without the price limit: 27 more",
    ]
    drops[1].click().run()
    assert not page.exception and parts.ids("pieces")
    assert visit_of(page).completed_for == Wishes(facets={"colour": ("navy",)})


def test_filters_outlast_another_photo(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    audience(page).set_value("Women").run()
    page.number_input(key="budget").set_value(300).run()
    page.session_state["visit"] = Visit()
    page.run()
    page.session_state["visit"] = Visit(photo=street(), uploads=1)
    page.run()
    assert not page.exception
    assert visit_of(page).completed_for == Wishes("Women", budget=300)
