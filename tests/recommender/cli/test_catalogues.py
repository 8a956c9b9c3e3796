"""`RECOMMENDER_CATALOGUE`: commands and the API work on the one that is set, and on no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from recommender.api.app import create_app
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings, read_settings
from tests.recommender.cli.conftest import ROWS, Shell

OTHER = "second-shop"
Choose = Callable[[str], None]


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Set which catalogue is worked on."""
    return lambda name: monkeypatch.setenv("RECOMMENDER_CATALOGUE", name)


@pytest.fixture
def both(stocked: Shell, choose: Choose) -> Shell:
    """A home with a catalogue of eight, and one of two that shares a sku and a picture with it."""
    choose(OTHER)
    own = {"sku": "apron", "title": "Apron", "category": "dress", "price": "15.00"}
    stocked.ok("catalog", "import", stocked.feed([{**ROWS[0], "title": "Their boots"}, own]))
    return stocked


def checks(shell: Shell) -> dict[str, Any]:
    value = json.loads(shell.run("doctor", "--json").stdout)["checks"]
    return {each["name"]: each for each in value}


def test_each_command_answers_from_the_one_that_is_set(both: Shell, choose: Choose) -> None:
    assert both.skus() == ["apron", "boots"]
    assert both.ok("catalog", "show", "boots")[0]["title"] == "Their boots"
    [answer] = both.ok("similar", "--item", "boots", "-k", "9")
    assert {hit["sku"] for hit in answer["hits"]} <= {"apron"}
    [status] = both.ok("index", "status")
    assert (status["items"], status["vectors"], status["generation"]) == (2, 2, 1)
    [verified] = both.ok("index", "verify", "--pictures")
    assert verified["intact"] and verified["pictures"] == 2
    assert checks(both)["settings"]["found"].endswith(f"catalogue {OTHER}")
    assert checks(both)["database"]["found"].startswith("2 items")
    assert "generation 1, 2 vectors" in checks(both)["index"]["found"]
    choose("default")
    assert both.skus() == sorted(row["sku"] for row in ROWS)
    assert both.ok("catalog", "show", "boots")[0]["title"] == "Boots"
    assert both.ok("index", "status")[0]["vectors"] == len(ROWS)
    assert checks(both)["database"]["found"].startswith("8 items")


def test_what_one_changes_the_other_keeps(both: Shell, choose: Choose) -> None:
    both.ok("catalog", "remove", "boots")
    both.ok("index", "build")
    both.ok("index", "rollback")
    assert both.skus() == ["apron"]
    choose("default")
    assert both.skus() == sorted(row["sku"] for row in ROWS)
    [status] = both.ok("index", "status")
    assert (status["generation"], status["generations"], status["current"]) == (1, [1], True)
    assert both.ok("index", "verify", "--pictures")[0]["intact"]


def test_likes_are_of_the_catalogue_that_was_seen(both: Shell, choose: Choose) -> None:
    both.ok("style", "like", "p-1", "boots")
    assert "no such item" in both.refused("style", "like", "p-1", "parka")
    choose("default")
    assert json.loads(both.run("style", "export", "p-1").stdout)["told"] == []


def test_the_api_answers_from_the_one_that_is_set(both: Shell) -> None:
    assert both.home.is_dir()
    for settings, skus in (
        (read_settings(), ["apron", "boots"]),
        (Settings(home=both.home, catalogue="default"), sorted(row["sku"] for row in ROWS)),
    ):
        app = create_app(Wiring(settings), outfits={}, warm=False)
        api = TestClient(app, base_url="http://127.0.0.1")
        assert [item["sku"] for item in api.get("/v1/items").json()["items"]] == skus
        assert api.get("/v1/index").json()["items"] == len(skus)
        facets = api.get("/v1/facets").json()
        assert facets["passing"] == len(skus)
        found = api.get("/v1/items/boots/similar", params={"k": 9}).json()
        assert {hit["item"]["sku"] for hit in found["hits"]} <= {*skus}
        there = api.get("/v1/items/parka").status_code
        assert there == (200 if "parka" in skus else 404)
        look = api.post("/v1/shares", json={"skus": ["apron"]})
        assert look.status_code == (201 if "apron" in skus else 404)


def test_a_catalogue_without_items_says_how_to_fill_it(stocked: Shell, choose: Choose) -> None:
    choose("third")
    assert stocked.skus() == []
    assert "catalog import" in stocked.refused("similar", "--text", "boots")
    assert not (stocked.home / "catalogues").exists()


@pytest.mark.parametrize("name", ["", "..", "A", "a/b", "a b", "-a", "x" * 65])
def test_a_name_that_could_lead_elsewhere_is_refused(
    stocked: Shell, choose: Choose, name: str
) -> None:
    choose(name)
    assert "RECOMMENDER_CATALOGUE" in stocked.refused("catalog", "list")
