"""Journey 12: the models, German, the dark, and a newcomer without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.visitor import BEGIN, DESKTOP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_models_tell_their_figures(visitor: Visitor) -> None:
    page = visitor.page
    visitor.press(page.get_by_role("link", name="Privacy", exact=True))
    expect(page.get_by_role("heading", name="What happens to your photo")).to_be_visible()
    visitor.hold_accessible()
    visitor.go("shop?part=models")
    for name in ("Finding garments", "Comparing garments", "Judging what goes together"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(3)
    card = page.get_by_text("The whole card (in English)").first
    visitor.press(card)
    expect(page.get_by_text(re.compile("licen[cs]e", re.IGNORECASE)).first).to_be_visible()
    visitor.hold_accessible()
    visitor.hold_narrow()


def test_german_is_spoken_on_every_page(visitor: Visitor) -> None:
    page = visitor.page
    visitor.push("EN")
    visitor.press(page.get_by_text("Deutsch", exact=True))
    visitor.reads("Zeigen Sie, was Sie tragen")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.keyboard.press("Escape")
    page.reload()
    visitor.push("Mit „Hafenspaziergang“ beginnen")
    looks = page.get_by_role("group", name="Looks").get_by_role("button")
    expect(looks.first).to_contain_text("€")
    expect(page.get_by_role("button", name="Anderes Foto")).to_be_visible()
    visitor.hold_accessible()
    for link, heading in {
        "Suche": "Im Shop suchen",
        "Ihr Stil": "Ihr Stil",
        "Datenschutz": "Was mit Ihrem Foto geschieht",
    }.items():
        visitor.press(page.get_by_role("link", name=link, exact=True))
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        visitor.settle()
        visitor.hold_narrow()


def test_who_prefers_the_dark_gets_it(arrive: Arrive) -> None:
    visitor = arrive(color_scheme="dark")
    visitor.begin()
    page = visitor.page
    paper = page.get_by_test_id("stApp").evaluate("each => getComputedStyle(each).backgroundColor")
    red, green, blue = (int(each) for each in re.findall(r"\d+", paper)[:3])
    assert max(red, green, blue) < 60
    visitor.press(visitor.chips().last)
    visitor.reads("Similar to your")
    expect(page.get_by_role("list", name="Items like your")).to_be_visible()
    visitor.hold_accessible()


@pytest.mark.parametrize("device", [DESKTOP], indirect=True)  # a phone has no keyboard
def test_a_newcomer_needs_no_mouse(visitor: Visitor) -> None:
    keys, looks = visitor.page.keyboard, visitor.looks()
    visitor.button(BEGIN).wait_for()
    visitor.tab_to(visitor.button(BEGIN))
    keys.press("Enter")
    expect(looks).to_have_count(3)
    visitor.settle()
    visitor.tab_to(looks.nth(1))
    keys.press("Space")
    expect(looks.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(looks.nth(1)).to_be_focused()
    expect(visitor.page.get_by_role("list", name="The pieces of look 2")).to_be_visible()
    visitor.settle()
    visitor.tab_to(visitor.button("Save", exact=True))
    keys.press("Enter")
    visitor.reads("The look is saved")
    visitor.tab_to(visitor.button("Undo", exact=True))
    keys.press("Enter")
    expect(visitor.page.get_by_text("The look is saved")).to_have_count(0)
