"""What an operator sees of requests: ids, lines, figures; and what nobody sees."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recommender.access.scope import Scope
from recommender.api.app import create_app
from recommender.api.http.backend import Backend
from recommender.api.middleware import logs
from recommender.api.middleware.observing import REQUESTS
from tests.recommender.fake_shop import FakeShop, bare_shop, open_shop, street
from tests.recommender.test_api_problems import problem_of

SECRETS = ("p-secret-person", "s3cret-sku", "t0ken-of-a-share", "words-of-a-query", "MARKER")


@pytest.fixture
def shop(tmp_path: Path) -> FakeShop:
    return open_shop(tmp_path / "home")


@pytest.fixture
def app(shop: FakeShop) -> FastAPI:
    return create_app(shop, outfits={}, warm=False)


def client(app: FastAPI, **headers: str) -> TestClient:
    return TestClient(
        app, raise_server_exceptions=False, client=("198.51.100.9", 4711), headers=headers
    )


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[logs.Kind], io.StringIO]]:
    """Return what sets the log up, and gives what is written on stderr from then on."""
    root, level = logging.getLogger(), REQUESTS.level
    before = list(root.handlers)

    def listen(kind: logs.Kind) -> io.StringIO:
        result = io.StringIO()
        monkeypatch.setattr(sys, "stderr", result)
        logs.set_up(kind)
        return result

    yield listen
    root.handlers[:] = before
    REQUESTS.setLevel(level)


def ask_for_secrets(app: FastAPI) -> None:
    asks = client(app)
    asks.get(f"/v1/people/{SECRETS[0]}")
    asks.get(f"/v1/items/{SECRETS[1]}")
    asks.get(f"/v1/items/{SECRETS[1]}/similar?colour={SECRETS[3]}")
    asks.get(f"/v1/shares/{SECRETS[2]}")
    asks.get(f"/v1/shares/{SECRETS[2]}/")
    asks.get(f"/{SECRETS[2]}/nowhere")
    asks.put(f"/v1/shares/{SECRETS[2]}")
    asks.post("/v1/similar", json={"text": SECRETS[3]})
    asks.post("/v1/garments", files={"photo": ("MARKER.png", street())}, data={"unknown": "MARKER"})


def test_an_id_is_made_where_none_is_sent(app: FastAPI) -> None:
    first, second = (client(app).get("/healthz").headers["x-request-id"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{16}", first) and first != second


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/v1/items/none"])
def test_a_clients_own_id_is_kept_and_echoed(app: FastAPI, path: str) -> None:
    answer = client(app, **{"X-Request-ID": "order-17.a_B"}).get(path)
    assert answer.headers["x-request-id"] == "order-17.a_B"
    if answer.status_code != 200:
        assert answer.json()["request_id"] == "order-17.a_B"


@pytest.mark.parametrize("answer", ["", "x" * 65, "two words", "a\tb", "{}", "é", 'a"b'])
def test_an_id_that_is_not_well_formed_is_replaced(app: FastAPI, answer: str) -> None:
    headers: Any = [("X-Request-ID", answer.encode())]
    got = client(app).get("/healthz", headers=headers).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{16}", got)


def test_every_kind_of_problem_tells_its_id(app: FastAPI, shop: FakeShop) -> None:
    shop.detector.fails = ZeroDivisionError("secret")
    for method, path, status, name in (
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/v1/complete", 405, "method-not-allowed"),
        ("GET", "/v1/items?k=x", 422, "invalid"),
        ("GET", "/v1/items/none", 404, "item-not-found"),
        ("POST", "/v1/garments", 500, "internal"),
    ):
        files = {"photo": street()} if status == 500 else None
        answer = client(app).request(method, path, files=files)
        result = problem_of(answer, status, name)
        assert result.request_id == answer.headers["x-request-id"]


def test_every_answer_has_its_headers(app: FastAPI, shop: FakeShop) -> None:
    shop.detector.fails = ZeroDivisionError("fails")
    for answer in (
        client(app).get("/healthz"),
        client(app).get("/v1/people/p-1"),
        client(app).get("/v1/shares/none"),
        client(app).post("/v1/garments", files={"photo": street()}),
        client(app).post("/v1/similar", json={"text": "red"}),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"
        assert answer.headers["x-frame-options"] == "DENY"
    assert client(app).post("/v1/garments", files={"photo": street()}).status_code == 500
    picture = client(app).get("/v1/items/bag-0/image")
    assert picture.headers.get_list("x-content-type-options") == ["nosniff"]
    assert picture.headers["cache-control"] == "public, max-age=300"
    assert picture.headers["x-frame-options"] == "DENY"


def test_an_item_is_told_once(app: FastAPI, shop: FakeShop) -> None:
    first = client(app).get("/v1/items/bag-0")
    tag = first.headers["etag"]
    assert first.status_code == 200 and first.headers["cache-control"] == "no-cache"
    for entry in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client(app).get("/v1/items/bag-0", headers={"If-None-Match": entry})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag and again.headers["cache-control"] == "no-cache"
    assert client(app).get("/v1/items/bag-1").headers["etag"] != tag
    [item] = [each for each in shop.searcher.items if each.sku == "bag-0"]
    object.__setattr__(item, "title", "Another title")
    changed = client(app).get("/v1/items/bag-0", headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["etag"] != tag


def test_a_line_for_each_request_as_json(app: FastAPI, said: Any) -> None:
    result = said("json")
    client(app, **{"X-Request-ID": "mine"}).get("/v1/items/bag-0/similar?k=3")
    client(app).get("/nowhere")
    one, other = (json.loads(line) for line in result.getvalue().splitlines())
    assert set(one) == {"time", "level", "method", "route", "status", "ms", "request_id", "key"}
    assert (one["method"], one["route"], one["status"]) == (
        "GET", "/v1/items/{sku}/similar", 200,
    )  # fmt: skip
    assert (one["request_id"], one["key"], one["level"]) == ("mine", "", "info")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["time"]) and one["ms"] > 0
    assert (other["route"], other["status"]) == ("-", 404)


def test_a_line_for_each_request_for_people(app: FastAPI, said: Any) -> None:
    result = said("plain")
    client(app, **{"X-Request-ID": "mine"}).post("/v1/similar", json={"text": "red"})
    [line] = result.getvalue().splitlines()
    assert re.fullmatch(r"\S+Z POST /v1/similar 200 \d+\.\d ms id=mine", line)


def test_a_line_tells_the_public_part_of_the_key(tmp_path: Path, said: Any) -> None:
    shop = open_shop(tmp_path, require_keys=True)
    made = shop.keys.create("a", Scope.READ)
    app, result = create_app(shop, outfits={}, warm=False), said("json")
    client(app, **{"X-API-Key": made.text}).get("/v1/models")
    client(app, **{"X-API-Key": f"{made.text[:-1]}"}).get("/v1/models")
    one, other = (json.loads(line) for line in result.getvalue().splitlines())
    assert (one["key"], other["key"]) == (made.key.id, "")
    assert made.text.split("_", 2)[2][:20] not in result.getvalue()


@pytest.mark.parametrize("kind", ["plain", "json"])
def test_nothing_private_is_in_the_log(app: FastAPI, said: Any, kind: logs.Kind) -> None:
    result = said(kind)
    ask_for_secrets(app)
    lines = result.getvalue().splitlines()
    assert len(lines) == 9
    for private in (*SECRETS, "198.51.100.9", "testclient"):
        assert private not in result.getvalue()


def test_off_leaves_faults_alone(app: FastAPI, shop: FakeShop, said: Any) -> None:
    result = said("off")
    client(app).get("/healthz")
    assert result.getvalue() == ""
    shop.detector.fails = ZeroDivisionError("the fault")
    client(app).post("/v1/garments", files={"photo": street()})
    assert "ZeroDivisionError: the fault" in result.getvalue()


@pytest.mark.parametrize("kind", ["plain", "json"])
def test_a_fault_has_its_traceback_and_its_id(
    app: FastAPI, shop: FakeShop, said: Any, kind: logs.Kind
) -> None:
    shop.detector.fails = ZeroDivisionError("the fault")
    result = said(kind)
    answer = client(app, **{"X-Request-ID": "mine"}).post("/v1/garments", files={"photo": street()})
    assert "the fault" not in answer.text and answer.json()["request_id"] == "mine"
    if kind == "plain":
        first, *rest = result.getvalue().splitlines()
        assert " ERROR " in first and first.endswith("id=mine")
        assert rest[0].startswith("Traceback") and rest[-1].endswith("ms id=mine")
    else:
        fault, line = (json.loads(each) for each in result.getvalue().splitlines())
        assert (fault["level"], fault["request_id"]) == ("error", "mine")
        assert "ZeroDivisionError: the fault" in fault["traceback"]
        assert (line["status"], line["request_id"]) == (500, "mine")


def figures(app: FastAPI) -> dict[str, float]:
    answer = client(app).get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    rows = (line.rsplit(" ", 1) for line in answer.text.splitlines() if line[0] != "#")
    return {name: float(value) for name, value in rows}


def counted(found: dict[str, float], method: str, handler: str, status: int) -> float:
    name = "recommender_http_requests_total"
    return found.get(f'{name}{{handler="{handler}",method="{method}",status="{status}"}}', 0)


def test_requests_are_counted_by_template_method_and_status(app: FastAPI) -> None:
    for sku in ("bag-0", "bag-1", "none", "a/b"):
        client(app).get(f"/v1/items/{sku}")
    client(app).put("/v1/facets")
    client(app).get("/nowhere")
    client(app).request("BREW", "/nowhere")
    found = figures(app)
    assert counted(found, "GET", "/v1/items/{sku}", 200) == 2
    assert counted(found, "GET", "/v1/items/{sku}", 404) == 2
    assert counted(found, "GET", "-", 404) == 1
    assert counted(found, "OTHER", "-", 404) == 1
    assert (
        sum(v for n, v in found.items() if 'method="PUT",status="405"' in n and "_total" in n) == 1
    )
    timed = 'recommender_http_request_duration_seconds_count{handler="/v1/items/{sku}",method="GET",status="200"}'
    assert found[timed] == 2
    assert found["recommender_http_requests_in_progress"] == 1  # the one that asks


def test_faults_and_refusals_at_the_door_are_counted(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, rate_limit="1/hour")
    shop.detector.fails = ZeroDivisionError("fails")
    app = create_app(shop, outfits={}, warm=False)
    for _ in range(3):
        client(app).post("/v1/garments", files={"photo": street()})
    found = figures(app)
    assert counted(found, "POST", "/v1/garments", 500) == 1
    assert counted(found, "POST", "/v1/garments", 429) == 2


def test_applications_in_one_process_count_apart(app: FastAPI, shop: FakeShop) -> None:
    other = create_app(shop, outfits={}, warm=False)
    client(app).get("/healthz")
    assert counted(figures(app), "GET", "/healthz", 200) == 1
    assert counted(figures(other), "GET", "/healthz", 200) == 0


def test_how_full_it_is(app: FastAPI, shop: FakeShop) -> None:
    found = figures(app)
    gauges = {name: v for name, v in found.items() if name.startswith("recommender_photos")}
    assert gauges == {
        "recommender_photos_waiting": 0,
        "recommender_photos_at_work": 0,
        "recommender_photos_held": 0,
    }
    assert "recommender_index_generation" not in found
    seen: list[dict[str, float]] = []
    inner = shop.detector.segment

    def segment(*asked: Any, **named: Any) -> Any:
        seen.append(figures(app))
        return inner(*asked, **named)

    shop.detector.segment = segment  # type: ignore[method-assign]
    assert client(app).post("/v1/photos", files={"photo": street()}).status_code == 201
    assert seen[0]["recommender_photos_at_work"] == 1
    assert seen[0]["recommender_http_requests_in_progress"] == 2
    assert figures(app)["recommender_photos_held"] == 1
    shop.indexer().rebuild(encode_again=True)
    shop.indexer().rebuild(encode_again=True)
    assert figures(app)["recommender_index_generation"] == 2
    backend: Backend = app.state.backend
    backend.gate.enter()  # outside of any request it takes no place
    assert figures(app)["recommender_photos_waiting"] == 0


def test_nothing_private_is_in_the_figures(app: FastAPI) -> None:
    ask_for_secrets(app)
    text = client(app).get("/metrics").text
    assert "/v1/shares/{token}" in text
    for private in SECRETS:
        assert private not in text


def test_no_path_is_answered_by_another() -> None:
    """A redirect would write the path that was asked for into logs and figures."""
    app = create_app(bare_shop(), outfits={}, warm=False)
    problem_of(client(app).get("/v1/facets/", follow_redirects=False), 404, "not-found")
