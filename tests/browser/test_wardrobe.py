"""Journey 13: garments are kept in this browser and at home, worn with what the shop has, deleted."""

from __future__ import annotations

import io
import json
import re
import zipfile
from decimal import Decimal
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

KEPT: Final = "async () => (await indexedDB.databases()).map(({name}) => name)"
PRICE: Final = re.compile(r"€([\d,.]+)")


def test_a_garment_is_kept_worn_with_what_the_shop_has_and_deleted(visitor: Visitor) -> None:
    page = visitor.page
    visitor.begin()
    coat = visitor.chips().filter(has_text="coat")
    visitor.press(coat)
    visitor.push("Keep in my wardrobe")
    visitor.reads("never your photo")
    visitor.hold_accessible()
    assert page.evaluate(KEPT) == []  # nowhere, until it is said where
    visitor.push("In this browser")
    visitor.reads("Kept in your wardrobe")
    visitor.comes_to(lambda: page.evaluate(KEPT), ["complete-the-look-wardrobe"])

    visitor.press(visitor.chips().filter(has_text="bag"))
    visitor.push("Keep in my wardrobe")
    visitor.push("On this machine")
    visitor.reads("In your wardrobe")
    visitor.settle()

    visitor.go("style?part=wardrobe")  # another session: the browser has kept it
    own = page.get_by_role("list", name="Your wardrobe").get_by_role("listitem")
    expect(own).to_have_count(2)
    visitor.settle()
    visitor.hold_accessible()
    visitor.hold_narrow()
    with page.expect_download() as waiting:
        visitor.push("Export")
    _hold_export(waiting.value.path().read_bytes())
    visitor.press(page.get_by_role("button", name=re.compile("^Wear .*coat")))
    visitor.push("Make looks with one piece")
    look = visitor.looks().first
    expect(look).to_be_visible()
    expect(visitor.chips()).to_have_count(1)
    expect(visitor.chips()).to_contain_text("coat")
    visitor.settle()
    visitor.has(visitor.pieces(), 2)
    visitor.comes_to(lambda: _price(look.inner_text()) - _costs(visitor), 0)
    visitor.hold_narrow()

    visitor.go("style?part=wardrobe")
    expect(own).to_have_count(2)
    visitor.push("Delete everything")
    visitor.push("Yes, delete everything")
    visitor.reads("Your wardrobe is empty")
    visitor.comes_to(lambda: page.evaluate(KEPT), [])
    visitor.hold_accessible()


def _price(text: str) -> Decimal:
    found = PRICE.findall(text)
    return Decimal(found[-1].replace(",", ""))


def _costs(visitor: Visitor) -> Decimal:
    return sum((_price(text) for text in visitor.pieces().all_inner_texts()), Decimal(0))


def _hold_export(packed: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        answer = json.loads(archive.read("wardrobe.json"))["pieces"]
        assert sorted(each["category"] for each in answer) == ["bag", "coat"]
        assert all(archive.read(each["picture"])[:4] == b"\x89PNG" for each in answer)
        assert len(archive.namelist()) == 3
