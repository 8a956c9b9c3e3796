"""The pages beside the looks: search, style, a shared look, the merchant's; over the real API."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import ui
from recommender.client import ApiProblem, Client
from recommender.wire.look_shapes import SavedLook
from recommender.wire.shapes import Item
from recommender.wire.state_shapes import Problem
from recommender.wire.worn_shapes import SavedPrice
from tests.recommender.fake_shop import FakeShop, open_shop
from tests.ui.fake_api import api_over, deaf_api, serve
from tests.ui.screens import again, choose, open_page, options
from ui import components
from ui.pages.shop import models
from ui.parts import filters
from ui.parts.items import shelf
from ui.visit import person

APP = str(Path(ui.__file__).parent / "app.py")
WHO = "a-visitor-of-this-test"


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"))


@pytest.fixture
def api(stocked: FakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    client = api_over(replace(stocked), tmp_path)
    serve(client, monkeypatch)
    return client


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each row of cards and each collage was last given, by key."""
    given: dict[str, Any] = {}

    def cards(label: str, entries: Any, *, key: str, **_: Any) -> None:
        given[key] = entries

    def looks(data: Any, *, key: str, **_: Any) -> None:
        given[key] = data

    for stand_in in (cards, looks):
        monkeypatch.setattr(components, stand_in.__name__, stand_in)
    return given


def texts(page: AppTest) -> str:
    kinds = (
        page.title, page.header, page.subheader, page.markdown, page.caption, page.error,
        page.warning, page.info, page.success, page.text, page.toast,
    )  # fmt: skip
    answer = [str(part.value) for kind in kinds for part in kind]
    return "\n".join([*answer, *(part.proto.body for part in page.get("html"))])


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click()
    return again(page)


def skus(shown: dict[str, Any], key: str = "browse") -> list[str]:
    return [each["id"] for each in shown[key]]


def test_the_catalogue_is_leafed_through(api: Client, shown: dict[str, Any]) -> None:
    page = open_page("catalogue")
    assert "1 to 24 of 108 items" in texts(page)
    first = skus(shown)
    assert len(first) == 24 and page.button(key="previous").disabled
    press(page, "next")
    assert "25 to 48 of 108 items" in texts(page) and not set(first) & set(skus(shown))
    press(page, "previous")
    assert skus(shown) == first


def test_filters_of_the_catalogue_tell_counts(api: Client, shown: dict[str, Any]) -> None:
    page = open_page("catalogue")
    press(page, "next")
    assert "Shoes (4)" in options(page, "Kind")
    choose(page, "Kind", ["shoe"])
    assert skus(shown) == ["shoe-0", "shoe-1", "shoe-2", "shoe-3"]  # and from the first page on
    assert "Kids (1)" in options(page, "Department")
    choose(page, "Department", ["kids"])
    assert skus(shown) == ["shoe-3"] and "1 item" in texts(page)
    assert [each.label for each in page.multiselect] == [
        "Kind",
        "Brand",
        "Department",
        "Availability",
    ]


def test_the_catalogue_is_searched_by_words(api: Client, shown: dict[str, Any]) -> None:
    page = open_page("catalogue")
    page.text_input(key="browse-text").set_value("red shirt")
    again(page)
    assert {sku.rsplit("-", 1)[1] for sku in skus(shown)} == {"0"}  # the red ones
    assert "Nearest to your words first" in texts(page)
    choose(page, "Brand", ["Süd"])
    assert all(sku.endswith(("-1", "-3")) for sku in skus(shown))


def test_a_card_leads_to_its_item(api: Client, shown: dict[str, Any]) -> None:
    page = open_page("catalogue")
    page.session_state["opened-item"] = "bag-1"  # as the card's callback leaves it
    again(page)
    assert page.title[0].value == "Navy bag" and page.query_params["item"] == "bag-1"
    press(page, "whole-catalogue")
    assert page.title[0].value == "Search the shop"


def test_an_item_tells_all_of_itself(api: Client, shown: dict[str, Any]) -> None:
    page = open_page("catalogue", item="bag-0")
    answer = texts(page)
    for said in ("Red bag", "€15", "instead of ~~€20~~", "Nord", "In stock", "Unisex"):
        assert said in answer
    assert "bag-0" not in skus(shown, "like-bag-0") and skus(shown, "like-bag-0")
    assert all(each["why"] for each in shown["with-bag-0"])
    assert not any(each["id"].startswith("bag-") for each in shown["with-bag-0"])


def test_an_item_that_is_gone(api: Client) -> None:
    page = open_page("catalogue", item="none")
    assert page.error and page.button(key="whole-catalogue")


