"""Looks that are shared, saved and taken along."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from index.database.database import Database
from index.errors import DatabaseError, ItemNotFound
from index.model.items import CatalogItem
from recommender.api.app import create_app
from recommender.errors import RequestError, ShareNotFound
from recommender.outfits import exporting
from recommender.people import forgetting
from recommender.people.shares import Shares
from recommender.serializers import item as on_the_wire
from segmentation.common.taxonomy import Category
from tests.recommender.fake_shop import FakeShop, open_shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> FakeShop:
    return open_shop(tmp_path / "home")


@pytest.fixture
def api(shop: FakeShop) -> TestClient:
    return TestClient(create_app(shop, outfits={}, warm=False), raise_server_exceptions=False)


def shares(shop: FakeShop, later: timedelta = timedelta()) -> Shares:
    return Shares(shop.database, days=30, now=lambda: NOW + later)


def everything_on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_a_shared_look_is_seen_until_it_expires(shop: FakeShop) -> None:
    made = shares(shop).share(["bag-1", "dress-0", "bag-1"])
    shown = shares(shop, timedelta(days=29, hours=23)).show(made.token)
    assert [item.sku for item in shown.items] == ["bag-1", "dress-0"]
    assert shown.expires_at == made.expires_at == NOW + timedelta(days=30)
    with pytest.raises(ShareNotFound):
        shares(shop, timedelta(days=30)).show(made.token)


def test_only_skus_are_kept_and_no_token(shop: FakeShop) -> None:
    made = shares(shop).share(["bag-1"])
    kept = everything_on_disk(shop.settings.home)
    assert made.token.encode() not in kept
    assert hashlib.sha256(made.token.encode()).hexdigest().encode() in kept


@pytest.mark.parametrize("how", ["unshare", "purge"])
def test_what_is_gone_is_gone_from_the_disk(shop: FakeShop, how: str) -> None:
    made = shares(shop).share(["bag-1"])
    late = shares(shop, timedelta(days=31))
    assert late.purge() == 1 if how == "purge" else late.unshare(made.token)
    left = everything_on_disk(shop.settings.home)
    assert hashlib.sha256(made.token.encode()).hexdigest().encode() not in left
    assert late.purge() == 0 and not late.unshare(made.token)


def test_purging_leaves_what_has_not_expired(shop: FakeShop) -> None:
    made = shares(shop).share(["bag-1"])
    assert shares(shop, timedelta(days=29)).purge() == 0
    assert shares(shop).show(made.token).items


def test_no_look_is_not_shared(shop: FakeShop) -> None:
    with pytest.raises(RequestError, match="0 items"):
        shares(shop).share([])
    with pytest.raises(ItemNotFound):
        shares(shop).share(["bag-1", "nothing"])
    with pytest.raises(ShareNotFound):
        shares(shop).show("nothing")


def test_another_catalogue_does_not_see_it(shop: FakeShop) -> None:
    made = shares(shop).share(["bag-1"])
    with pytest.raises(ShareNotFound):
        replace(shares(shop), catalogue="other").show(made.token)


def test_sharing_over_http(api: TestClient) -> None:
    made = api.post("/v1/shares", json={"skus": ["bag-1", "shoe-0"]})
    assert made.status_code == 201
    path = f"/v1/shares/{made.json()['token']}"
    shown = api.get(path)
    assert [item["sku"] for item in shown.json()["items"]] == ["bag-1", "shoe-0"]
    assert shown.json()["totals"] == {"EUR": "55.00"} and shown.json()["missing"] == []
    assert shown.headers["cache-control"] == "no-store"
    assert api.delete(path).json() == {"deleted": True}
    assert api.delete(path).json() == {"deleted": False}
    gone = api.get(path)
    assert gone.status_code == 404 and gone.json()["type"].endswith(":share-not-found")


@pytest.mark.parametrize("body", [{"skus": []}, {"skus": ["a"] * 21}, {}, {"skus": "bag-1"}])
def test_a_share_that_is_none_is_refused(api: TestClient, body: dict[str, object]) -> None:
    assert api.post("/v1/shares", json=body).status_code == 422


def test_saved_looks_are_listed_and_deleted_one_by_one(api: TestClient) -> None:
    for skus in (["bag-1"], ["shoe-0", "dress-1"]):
        api.post("/v1/people/p/looks", json={"skus": skus})
    api.post("/v1/people/p/feedback", json={"sku": "coat-1", "verdict": "like"})
    looks = api.get("/v1/people/p/looks").json()["looks"]
    assert [[item["sku"] for item in look["items"]] for look in looks] == [
        ["shoe-0", "dress-1"],
        ["bag-1"],
    ]
    gone = api.delete(f"/v1/people/p/looks/{looks[0]['id']}").json()["undone"]
    assert (gone["verdict"], gone["skus"]) == ("save", ["shoe-0", "dress-1"])
    assert [look["id"] for look in api.get("/v1/people/p/looks").json()["looks"]] == [
        looks[1]["id"]
    ]
    assert api.get("/v1/people/p").json()["style"]["told"] == 2
    again = api.delete(f"/v1/people/p/looks/{looks[0]['id']}")
    assert again.status_code == 404 and again.json()["type"].endswith(":look-not-found")
    assert api.delete(f"/v1/people/other/looks/{looks[1]['id']}").status_code == 404


def item(**fields: object) -> CatalogItem:
    record: dict[str, object] = {
        "sku": "s",
        "title": "A coat",
        "category": Category.COAT,
        "image": "a.png",
        "price": Decimal("129.00"),
        "currency": "EUR",
        **fields,
    }
    return CatalogItem(**record)  # type: ignore[arg-type]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_a_table_is_a_formula(title: str) -> None:
    text = exporting.as_csv([on_the_wire(item(title=title))]).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row["title"] == f"'{title}" and row["price"] == "129.00"


def test_json_keeps_amounts_exact() -> None:
    record = json.loads(
        exporting.as_json(
            [on_the_wire(item()), on_the_wire(item(sku="t", sale_price=Decimal("0.10")))]
        )
    )
    assert record["totals"] == {"EUR": "129.10"} and record["items"][1]["price"] == "0.10"


@pytest.mark.parametrize("count", [1, 2, 4, 5, 20])
def test_a_collage_has_room_for_each_item(count: int) -> None:
    items = [
        on_the_wire(item(sku=f"s{n}", title="A title that is much too long for its card" * 2))
        for n in range(count)
    ]
    pictures = {each.sku: Image.new("RGB", (90, 120), (200, 30, 40)) for each in items[1:]}
    with Image.open(io.BytesIO(exporting.as_png(items, pictures))) as sheet:
        assert sheet.width == 1200
        red = sum(
            number for number, colour in sheet.getcolors(2**24) or [] if colour == (200, 30, 40)
        )
    assert bool(red) == (count > 1)


@pytest.mark.parametrize("kind", ["csv", "json", "png"])
def test_a_look_is_exported_over_http(api: TestClient, kind: str) -> None:
    answer = api.post("/v1/looks/export", json={"skus": ["bag-1", "shoe-0"], "format": kind})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="look.{kind}"'
    begin = {"csv": b"\xef\xbb\xbfsku,", "json": b'{\n  "items"', "png": b"\x89PNG"}[kind]
    assert answer.content.startswith(begin)
    unknown = api.post("/v1/looks/export", json={"skus": ["nothing"], "format": kind})
    assert unknown.status_code == 404


def test_a_deletion_whose_bytes_are_left_is_finished_by_the_next(
    shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, scrubbed = shares(shop), []

    def fails(_: Database) -> None:
        raise DatabaseError("in use", got="", expected="", next_step="")

    made = mine.share(["bag-1"])
    with monkeypatch.context() as patched:
        patched.setattr(forgetting, "scrub", fails)
        with pytest.raises(DatabaseError):
            mine.unshare(made.token)
    monkeypatch.setattr(forgetting, "scrub", lambda _: scrubbed.append(1))
    assert not mine.unshare(made.token) and scrubbed == [1]
    assert not mine.unshare(made.token) and scrubbed == [1]
