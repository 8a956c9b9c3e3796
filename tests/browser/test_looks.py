"""Journeys 6 to 8: looks are worked on, filtered, and similar items refined by words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OUTFIT: Final = "Summer concert"
"""It lacks a layer, a bag and an accessory."""
BUDGET: Final = 250
PRICE: Final = re.compile(r"€([\d,]+(?:\.\d\d)?)")


def test_looks_are_worked_on(visitor: Visitor) -> None:
    visitor.begin(OUTFIT)
    looks, pieces = visitor.looks(), visitor.pieces()
    look = _of_several(visitor)
    visitor.comes_to(lambda: _costs(pieces) - _total(look), 0)

    kept, swapped = _title(pieces.first), _title(pieces.last)
    visitor.choose(kept, f"Keep {kept} in new looks")
    expect(visitor.button("New looks with what you keep")).to_be_visible()
    visitor.push(f"More about {kept}", exact=True)
    visitor.hold_accessible()
    keep = visitor.button(f"Keep {kept} in new looks")
    expect(keep).to_have_attribute("aria-pressed", "true")
    visitor.page.keyboard.press("Escape")
    expect(visitor.button(f"More about {kept}", exact=True)).to_be_focused()
    visitor.choose(swapped, f"Swap {swapped} for another")
    visitor.reads(f"{swapped} is swapped for another.")
    expect(pieces.filter(has_text=swapped)).to_have_count(0)
    expect(pieces.filter(has_text=kept)).to_have_count(1)
    visitor.comes_to(lambda: _costs(pieces) - _total(look), 0)
    visitor.hold_accessible()
    visitor.push("Undo", exact=True)
    expect(pieces.filter(has_text=swapped)).to_have_count(1)

    visitor.push("New looks with what you keep")
    expect(looks.first).to_have_attribute("aria-pressed", "true")
    expect(pieces.filter(has_text=kept)).to_have_count(1)
    expect(pieces.filter(has_text=swapped)).to_have_count(0)


def test_a_press_counts_although_the_page_is_drawn_anew_meanwhile(visitor: Visitor) -> None:
    visitor.begin(OUTFIT)
    piece = visitor.pieces().first
    title = _title(piece)
    more = piece.get_by_role("button", name=f"More about {title}", exact=True)
    more.scroll_into_view_if_needed()
    more.hover()
    visitor.page.mouse.down()
    like = piece.get_by_role("button", name="I like ")
    like.evaluate("button => button.click()")
    expect(like).to_have_attribute("aria-pressed", "true")
    visitor.settle()
    visitor.page.mouse.up()
    expect(visitor.page.get_by_role("dialog", name=f"More about {title}")).to_be_visible()


def test_presses_that_come_faster_than_the_app_draws_all_count(visitor: Visitor) -> None:
    visitor.begin(OUTFIT)
    _of_several(visitor)
    visitor.settle()
    likes = visitor.pieces().get_by_role("button", name="I like ")
    count = likes.count()
    assert count >= 2
    likes.evaluate_all("all => all.forEach((each, i) => setTimeout(() => each.click(), 20 * i))")
    expect(likes.and_(visitor.page.locator("[aria-pressed=true]"))).to_have_count(count)


def _of_several(visitor: Visitor) -> Locator:
    """Open the last look that has several pieces, and return it."""
    looks = visitor.looks()
    for number in range(looks.count(), 0, -1):
        look = looks.nth(number - 1)
        visitor.press(look)
        expect(look).to_have_attribute("aria-pressed", "true")
        expect(
            visitor.page.get_by_role("list", name=f"The pieces of look {number}")
        ).to_be_visible()
        if visitor.pieces().count() > 1:
            return look
    raise AssertionError("no look has two pieces")


def test_a_look_can_be_bought(visitor: Visitor) -> None:
    visitor.begin(OUTFIT)
    page, pieces = visitor.page, visitor.pieces()
    titles = visitor.titles()
    for piece in pieces.all():
        expect(piece.get_by_role("button")).to_have_count(3)
    total = _total(visitor.looks().first)
    visitor.push("Shop this look")
    shop = page.get_by_role("dialog").filter(has_text="Total")
    for title in titles:
        expect(shop).to_contain_text(title)
    assert _amount(shop.get_by_text("Total").inner_text()) == total
    links = shop.get_by_role("link", name="Buy")
    expect(links).to_have_count(len(titles))
    for link in links.all():
        expect(link).to_have_attribute("href", re.compile("^http"))
    visitor.hold_accessible()
    visitor.hold_narrow()
    page.keyboard.press("Escape")

    visitor.push(f"View {titles[0]}", exact=True)
    expect(page.get_by_role("heading", name=titles[0])).to_be_visible()
    expect(page.get_by_role("link", name="Buy in the shop")).to_be_visible()
    visitor.reads("In stock")
    visitor.press(page.get_by_role("link", name="Back to your looks"))
    expect(pieces).to_have_count(len(titles))


def test_a_look_takes_what_is_put_into_it(visitor: Visitor) -> None:
    visitor.begin(OUTFIT)
    pieces, page = visitor.pieces(), visitor.page
    put = page.get_by_role("button", name=re.compile("^Add .* to the look$")).first
    title = _put_title(put)
    visitor.press(put)
    visitor.reads(f"{title} is added to the look.")
    expect(pieces.filter(has_text=title)).to_have_count(1)
    visitor.choose(title, f"Remove {title} from the look")
    visitor.reads(f"{title} is removed.")
    expect(pieces.filter(has_text=title)).to_have_count(0)
    visitor.press(page.get_by_role("button", name=re.compile("^add Bring back|^Bring back")))
    expect(pieces.filter(has_text=title)).to_have_count(1)


def test_no_look_costs_more_than_the_budget(visitor: Visitor) -> None:
    visitor.begin(OUTFIT)
    looks, pieces, page = visitor.looks(), visitor.pieces(), visitor.page
    page.get_by_label("Budget for a look").fill(str(BUDGET))
    page.keyboard.press("Enter")
    visitor.reads("of the budget left")
    visitor.settle()
    for look in looks.all():
        expect(look).to_contain_text("of the budget left")
        assert _total(look) <= BUDGET
    visitor.choose(_title(pieces.first), f"Swap {_title(pieces.first)} for another")
    visitor.reads("is swapped for another.")
    visitor.settle()
    visitor.comes_to(lambda: _costs(pieces) - _total(looks.first), 0)
    assert _total(looks.first) <= BUDGET
    visitor.hold_accessible()
    visitor.hold_narrow()

    page.get_by_label("Budget for a look").fill("1")
    page.keyboard.press("Enter")
    visitor.reads("No look")
    expect(looks).to_have_count(0)


def test_filters_count_and_where_nothing_is_left_one_is_dropped(visitor: Visitor) -> None:
    visitor.begin(OUTFIT)
    looks, pieces, page = visitor.looks(), visitor.pieces(), visitor.page
    visitor.push("Filters")
    passing = page.get_by_text(re.compile(r"^[\d,]+ match(es)?"))
    every = _number(passing)
    visitor.press(page.get_by_label("Brand"))
    option = page.get_by_role("option", name=re.compile(r"Fern & Loom \(\d+\)"))
    count = int(re.findall(r"\((\d+)\)", option.inner_text())[0])
    visitor.press(option)
    expect(page.get_by_role("dialog", name="1 filter")).to_be_visible()
    visitor.settle()
    visitor.comes_to(lambda: _number(passing), count)
    assert count < every
    visitor.hold_accessible()
    _close_filters(visitor)
    for piece in pieces.all():
        expect(piece).to_contain_text("Fern & Loom")

    visitor.push("1 filter")
    page.get_by_label("to", exact=True).fill("2")
    page.keyboard.press("Enter")
    visitor.reads("No look")
    _close_filters(visitor)
    drop = page.get_by_role("button", name=re.compile(r"Without the price limit: \d+ more")).first
    expect(drop).to_be_visible()
    visitor.hold_accessible()
    visitor.hold_narrow()
    visitor.press(drop)
    expect(looks.first).to_be_visible()
    expect(page.get_by_role("button", name="Up to")).to_have_count(0)
    visitor.settle()
    visitor.push("Fern & Loom", exact=True)
    expect(visitor.button("Filters")).to_be_visible()
    visitor.settle()
    expect(page.get_by_role("button", name="Up to")).to_have_count(0)


def test_words_refine_what_is_similar(visitor: Visitor) -> None:
    visitor.begin(OUTFIT)
    page = visitor.page
    visitor.press(visitor.chips().filter(has_text="top"))
    similar = page.get_by_role("list", name="Items like your").get_by_role("listitem")
    expect(similar.first).to_be_visible()
    words = page.get_by_label("But…")
    words.fill("in navy")
    words.press("Enter")
    expect(similar.first).to_contain_text(re.compile("navy", re.IGNORECASE))
    visitor.hold_accessible()
    visitor.hold_narrow()
    taken = page.get_by_role("button", name="in navy").first
    visitor.press(taken)
    expect(words).to_have_value("")
    expect(similar.first).not_to_contain_text(re.compile("^navy", re.IGNORECASE))


def _close_filters(visitor: Visitor) -> None:
    """Close a list that is open in them, then themselves."""
    visitor.page.keyboard.press("Escape")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    visitor.settle()


def _title(card: Locator) -> str:
    named = card.get_by_role("button", name="I like ").get_attribute("aria-label") or ""
    return named.removeprefix("I like ")


def _put_title(button: Locator) -> str:
    named = button.get_attribute("aria-label") or ""
    return named.removeprefix("Add ").removesuffix(" to the look")


def _amount(text: str) -> Decimal:
    """Return the last price in a text: of a reduced item, what it costs now."""
    return Decimal(PRICE.findall(text)[-1].replace(",", ""))


def _costs(pieces: Locator) -> Decimal:
    return sum((_amount(text) for text in pieces.all_inner_texts()), Decimal(0))


def _total(look: Locator) -> Decimal:
    return Decimal(PRICE.findall(look.inner_text())[0].replace(",", ""))


def _number(answer: Locator) -> int:
    return int(answer.inner_text().split()[0].replace(",", ""))
