"""Filters: counted, told as chips, and which one to drop where they leave nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from recommender.client import Client
from recommender.wire.look_shapes import CompletionAnswer, LookAnswer
from segmentation.common.taxonomy import Slot
from tests.recommender.fake_shop import FakeShop, street
from tests.ui.screens import Presses, choose, options, run, texts, visit_of
from ui.visit.state import Visit, Wishes

pytestmark = pytest.mark.usefixtures("api")


def shoes(parts: Presses) -> set[str]:
    rows = [*parts.given["pieces"], *parts.given.get("alternatives", ())]
    return {each["id"] for each in rows if each["id"].startswith("shoe-")}


def audience(page: AppTest) -> Any:
    return next(each for each in page.segmented_control if each.label == "Department")


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
    assert page.button(key="chip-0").label == "Up to €40"  # whom it is for has chips of its own
    page.button(key="chip-0").click().run()
    assert visit_of(page).completed_for == Wishes("Men")
    assert page.number_input(key="max_price-1").value is None  # another one: it was cleared
    audience(page).set_value("Everyone").run()
    choose(page, "Brand", ["Nord"])
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
    assert "54 matches" in texts(page)


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
    answer = {"colour": ("red",), "brand": ("Nord",)}
    assert visit_of(page).completed_for == Wishes(facets=answer, max_price=30.0)
    assert options(page, "Colour") == ["Red (27)"]


def test_where_filters_leave_nothing_one_is_dropped_by_one_tap(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    choose(page, "Colour", ["navy"])
    parts.given.clear()
    page.number_input(key="max_price").set_value(30).run()
    assert not page.exception and "looks" not in parts.given
    drops = [each for each in page.button if str(each.key).startswith("drop-")]
    labels = {each.label: each for each in drops}
    price = "Without the price limit: 27 more"
    assert set(labels) == {"Without the filter “Colour”: 27 more", price}
    labels[price].click().run()
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


@pytest.mark.parametrize("nothing", [None, 0.0])
@pytest.mark.parametrize("name", ["budget", "min_price", "max_price"])
def test_an_empty_amount_and_zero_are_no_limit(parts: Presses, name: str, nothing: Any) -> None:
    page = run(Visit(photo=street()))
    parts.given.clear()
    page.number_input(key=name).set_value(1.0 if name != "min_price" else 9_000.0).run()
    assert "looks" not in parts.given
    page.number_input(key=name).set_value(nothing).run()
    assert not page.exception and parts.given["looks"]["looks"]
    assert visit_of(page).completed_for == Wishes()


def test_prices_the_wrong_way_round_are_a_range_all_the_same(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    page.number_input(key="min_price").set_value(60.0).run()
    page.number_input(key="max_price").set_value(20.0).run()
    assert not page.exception and visit_of(page).photo is not None
    assert visit_of(page).completed_for == Wishes(min_price=20.0, max_price=60.0)


def test_a_budget_that_leaves_nothing_is_taken_away_by_one_tap(parts: Presses) -> None:
    page = run(Visit(photo=street()))
    page.number_input(key="budget").set_value(1.0).run()
    page.button(key="drop-budget").click().run()
    assert parts.given["looks"]["looks"] and visit_of(page).completed_for == Wishes()


def test_no_look_blames_no_filter_where_none_is_set(
    parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Client.complete

    def nothing(client: Client, photo: Any, query: Any) -> CompletionAnswer:
        reason = "The catalogue has no item of the wanted slots that passes the filters."
        look = LookAnswer(picks={}, score=0, totals={}, reason=reason)
        return ask(client, photo, query).model_copy(update={"looks": [look]})

    monkeypatch.setattr(Client, "complete", nothing)
    page = run(Visit(photo=street()))
    assert "The shop has nothing that goes with this outfit" in texts(page)
    assert "filter" not in page.info[0].value
    page.button(key="replace-bottom").click().run()
    assert visit_of(page).completed_for == Wishes(keep=(Slot.TOP,))
    page.button(key="no-look-similar").click().run()
    assert visit_of(page).garment == 0
