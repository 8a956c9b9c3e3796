"""Shop pages ask from a browser where a setting names them, and no other page does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from recommender.api.app import create_app
from tests.recommender.fake_shop import FakeShop, open_shop

OURS, THEIRS = "https://shop.example", "https://other.example"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"))


def client(shop: FakeShop, origins: str) -> TestClient:
    answer = replace(shop, settings=shop.settings.model_copy(update={"cors_origins": origins}))
    return TestClient(create_app(answer, outfits={}, warm=False), raise_server_exceptions=False)


def test_a_page_that_is_named_may_ask(shop: FakeShop) -> None:
    api = client(shop, f"{OURS}, https://www.shop.example")
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key"}
    before = api.options("/v1/lookup", headers={"Origin": OURS, **asks})
    assert before.status_code == 200 and before.headers["access-control-allow-origin"] == OURS
    headers = {"Origin": OURS, "Sec-Fetch-Site": "cross-site"}
    answer = api.post("/v1/lookup", headers=headers, json={"queries": [{"item": "dress-0"}]})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == OURS
    assert "ETag" in api.get("/v1/items", headers=headers).headers["access-control-expose-headers"]


@pytest.mark.parametrize("origins", ["", OURS])
def test_no_other_page_may(shop: FakeShop, origins: str) -> None:
    api = client(shop, origins)
    headers = {"Origin": THEIRS, "Sec-Fetch-Site": "cross-site"}
    answer = api.get("/v1/items", headers=headers)
    assert "access-control-allow-origin" not in answer.headers
    asks = {"Access-Control-Request-Method": "POST"}
    assert (
        "access-control-allow-origin"
        not in api.options("/v1/lookup", headers={**headers, **asks}).headers
    )
    written = api.post("/v1/lookup", headers=headers, json={"queries": [{"item": "dress-0"}]})
    assert written.status_code == 403


def test_a_page_that_is_named_writes_no_items_without_a_key(shop: FakeShop) -> None:
    api = client(shop, OURS)
    headers = {"Origin": OURS, "Sec-Fetch-Site": "cross-site"}
    assert api.delete("/v1/items/dress-0", headers=headers).status_code == 403


@pytest.mark.parametrize("origins", ["*", "shop.example", "https://shop.example/path", "null"])
def test_what_is_no_origin_is_refused(origins: str, tmp_path: Path) -> None:
    from pydantic import ValidationError

    from recommender.settings import Settings

    with pytest.raises(ValidationError):
        Settings(home=tmp_path, cors_origins=origins)
