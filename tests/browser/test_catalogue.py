"""Journey 11: the catalogue is leafed through, searched, filled, and its index set back."""

from __future__ import annotations

import io
import json
import re
import secrets
import zipfile
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from recommender.sample import BOUTIQUE
from tests.browser.conftest import Arrive
from tests.browser.visitor import DESKTOP, Visitor
from tests.hostile import BRAND, WORDS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NEW: Final = {"red": "qt-0261", "navy": "qt-0371", "mustard": "b-0343", "burgundy": "cv-0028"}
"""Scarves of a feed, and their pictures in the boutique."""
READ: Final = WORDS.replace("<b>b</b>", "b")
"""A feed's reader takes tags out of texts; everything else is kept."""
OF: Final = re.compile(r"^(\d+) to (\d+) of ([\d,]+) items")


def test_the_catalogue_is_leafed_through_and_searched(arrive: Arrive) -> None:
    visitor = arrive("catalogue")
    page, items = visitor.page, _items(visitor)
    expect(items).to_have_count(24)
    first, last, every = _counted(visitor)
    assert (first, last) == (1, 24) and every > 48
    visitor.hold_accessible()
    visitor.hold_narrow()
    seen = visitor.button(f"View {_shown(items.first)}", exact=True)
    visitor.push("Next")
    visitor.reads("25 to 48 of")
    expect(seen).to_have_count(0)
    visitor.push("Previous")
    visitor.reads("1 to 24 of")
    expect(seen).to_be_visible()

    words = page.get_by_label("Search by words")
    words.fill("summer dress")
    words.press("Enter")
    visitor.reads("Nearest to your words first")
    expect(items.first).to_contain_text(re.compile("dress", re.IGNORECASE))
    visitor.hold_accessible()

    title = _shown(items.first)
    visitor.push(f"View {title}")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role("img", name=title)).to_be_visible()
    for entry in ("Article number", "Goes with it", "Similar"):
        visitor.reads(entry)
    expect(page.get_by_role("list", name=f"Items like {title}")).to_be_visible()
    expect(page.get_by_role("list", name=f"What goes with {title}")).to_be_visible()
    visitor.hold_accessible()
    visitor.hold_narrow()
    page.reload()  # an item has an address of its own
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    visitor.push("Back to the search")
    expect(items).to_have_count(24)


def test_the_catalogue_is_filtered(arrive: Arrive) -> None:
    visitor = arrive("catalogue")
    _, _, every = _counted(visitor)
    visitor.push("Filters")
    visitor.press(visitor.page.get_by_label("Kind"))
    option = visitor.page.get_by_role("option", name=re.compile(r"^Dress \(\d+\)"))
    count = int(re.findall(r"\d+", option.inner_text())[0])
    visitor.press(option)
    visitor.page.keyboard.press("Escape")
    visitor.page.keyboard.press("Escape")
    visitor.reads(f"1 to {count} of {count} items")
    assert count < every
    expect(_items(visitor)).to_have_count(count)


def test_a_feed_is_imported_and_the_index_set_back(arrive: Arrive) -> None:
    visitor = arrive("catalogue")
    page = visitor.page
    _, _, before = _counted(visitor)
    expect(page.get_by_role("link", name="Shop")).to_have_count(0)  # a shopper is led nowhere else
    visitor.go("shop")
    visitor.reads("Open without a key")
    expect(page.get_by_role("heading", name="Import a feed")).to_be_visible()
    visitor.push("Import", exact=True)
    visitor.reads("Choose a file first.")
    visitor.hold_accessible()
    name = f"{visitor.device.name}.zip"
    page.locator("input[type=file]").set_input_files(
        files={"name": name, "mimeType": "application/zip", "buffer": _feed(visitor)}
    )
    expect(page.get_by_role("region", name="Feed or zip").get_by_text(name)).to_be_visible()
    visitor.settle()
    visitor.push("Import", exact=True)
    job = page.get_by_role("heading", name=name)
    expect(job).to_be_visible()
    expect(
        page.get_by_role("progressbar").first.or_(page.get_by_text("It took")).first
    ).to_be_visible()
    visitor.reads("It took")
    visitor.reads("What was left out, and why")
    visitor.hold_accessible()
    visitor.hold_narrow()
    with page.expect_download() as waiting:
        visitor.press(page.get_by_test_id("stDownloadButton").get_by_role("button"))
    rejects = waiting.value.path().read_text(encoding="utf-8").splitlines()
    assert rejects[0] == "row,sku,reason" and len(rejects) == 2
    if visitor.device is DESKTOP:
        _hold_to_the_letter(arrive("catalogue"))

    visitor.press(page.get_by_role("radio", name="Index"))
    visitor.reads("All is well: everything in the catalogue can be found.")
    visitor.hold_accessible()
    visitor.push("Back to the version before")
    box = page.get_by_label(re.compile(r"Type \d+ to go on"))
    number = str(box.get_attribute("aria-label")).split()[1]
    box.fill(number)
    visitor.push("Yes, go back")
    visitor.reads("The catalogue has changed since the index was made")
    visitor.hold_accessible()
    visitor.press(page.get_by_role("radio", name="Gaps"))
    expect(
        page.get_by_text(re.compile(r"^(No|Too few) .+ for \d+.%? of outfits$")).first
    ).to_be_visible()
    visitor.hold_accessible()
    visitor.hold_narrow()
    visitor.press(page.get_by_role("radio", name="Stylist’s table"))
    expect(page.get_by_role("heading", name="What the app ships with")).to_be_visible()
    visitor.hold_accessible()
    visitor.go("catalogue")
    expect(_items(visitor)).to_have_count(24)
    visitor.comes_to(lambda: _counted(visitor)[2], before + len(NEW))


