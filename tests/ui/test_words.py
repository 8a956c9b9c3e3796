"""How the app speaks."""

from __future__ import annotations

from typing import Any

from index.errors import FeedError, ItemNotFound, TooManyRejects
from recommender.api.http.problems import of_refusal
from recommender.wire import look_shapes, shapes
from recommender.wire.look_shapes import Suggestion
from recommender.wire.shapes import Garment, Item
from recommender.wire.state_shapes import Invalid, Problem
from segmentation.common.taxonomy import Slot
from ui.text import words
from ui.visit.state import FACETS


def test_every_slot_has_its_words() -> None:
    assert set(words.SLOTS) == set(words.ONE_OF) == set(Slot)


def test_a_garment_is_called_by_colour_and_kind() -> None:
    answer = dict(shapes.GARMENT_EXAMPLE)
    assert words.garment_name(Garment.model_validate(answer)) == "Navy jacket"
    plain = Garment.model_validate(
        {**answer, "category": "shoe", "slot": "shoes", "attributes": {}}
    )
    assert words.garment_name(plain) == "Shoes"


def test_a_garment_is_called_by_its_pattern_too() -> None:
    answer = {**shapes.GARMENT_EXAMPLE, "category": "shirt", "slot": "top"}
    seen = {"colour": "navy", "second_colour": "white", "pattern": "stripe", "sleeve": "long"}
    striped = Garment.model_validate({**answer, "attributes": {**seen, "length": "cropped"}})
    assert words.garment_name(striped) == "Navy striped shirt"
    assert words.garment_details(striped) == "with white, long sleeves, cropped length"
    plain = Garment.model_validate({**answer, "attributes": {"colour": "navy", "pattern": "plain"}})
    assert (words.garment_name(plain), words.garment_details(plain)) == ("Navy shirt", "")


def test_an_items_facts_are_told_and_which_its_picture_told() -> None:
    bare: dict[str, Any] = {**shapes.ITEM_EXAMPLE, "colour": "", "pattern": "", "measured": []}
    assert words.item_facts(Item.model_validate(bare)) == ""
    given = {**bare, "colour": "navy", "second_colour": "white", "pattern": "stripe"}
    assert words.item_facts(Item.model_validate(given)) == "Navy and white, striped"
    mixed = {**given, "sleeve": "long", "measured": ["pattern", "sleeve"]}
    seen = "Navy and white, striped, long sleeves"
    assert words.item_facts(Item.model_validate(mixed)) == seen
    assert words.seen_facts(Item.model_validate(mixed)) == "pattern, sleeves"
    guessed = {**bare, "colour": "navy", "measured": ["colour"]}
    assert words.item_facts(Item.model_validate(guessed)) == "Navy"


def test_every_filter_that_is_offered_has_its_words() -> None:
    assert set(words.FACETS) >= set(FACETS)


def test_a_reason_leaves_out_the_price_that_the_card_shows() -> None:
    answer = Suggestion.model_validate(
        {
            **look_shapes.PICK_EXAMPLE,
            "why": [
                {"fact": "colour", "text": "a quiet black"},
                {"fact": "formality", "text": "as smart as your pants"},
                {"fact": "price", "text": "99.00 EUR, down from 129.00"},
            ],
        }
    )
    assert words.reasons(answer) == ["A quiet black.", "As smart as your pants."]


def test_a_problem_in_plain_words() -> None:
    answer = Problem(
        type="x", title="T", status=415, detail="d", what="the format is not accepted",
        expected="a JPEG", next_step="Export it.",
    )  # fmt: skip
    assert words.problem(answer) == (
        "The format is not accepted.",
        "It has to be a JPEG. Export it.",
    )
    wrong = Problem(
        type="x", title="Not allowed", status=422, detail="d",
        errors=[Invalid(where="k", message="too large")],
    )  # fmt: skip
    assert words.problem(wrong) == ("Not allowed", "too large")
    assert words.problem(Problem(type="x", title="Lost", status=404, detail="d")) == ("Lost.", "d")


def test_too_many_bad_rows_are_answered_by_the_apps_own_box() -> None:
    refused = TooManyRejects(
        "too many rows of the feed are bad; none was imported", got="3 of 4", expected="at most 1%",
        next_step="Mend the rows, or allow more with --max-reject-share.",
    )  # fmt: skip
    what, then = words.problem(Problem.model_validate(of_refusal(refused)))
    assert what == "Too many rows of the feed are bad; none was imported."
    assert "--" not in then and "“Go on however many rows have to be left out”" in then
    empty = FeedError("the feed is empty", got="no rows", expected="one", next_step="Fill it.")
    assert words.problem(Problem.model_validate(of_refusal(empty)))[1] == "Fill it."


def test_an_item_that_is_gone_is_told_without_commands() -> None:
    gone = ItemNotFound("no such item", got="x", expected="y", next_step="Run `recommender`.")
    what, then = words.problem(Problem.model_validate(of_refusal(gone)))
    assert (what, then) == ("The shop no longer has this item.", "Please choose another one.")
