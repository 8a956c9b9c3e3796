"""Words that state a colour or a pattern hold, and what is not understood is said."""

from __future__ import annotations

from typing import Any

import pytest

from recommender.client import Client
from tests.recommender.fake_shop import street
from tests.ui.screens import Presses, again, open_page, run, texts, visit_of
from ui.text.stated import stated
from ui.visit.state import Visit


@pytest.mark.parametrize(
    ("words", "filters"),
    [
        ("", {}),
        ("in navy", {"colour": ("navy",)}),
        ("navy blue", {"colour": ("navy",)}),
        ("in light blue or cream", {"colour": ("light blue", "cream")}),
        ("something in grey", {"colour": ("grey", "light grey", "charcoal")}),
        ("polka dots, long sleeves", {"pattern": ("dots",), "sleeve": ("long",)}),
        ("without a pattern", {"pattern": ("plain",)}),
        ("not red", {}),
        ("longer", {}),
        ("a maxi dress", {"length": ("maxi",)}),
    ],
)
def test_words_filter(words: str, filters: dict[str, tuple[str, ...]]) -> None:
    assert stated(words).filters == filters
    assert stated(words).unknown == ()


def test_what_is_not_understood_is_left_out() -> None:
    answer = stated("navy with a dog and chocolate")
    assert answer.unknown == ("dog", "chocolate")
    assert answer.without_unknown("navy, with a Dog") == "navy"
    assert stated("dog").known == "" and not stated("in navy").describes
    assert stated("something for a summer wedding").describes


def test_a_stated_colour_holds_for_what_is_similar(api: Client, parts: Presses) -> None:
    page = run(Visit(photo=street()))
    parts.press(page, "photo", "picked", 0)
    page.text_input[0].set_value("in red, with a dog").run()
    assert not page.exception and parts.ids("hits")
    assert {sku.rsplit("-", 1)[1] for sku in parts.ids("hits")} == {"0"}  # the red ones
    assert "Nothing known about: dog" in texts(page)
    assert page.button(key="refined").label == "in red"
    page.text_input[0].set_value("dog").run()
    assert "refined" not in [each.key for each in page.button]
    page.text_input[0].set_value("in mustard").run()  # the shop has none
    assert parts.ids("hits") and visit_of(page).left_out == "mustard"
    assert "Nothing similar is mustard. These are the nearest." in texts(page)


def test_a_search_without_a_match_shows_the_nearest(
    api: Client, parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("catalogue")
    page.text_input(key="browse-text").set_value("in navy")
    again(page)
    assert "of 27 items" in texts(page)  # all that is navy, and nothing else
    page.text_input(key="browse-text").set_value("mustard red")  # of two colours either holds
    again(page)
    assert "of 27 items" in texts(page)
    asked: list[dict[str, Any]] = []
    ask = Client.items

    def items(client: Client, query: Any) -> Any:
        asked.append(query.model_dump(exclude_defaults=True))
        return ask(client, query)

    monkeypatch.setattr(Client, "items", items)
    page.text_input(key="browse-text").set_value("mustard shirt with a dog")
    again(page)
    assert [("colour" in each, "text" in each) for each in asked][:2] == [
        (True, True),
        (False, True),
    ]
    assert "Left out: mustard" in texts(page) and "Nothing known about: dog" in texts(page)
