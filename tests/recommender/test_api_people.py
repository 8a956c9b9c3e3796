"""The routes of personal style."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from recommender.api.app import create_app
from recommender.wire.people_shapes import PersonAnswer
from tests.recommender.fake_shop import open_shop

HERE = "/v1/people/p-42"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    shop = open_shop(tmp_path_factory.mktemp("home"))
    with TestClient(create_app(shop, outfits={}, warm=False)) as client:
        yield client


@pytest.fixture(autouse=True)
def forgotten(client: TestClient) -> None:
    client.delete(HERE).raise_for_status()


def person(client: TestClient) -> PersonAnswer:
    return PersonAnswer.model_validate(client.get(HERE).json())


def test_a_stranger_is_an_empty_page(client: TestClient) -> None:
    stranger = person(client)
    assert (stranger.person, stranger.told, stranger.style.told) == ("p-42", [], 0)
    assert client.delete(HERE).json() == {"forgotten": 0}
    assert client.delete(f"{HERE}/feedback/last").json() == {"undone": None}


def test_tell_undo_and_forget(client: TestClient) -> None:
    result = client.post(f"{HERE}/feedback", json={"sku": "shoe-1", "verdict": "like"})
    assert (result.status_code, result.json()["skus"]) == (200, ["shoe-1"])
    client.post(f"{HERE}/feedback", json={"sku": "shoe-2", "verdict": "dislike"})
    client.post(f"{HERE}/looks", json={"skus": ["bag-0", "dress-1"]}).raise_for_status()
    before = person(client)
    assert [each.verdict for each in before.told] == ["like", "dislike", "save"]
    weights = {each.sku: each.weight for each in before.style.slots["shoes"].items}  # type: ignore[index]
    assert weights["shoe-1"] == pytest.approx(1.0) and weights["shoe-2"] == pytest.approx(-0.5)
    assert list(before.style.colours) == ["navy", "red"]
    undone = client.delete(f"{HERE}/feedback/last").json()["undone"]
    assert (undone["verdict"], undone["skus"]) == ("save", ["bag-0", "dress-1"])
    assert len(person(client).told) == 2
    assert client.delete(HERE).json() == {"forgotten": 2}
    assert person(client).told == []


def test_an_unknown_item_is_not_found(client: TestClient) -> None:
    for path, body in (
        ("feedback", {"sku": "nowhere", "verdict": "like"}),
        ("looks", {"skus": ["bag-0", "nowhere"]}),
    ):
        answer = client.post(f"{HERE}/{path}", json=body)
        assert (answer.status_code, answer.json()["got"]) == (404, "'nowhere'")
    assert person(client).told == []


@pytest.mark.parametrize("name", ["a b", "a@b.c", "x" * 65, "é", "a\n"])
def test_a_name_is_no_id(client: TestClient, name: str) -> None:
    from urllib.parse import quote

    answer = client.get(f"/v1/people/{quote(name)}")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("feedback", {"sku": "shoe-1", "verdict": "save"}),
        ("feedback", {"sku": "shoe-1"}),
        ("feedback", {"sku": "", "verdict": "like"}),
        ("feedback", {"sku": "nul\0", "verdict": "like"}),
        ("feedback", {"sku": "shoe-1", "verdict": "like", "age": 30}),
        ("looks", {"skus": []}),
        ("looks", {"skus": ["bag-0"] * 21}),
    ],
)
def test_bodies_that_are_refused(client: TestClient, path: str, body: dict[str, object]) -> None:
    answer = client.post(f"{HERE}/{path}", json=body)
    assert answer.status_code == 422 and answer.json()["errors"]


def test_a_body_that_never_ends_is_not_read(client: TestClient) -> None:
    answer = client.post(
        f"{HERE}/feedback",
        content=b" " * 1_000_000,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 413