def test_an_item_with_a_link_and_sizes(
    api: Client, stocked: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = api.item("bag-1")
    linked = {"link": "https://shop.example/bag", "sizes": ["S", "M"], "description": "*Soft*."}
    monkeypatch.setattr(Client, "item", lambda *_: known.model_copy(update=linked))
    page = open_page("catalogue", item="bag-1")
    assert "Sizes S, M · In stock" in texts(page) and "*Soft*." in [
        each.value for each in page.text
    ]
    assert [each.proto.url for each in page.get("link_button")] == ["https://shop.example/bag"]
    evil = known.model_copy(update={"link": "javascript:alert(1)"})
    monkeypatch.setattr(Client, "item", lambda *_: evil)
    assert not open_page("catalogue", item="bag-1").get("link_button")


def test_the_index_is_told_in_plain_words(api: Client) -> None:
    page = open_page("shop", part="index")
    assert "There is no earlier version to go back to." in texts(page)
    assert page.metric[0].label == "Items in the catalogue" and page.metric[0].value == "108"
    assert page.warning and not page.success  # the fake shop has no index on disk


def test_going_back_asks_first_and_says_what_became_of_it(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = api.index().model_copy(
        update={"generation": 7, "generations": [5, 7], "current": True, "unencoded": 0}
    )
    asked: list[int] = []

    def rollback(_: Client, *, confirmed: bool = False) -> Any:
        asked.append(1)
        return answer.model_copy(update={"generation": 5})

    monkeypatch.setattr(Client, "index", lambda _: answer)
    monkeypatch.setattr(Client, "rollback", rollback)
    page = open_page("shop", part="index")
    assert "All is well" in page.success[0].value and asked == []
    assert "Version 5 is searched again instead of 7" in texts(page)
    for wrong in ("", "7", "go back"):  # a stray click gives no word, and a wrong one does nothing
        page.text_input(key="rollback-word").set_value(wrong)
        press(page, "rollback")
        assert asked == [] and "type 5 first" in texts(page)
    page.text_input(key="rollback-word").set_value(" 5 ")
    press(page, "rollback")
    assert asked == [1] and "Version 5 is searched now." in texts(page)


def test_going_back_to_a_much_smaller_index_asks_twice(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = api.index().model_copy(update={"generation": 7, "generations": [5, 7]})
    asked: list[bool] = []

    def rollback(_: Client, *, confirmed: bool = False) -> Any:
        asked.append(confirmed)
        if confirmed:
            return answer.model_copy(update={"generation": 5})
        name = "urn:complete-the-look:problem:loss-unconfirmed"
        raise ApiProblem(Problem(type=name, title="T", status=409, detail="D"))

    monkeypatch.setattr(Client, "index", lambda _: answer)
    monkeypatch.setattr(Client, "rollback", rollback)
    page = open_page("shop", part="index")
    page.text_input(key="rollback-word").set_value("5")
    press(page, "rollback")
    assert "less than half of what can be found now" in texts(page)
    press(page, "rollback-loss")
    assert asked == [False]  # again a word, not a click
    page.text_input(key="rollback-loss-word").set_value("smaller")
    press(page, "rollback-loss")
    assert asked == [False, True] and "Version 5 is searched now." in texts(page)


def test_nothing_is_known_of_a_stranger(api: Client) -> None:
    page = open_page("style")
    assert "We don’t know your style yet" in texts(page) and "local storage" in texts(page)
    assert not page.button


def test_a_style_is_shown_undone_and_forgotten(api: Client, shown: dict[str, Any]) -> None:
    api.tell(WHO, "bag-1", "like")
    api.tell(WHO, "shoe-0", "dislike")
    api.save(WHO, ["shoe-2", "bag-1"])
    page = open_page("style", WHO)
    answer = texts(page)
    assert "3 things that you told." in answer and "Bags" in answer and "€" in answer
    whys = {
        each["id"]: each["why"] for key in ("bag", "shoes") for each in shown[f"believed-{key}"]
    }
    assert whys["bag-1"] == "You liked this." and whys["shoe-0"] == "You disliked this."
    panel = shown["saved-looks"]["looks"][0]
    assert panel["total"] == "€100" and len(panel["pieces"]) == 2
    assert skus(shown, "saved-pieces") == ["shoe-2", "bag-1"]

    press(page, "undo")
    assert api.saved(WHO) == [] and "You have saved no look yet." in texts(page)
    press(page, "forget")
    assert len(api.person(WHO).told) == 2 and "type forget first" in texts(page)
    page.text_input(key="forget-word").set_value("Forget")
    press(page, "forget")
    assert api.person(WHO).told == []
    assert "We don’t know your style yet" in texts(page) and "person" not in page.session_state


def test_saved_looks_are_shared_and_deleted(api: Client, shown: dict[str, Any]) -> None:
    who = f"{WHO}-2"
    api.save(who, ["shoe-2", "bag-1"])
    api.save(who, ["hat-1"])
    looks = api.saved(who)
    page = open_page("style", who)
    press(page, f"share-{looks[0].id}")
    link = page.code[0].value
    assert "/shared?look=" in link
    token = link.rsplit("=", 1)[1]
    assert [item.sku for item in api.shared(token).items] == ["hat-1"]
    press(page, f"unsave-{looks[0].id}")
    assert [look.id for look in api.saved(who)] == [looks[1].id]
    assert skus(shown, "saved-pieces") == ["shoe-2", "bag-1"]


def test_what_has_changed_in_price_since_a_look_was_saved_is_said(
    api: Client, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    who, saved = f"{WHO}-3", Client.saved
    api.save(who, ["shoe-2", "bag-1"])

    def dearer(client: Client, person: str) -> list[SavedLook]:
        then = {"shoe-2": SavedPrice(price=Decimal("59.00"), currency="EUR")}
        looks = saved(client, person)
        return [look.model_copy(update={"prices": look.prices | then}) for look in looks]

    monkeypatch.setattr(Client, "saved", dearer)
    open_page("style", who)
    whys = {each["id"]: each["why"] for each in shown["saved-pieces"]}
    assert whys == {"shoe-2": "It was €59 when you saved it.", "bag-1": ""}


def test_a_shared_look_is_shown(api: Client, shown: dict[str, Any]) -> None:
    token = api.share(["shoe-2", "bag-1"]).token
    page = open_page("shared", look=token)
    assert "This look is shared until" in texts(page)
    assert skus(shown, "shared-pieces") == ["shoe-2", "bag-1"]
    assert shown["shared-look"]["looks"][0]["total"] == "€100"
    assert page.get("page_link")


@pytest.mark.parametrize(
    ("query", "says"),
    [({}, "names no look"), ({"look": "unknown"}, "no longer shared"), ({"look": "../x"}, "")],
)
def test_a_shared_look_that_is_not_there(api: Client, query: dict[str, str], says: str) -> None:
    page = open_page("shared", **query)
    assert says in texts(page) and (page.error or page.info)


def test_models_are_told_with_their_figures(api: Client) -> None:
    page = open_page("shop", part="models")
    answer = texts(page)
    assert len(page.expander) == 3 and answer.count("<table>") > 3
    for model in api.models():
        assert models.figures(model.card), model.name
        assert "](../" not in models.safe(model.card)


def test_what_happens_to_a_photo_is_told(api: Client) -> None:
    assert "It stays in memory" in texts(open_page("privacy"))


def test_a_service_that_is_away_is_told_on_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    client = deaf_api()
    serve(client, monkeypatch)
    for address, query in (
        ("catalogue", {}), ("catalogue", {"item": "bag-1"}), ("shop", {}), ("shared", {"look": "x"}),
    ):  # fmt: skip
        page = open_page(address, **query)
        assert "does not answer" in page.error[0].value, address
    assert "does not answer" in open_page("style", WHO).error[0].value


def test_the_way_to_every_page_stands_on_every_page(api: Client) -> None:
    for address in ("look", "catalogue", "style", "privacy", "shared"):
        page = open_page(address)
        links = [each.proto.label for each in page.get("page_link")]
        assert links[:3] == ["Looks", "Search", "Your style"], address
        assert (links[-1] == "Privacy") is (address != "privacy")


def test_an_id_that_the_browser_kept_is_taken_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    person.recall("<script>")
    person.recall("short")
    assert person.known() == ""
    person.recall("kept-from-yesterday")
    assert person.known() == "kept-from-yesterday"
    person.recall("another-one-of-another-tab")
    assert person.identity() == "kept-from-yesterday"
    person.forget()
    person.recall("kept-from-yesterday")
    assert person.known() == ""
    assert len(person.identity()) >= 16 and "person-forgotten" not in state


def test_a_card_says_that_it_is_sold_out(api: Client) -> None:
    answer = {**api.item("bag-1").model_dump(mode="json"), "availability": "out_of_stock"}
    item = Item.model_validate(answer)
    assert shelf.card(item, {item.image: ""})["badge"] == "Sold out"


def test_whom_looks_are_for_is_remembered(
    api: Client, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(components, "keeper", lambda data, **_: kept.append(data["audience"]))
    page = open_page("catalogue")
    assert kept[-1] == ""  # nobody chose
    page.session_state["filters"] = {"audience": "Women"}
    again(page)
    assert kept[-1] == "Women"


@pytest.mark.parametrize(
    ("chosen", "kept", "now"),
    [
        ({}, "Men", "Men"),
        ({"audience": "Women"}, "Men", "Women"),
        ({}, "<b>", ""),
        ({}, "Everyone", ""),
    ],
)
def test_whom_the_browser_remembered_is_taken_up(
    chosen: dict[str, str], kept: str, now: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "session_state", {"filters": chosen})
    filters.recall(kept)
    assert filters.remembered() == now


def test_another_place_is_seen_from_its_top_on(
    api: Client, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    places: list[str] = []
    monkeypatch.setattr(components, "keeper", lambda data, **_: places.append(data["place"]))
    page = open_page("catalogue")
    again(page)
    assert len(set(places)) == 1  # the same place
    press(page, "next")
    page.session_state["opened-item"] = "bag-1"
    again(page)
    seen = list(dict.fromkeys(places))
    assert len(seen) == 3 and seen[1].endswith(" 24") and " bag-1 " in seen[2]


def test_the_tab_tells_what_is_shown(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer: list[str] = []
    monkeypatch.setattr(st, "set_page_config", lambda **given: answer.append(given["page_title"]))
    for address, query, title in (
        ("look", {}, "Complete the look"),
        ("shop", {"part": "models"}, "Models · Shop area · Complete the look"),
        ("catalogue", {"item": "bag-0"}, "Red bag · Complete the look"),
    ):
        open_page(address, **query)
        assert answer[-1] == title
