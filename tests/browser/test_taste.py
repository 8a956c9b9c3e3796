"""Journeys 9 and 10: likes and saved looks are kept and forgotten; a look is shared, taken along."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.visitor import BEGIN, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PERSON: Final = "localStorage.getItem('complete-the-look-person')"


def test_taste_is_told_kept_and_forgotten(visitor: Visitor) -> None:
    visitor.begin()
    page, pieces = visitor.page, visitor.pieces()
    like = pieces.first.get_by_role("button", name="I like ")
    title = (like.get_attribute("aria-label") or "").removeprefix("I like ")
    visitor.press(like)
    visitor.reads(f"You like {title}.")
    expect(like).to_have_attribute("aria-pressed", "true")
    visitor.hold_accessible()
    visitor.push("Undo", exact=True)
    expect(like).to_have_attribute("aria-pressed", "false")
    visitor.press(like)
    expect(like).to_have_attribute("aria-pressed", "true")
    visitor.reads(f"You like {title}.")

    disliked = visitor.titles()[-1]
    visitor.choose(disliked, f"I dislike {disliked}")
    visitor.reads(f"{disliked} does not come back.")
    expect(pieces.filter(has_text=disliked)).to_have_count(0)
    visitor.push("Undo", exact=True)
    expect(pieces.filter(has_text=disliked)).to_have_count(1)
    visitor.push("Save", exact=True)
    visitor.reads("The look is saved")
    saved = visitor.titles()

    _open(visitor, "Your style")
    _hold_style(visitor, title, saved)
    visitor.hold_accessible()
    visitor.hold_narrow()
    page.reload()
    _hold_style(visitor, title, saved)
    page.wait_for_function(f"{PERSON}?.length >= 16")

    visitor.push("Forget everything")
    page.get_by_label("Type forget to go on").fill("forget")
    visitor.push("Yes, forget everything")
    visitor.reads("We don’t know your style yet")
    page.wait_for_function(f"{PERSON} === null")
    page.reload()
    visitor.reads("We don’t know your style yet")
    visitor.hold_accessible()


def test_a_shared_look_shows_its_items_and_nothing_of_who_shared_it(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.begin()
    titles = visitor.titles()
    visitor.push(f"I like {titles[0]}")
    visitor.reads(f"You like {titles[0]}.")
    visitor.settle()
    visitor.push("Share", exact=True)
    visitor.reads("Whoever has this link")
    link = visitor.page.get_by_text("/shared?look=").inner_text().strip()
    person = visitor.page.evaluate(PERSON)
    asked = parse_qs(urlsplit(link).query)
    assert list(asked) == ["look"] and len(link) < 200
    assert person not in link
    visitor.hold_accessible()
    visitor.hold_narrow()

    friend = arrive(link.removeprefix(f"{visitor.address}/"))
    assert friend.page.url.startswith(visitor.address)
    pieces = friend.page.get_by_role("list", name="The pieces").get_by_role("listitem")
    expect(pieces).to_have_count(len(titles))
    for title in titles:
        expect(pieces.filter(has_text=title)).to_have_count(1)
    friend.reads("This look is shared until")
    result = friend.page.content()
    assert person not in result and "sample outfit" not in result
    assert friend.page.evaluate(PERSON) is None
    friend.hold_accessible()
    friend.hold_narrow()
    friend.press(friend.page.get_by_role("link", name="Complete the look with your own photo"))
    expect(friend.button(BEGIN)).to_be_visible()

    stranger = arrive("shared?look=none")
    stranger.reads("This look is no longer shared")
    stranger.hold_accessible()


def test_a_look_is_taken_along(visitor: Visitor) -> None:
    visitor.begin()
    titles, page = visitor.titles(), visitor.page
    total = re.findall(r"€[\d.,]+", visitor.looks().first.inner_text())[0]
    visitor.push("Export")
    visitor.hold_accessible()

    text = _download(visitor, page, "Table (CSV)", "look.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["title"] for row in rows} == set(titles)
    assert all(row["currency"] == "EUR" and row["sku"] for row in rows)

    look = json.loads(_download(visitor, page, "JSON", "look.json"))
    assert {item["title"] for item in look["items"]} == set(titles)
    assert float(look["totals"]["EUR"]) == float(total.removeprefix("€").replace(",", ""))

    with Image.open(io.BytesIO(_download(visitor, page, "Picture", "look.png"))) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1200


def _open(visitor: Visitor, name: str) -> None:
    visitor.press(visitor.page.get_by_role("link", name=name, exact=True))


def _hold_style(visitor: Visitor, liked: str, saved: list[str]) -> None:
    page = visitor.page
    expect(page.get_by_role("heading", name="Saved looks")).to_be_visible()
    expect(page.get_by_role("heading", name="Your taste")).to_be_visible()
    pieces = page.get_by_role("list", name="The pieces of the saved look").get_by_role("listitem")
    expect(pieces).to_have_count(len(saved))
    for title in saved:
        expect(pieces.filter(has_text=title)).to_have_count(1)
    result = page.get_by_role("list", name="What you told of")
    expect(result.get_by_text(liked).first).to_be_visible()
    visitor.reads("You liked this.")
    expect(page.get_by_role("heading", name="Colours you like")).to_be_visible()


def _download(visitor: Visitor, page: Page, button: str, name: str) -> bytes:
    with page.expect_download() as waiting:
        visitor.push(button)
    assert waiting.value.suggested_filename == name
    return Path(waiting.value.path()).read_bytes()