def _hold_to_the_letter(visitor: Visitor) -> None:
    """Hold that what the feed says is drawn as it stands; whom else the page asks is noted."""
    page, name = visitor.page, f"red {READ}"
    _filter_by_brand(visitor)
    expect(_items(visitor)).to_have_count(len(NEW))
    visitor.push(f"View {name}", exact=True)
    _reads(visitor, page.get_by_role("heading", name="red 2 for"), name)
    _reads(visitor, page.get_by_test_id("stCaptionContainer").first, BRAND)
    expect(page.get_by_text(READ, exact=True).first).to_be_visible()

    visitor.press(page.get_by_role("link", name="Looks", exact=True))
    visitor.begin("Sunday market")  # a day for a wool scarf
    _filter_by_brand(visitor)
    _reads(visitor, page.locator(".st-key-filter-chips p").first, BRAND)
    like = visitor.pieces().first.get_by_role("button", name="I like ")
    title = (like.get_attribute("aria-label") or "").removeprefix("I like ")
    assert READ in title
    visitor.press(like)
    bar = page.get_by_role("status").filter(has_text="You like")
    expect(bar).to_have_text(f"You like {title}.")
    visitor.choose(title, f"Similar items to {title}")
    _reads(visitor, page.get_by_role("heading", name="Similar to "), f"Similar to {title}")
    visitor.settle()


def _filter_by_brand(visitor: Visitor) -> None:
    page = visitor.page
    visitor.push("Filters")
    visitor.press(page.get_by_label("Brand"))
    page.keyboard.type("evil")  # a long list is drawn in part
    visitor.press(page.get_by_role("option", name=BRAND))
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    visitor.settle()


def _reads(visitor: Visitor, where: Locator, text: str) -> None:
    """Hold that a text stands there, and no icon, picture or link in its place."""
    visitor.comes_to(lambda: where.first.inner_text().replace("\N{WORD JOINER}", ""), text)


def _feed(visitor: Visitor) -> bytes:
    """Return a zip of rows with their pictures; the last one's price is none."""
    rows, run = [], secrets.token_hex(3)
    packed = io.BytesIO()
    prices = {**dict.fromkeys(NEW, "19.90"), "broken": "cheap"}
    with zipfile.ZipFile(packed, "w") as archive:
        for name, price in prices.items():
            sku = f"{visitor.device.name}-{run}-{name}"
            rows.append({
                "sku": sku, "title": f"{name} {WORDS}", "brand": BRAND, "category": "scarf",
                "description": WORDS, "material": WORDS, "price": price, "currency": "EUR",
                "link": f"https://evil.example/{name}", "image": f"images/{sku}.webp",
            })  # fmt: skip
            archive.writestr(f"images/{sku}.webp", _picture(NEW.get(name, "qt-0261")))
        archive.writestr("feed.jsonl", "\n".join(json.dumps(row) for row in rows))
    return packed.getvalue()


def _picture(name: str) -> bytes:
    return (BOUTIQUE / "images" / f"{name}.webp").read_bytes()


def _items(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("list", name="Items of the catalogue").get_by_role("listitem")


def _shown(card: Locator) -> str:
    named = card.get_by_role("button", name="View ").get_attribute("aria-label") or ""
    return named.removeprefix("View ")


def _counted(visitor: Visitor) -> tuple[int, int, int]:
    result = visitor.page.get_by_text(OF)
    expect(result).to_be_visible()
    found = OF.match(result.inner_text())
    assert found is not None
    first, last, every = (int(each.replace(",", "")) for each in found.groups())
    return first, last, every
