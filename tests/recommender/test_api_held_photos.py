"""A photo as a resource: sent once, corrected by hand, used by its id, gone when it is gone."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recommender.api.app import create_app
from recommender.api.http.errors import Busy
from recommender.api.routes import held_photos
from recommender.photos.photo_cache import HeldPhotos
from recommender.wire.look_shapes import CompletionAnswer
from recommender.wire.photo_shapes import PhotoAnswer
from recommender.wire.shapes import SimilarAnswer
from segmentation.common.taxonomy import Category
from tests.fakes import FakeEncoder
from tests.recommender.fake_shop import (
    SAYS_RED,
    FakeShop,
    StreetDetector,
    open_shop,
    picture,
    street,
)

HAT_BOX = [20, 2, 60, 18]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"), photo_minutes=15)


@pytest.fixture
def shop(stocked: FakeShop) -> FakeShop:
    return replace(stocked, detector=StreetDetector(), encoder=FakeEncoder(said=SAYS_RED))


@pytest.fixture
def app(shop: FakeShop) -> FastAPI:
    return create_app(shop, outfits={}, warm=False)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def send(client: TestClient, data: bytes | None = None, **fields: Any) -> PhotoAnswer:
    files = {"photo": ("photo.png", street() if data is None else data)}
    answer = client.post("/v1/photos", files=files, data=fields)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return PhotoAnswer.model_validate(answer.json())


def kinds(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return [garment["category"] for garment in answer.json()["garments"]]


def problem(answer: Any, status: int = 404, name: str = "photo-not-found") -> Any:
    assert answer.status_code == status, answer.text
    assert answer.json()["type"].rsplit(":", 1)[-1] == name
    return answer.json()


def asked(shop: FakeShop) -> tuple[int, int, int]:
    """Return how often the models were asked: photos, boxes, pictures."""
    return shop.detector.calls, shop.detector.outlined, shop.encoder.pictures


def test_a_photo_is_sent_once(client: TestClient) -> None:
    before = datetime.now(UTC)
    sent = send(client)
    assert (sent.width, sent.height) == (80, 120)
    assert [garment.category for garment in sent.garments] == ["shirt", "pants"]
    assert sent.garments[0].attributes == {"colour": "red"}
    assert list(sent.ms) == ["decode", "segment", "cutout", "encode"]
    left = sent.expires_at - before
    assert timedelta(minutes=14.9) < left < timedelta(minutes=15.1)
    again = client.get(f"/v1/photos/{sent.id}")
    assert kinds(again) == ["shirt", "pants"]
    result = PhotoAnswer.model_validate(again.json())
    assert result.garments == sent.garments
    assert (result.id, result.ms) == (sent.id, {})


def test_what_is_asked_by_id_needs_no_model_again(client: TestClient, shop: FakeShop) -> None:
    sent = send(client)
    once = asked(shop)
    assert once == (1, 0, 3)
    for _ in range(2):
        done = client.post("/v1/complete", json={"photo_id": sent.id, "k": 3})
        found = client.post("/v1/similar", json={"photo_id": sent.id, "garment": 1})
        assert done.status_code == found.status_code == 200, (done.text, found.text)
    assert asked(shop) == once
    client.post("/v1/complete", files={"photo": street()})
    assert asked(shop) == (2, 0, 5)  # these are counted where they happen


def test_the_answers_are_those_of_the_photo_itself(client: TestClient) -> None:
    sent = send(client)
    fields = {"k": 3, "looks": 2, "budget": "300", "slot": ["shoes", "bag"]}
    one = client.post("/v1/complete", files={"photo": street()}, data=fields).json()
    other = client.post("/v1/complete", json={**fields, "photo_id": sent.id}).json()
    ms = one.pop("ms"), other.pop("ms")
    assert one == other
    assert "segment" in ms[0] and set(ms[1]) == {"search", "rank"}
    for garment in (0, 1):
        given = {"garment": garment, "but": "red"}
        one = client.post("/v1/similar", files={"photo": street()}, data=given).json()
        form = client.post("/v1/similar", data={**given, "photo_id": sent.id}).json()
        assert one["hits"] == form["hits"] and one["garment"] == form["garment"]


def test_a_photo_without_a_garment_is_held_too(client: TestClient, shop: FakeShop) -> None:
    sent = send(client, picture())
    assert sent.garments == []
    once = asked(shop)
    done = client.post("/v1/complete", json={"photo_id": sent.id}).json()
    assert "No garment was found" in done["looks"][0]["reason"]
    whole = client.post("/v1/similar", json={"photo_id": sent.id}).json()
    assert "whole picture" in whole["note"] and whole["hits"]
    assert asked(shop) == once


def test_passers_by_are_chosen_when_the_photo_is_sent(client: TestClient) -> None:
    sent = send(client, everyone="true")
    assert [garment.category for garment in sent.garments] == ["shirt", "pants", "hat"]
    hats = client.post("/v1/similar", json={"photo_id": sent.id, "garment": 2}).json()
    assert hats["garment"]["category"] == "hat"
    refused = client.post("/v1/similar", json={"photo_id": sent.id, "everyone": True})
    [wrong] = problem(refused, 422, "invalid")["errors"]
    assert wrong["where"] == "everyone"
    assert "the garments of one that is held are settled" in wrong["message"]
    problem(
        client.post("/v1/complete", json={"photo_id": sent.id, "everyone": True}), 422, "invalid"
    )


def test_a_missed_garment_is_drawn(client: TestClient, shop: FakeShop) -> None:
    path = f"/v1/photos/{send(client).id}"
    added = client.post(f"{path}/garments", json={"box": HAT_BOX, "category": "hat"})
    assert kinds(added) == ["hat", "shirt", "pants"]
    hat = PhotoAnswer.model_validate(added.json()).garments[0]
    assert (hat.score, hat.slot, hat.box) == (1.0, "accessories", HAT_BOX)
    assert hat.outline and hat.attributes["colour"]
    assert set(added.json()["ms"]) == {"segment", "cutout", "encode"}
    assert asked(shop) == (1, 1, 4)
    found = client.post("/v1/similar", json={"photo_id": path.rsplit("/", 1)[1], "garment": 0})
    assert found.json()["garment"]["category"] == "hat"


def test_what_a_box_may_hold_is_guessed(client: TestClient) -> None:
    path = f"/v1/photos/{send(client).id}"
    answer = client.post(f"{path}/kinds", json={"box": HAT_BOX}).json()["kinds"]
    assert answer[0]["category"] == "hat" and len(answer) == len(Category)
    assert sum(each["share"] for each in answer) == pytest.approx(1, abs=0.01)
    problem(client.post(f"{path}/kinds", json={"box": [0, 0, 1, 1]}), 422, "request")
    problem(client.post("/v1/photos/none/kinds", json={"box": HAT_BOX}))


def test_another_kind_changes_all_that_follows(client: TestClient, shop: FakeShop) -> None:
    sent = send(client)
    once = asked(shop)
    renamed = client.patch(f"/v1/photos/{sent.id}/garments/0", json={"category": "dress"})
    assert kinds(renamed) == ["dress", "pants"]
    assert renamed.json()["garments"][0]["slot"] == "one-piece"
    only = client.delete(f"/v1/photos/{sent.id}/garments/1")
    assert kinds(only) == ["dress"]
    done = CompletionAnswer.model_validate(
        client.post("/v1/complete", json={"photo_id": sent.id}).json()
    )
    assert not {"top", "bottom", "one-piece"} & set(done.slots)
    assert [garment.category for garment in done.garments] == ["dress"]
    like = client.post("/v1/similar", json={"photo_id": sent.id}).json()
    hits = SimilarAnswer.model_validate(like).hits
    assert {hit.item.slot for hit in hits} == {"one-piece"}
    assert asked(shop) == once


def test_keeping_and_picking_go_by_the_corrected_garments(client: TestClient) -> None:
    sent = send(client)
    keep_shoes = {"photo_id": sent.id, "keep": ["shoes"]}
    problem(client.post("/v1/complete", json=keep_shoes), 422, "request")
    box = {"box": [20, 108, 60, 119], "category": "shoe"}
    client.post(f"/v1/photos/{sent.id}/garments", json=box)
    assert client.post("/v1/complete", json=keep_shoes).json()["slots"]
    picked = {"photo_id": sent.id, "keep": ["shoes"], "picked": ["dress-1"], "slot": ["bag"]}
    done = client.post("/v1/complete", json=picked).json()
    assert done["looks"][0]["picks"]["one-piece"]["sku"] == "dress-1"
    client.delete(f"/v1/photos/{sent.id}/garments/0")
    problem(client.post("/v1/complete", json=keep_shoes), 422, "request")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"box": [60, 2, 20, 18], "category": "hat"}, "request"),
        ({"box": [200, 200, 300, 300], "category": "hat"}, "request"),
        ({"box": [20, 2, 21, 3], "category": "hat"}, "request"),
        ({"box": [20, 2, 60], "category": "hat"}, "invalid"),
        ({"box": HAT_BOX}, "invalid"),
        ({"box": HAT_BOX, "category": "kilt"}, "invalid"),
        ({"box": HAT_BOX, "category": "hat", "score": 1}, "invalid"),
        ({"box": ["a", 2, 60, 18], "category": "hat"}, "invalid"),
    ],
)
def test_boxes_that_are_refused(client: TestClient, body: Any, name: str) -> None:
    path = f"/v1/photos/{send(client).id}"
    problem(client.post(f"{path}/garments", json=body), 422, name)
    assert kinds(client.get(path)) == ["shirt", "pants"]


@pytest.mark.parametrize("side", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_boxes_that_are_no_numbers(client: TestClient, side: str) -> None:
    path = f"/v1/photos/{send(client).id}/garments"
    text = f'{{"box": [{side}, 2, 60, 18], "category": "hat"}}'
    head = {"Content-Type": "application/json"}
    problem(client.post(path, content=text, headers=head), 422, "request")


def test_garments_that_are_not_there(client: TestClient) -> None:
    path = f"/v1/photos/{send(client).id}/garments"
    problem(client.patch(f"{path}/2", json={"category": "coat"}), 422, "request")
    problem(client.delete(f"{path}/2"), 422, "request")
    problem(client.delete(f"{path}/-1"), 422, "invalid")
    problem(client.patch(f"{path}/0", json={"category": "kilt"}), 422, "invalid")


def every_use(client: TestClient, name: str) -> list[Any]:
    path = f"/v1/photos/{name}"
    return [
        client.get(path),
        client.post(f"{path}/garments", json={"box": HAT_BOX, "category": "hat"}),
        client.patch(f"{path}/garments/0", json={"category": "coat"}),
        client.delete(f"{path}/garments/0"),
        client.post("/v1/complete", json={"photo_id": name}),
        client.post("/v1/similar", data={"photo_id": name}),
    ]


def test_a_deleted_photo_is_gone(client: TestClient) -> None:
    name = send(client).id
    assert client.delete(f"/v1/photos/{name}").json() == {"deleted": True}
    for answer in every_use(client, name):
        result = problem(answer)
        assert result["next_step"] == "Send the photo again."
        assert name not in answer.text
    assert client.delete(f"/v1/photos/{name}").json() == {"deleted": False}


def test_an_unknown_photo_is_not_found(client: TestClient) -> None:
    for answer in every_use(client, "dW5ndWVzc2FibGUtbmFtZQ"):
        problem(answer)
    problem(client.get("/v1/photos/no%20id"), 422, "invalid")


def test_an_expired_photo_is_not_found(app: FastAPI, client: TestClient) -> None:
    now_s = 0.0
    object.__setattr__(app.state.backend, "held", HeldPhotos(clock=lambda: now_s))
    name = send(client).id
    now_s = 899.0
    assert kinds(client.get(f"/v1/photos/{name}")) == ["shirt", "pants"]
    now_s += 899.0  # fifteen minutes count from its last use
    assert client.post("/v1/complete", json={"photo_id": name}).status_code == 200
    now_s += 901.0
    for answer in every_use(client, name):
        problem(answer)


def test_a_sweep_lets_photos_go_and_so_does_the_end(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_photos, "SWEEP_S", 0.01)
    now_s = 0.0
    held = HeldPhotos(clock=lambda: now_s)
    object.__setattr__(app.state.backend, "held", held)
    with TestClient(app) as client:
        send(client)
        time.sleep(0.1)
        assert len(held) == 1
        now_s = 900.0
        ends = time.monotonic() + 10
        while len(held) and time.monotonic() < ends:
            time.sleep(0.01)
        assert len(held) == 0  # nobody asked for it
        send(client)
        assert len(held) == 1
    assert len(held) == 0


def test_photos_are_worked_on_through_the_gate(app: FastAPI, client: TestClient) -> None:
    name = send(client).id
    object.__setattr__(app.state.backend, "gate", FullGate())
    for answer in every_use(client, name):
        problem(answer, 503, "busy")
    problem(client.post("/v1/photos", files={"photo": street()}), 503, "busy")
    assert client.delete(f"/v1/photos/{name}").json() == {"deleted": True}  # without waiting


class FullGate:
    def enter(self) -> None:
        """Let a request's body be read."""

    async def run(self, work: object) -> object:
        raise Busy("too many", got="many", expected="few", next_step="Wait.")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"photo_id": "a", "url": "https://shop.test/a.jpg"},
        {"photo_id": ""},
        {"photo_id": "no id"},
        {"photo_id": "x" * 65},
        {"photo_id": ["a", "b"]},
    ],
)
def test_exactly_one_photo(client: TestClient, body: Any) -> None:
    problem(client.post("/v1/complete", json=body), 422, "invalid")
    problem(client.post("/v1/similar", json=body), 422, "invalid")


