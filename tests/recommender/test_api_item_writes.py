"""Items written one by one: price and stock without encoding, whole items, many at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.build import Indexer
from index.catalogue.catalog import Catalog
from index.importing.reports import ImportOptions, ImportReport
from index.model.items import CatalogItem
from recommender.api.app import create_app
from recommender.errors import KeyUnderWay
from recommender.jobs.answered_writes import KEPT, AnsweredWrites
from recommender.jobs.item_writes import APART_FROM
from recommender.wire.write_shapes import MAX_LINES
from tests.recommender.fake_shop import FakeShop, open_shop, picture

NEW = {"title": "Linen dress", "category": "dress", "price": "89.90 EUR", "availability": "3"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeShop]:
    def stored(shop: FakeShop, sku: str) -> CatalogItem:
        with shop.database.reading() as session:
            return Catalog(session).get(sku)

    monkeypatch.setattr(FakeShop, "item", stored)
    shop = open_shop(tmp_path / "home")
    yield shop
    shop.imports.close()


@pytest.fixture
def api(shop: FakeShop) -> TestClient:
    return TestClient(create_app(shop, outfits={}, warm=False), raise_server_exceptions=False)


@pytest.fixture
def sku(api: TestClient) -> str:
    return str(api.get("/v1/items").json()["items"][0]["sku"])


def item(api: TestClient, sku: str) -> dict[str, Any]:
    answer: dict[str, Any] = api.get(f"/v1/items/{sku}").json()
    return answer


def bulk(api: TestClient, *lines: dict[str, Any] | str, **more: Any) -> Any:
    body = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return api.post("/v1/items/bulk", content=body, **more)


def test_price_and_stock_change_at_once_and_encode_nothing(api: TestClient, sku: str) -> None:
    before = item(api, sku)
    answer = api.patch(f"/v1/items/{sku}", json={"price": "7.50 EUR", "availability": "0"}).json()
    assert (answer["result"], answer["problem"]) == ("changed", None)
    assert "more than the price of 7.50" in answer["warnings"][0]  # it was on sale for 15
    now = item(api, sku)
    assert answer["item"] == now
    assert (now["price"], now["availability"]) == ("7.50", "out_of_stock")
    assert (now["title"], now["category"], now["image"]) == (
        before["title"],
        before["category"],
        before["image"],
    )
    again = api.patch(f"/v1/items/{sku}", json={"price": "7.50 EUR"}).json()
    assert again["result"] == "unchanged"


def test_a_dry_run_changes_nothing(api: TestClient, sku: str) -> None:
    before = item(api, sku)
    answer = api.patch(f"/v1/items/{sku}", params={"dry_run": True}, json={"price": "1 EUR"}).json()
    assert (answer["result"], answer["item"]) == ("changed", None)
    gone = api.delete(f"/v1/items/{sku}", params={"dry_run": True}).json()
    assert gone == {"removed": [sku], "dry_run": True}
    files = {"photo": ("a.png", picture((1, 2, 3)))}
    put = api.put("/v1/items/new-1", params={"dry_run": True}, data=NEW, files=files).json()
    assert put["result"] == "added"
    assert item(api, sku) == before
    assert api.get("/v1/items/new-1").status_code == 404


@pytest.mark.parametrize(
    ("fields", "part"),
    [({"price": "-1"}, "one amount"), ({"title": ""}, "title"), ({"brand": "x" * 300}, None), ({}, "field"),
     ({"category": "hat"}, "Extra"), ({"colour": ["red"]}, "string")],
)  # fmt: skip
def test_what_a_change_may_not_be(
    api: TestClient, sku: str, fields: dict[str, Any], part: str | None
) -> None:
    before = item(api, sku)
    answer = api.patch(f"/v1/items/{sku}", json=fields)
    if part is None:  # what an item can do without is left out
        assert answer.json()["warnings"]
        return
    assert answer.status_code in (422, 400) and part in answer.text
    assert item(api, sku) == before


def test_an_item_that_is_not_there_is_neither_changed_nor_removed(api: TestClient) -> None:
    assert api.patch("/v1/items/nothing", json={"price": "1 EUR"}).status_code == 404
    assert api.delete("/v1/items/nothing").status_code == 404


def test_a_whole_item_is_written_changed_and_taken_out(api: TestClient) -> None:
    files = {"photo": ("a.png", picture((200, 30, 60)))}
    answer = api.put("/v1/items/new/1", data=NEW, files=files).json()
    assert (answer["result"], answer["item"]["category"], answer["item"]["price"]) == (
        "added",
        "dress",
        "89.90",
    )
    assert api.get("/v1/items/new/1/image").status_code == 200
    answer = api.put("/v1/items/new/1", json={**NEW, "brand": "Ada", "price": "80 EUR"}).json()
    assert (answer["result"], answer["item"]["brand"], answer["item"]["price"]) == (
        "changed",
        "Ada",
        "80.00",
    )
    assert api.delete("/v1/items/new/1").json() == {"removed": ["new/1"], "dry_run": False}
    assert api.get("/v1/items/new/1").status_code == 404


def test_a_new_item_needs_a_picture_that_may_be_had(api: TestClient) -> None:
    assert "picture" in api.put("/v1/items/new-1", json=NEW).text
    answer = api.put("/v1/items/new-1", json={**NEW, "image": "https://cdn.shop.example/a.jpg"})
    assert answer.status_code == 422 and "--fetch" in answer.text
    assert api.put("/v1/items/new-1", json={**NEW, "image": "../secret.png"}).status_code == 422
    files = {"photo": ("a.png", b"no picture")}
    assert api.put("/v1/items/new-1", data=NEW, files=files).status_code == 422


def test_many_are_answered_one_by_one(api: TestClient, sku: str) -> None:
    other = api.get("/v1/items").json()["items"][1]["sku"]
    answer = bulk(
        api,
        {"sku": sku, "price": "5 EUR"},
        "no json",
        {"sku": "nothing", "price": "5 EUR"},
        {"sku": other, "delete": True},
        {"sku": sku, "price": "6 EUR"},
        {"sku": "far", **NEW, "image": "https://cdn.shop.example/a.jpg"},
        {"sku": "odd", "zorblax": 1},
        "",
        {"price": "1"},
    )
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [each["result"] for each in results] == [
        "changed", "refused", "refused", "removed", "refused", "refused", "refused", "refused"
    ]  # fmt: skip
    assert [bool(each["problem"]) for each in results] == [
        each["result"] == "refused" for each in results
    ]
    assert item(api, sku)["price"] == "5.00"
    assert api.get(f"/v1/items/{other}").status_code == 404


def test_the_same_key_is_done_once(api: TestClient, sku: str) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = bulk(api, {"sku": sku, "delete": True}, headers=headers)
    second = bulk(api, {"sku": sku, "delete": True}, headers=headers)
    assert first.json() == second.json()
    assert first.json()["results"][0]["result"] == "removed"
    assert (
        "idempotent-replay" not in first.headers and second.headers["idempotent-replay"] == "true"
    )
    other = bulk(api, {"sku": "other", "delete": True}, headers=headers)
    assert (other.status_code, other.json()["type"].split(":")[-1]) == (422, "key-reused")
    assert bulk(api, {"sku": sku, "delete": True}).json()["results"][0]["result"] == "refused"


def test_a_key_outlives_the_server_and_ends_after_a_day(shop: FakeShop, sku: str) -> None:
    first = AnsweredWrites(shop.database)
    assert first.once("k", b"a", lambda: "done") == ("done", False)
    later = AnsweredWrites(shop.database)  # as a server that was started anew
    assert later.once("k", b"a", lambda: "twice") == ("done", True)
    tomorrow = AnsweredWrites(shop.database, lambda: datetime.now(UTC) + KEPT)
    assert tomorrow.once("k", b"b", lambda: "anew") == ("anew", False)


def test_a_key_is_taken_while_its_write_is_under_way_and_free_after_a_refusal(
    shop: FakeShop,
) -> None:
    book = AnsweredWrites(shop.database)

    def again() -> str:
        with pytest.raises(KeyUnderWay):
            book.once("k", b"a", lambda: "twice")
        raise KeyError("refused")

    with pytest.raises(KeyError):
        book.once("k", b"a", again)
    assert book.once("k", b"a", lambda: "done") == ("done", False)


def test_many_whole_items_are_encoded_apart_and_few_are_not(shop: FakeShop, tmp_path: Path) -> None:
    asked: list[int] = []

    class Apart:
        def import_feed(self, source: Path, options: ImportOptions | None = None) -> ImportReport:
            asked.append(len(source.read_text().splitlines()))
            return shop.indexer().import_feed(source, options)

    writes = replace(shop.writes, apart=lambda _: Apart())
    lines = [
        {"sku": f"n{at}", **NEW, "image": "https://a.example/a.jpg"} for at in range(APART_FROM)
    ]
    answer = writes.bulk(lines)
    assert asked == [APART_FROM] and {each.result for each in answer} == {"refused"}
    writes.bulk(lines[1:])
    writes.bulk(lines, dry_run=True)
    assert asked == [APART_FROM]


def test_too_many_lines_and_none_are_refused(api: TestClient) -> None:
    assert bulk(api, *["{}"] * (MAX_LINES + 1)).status_code == 400
    assert bulk(api, "").status_code == 400


def test_many_are_written_together(
    api: TestClient, shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    skus = [each["sku"] for each in api.get("/v1/items").json()["items"][:6]]
    calls: list[tuple[str, int]] = []
    remove, change = Indexer.remove, Indexer.change

    def removing(self: Indexer, them: list[str]) -> Any:
        calls.append(("remove", len(them)))
        return remove(self, them)

    def changing(self: Indexer, them: dict[str, Any], **more: Any) -> Any:
        calls.append(("change", len(them)))
        return change(self, them, **more)

    monkeypatch.setattr(Indexer, "remove", removing)
    monkeypatch.setattr(Indexer, "change", changing)
    gone = [{"sku": sku, "delete": True} for sku in skus[:3]]
    answer = bulk(api, *gone, *({"sku": sku, "price": "3 EUR"} for sku in skus[3:]))
    assert [each["result"] for each in answer.json()["results"]] == 3 * ["removed"] + 3 * [
        "changed"
    ]
    assert sorted(calls) == [("change", 3), ("remove", 3)]
