"""Journeys 4 and 5: garments of the photo are chosen, and corrected by hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import DESKTOP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_garments_are_chosen_by_pointer(visitor: Visitor) -> None:
    visitor.begin()
    outlines, chips = visitor.garments(), visitor.chips()
    visitor.has(outlines, 3)
    expect(chips).to_have_count(outlines.count())

    small = outlines.last  # it lies on top
    visitor.press_within(small)
    expect(small).to_have_attribute("aria-pressed", "true")
    name = _chosen(visitor)
    visitor.reads(f"Similar to your {name}")
    similar = visitor.page.get_by_role("list", name=f"Items like your {name}")
    expect(similar.get_by_role("listitem").first).to_be_visible()
    visitor.hold_accessible()
    visitor.hold_narrow()

    other = chips.filter(has_not_text=re.compile(f"^{name}", re.IGNORECASE)).first
    visitor.press(other)
    expect(other).to_have_attribute("aria-pressed", "true")
    expect(small).to_have_attribute("aria-pressed", "false")
    visitor.reads(f"Similar to your {_chosen(visitor)}")

    visitor.press(other)
    expect(visitor.page.get_by_text("Similar to your")).to_have_count(0)


@pytest.mark.parametrize("device", [DESKTOP], indirect=True)  # a phone has no keyboard
def test_garments_are_chosen_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.begin()
    keys, outline = visitor.page.keyboard, visitor.garments().first
    visitor.tab_to(outline)
    keys.press("Enter")
    visitor.reads("Similar to your")
    expect(outline).to_be_focused()
    expect(outline).to_have_attribute("aria-pressed", "true")
    keys.press("Escape")
    expect(visitor.page.get_by_text("Similar to your")).to_have_count(0)
    chip = visitor.chips().last
    visitor.tab_to(chip)
    keys.press("Space")
    visitor.reads("Similar to your")
    expect(chip).to_be_focused()
    keys.press("Escape")
    expect(visitor.page.get_by_text("Similar to your")).to_have_count(0)


def test_what_was_found_is_corrected(visitor: Visitor) -> None:
    visitor.begin()
    chips, page = visitor.chips(), visitor.page
    jeans = chips.filter(has_text="pants")
    expect(jeans).to_have_count(1)

    visitor.press(jeans)
    page.get_by_role("searchbox", name="Search all kinds").fill("zebra")
    visitor.reads("No kind of that name.")
    page.get_by_role("searchbox", name="Search all kinds").fill("")
    visitor.press(_likely(visitor).get_by_role("button", name="Skirt", exact=True))
    visitor.reads("Changed: skirt.")
    skirt = chips.filter(has_text="skirt")
    expect(skirt).to_have_count(1)
    expect(skirt).to_have_attribute("aria-pressed", "true")
    visitor.reads("Similar to your")
    visitor.settle()
    visitor.hold_accessible()

    found = chips.count()
    visitor.push("Not a garment")
    visitor.reads("Removed.")
    expect(chips).to_have_count(found - 1)
    expect(visitor.pieces().filter(has_text="Bottom")).to_have_count(1)


def test_what_was_missed_is_drawn(visitor: Visitor) -> None:
    visitor.begin()
    chips, page = visitor.chips(), visitor.page
    found = chips.count()
    visitor.press(chips.filter(has_text="pants"))
    visitor.push("Not a garment")
    expect(chips).to_have_count(found - 1)
    expect(visitor.pieces().filter(has_text="Bottom")).to_have_count(1)

    visitor.push("Something missed?")
    expect(page.get_by_label("Box around what was missed")).to_be_focused()
    visitor.draw(page.get_by_alt_text("The sample outfit"), (0.3, 0.45), (0.7, 0.9))
    guess = visitor.button("Add: Pants", exact=True)
    expect(guess).to_be_focused()
    visitor.hold_accessible()
    visitor.settle()  # the other scheme draws the page anew
    visitor.press(guess)
    visitor.reads("Added: pants.")
    expect(chips).to_have_count(found)
    visitor.reads("Similar to your")


@pytest.mark.parametrize("device", [DESKTOP], indirect=True)  # a phone has no keyboard
def test_what_was_missed_is_drawn_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.begin()
    chips, keys = visitor.chips(), visitor.page.keyboard
    found = chips.count()
    visitor.tab_to(visitor.button("Something missed?"))
    keys.press("Enter")
    box = visitor.page.get_by_label("Box around what was missed")
    expect(box).to_be_focused()
    keys.press("ArrowUp")
    visitor.reads("35 % from the left, 33 % from the top; 30 % wide, 30 % high")
    keys.press("Shift+ArrowRight")
    visitor.reads("32 % wide")
    keys.press("Escape")
    expect(visitor.button("Something missed?")).to_be_focused()
    expect(box).to_have_count(0)

    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(visitor.page.get_by_role("button", name="Add: ")).to_be_focused()
    find = visitor.page.get_by_role("searchbox", name="Search all kinds")
    visitor.tab_to(find)
    keys.type("neckerchief")
    expect(visitor.page.get_by_role("group", name="Search all kinds")).to_have_text("Scarf")
    keys.press("Enter")
    visitor.reads("Added: scarf.")
    expect(chips).to_have_count(found + 1)


def _likely(visitor: Visitor) -> Locator:
    """Return the kinds that are offered without a search."""
    return visitor.page.get_by_role("group", name="Likely kinds")


def _chosen(visitor: Visitor) -> str:
    """Return what the chosen chip calls its garment, as within a sentence."""
    chosen = visitor.chips().and_(visitor.page.locator("[aria-pressed=true]"))
    expect(chosen).to_have_count(1)
    name = chosen.inner_text().split(",")[0]
    return f"{name[0].lower()}{name[1:]}"
