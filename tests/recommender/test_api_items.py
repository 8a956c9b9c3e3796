"""The routes of items, pictures, samples and health."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from index.errors import IndexMissing
from index.model.items import BEHIND_SKU
from recommender.api.app import create_app
from recommender.api.middleware.scopes import SCOPES
from recommender.wire.look_shapes import CompletionAnswer
from recommender.wire.shapes import Item, SimilarAnswer
from segmentation.common.errors import WeightsError
from tests.recommender.fake_shop import FakeShop, StreetDetector, open_shop, picture


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"))


@pytest.fixture
def shop(stocked: FakeShop) -> FakeShop:
    return replace(stocked, detector=StreetDetector(), searcher=replace(stocked.searcher))


@pytest.fixture
def client(shop: FakeShop, tmp_path: Path) -> Iterator[TestClient]:
    photo = tmp_path / "city-rain.webp"
    photo.write_bytes(picture(kind="WEBP"))
    app = create_app(shop, outfits={"city-rain": photo}, warm=False)
    with TestClient(app) as client:
        yield client


def test_an_item(client: TestClient) -> None:
    item = Item.model_validate(client.get("/v1/items/shoe-1").json())
    assert (item.title, item.slot, item.brand) == ("Navy shoe", "shoes", "Süd")


def test_an_item_says_what_was_measured(client: TestClient, shop: FakeShop) -> None:
    first = replace(shop.searcher.items[0], sleeve="long", length="midi", measured=("sleeve",))
    shop.searcher.items = [first, *shop.searcher.items[1:]]
    result = Item.model_validate(client.get(f"/v1/items/{first.sku}").json())
    assert (result.sleeve, result.length, result.measured) == ("long", "midi", ["sleeve"])


def test_facets_count_what_can_be_filtered_by(client: TestClient, shop: FakeShop) -> None:
    facets = client.get("/v1/facets").json()["facets"]
    assert facets["colour"]["navy"] == 27 and facets["sleeve"] == {}


@pytest.mark.parametrize(
    "sku",
    [
        "a/b",
        "50% wool",
        "größe 38",
        "../x",
        "a?b#c",
        "similar",
        "a\\b",
        "...",
        "x/",
        "a;b",
        "e\u0301",
    ],
)
def test_skus_of_any_characters(client: TestClient, shop: FakeShop, sku: str) -> None:
    odd = replace(shop.searcher.items[0], sku=sku)
    shop.searcher.items = [odd, *shop.searcher.items[1:]]
    found = client.get(f"/v1/items/{quote(sku, safe='')}").json()
    assert found["sku"] == sku
    assert client.get(found["image"]).status_code == 200
    near = client.get(f"/v1/items/{quote(sku, safe='')}/similar").json()
    assert sku not in [hit["sku"] for hit in near["hits"]]


def test_what_stands_behind_an_items_address_ends_no_sku() -> None:
    """Else that item could not be asked for."""
    behind = [name.split("{sku}")[1] for name in SCOPES if name.startswith("GET /v1/items/{sku}/")]
    assert sorted(behind) == sorted(BEHIND_SKU)


def test_similar_items(client: TestClient) -> None:
    answer = client.get("/v1/items/shoe-1/similar", params={"k": 2, "slot": ["shoes", "bag"]})
    hits = SimilarAnswer.model_validate(answer.json()).hits
    assert len(hits) == 2
    assert {hit.item.slot for hit in hits} <= {"shoes", "bag"}


def test_this_but_red(client: TestClient) -> None:
    def skus(**fields: Any) -> list[str]:
        answer = client.get("/v1/items/shoe-1/similar", params=fields)
        return [hit.sku for hit in SimilarAnswer.model_validate(answer.json()).hits]

    assert skus() == ["shoe-2", "shoe-0"]  # shoe-1 is navy, and the black one is nearest
    assert skus(but="red") == skus(but=" red ") == ["shoe-0", "shoe-2"]
    assert skus(but="red", min_price="30") == ["shoe-2"]
    assert skus(but="red", colour="black") == ["shoe-2"]


@pytest.mark.parametrize("but", ["", "  ", "x" * 501, "nul\0"])
def test_a_change_must_be_a_few_words(client: TestClient, but: str) -> None:
    answer = client.get("/v1/items/shoe-1/similar", params={"but": but})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"].endswith("but")


def test_complete_an_item(client: TestClient) -> None:
    answer = client.get("/v1/items/dress-1/complete", params={"k": 1})
    done = CompletionAnswer.model_validate(answer.json())
    assert (done.width, done.garments) == (None, [])
    assert {"shoes", "outer", "bag"} <= set(done.slots)
    assert not {"top", "bottom", "one-piece"} & set(done.slots)


def test_a_picture_and_its_etag(client: TestClient) -> None:
    address = client.get("/v1/items/bag-0").json()["image"]
    first = client.get(address)
    assert first.headers["content-type"] == "image/png"
    assert first.content.startswith(b"\x89PNG")
    assert "immutable" in first.headers["cache-control"]
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get("/v1/items/bag-0/image")
    assert plain.headers["cache-control"] == "public, max-age=300"


def test_a_picture_that_is_gone(client: TestClient, shop: FakeShop) -> None:
    shop.images.path_of(shop.item("umbrella-3").image).unlink()
    answer = client.get("/v1/items/umbrella-3/image")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("picture-missing")


def test_samples(client: TestClient) -> None:
    listed = client.get("/v1/samples").json()["samples"]
    assert listed == [{"name": "city-rain", "title": "City rain", "image": "/v1/samples/city-rain"}]
    photo = client.get(listed[0]["image"])
    assert photo.headers["content-type"] == "image/webp"
    held = {"If-None-Match": photo.headers["etag"]}
    assert client.get(listed[0]["image"], headers=held).status_code == 304
    assert client.get("/v1/samples/none").status_code == 404


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    record = client.get("/readyz").json()
    assert record["ready"]
    assert [check["name"] for check in record["checks"]] == ["detector", "encoder", "index"]


def test_not_ready_says_how_to_mend_it(client: TestClient, shop: FakeShop) -> None:
    shop.searcher.fails = IndexMissing(
        "there is no index", got="nothing", expected="one", next_step="Run `x`."
    )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    record = answer.json()
    assert "index: there is no index. Run `x`." in record["detail"]
    assert [check["ready"] for check in record["checks"]] == [True, True, False]


def test_models_are_loaded_at_start(shop: FakeShop) -> None:
    app = create_app(shop, outfits={}, warm=True)
    assert TestClient(app).get("/readyz").json()["checks"][0]["name"] == "models"
    with TestClient(app) as client:
        assert app.state.backend.warm.wait(10)
        assert client.get("/readyz").status_code == 200
        assert shop.encoder.pictures > 0
    assert shop.closed


def test_it_starts_without_models(shop: FakeShop, caplog: pytest.LogCaptureFixture) -> None:
    shop.detector.fails = WeightsError("no weights", got="0", expected="1", next_step="Fetch.")
    app = create_app(shop, outfits={}, warm=True)
    with TestClient(app) as client:
        assert app.state.backend.warm.wait(10)
        assert client.get("/healthz").status_code == 200
    assert "no weights" in caplog.text
