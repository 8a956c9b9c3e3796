"""The routes that take photos, items and words."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from index.encoders.attribute_prompts import Family
from recommender.api.app import create_app
from recommender.cli.terminal.serializers import garment_shape
from recommender.photos.photo_analysis import analyse
from recommender.wire.look_shapes import CompletionAnswer
from recommender.wire.shapes import GarmentsAnswer, SimilarAnswer
from segmentation.common import masks
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from tests.recommender.fake_shop import FakeShop, open_shop, picture, street


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"))


@pytest.fixture
def client(shop: FakeShop) -> Iterator[TestClient]:
    with TestClient(create_app(shop, outfits={}, warm=False)) as client:
        yield client


def send(client: TestClient, path: str, data: bytes | None = None, **fields: Any) -> Any:
    files = {"photo": ("photo.png", street() if data is None else data)}
    answer = client.post(path, files=files, data=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_garments_come_with_masks_colours_and_outlines(client: TestClient) -> None:
    answer = GarmentsAnswer.model_validate(send(client, "/v1/garments"))
    assert (answer.width, answer.height) == (80, 120)
    shirt, pants = answer.garments
    assert (shirt.category, shirt.slot, pants.category) == ("shirt", "top", "pants")
    assert shirt.attributes["colour"] == "red"
    assert pants.attributes["colour"] == "navy"
    mask = masks.decode({"size": shirt.mask.size, "counts": shirt.mask.counts})
    assert mask.shape == (120, 80)
    assert mask[30, 30]
    assert not mask[5, 5]
    assert shirt.box == [20, 20, 60, 60]
    assert shirt.outline == [[20, 20, 20, 59, 59, 59, 59, 20]]
    assert list(answer.ms) == ["decode", "segment"]


def test_a_garment_says_all_that_the_command_line_says(client: TestClient, shop: FakeShop) -> None:
    found = analyse(shop.decode(street()), shop).garments
    for entry, garment in zip(send(client, "/v1/garments")["garments"], found, strict=True):
        same = garment_shape(garment)
        assert {name: entry[name] for name in same} == same


def test_passers_by_are_told_where_asked_for(client: TestClient) -> None:
    answer = send(client, "/v1/garments", everyone="true")
    value = answer["garments"]
    assert [garment["category"] for garment in value] == ["shirt", "pants", "hat"]
    assert answer["wearers"] == [{"garments": [0, 1, 2], "box": [20.0, 0.0, 80.0, 110.0]}]
    hats = send(client, "/v1/similar", everyone="true", garment=2)
    assert hats["garment"]["category"] == "hat"
    photo = {"photo": ("photo.png", street())}
    assert client.post("/v1/similar", files=photo, data={"garment": 2}).status_code == 422
    without_photo = client.post("/v1/similar", json={"text": "hat", "everyone": True})
    assert without_photo.status_code == 422 and "needs the photo" in without_photo.text


def test_whose_outfit_is_completed_is_asked_by_number(client: TestClient) -> None:
    mine = send(client, "/v1/complete", wearer=0)
    assert [garment["category"] for garment in mine["garments"]] == ["shirt", "pants", "hat"]
    photo = {"photo": ("photo.png", street())}
    refused = client.post("/v1/complete", files=photo, data={"wearer": 1})
    assert refused.status_code == 422 and "nobody of this number" in refused.text


def test_no_garment_is_an_answer(client: TestClient) -> None:
    answer = GarmentsAnswer.model_validate(send(client, "/v1/garments", picture()))
    assert answer.garments == []


def test_complete_proposes_what_is_missing(client: TestClient) -> None:
    answer = CompletionAnswer.model_validate(send(client, "/v1/complete", k=3, looks=2))
    assert set(answer.slots) == {Slot.SHOES, Slot.OUTER, Slot.BAG, Slot.ACCESSORIES}
    assert all(len(pool) == 3 for pool in answer.slots.values())
    assert len(answer.looks) == 2
    best = answer.looks[0]
    assert {Slot.SHOES, Slot.BAG} <= set(best.picks) <= set(answer.slots)
    assert best.totals["EUR"] == sum(p.item.sale_price or p.item.price for p in best.picks.values())  # type: ignore[misc]
    assert all(pick.why and pick.item.slot is slot for slot, pick in best.picks.items())
    assert {"decode", "segment", "cutout", "encode", "search", "rank"} == set(answer.ms)


def test_complete_without_a_garment_says_why(client: TestClient) -> None:
    answer = CompletionAnswer.model_validate(send(client, "/v1/complete", picture()))
    assert answer.slots == {}
    assert "No garment was found" in answer.looks[0].reason


def test_complete_takes_every_parameter(client: TestClient) -> None:
    answer = CompletionAnswer.model_validate(
        send(
            client,
            "/v1/complete",
            slot=["shoes", "bag"],
            category="shoe",
            min_price="10",
            max_price="60.00",
            brand=["nord", "süd"],
            colour=["navy", "red"],
            audience=["women", "men"],
            availability="in_stock",
            k="4",
            looks="1",
            budget="100",
        )
    )
    assert {each.sku for each in answer.slots[Slot.SHOES]} == {"shoe-0", "shoe-1"}
    assert answer.slots[Slot.BAG] == []
    assert Slot.BAG in answer.notes


def test_money_is_text(client: TestClient) -> None:
    raw = send(client, "/v1/complete", slot="shoes", colour="red")
    item = raw["slots"]["shoes"][0]["item"]
    assert (item["price"], item["sale_price"], item["currency"]) == ("20.00", "15.00", "EUR")
    assert raw["looks"][0]["totals"] == {"EUR": "15.00"}


def test_similar_to_a_garment_of_a_photo(client: TestClient) -> None:
    largest = SimilarAnswer.model_validate(send(client, "/v1/similar"))
    assert largest.garment is not None
    asked = SimilarAnswer.model_validate(send(client, "/v1/similar", garment=1, k=2))
    assert asked.garment is not None
    assert asked.garment.category is Category.PANTS
    assert len(asked.hits) == 2
    assert {SLOT_OF[hit.item.category] for hit in asked.hits} == {Slot.BOTTOM}


def test_a_garment_of_a_photo_but_red(client: TestClient) -> None:
    plain = send(client, "/v1/similar", garment=1, k=1)
    asked = send(client, "/v1/similar", garment=1, k=1, but="red")
    assert [each["hits"][0]["item"]["colour"] for each in (plain, asked)] == ["navy", "red"]
    assert {each["hits"][0]["item"]["slot"] for each in (plain, asked)} == {"bottom"}
    assert asked["garment"] == plain["garment"]
    assert asked["garment"]["attributes"]["colour"] == "navy"


def test_an_item_but_red(client: TestClient) -> None:
    answer = client.post("/v1/similar", json={"item": "bag-1", "but": "red"}).json()
    assert [hit["sku"] for hit in answer["hits"]] == ["bag-0", "bag-2"]


def test_words_cannot_be_changed_by_words(client: TestClient) -> None:
    answer = client.post("/v1/similar", json={"text": "navy bag", "but": "red"})
    assert answer.status_code == 422
    [wrong] = answer.json()["errors"]
    assert wrong == {"where": "but", "message": "but needs the photo or an item"}


def test_similar_takes_slots(client: TestClient) -> None:
    answer = send(client, "/v1/similar", slot=["shoes", "bag"], k=100, audience=["women"])
    assert {hit["item"]["slot"] for hit in answer["hits"]} == {"shoes", "bag"}
    assert {hit["item"]["audience"] for hit in answer["hits"]} == {"women", "unisex"}


@pytest.mark.parametrize("kind", ["json", "form", "multipart"])
def test_similar_to_words_in_every_kind_of_body(client: TestClient, kind: str) -> None:
    fields = {"text": "red shirt", "k": 3, "category": ["shirt", "dress"]}
    body: dict[str, Any] = {"json": fields} if kind == "json" else {"data": fields}
    if kind == "multipart":
        body["files"] = {"": ("", b"")}
        body = {"files": [("text", (None, "red shirt")), ("k", (None, "3"))]}
        body["files"] += [("category", (None, "shirt")), ("category", (None, "dress"))]
    answer = client.post("/v1/similar", **body)
    assert answer.status_code == 200, answer.text
    hits = SimilarAnswer.model_validate(answer.json()).hits
    assert len(hits) == 3
    assert {hit.item.category for hit in hits} <= {Category.SHIRT, Category.DRESS}


def test_similar_to_an_item_leaves_itself_out(client: TestClient) -> None:
    answer = client.post("/v1/similar", json={"item": "bag-0", "k": 100}).json()
    skus = [hit["sku"] for hit in answer["hits"]]
    assert skus
    assert "bag-0" not in skus
    assert {hit["item"]["slot"] for hit in answer["hits"]} == {"bag"}


def test_photos_stay_off_the_disk(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A photo above the size at which form readers spill to a file is read without one."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened for an upload")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)
    noise = np.random.default_rng(0).integers(0, 255, (900, 900, 3), np.uint8)
    path = tmp_path / "large.png"
    Image.fromarray(noise).save(path)
    assert path.stat().st_size > 2 * 1024 * 1024
    send(client, "/v1/garments", path.read_bytes())


def test_garments_come_with_what_the_encoder_tells(shop: FakeShop) -> None:
    record = {"temperature": 1.0, "threshold": 0.5, "answers": {"long": ["x"], "short": ["x"]}}
    sleeve = Family.model_validate_json(json.dumps({**record, "categories": ["shirt"]}))
    asked = replace(shop, families={"sleeve": sleeve})
    with TestClient(create_app(asked, outfits={}, warm=False)) as client:
        answer = send(client, "/v1/garments")
        completed = send(client, "/v1/complete")
    shirt, pants = answer["garments"]
    assert shirt["attributes"] == {"colour": "red", "sleeve": "long"}
    assert pants["attributes"] == {"colour": "navy"}
    assert list(answer["ms"]) == ["decode", "segment", "cutout", "encode"]
    assert [each["attributes"] for each in completed["garments"]] == [
        each["attributes"] for each in answer["garments"]
    ]


def test_items_are_filtered_by_attributes(client: TestClient, shop: FakeShop) -> None:
    striped = {"dress-1": "pinstripe", "dress-2": "stripe", "dress-0": "plain"}
    items = [replace(i, pattern=striped.get(i.sku, ""), sleeve="long") for i in shop.searcher.items]
    asked = replace(shop, searcher=replace(shop.searcher, items=items))
    with TestClient(create_app(asked, outfits={}, warm=False)) as other:
        words = {"text": "a dress", "pattern": ["striped"], "sleeve": ["long"]}
        hits = other.post("/v1/similar", json=words).json()["hits"]
        assert {hit["sku"] for hit in hits} == {"dress-1", "dress-2"}
        assert {hit["item"]["pattern"] for hit in hits} == {"pinstripe", "stripe"}
        none = other.post("/v1/similar", json={**words, "length": ["mini"]}).json()
        assert none["hits"] == []
        done = send(other, "/v1/complete", pattern="striped")
        assert all(pool == [] for pool in done["slots"].values())
