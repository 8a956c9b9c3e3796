"""A shop's words are drawn to the letter wherever the app draws Markdown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from recommender.client import ApiProblem, Client
from recommender.wire.shapes import Item
from recommender.wire.state_shapes import Problem
from tests.hostile import BRAND, WORDS
from tests.recommender.fake_shop import FakeShop, street
from tests.ui.screens import Presses, choose, open_page, run
from ui.text.plain import plain, problem
from ui.visit.state import Visit

pytestmark = pytest.mark.usefixtures("api")


@pytest.mark.parametrize("text", ["- a", "1. a", "12) a", "# a", "---", "<!-- a", "a@b.c", "> a"])
def test_what_begins_a_list_or_a_heading_is_held_back(text: str) -> None:
    answer = plain(text)
    assert answer != text and answer.replace("\\", "").replace("\N{WORD JOINER}", "") == text


def test_a_problem_keeps_its_commands_and_nothing_else_of_a_shops_words() -> None:
    refused = Problem(type="x", title="T", status=400, detail="d", what=WORDS)
    answer = problem(refused.model_copy(update={"next_step": "Run `make train`."}))
    assert "![" not in answer and answer.endswith("Run `make train`.")


def test_the_looks_page_draws_no_markdown_of_a_shop(parts: Presses, shop: FakeShop) -> None:
    shop.searcher.items = [
        replace(item, title=f"{WORDS} {item.sku}", brand=BRAND) if item.sku == "bag-1" else item
        for item in shop.searcher.items
    ]
    page = run(Visit(photo=street()))
    choose(page, "Brand", [BRAND])
    _hold(page)  # as a chip
    assert parts.ids("pieces") == ["bag-1"]
    parts.press(page, "pieces", "acted", "bag-1", "similar")
    _hold(page)
    assert "2 for" in str(page.header[-1].value) or "2 for" in str(page.header[0].value)
    parts.press(page, "pieces", "acted", "bag-1", "keep")
    parts.press(page, "pieces", "acted", "bag-1", "out")
    _hold(page)


def test_the_items_page_draws_no_markdown_of_a_shop(
    parts: Presses, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"title": WORDS, "brand": WORDS, "description": WORDS, "material": WORDS}
    item: Item = api.item("bag-1").model_copy(update=said)
    monkeypatch.setattr(Client, "item", lambda *_: item)
    page = open_page("catalogue", item="bag-1")
    _hold(page)
    assert page.title[0].value == plain(WORDS)


def test_what_a_service_refuses_is_no_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Item:
        raise ApiProblem(
            Problem(type="x", title="T", status=404, detail=WORDS, what=f"no item {WORDS}")
        )

    monkeypatch.setattr(Client, "item", refuse)
    page = open_page("catalogue", item="bag-1")
    assert page.error
    _hold(page)


def _hold(page: AppTest) -> None:
    kinds = (
        page.title, page.header, page.subheader, page.markdown, page.caption, page.error,
        page.warning, page.info, page.success, page.toast,
    )  # fmt: skip
    answer = [str(part.value) for kind in kinds for part in kind]
    answer += [str(part.label) for part in page.button]
    answer += [part.proto.popover.label for part in page.get("popover")]
    bare = [re.sub(r"\\.", "", each) for each in answer]  # without what is escaped
    wrong = ("[", "**bold", "$", ":tada", ":material/home", "www.", "<b>")
    assert [(sign, each) for each in bare for sign in wrong if sign in each] == []
