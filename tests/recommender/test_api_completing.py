"""`keep`, `picked` and `exclude` over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from recommender.api.app import create_app
from recommender.wire.look_shapes import CompletionAnswer
from segmentation.common.taxonomy import Slot
from tests.recommender.fake_shop import open_shop, street


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    shop = open_shop(tmp_path_factory.mktemp("home"))
    with TestClient(create_app(shop, outfits={}, warm=False)) as client:
        yield client


def sent(client: TestClient, **fields: Any) -> Any:
    """Return the answer for a photo of a shirt and pants."""
    return client.post("/v1/complete", files={"photo": ("a.png", street())}, data=fields)


def completed(client: TestClient, **fields: Any) -> CompletionAnswer:
    answer = sent(client, **fields)
    assert answer.status_code == 200, answer.text
    return CompletionAnswer.model_validate(answer.json())


def test_only_what_is_kept_is_worn(client: TestClient) -> None:
    answer = completed(client, keep="bottom")
    assert Slot.TOP in answer.slots and Slot.BOTTOM not in answer.slots
    assert [garment.category for garment in answer.garments] == ["shirt", "pants"]
    assert Slot.TOP not in completed(client, keep=["bottom", "top"]).slots


def test_one_item_of_a_look_is_swapped(client: TestClient) -> None:
    before = {slot: pick.sku for slot, pick in completed(client).looks[0].picks.items()}
    others = [sku for slot, sku in before.items() if slot is not Slot.BAG]
    answer = completed(client, picked=others, slot="bag", exclude=before[Slot.BAG], looks=1)
    after = {slot: pick.sku for slot, pick in answer.looks[0].picks.items()}
    assert after.pop(Slot.BAG) != before.pop(Slot.BAG)
    assert after == before and set(answer.slots) == {Slot.BAG}


def test_an_items_outfit_takes_them_too(client: TestClient) -> None:
    fields: dict[str, Any] = {"picked": ["shoe-1"], "exclude": ["bag-0", "bag-1"], "looks": 1}
    answer = client.get("/v1/items/dress-1/complete", params=fields)
    done = CompletionAnswer.model_validate(answer.json())
    assert done.looks[0].picks[Slot.SHOES].sku == "shoe-1"
    assert done.slots[Slot.BAG] == []  # a dress wants no men's bag-2, and bag-3 is for kids


@pytest.mark.parametrize(
    ("fields", "status", "kind"),
    [
        ({"keep": "bag"}, 422, "request"),
        ({"picked": "shirt-1"}, 422, "request"),
        ({"picked": "nothing"}, 404, "item-not-found"),
        ({"keep": "sofa"}, 422, "invalid"),
        ({"picked": ""}, 422, "invalid"),
        ({"picked": [f"shoe-{n}" for n in range(9)]}, 422, "invalid"),
        ({"exclude": [f"shoe-{n}" for n in range(51)]}, 422, "invalid"),
    ],
)
def test_what_cannot_be_is_told_as_a_problem(
    client: TestClient, fields: dict[str, Any], status: int, kind: str
) -> None:
    answer = sent(client, **fields)
    assert answer.status_code == status, answer.text
    assert answer.json()["type"].endswith(f":{kind}")


def test_a_long_list_of_exclusions_is_read(client: TestClient) -> None:
    bags = [f"bag-{number}" for number in range(50)]
    assert completed(client, exclude=bags, slot="bag").slots[Slot.BAG] == []
