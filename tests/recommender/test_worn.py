"""What is worn goes along with a look only where it is asked for, alone, and goes when the look goes."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from recommender.api.app import create_app
from recommender.wire.photo_shapes import PhotoAnswer
from segmentation.common.taxonomy import Category
from tests.recommender.fake_shop import RED, FakeShop, open_shop, street

LOOK = {"skus": ["bag-1", "dress-0"]}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def api(shop: FakeShop) -> Iterator[TestClient]:
    with TestClient(create_app(shop, outfits={}, warm=False)) as client:
        yield client


@pytest.fixture
def worn(api: TestClient) -> dict[str, object]:
    sent = api.post("/v1/photos", files={"photo": ("outfit.png", street())}).json()
    photo = PhotoAnswer.model_validate(sent)
    assert [each.category for each in photo.garments] == [Category.SHIRT, Category.PANTS]
    return {**LOOK, "photo_id": photo.id, "worn": [0]}


def picture_of(url: str) -> Image.Image:
    head, data = url.split(",", 1)
    assert head == "data:image/webp;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def kept(shop: FakeShop) -> bytes:
    shop.database.close()
    home = Path(shop.settings.home)
    return b"".join(each.read_bytes() for each in home.glob("catalog.sqlite3*"))


def test_nothing_that_is_worn_is_kept_unless_asked_for(api: TestClient) -> None:
    assert api.post("/v1/people/p-1/looks", json=LOOK).json()["worn"] == []
    [look] = api.get("/v1/people/p-1/looks").json()["looks"]
    assert look["worn"] == []
    token = api.post("/v1/shares", json=LOOK).json()["token"]
    assert api.get(f"/v1/shares/{token}").json()["worn"] == []


def test_a_saved_look_holds_the_garment_alone_and_forgets_it(
    api: TestClient, shop: FakeShop, worn: dict[str, object]
) -> None:
    api.post("/v1/people/p-2/looks", json=worn)
    [look] = api.get("/v1/people/p-2/looks").json()["looks"]
    [piece] = look["worn"]
    assert (piece["category"], piece["slot"]) == ("shirt", "top")
    picture = picture_of(piece["image"])
    assert picture.mode in {"RGB", "RGBA"} and picture.size == (40, 40)
    near = np.abs(np.asarray(picture.convert("RGB"), np.int16) - RED).max()
    assert near < 40  # all of it is shirt: nothing of the wall or the pants
    [answer] = api.get("/v1/people/p-2").json()["told"]
    assert answer["worn"] == look["worn"]  # all that is kept is answer
    data = base64.b64decode(piece["image"].split(",", 1)[1])
    assert data in kept(shop)
    api.delete("/v1/people/p-2")
    assert data not in kept(shop)


def test_a_shared_look_holds_it_until_it_is_deleted(
    api: TestClient, shop: FakeShop, worn: dict[str, object]
) -> None:
    token = api.post("/v1/shares", json=worn).json()["token"]
    [piece] = api.get(f"/v1/shares/{token}").json()["worn"]
    data = base64.b64decode(piece["image"].split(",", 1)[1])
    api.delete(f"/v1/shares/{token}")
    assert data not in kept(shop)


def test_an_exported_picture_shows_it(api: TestClient, worn: dict[str, object]) -> None:
    def size(body: dict[str, object]) -> tuple[int, int]:
        answer = api.post("/v1/looks/export", json={**body, "format": "png"})
        return Image.open(io.BytesIO(answer.content)).size

    both = {**worn, "worn": [0, 1, 1], "skus": ["bag-1", "dress-0", "shoe-1"]}
    assert size(both)[1] != size({**both, "worn": []})[1]  # five cards, not three
    table = api.post("/v1/looks/export", json={**worn, "format": "csv"}).text
    assert len(table.splitlines()) == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [({"worn": [7]}, 422), ({"photo_id": "gone"}, 404), ({"photo_id": None}, 422)],
)
def test_what_cannot_go_along_is_refused(
    api: TestClient, worn: dict[str, object], change: dict[str, object], status: int
) -> None:
    for path in ("/v1/shares", "/v1/people/p-3/looks"):
        assert api.post(path, json={**worn, **change}).status_code == status
    assert api.get("/v1/people/p-3").json()["told"] == []


def test_what_a_look_cost_when_it_was_saved_is_told(api: TestClient, shop: FakeShop) -> None:
    api.post("/v1/people/p-4/looks", json={"skus": ["bag-1"]})
    api.post("/v1/people/p-4/feedback", json={"sku": "bag-1", "verdict": "like"})
    [look] = api.get("/v1/people/p-4/looks").json()["looks"]
    assert look["prices"] == {"bag-1": {"price": "40.00", "currency": "EUR"}}
    assert [each["prices"] for each in api.get("/v1/people/p-4").json()["told"]] == [
        look["prices"], {},
    ]  # fmt: skip
