"""Several catalogues behind one address: each its own items and keys, all else shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter, Entry
from recommender.access.scope import Scope
from recommender.api.app import create_app
from recommender.client import Client
from recommender.people.people import People
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings
from recommender.wire.terms import Verdict
from tests.fakes import FakeEncoder
from tests.recommender.fake_shop import FakeShop, open_shop
from tests.ui.fake_api import transport_to

Serve = Callable[..., TestClient]
OUTLET = "/v1/catalogs/outlet"


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("outlet")


@pytest.fixture
def serve(stocked: tuple[Path, Path]) -> Serve:
    def made(**settings: Any) -> TestClient:
        first = open_shop(stocked[0], **settings)
        outlet = open_shop(stocked[1], **settings, catalogue="outlet")
        for each in outlet.searcher.items[2:]:
            object.__setattr__(each, "sku", f"outlet-{each.sku}")
        first.others["outlet"] = outlet
        app = create_app(first, outfits={}, warm=False)
        return TestClient(app, raise_server_exceptions=False)

    return made


def shop_of(api: TestClient) -> FakeShop:
    shop: FakeShop = api.app.state.backend.shop  # type: ignore[attr-defined]
    return shop


def test_each_has_its_own_items_and_addresses_lead_there(serve: Serve) -> None:
    api = serve()
    first = api.get("/v1/items/shoe-1").json()
    assert first == api.get("/v1/catalogs/default/items/shoe-1").json() | {"image": first["image"]}
    assert first["image"].startswith("/v1/items/")
    assert api.get("/v1/items/outlet-shoe-1").status_code == 404
    assert api.get(f"{OUTLET}/items/shoe-1").status_code == 404
    theirs = api.get(f"{OUTLET}/items/outlet-shoe-1").json()
    assert theirs["image"].startswith(f"{OUTLET}/items/outlet-shoe-1/image")
    assert api.get(theirs["image"]).status_code == 200
    looked = api.post(f"{OUTLET}/lookup", json={"queries": [{"item": "outlet-bag-1", "k": 1}]})
    hit = looked.json()["answers"][0]["answer"]["hits"][0]
    assert hit["item"]["image"].startswith(OUTLET)


@pytest.mark.parametrize("path", ["/v1/catalogs/kids/items", OUTLET, f"{OUTLET}/", f"{OUTLET}/x"])
def test_what_is_not_served_is_not_found(serve: Serve, path: str) -> None:
    answer = serve().get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_key_of_one_is_refused_at_another(serve: Serve) -> None:
    api = serve(require_keys=True)
    keys = shop_of(api).keys
    paths = {"default": "/v1/items", "outlet": f"{OUTLET}/items"}
    for opens in ("default", "outlet", ""):
        text = keys.create(f"for {opens}", Scope.READ, opens).text
        for name, path in paths.items():
            answer = api.get(path, headers={"X-API-Key": text})
            assert answer.status_code == (200 if opens in ("", name) else 403), (opens, name)
            if answer.status_code == 403:
                assert f"/v1/catalogs/{opens}/" in answer.json()["next_step"]
    assert api.get(f"{OUTLET}/items").status_code == 401


def test_a_key_of_one_forgets_nobody_at_another(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, require_keys=True)
    other = People(shop.database, lambda: shop.searcher, catalogue="other")
    with shop.database.writing() as session:
        CatalogWriter(session, "other").upsert(
            [Entry(shop.searcher.items[0], Picture("a.jpg", "0", {}))]
        )
    api = TestClient(create_app(shop, outfits={}, warm=False))
    for text, left in ((shop.keys.create("a", Scope.WRITE, "default").text, 1),
                       (shop.keys.create("b", Scope.WRITE).text, 0)):  # fmt: skip
        other.forget("p")
        other.tell("p", Verdict.LIKE, [shop.searcher.items[0].sku])
        shop.people.tell("p", Verdict.LIKE, ["shoe-1"])
        answer = api.delete("/v1/people/p", headers={"X-API-Key": text})
        assert answer.json()["forgotten"] == 2 - left
        assert shop.people.feedback_of("p") == () and len(other.feedback_of("p")) == left


def test_rates_are_counted_together(serve: Serve) -> None:
    api = serve(rate_limit="2/hour")
    statuses = [api.get(path).status_code for path in ("/v1/items", f"{OUTLET}/items", "/v1/items")]
    assert statuses == [200, 200, 429]


def test_the_client_asks_one_catalogue(serve: Serve) -> None:
    app = serve().app
    http = httpx.Client(transport=transport_to(app), base_url="http://shop")  # type: ignore[arg-type]
    client = Client.over(http, catalog="outlet")
    found = client.item("outlet-bag-1")
    assert found.sku == "outlet-bag-1" and client.picture(found.image)
    assert Client.over(http).item("bag-1").sku == "bag-1"


def test_models_and_database_are_shared_and_the_rest_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[FakeEncoder] = []

    def load(_: Wiring) -> FakeEncoder:
        loaded.append(FakeEncoder())
        return loaded[-1]

    monkeypatch.setattr(Wiring, "_load_encoder", load)
    wiring = Wiring(Settings(home=tmp_path, catalogues="outlet, kids,outlet,default"), serving=True)
    assert list(wiring.others) == ["outlet", "kids"]
    outlet = wiring.others["outlet"]
    assert outlet.encoder is wiring.encoder and len(loaded) == 1
    assert outlet.migrate() is wiring.migrate()
    assert outlet.imports is not wiring.imports and outlet.generations != wiring.generations
    assert outlet.settings.catalogue == "outlet" and not outlet.others
    outlet.webhooks.add("https://a.example", [])
    assert wiring.webhooks.all() == [] and len(outlet.webhooks.all()) == 1
    wiring.close()