def test_a_photo_and_an_id_at_once(client: TestClient) -> None:
    name = send(client).id
    for path in ("/v1/complete", "/v1/similar"):
        answer = client.post(path, files={"photo": street()}, data={"photo_id": name})
        result = problem(answer, 422, "invalid")
        assert "exactly one of photo, url" in result["detail"] and "photo_id" in result["detail"]
    problem(client.post("/v1/photos", json={}), 422, "invalid")
    problem(client.post("/v1/photos", json={"photo_id": name}), 422, "invalid")


def test_an_item_is_completed_without_a_photo(client: TestClient) -> None:
    name = send(client).id
    for field in ({"photo_id": name}, {"url": "https://shop.test/a.jpg"}):
        answer = client.get("/v1/items/dress-1/complete", params=field)
        problem(answer, 422, "invalid")
        problem(client.get("/v1/items/dress-1/similar", params=field), 422, "invalid")
    assert client.get("/v1/items/dress-1/complete").status_code == 200


@pytest.mark.parametrize(
    ("data", "status", "name"),
    [
        (b"", 422, "photo-unusable"),
        (b"this is no picture", 415, "photo-unsupported"),
    ],
)
def test_what_is_no_photo_is_not_held(
    app: FastAPI, client: TestClient, data: bytes, status: int, name: str
) -> None:
    problem(client.post("/v1/photos", files={"photo": ("p", data)}), status, name)
    assert len(app.state.backend.held) == 0


def test_nothing_of_a_photo_is_logged_or_written(
    client: TestClient, shop: FakeShop, caplog: pytest.LogCaptureFixture
) -> None:
    before = _files(shop.settings.home)
    with caplog.at_level(logging.DEBUG, logger="recommender"):
        name = send(client).id
        every_use(client, name)
    assert name not in caplog.text
    assert _files(shop.settings.home) == before


def _files(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}
