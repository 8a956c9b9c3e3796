"""The looks: three of them, the pieces of one, and every step a visitor may take with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from recommender.client import ApiProblem, Client, CompleteQuery
from recommender.wire.look_shapes import Change, CompletionAnswer
from recommender.wire.state_shapes import Problem
from recommender.wire.terms import Gain, Occasion
from segmentation.common.taxonomy import Slot
from tests.recommender.fake_shop import FakeShop, picture, street
from tests.ui.fake_api import deaf_api
from tests.ui.screens import Presses, run, texts, visit_of
from ui.parts import context_chips
from ui.visit import pipeline, service
from ui.visit.state import Visit, Wishes

pytestmark = pytest.mark.usefixtures("api")


def begin(parts: Presses) -> AppTest:
    page = run(Visit(photo=street()))
    assert parts.given["pieces"]
    return page


def act(parts: Presses, page: AppTest, sku: str, name: str, row: str = "pieces") -> None:
    parts.press(page, row, "acted", sku, name)


def undo(page: AppTest) -> None:
    page.button(key="undo-step").click().run()
    assert not page.exception


def pressed(entry: dict[str, Any], name: str) -> bool:
    buttons = [*entry["marks"], *entry["menu"]]
    return next(bool(each["pressed"]) for each in buttons if each["act"] == name)


def one(parts: Presses, sku: str, row: str = "pieces") -> dict[str, Any]:
    return next(each for each in parts.given[row] if each["id"] == sku)


def test_looks_are_collages_with_slots_and_totals(parts: Presses) -> None:
    begin(parts)
    looks = parts.given["looks"]["looks"]
    assert [look["name"][:7] for look in looks] == ["Look 1:", "Look 2:", "Look 3:"]
    assert all(look["total"].startswith("€") for look in looks)
    pieces = parts.given["pieces"]
    slots = [each["badge"] for each in pieces]
    assert [piece["slot"] for piece in looks[0]["pieces"]] == slots
    assert {"Shoes", "Bag"} <= set(slots) and len(set(slots)) == len(slots)
    assert all(each["price"] and each["title"] for each in pieces)


def test_reasons_are_a_sentence_and_more_on_demand(parts: Presses) -> None:
    begin(parts)
    piece = parts.given["pieces"][0]
    assert piece["why"].endswith(".") and ";" not in piece["why"]
    assert all(each.endswith(".") for each in piece["details"])
    assert not any("EUR" in each for each in piece["details"])


def test_opening_another_look(parts: Presses) -> None:
    page = begin(parts)
    first = parts.ids("pieces")
    parts.press(page, "looks", "opened", 1)
    assert parts.given["looks"]["open"] == 1 and parts.ids("pieces") != first
    assert "Look 2" in texts(page)


def test_an_alternative_is_put_into_the_look_by_one_tap_and_taken_back(parts: Presses) -> None:
    page = begin(parts)
    before = parts.ids("pieces")
    page.segmented_control(key="slot-shown").set_value("shoes").run()
    now = next(sku for sku in before if sku.startswith("shoe-"))
    others = parts.ids("alternatives")
    assert now not in others and len(others) == 2  # the fourth is for kids
    total = parts.given["looks"]["looks"][0]["total"]
    act(parts, page, others[0], "put", "alternatives")
    assert others[0] in parts.ids("pieces") and now not in parts.ids("pieces")
    assert now in parts.ids("alternatives")
    assert parts.given["looks"]["looks"][0]["total"] != total
    assert "is added to the look" in texts(page)
    undo(page)
    assert parts.ids("pieces") == before


def test_swapping_away_does_not_come_back(parts: Presses) -> None:
    page = begin(parts)
    seen = [next(sku for sku in parts.ids("pieces") if sku.startswith("bag-"))]
    others = [sku for sku in parts.ids("pieces") if not sku.startswith("bag-")]
    act(parts, page, seen[0], "swap")
    seen.append(next(sku for sku in parts.ids("pieces") if sku.startswith("bag-")))
    assert [sku for sku in parts.ids("pieces") if not sku.startswith("bag-")] == others
    assert seen[0] != seen[1]
    act(
        parts, page, seen[1], "swap"
    )  # others are for kids, or for women beside men's: none is left
    assert seen[1] in parts.ids("pieces") and page.toast
    undo(page)
    assert seen[0] in parts.ids("pieces")


def test_what_is_kept_stands_in_new_looks(parts: Presses) -> None:
    page = begin(parts)
    kept, *others = parts.ids("pieces")
    assert not pressed(one(parts, kept), "keep")
    act(parts, page, kept, "keep")
    assert pressed(one(parts, kept), "keep")
    page.button(key="anew").click().run()
    assert not page.exception
    looks = visit_of(page).fitting.looks
    assert all(kept in {pick.sku for pick in picks.values()} for picks in looks)
    assert not set(others) & set(parts.ids("pieces"))
    assert pressed(one(parts, kept), "keep")


def test_where_other_looks_cannot_be_had_those_before_stay(
    parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begin(parts)
    before = parts.ids("pieces")
    act(parts, page, before[0], "out")
    there, deaf = service.api(), deaf_api()
    monkeypatch.setattr(service, "api", lambda: deaf)
    page.button(key="anew").click().run()
    assert not page.exception and not page.error
    assert [each.value for each in page.toast if "does not answer" in each.value]
    assert parts.ids("pieces") == before[1:] and len(parts.given["looks"]["looks"]) == 3
    page.button(key="undo-step").click().run()
    assert parts.ids("pieces") == before
    monkeypatch.setattr(service, "api", lambda: there)
    page.button(key="anew").click().run()
    assert not set(before) & set(parts.ids("pieces"))


def test_where_a_wish_is_refused_the_photo_and_its_looks_stay(
    parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begin(parts)
    before = parts.ids("pieces")
    asked: list[CompleteQuery] = []
    refusal = Problem(
        type="urn:x", title="No", status=422, detail="no room", what="there is no room for it"
    )

    def refuse(held: Visit, query: CompleteQuery, tell: Callable[[str], object]) -> None:
        asked.append(query)
        raise ApiProblem(refusal)

    monkeypatch.setattr(pipeline, "complete", refuse)
    visit_of(page).weather = "hot"
    page.run()
    assert not page.exception and not page.error
    assert [each.value for each in page.toast if "no room for it" in each.value]
    assert parts.ids("pieces") == before and visit_of(page).photo is not None
    page.run()
    assert len(asked) == 1, "what was refused is asked for at every redraw"


def test_what_a_kept_piece_replaces_is_let_go_before_looks_are_asked_for_again(
    parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begin(parts)
    held = visit_of(page)
    assert held.completion is not None
    look = next(each for each in held.completion.looks if each.picks)
    slot, pick = next(iter(look.picks.items()))
    warmer = Change(gain=Gain.WARMER, replaced=[1], replaced_skus=[], by=[slot], text="Warmer.")
    held.completion.looks[0] = look.model_copy(update={"worn": [0], "change": warmer})
    held.fitting = held.fitting.keeping(pick.sku)
    staying = held.completion.garments[0].slot
    asked: list[CompleteQuery] = []
    complete = pipeline.complete

    def ask(held: Visit, query: CompleteQuery, tell: Callable[[str], object]) -> CompletionAnswer:
        asked.append(query)
        return complete(held, query, tell)

    monkeypatch.setattr(pipeline, "complete", ask)
    held.weather = "hot"
    page.run()
    assert not page.exception and staying != slot
    assert [(query.keep, query.picked) for query in asked] == [([staying], [pick.sku])]


def test_the_first_like_that_is_refused_is_told(
    parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begin(parts)
    first = parts.ids("pieces")[0]
    deaf = deaf_api()
    monkeypatch.setattr(service, "api", lambda: deaf)
    act(parts, page, first, "like")
    assert [each.value for each in page.toast if "does not answer" in each.value]
    assert not pressed(one(parts, first), "like")


def test_a_slot_is_left_out_and_brought_back(parts: Presses) -> None:
    page = begin(parts)
    before = parts.ids("pieces")
    at = [each["badge"] for each in parts.given["pieces"]].index("Shoes")
    act(parts, page, before[at], "out")
    assert parts.ids("pieces") == [*before[:at], *before[at + 1 :]]
    assert ["Shoes" in str(look["pieces"]) for look in parts.given["looks"]["looks"]] == [
        False, True, True,
    ]  # fmt: skip
    parts.press(page, "looks", "opened", 1)
    assert "Shoes" in {each["badge"] for each in parts.given["pieces"]}
    assert not any(each.key == "back-shoes" for each in page.button)
    parts.press(page, "looks", "opened", 0)
    page.button(key="back-shoes").click().run()
    assert parts.ids("pieces") == before


def test_garments_of_the_outfit_are_kept_or_replaced(parts: Presses) -> None:
    page = begin(parts)
    pills = page.button_group(key="keep-worn-0")
    assert pills.options == ["Red shirt", "Navy pants"]
    pills.set_value(["bottom"]).run()
    assert not page.exception
    assert visit_of(page).completed_for == Wishes(keep=(Slot.BOTTOM,))
    assert any(each["badge"] == "Top" for each in parts.given["pieces"])


def test_a_budget_tells_what_is_left(parts: Presses) -> None:
    page = begin(parts)
    page.number_input(key="budget").set_value(400).run()
    notes = [look["note"] for look in parts.given["looks"]["looks"]]
    assert all(note.endswith("of the budget left") for note in notes)
    page.number_input(key="budget").set_value(1).run()
    assert "looks" not in parts.given or not page.exception
    assert "costs 1.00 or less" in texts(page)


def test_likes_are_told_shown_and_taken_back(parts: Presses) -> None:
    page = begin(parts)
    sku = parts.ids("pieces")[0]
    act(parts, page, sku, "like")
    who = page.session_state["person"]
    assert [answer.skus for answer in service.api().person(who).told] == [[sku]]
    assert pressed(one(parts, sku), "like") and "You like" in texts(page)
    undo(page)
    assert service.api().person(who).told == []
    assert not pressed(one(parts, sku), "like")


def test_what_is_disliked_is_replaced_and_taken_back(parts: Presses) -> None:
    page = begin(parts)
    before = parts.ids("pieces")
    act(parts, page, before[0], "dislike")
    who = page.session_state["person"]
    assert [answer.verdict for answer in service.api().person(who).told] == ["dislike"]
    assert before[0] not in parts.ids("pieces") and len(parts.ids("pieces")) == len(before)
    undo(page)
    assert parts.ids("pieces") == before and service.api().person(who).told == []


def test_only_the_last_word_is_unsaid(parts: Presses) -> None:
    page = begin(parts)
    first, second, *_ = parts.ids("pieces")
    act(parts, page, first, "like")
    act(parts, page, second, "like")
    act(parts, page, first, "like")
    assert "Only what you said last" in texts(page)
    act(parts, page, second, "like")
    assert pressed(one(parts, first), "like") and not pressed(one(parts, second), "like")


def test_looks_are_made_with_the_style_once_it_is_known(parts: Presses) -> None:
    page = begin(parts)
    made = visit_of(page).completed_for
    assert made is not None and made.person == ""
    act(parts, page, parts.ids("pieces")[0], "like")
    assert visit_of(page).completed_for is made  # what is on the screen stays
    page.button(key="anew").click().run()
    made = visit_of(page).completed_for
    assert made is not None and made.person == page.session_state["person"]


def test_nothing_in_the_photo_says_so(parts: Presses) -> None:
    page = run(Visit(photo=picture()))
    assert "No garment was found" in texts(page)
    assert "looks" not in parts.given


def test_a_reduced_price_shows_both(parts: Presses) -> None:
    page = begin(parts)
    page.segmented_control(key="slot-shown").set_value("shoes").run()
    every = {each["id"]: each for each in [*parts.given["pieces"], *parts.given["alternatives"]]}
    assert (every["shoe-0"]["was"], every["shoe-0"]["price"]) == ("€20", "€15")


def test_pieces_show_what_the_shop_says(parts: Presses, shop: FakeShop) -> None:
    items = shop.searcher.items
    shop.searcher.items = [replace(item, length="midi", measured=()) for item in items]
    begin(parts)
    facts = [each["facts"] for each in parts.given["pieces"]]
    assert facts and all(each.endswith("midi length") for each in facts), facts


def test_what_is_taken_back_on_another_page_is_known_here(parts: Presses) -> None:
    page = begin(parts)
    sku = parts.ids("pieces")[0]
    act(parts, page, sku, "like")
    page.session_state["visit"].look = 0
    with_style = page.session_state["person"]
    service.api().undo(with_style)
    for key in ("verdicts", "last-verdict", "step"):  # as the page on style leaves them
        del page.session_state[key]
    page.run()
    assert not pressed(one(parts, sku), "like")
    assert not [each for each in page.button if each.key == "undo-step"]


def test_a_card_offers_three_things_at_most(parts: Presses) -> None:
    page = begin(parts)
    act(parts, page, parts.ids("pieces")[0], "similar")
    for row in ("pieces", "alternatives", "hits"):
        for each in parts.given[row]:
            menu = bool(each["menu"])
            assert 1 + len(each.get("marks", ())) + len(each.get("acts", ())) + menu <= 3


def test_all_of_a_look_is_bought_from_one_list(
    parts: Presses, shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.searcher.items = [
        replace(item, link=f"https://shop.example/{item.sku}", sizes=("S", "M"))
        if item.slot is Slot.BAG
        else item
        for item in shop.searcher.items
    ]
    page = begin(parts)
    links = [each.proto.url for each in page.get("link_button")]
    (bag,) = [sku for sku in parts.ids("pieces") if sku.startswith("bag-")]
    assert links == [f"https://shop.example/{bag}"]
    answer = texts(page)
    assert "Sizes S, M · In stock" in answer
    assert f"**Total: {parts.given['looks']['looks'][0]['total']}**" in answer


def test_a_piece_opens_its_page_and_leads_back(
    parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begin(parts)
    sku = parts.ids("alternatives")[0]
    parts.press(page, "alternatives", "chosen", sku)
    assert page.query_params["item"] == sku
    page.button(key="into-the-look").click().run()
    assert not page.exception and sku in parts.ids("pieces")


def test_what_was_read_is_chosen_already_and_another_occasion_can_be_said(parts: Presses) -> None:
    page = begin(parts)
    occasion, weather = (page.button_group(key=f"{name}-0") for name in ("occasion", "weather"))
    read = visit_of(page).completion
    assert read is not None and read.context is not None and read.context.occasion is None
    known = context_chips.occasion_of(read.context)
    assert occasion.value == known and weather.value == "mild"
    occasion.set_value(Occasion.CELEBRATION).run()
    page.button_group(key="weather-0").set_value("cold").run()
    assert not page.exception
    asked = visit_of(page).completed_for
    assert asked == Wishes(occasion=Occasion.CELEBRATION, weather="cold")
    answer = asked.fields(whole_looks=True)
    assert (answer["occasion"], answer["temperature_c"]) == ("celebration", 3.0)
    whom = next(each for each in page.button_group if each.label == "For whom?")
    assert whom.value is None and list(whom.options)[:2] == ["Women", "Men"]
    whom.set_value("Women").run()
    asked = visit_of(page).completed_for
    assert asked is not None and asked.fields(whole_looks=True)["audience"] == ["women"]
    next(each for each in page.button_group if each.label == "For whom?").set_value(None).run()
    page.button_group(key="occasion-0").set_value(None).run()  # taken back: as it was read
    assert page.button_group(key="occasion-0").value == known
    assert visit_of(page).completed_for == Wishes(weather="cold")


def test_a_look_is_drawn_with_what_is_worn_and_stays(parts: Presses) -> None:
    begin(parts)
    data = parts.given["looks"]
    assert data["photo"]["image"].startswith("data:image/") and data["photo"]["width"] == 80
    for look in data["looks"]:
        assert [each["place"] for each in look["worn"]] == ["top", "bottom"]
        assert all(each["outline"] and len(each["box"]) == 4 for each in look["worn"])
        assert look["instead"] == [] and {"shoes", "bag"} & {p["place"] for p in look["pieces"]}


def test_a_change_is_drawn_with_what_was_before(
    parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Client.complete

    def changed(client: Client, photo: Any, query: Any) -> CompletionAnswer:
        answer = ask(client, photo, query)
        result = {"gain": "warmer", "replaced": [1], "replaced_skus": [], "by": [], "text": "T"}
        update = {"worn": [0], "change": Change.model_validate(result)}
        looks = [look.model_copy(update=update) for look in answer.looks]
        return answer.model_copy(update={"looks": looks})

    monkeypatch.setattr(Client, "complete", changed)
    begin(parts)
    look = parts.given["looks"]["looks"][0]
    assert [each["place"] for each in look["worn"]] == ["top"]
    assert [each["place"] for each in look["instead"]] == ["bottom"]
