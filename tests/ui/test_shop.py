"""The merchant's area: who gets in, and what it says that outfits lack."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from recommender.access.keys import Keys
from recommender.access.scope import Scope
from recommender.api.app import create_app
from recommender.client import Client
from recommender.wire.catalogue_shapes import CatalogueGap
from tests.recommender.fake_shop import FakeShop
from tests.ui.fake_api import transport_to
from tests.ui.screens import again, open_page, texts
from ui.pages.shop.gaps import lacks
from ui.visit import service, shopkeeper


@pytest.fixture
def keys(shop: FakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """The keys of a shop whose service asks for them; the app holds one that may do everything."""
    settings = shop.settings.model_copy(update={"require_keys": True})
    app = create_app(replace(shop, settings=settings), outfits={}, warm=False)

    def with_key(key: str) -> Client:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        http = httpx.Client(transport=transport_to(app), base_url="http://shop", headers=headers)
        return Client.over(http)

    own, anyone = with_key(shop.keys.create("app", Scope.ADMIN).text), with_key("")
    monkeypatch.setattr(service, "with_key", with_key)
    monkeypatch.setattr(service, "api", lambda: own)
    monkeypatch.setattr(service, "anyone", lambda: anyone)
    return shop.keys


def present(page: AppTest, key: str) -> AppTest:
    page.text_input(key="shop-key").set_value(key)
    page.button(key="shop-open").click()
    return again(page)


def test_a_key_that_may_admin_opens_and_can_be_put_away(keys: Keys) -> None:
    page = open_page("shop", part="gaps")
    assert "For whoever keeps the shop" in texts(page) and not page.segmented_control
    present(page, f" {keys.create('merchant', Scope.ADMIN).text} ")
    assert "Open with your key" in texts(page) and page.header[0].value == "What outfits lack"
    page.button(key="shop-lock").click()
    again(page)
    assert "For whoever keeps the shop" in texts(page) and not page.segmented_control


def test_nothing_else_opens(keys: Keys) -> None:
    page = open_page("shop")
    for key in ("", "ctl_000000000000_guess", "schlüssel", keys.create("till", Scope.WRITE).text):
        present(page, key)
        assert "This key " in page.error[0].value and "For whoever keeps the shop" in texts(page), (
            key
        )
        assert page.text_input(key="shop-key").value == ""


def test_a_key_that_was_revoked_opens_no_longer(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.access.keys.REMEMBERED_S", 0.0)
    made = keys.create("merchant", Scope.ADMIN)
    page = present(open_page("shop"), made.text)
    keys.revoke(made.key.id)
    again(page)
    assert "For whoever keeps the shop" in texts(page) and not page.segmented_control


def test_without_keys_it_is_open_at_home_alone(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Open without a key" in texts(open_page("shop"))
    monkeypatch.setattr(shopkeeper, "is_at_home", lambda: False)
    page = open_page("shop")
    assert "This area is closed" in texts(page) and not page.segmented_control


@pytest.mark.parametrize(
    ("address", "headers", "home"),
    [
        ("127.0.0.1", {}, True), ("0.0.0.0", {}, False), (None, {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, False),
    ],
)  # fmt: skip
def test_others_can_reach_an_app_behind_a_proxy(
    address: str | None, headers: dict[str, str], home: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "get_option", {"server.address": address}.get)
    monkeypatch.setattr(type(st.context), "headers", headers)
    assert shopkeeper.is_at_home() is home


def tables(page: AppTest) -> str:
    return "".join(part.proto.body for part in page.get("html"))


def gap(slot: str, warmth: str, items: int, share: float, band: str = "low") -> CatalogueGap:
    prices = {
        "low": (None, Decimal(80)),
        "middle": (Decimal(80), Decimal(120)),
        "high": (Decimal(120), None),
    }
    above, up_to = prices.get(band, (None, None))
    return CatalogueGap(
        slot=slot, audience="women", formality="smart", warmth=warmth, price_band=band, items=items,
        wanting=round(100 * share), share=share, price_above=above, price_up_to=up_to, currency="EUR",
    )  # fmt: skip


def test_gaps_of_one_place_and_price_are_one_sentence() -> None:
    found = lacks([
        gap("top", "mild", 1, 0.1, "middle"), gap("bag", "cold", 0, 0.1), gap("bag", "hot", 0, 0.21),
        gap("shoes", "hot", 2, 0.05, "high"), gap("outer", "mild", 0, 0.02, ""),
    ])  # fmt: skip
    assert [lack.sentence for lack in found] == [
        "No bag up to €80 for 31% of outfits",
        "Too few tops from €80 to €120 for 10% of outfits",
        "Too few shoes over €120 for 5% of outfits",
        "No jacket or coat for 2% of outfits",
    ]
    assert found[0].days == "Smart for hot days; smart for cold days"


def test_the_report_and_the_stylists_table_are_shown(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Nothing is missing" in open_page("shop", part="gaps").success[0].value
    monkeypatch.setattr(Client, "gaps", lambda *_: [gap("bag", "hot", 0, 0.31)])
    page = open_page("shop", part="gaps")
    assert page.subheader[0].value == "Women"
    assert "**No bag up to €80 for 31% of outfits**" in texts(page)
    assert len(page.dataframe[0].value) == 1
    page = open_page("shop", part="stylist")
    assert "no file of its own" in texts(page) and "[occasions." in tables(page)
