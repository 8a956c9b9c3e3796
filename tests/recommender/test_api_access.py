"""Who may ask: keys and their scopes, and without keys whoever sits at the machine."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recommender.access import keys as keys_of
from recommender.access.scope import Scope
from recommender.api.app import create_app
from recommender.api.middleware.auth_middleware import AccessRules, Door
from recommender.api.middleware.scopes import METRICS, SCOPES, needed, routes_of
from tests.recommender.fake_shop import FakeShop, bare_shop, open_shop, picture, street
from tests.recommender.test_api_problems import problem_of

OPEN = {"GET /healthz", "GET /readyz", "GET /openapi.json", "GET /v1/embed.js"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"), require_keys=True)


def client(app: FastAPI, **headers: str) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, headers=headers)


def app_of(shop: FakeShop) -> FastAPI:
    return create_app(shop, outfits={}, warm=False)


def filled(path: str) -> str:
    for name, value in {
        "{sku}": "bag-0", "{id}": "x" * 22, "{number}": "0", "{token}": "x" * 22, "{person}": "p-1",
        "{look}": "1", "{name}": "walk", "{job}": "x" * 22,
    }.items():  # fmt: skip
        path = path.replace(name, value)
    assert "{" not in path
    return path


def key(shop: FakeShop, scope: Scope) -> str:
    return shop.keys.create(f"for {scope}", scope).text


def test_every_route_has_its_scope_and_every_row_its_route() -> None:
    assert routes_of(create_app(bare_shop(), outfits={}, warm=False)) == set(SCOPES)


def test_a_route_that_was_forgotten_is_for_admins() -> None:
    assert needed("POST /v1/new", frozenset({"POST /v1/new"})) is Scope.ADMIN
    assert needed("POST /v1/nowhere", frozenset()) is None


@pytest.mark.parametrize("route", sorted(SCOPES))
def test_each_route_wants_a_key_of_its_scope(shop: FakeShop, route: str) -> None:
    """Without, with too little, with enough: for every one of them."""
    app, scope = app_of(shop), SCOPES[route]
    method, path = route.split(" ")

    def ask(**headers: str) -> Any:
        return client(app, **headers).request(method, filled(path))

    if scope is None:
        assert route in OPEN and ask().status_code in (200, 503)
        return
    problem_of(ask(), 401, "key-missing")
    for less in (each for each in Scope if not each.allows(scope)):
        result = problem_of(ask(Authorization=f"Bearer {key(shop, less)}"), 403, "scope")
        assert result.got == f"a key that may {less}" and result.expected == f"one that may {scope}"
    granted = ask(Authorization=f"Bearer {key(shop, scope)}")
    assert granted.status_code not in (401, 403), granted.text


def test_the_ways_to_present_a_key(shop: FakeShop) -> None:
    text = key(shop, Scope.READ)
    for headers in (
        {"Authorization": f"Bearer {text}"},
        {"authorization": f"bearer  {text} "},
        {"X-API-Key": text},
        {"Authorization": "Basic cHJveHk6eA==", "X-API-Key": text},
    ):
        assert client(app_of(shop), **headers).get("/v1/models").status_code == 200, headers
    for path in (f"/v1/models?api_key={text}", f"/v1/models?X-API-Key={text}"):
        problem_of(client(app_of(shop)).get(path), 401, "key-missing")


@pytest.mark.parametrize("text", ["", "x", f"ctl_{'0' * 12}_{'A' * 43}", "ctl__", "\u00e9"])
def test_what_is_no_key(shop: FakeShop, text: str) -> None:
    headers: Any = [("X-API-Key", text.encode())]
    answer = client(app_of(shop)).get("/v1/models", headers=headers)
    result = problem_of(answer, 401, "key-invalid")
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert not text or len(text) < 4 or text not in result.detail


def test_pictures_that_a_key_opened_are_kept_by_its_holder_alone(shop: FakeShop) -> None:
    asks = client(app_of(shop), **{"X-API-Key": key(shop, Scope.READ)})
    item = asks.get("/v1/items/bag-1").json()
    for path, kept in (
        (item["image"], "private, max-age=31536000, immutable"),
        ("/v1/items/bag-1/image", "private, max-age=300"),
    ):
        answer = asks.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, kept)
        again = asks.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, kept)


def test_whose_style_completes_a_look_is_for_those_who_may_know_it(shop: FakeShop) -> None:
    """What is left out of the answer tells what the person dislikes."""
    app = app_of(shop)

    def ask(scope: Scope, person: dict[str, str]) -> list[Any]:
        asks = client(app, **{"X-API-Key": key(shop, scope)})
        return [
            asks.get("/v1/items/shirt-0/complete", params=person),
            asks.post("/v1/complete", files={"photo": street()}, data=person),
        ]

    for answer in ask(Scope.READ, {"person": "p-1"}):
        result = problem_of(answer, 403, "scope")
        assert result.expected == "one that may write"
    for answer in (*ask(Scope.READ, {}), *ask(Scope.WRITE, {"person": "p-1"})):
        assert answer.status_code == 200, answer.text


def test_a_401_says_how(shop: FakeShop) -> None:
    answer = client(app_of(shop)).get("/v1/items")
    assert answer.headers["www-authenticate"] == 'Bearer realm="complete-the-look"'
    assert "X-API-Key" in str(problem_of(answer, 401, "key-missing").expected)


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_what_no_route_is_known_of_is_not_let_in(kind: str) -> None:
    let_in, parts = [], []

    async def inner(*_: Any) -> None:
        let_in.append(kind)

    async def send(message: Any) -> None:
        parts.append(message)

    async def receive() -> Any:
        return {"type": f"{kind}.disconnect"}

    rules = AccessRules(
        ring=None, limits=None, host="127.0.0.1", names=frozenset(), routes=frozenset()
    )
    anyio.run(Door(inner, rules), {"type": kind, "headers": []}, receive, send)
    assert let_in == [] and parts[0]["status"] == 500


def test_a_photo_is_not_read_before_the_door(shop: FakeShop) -> None:
    before = shop.detector.calls
    answer = client(app_of(shop)).post("/v1/garments", files={"photo": picture()})
    problem_of(answer, 401, "key-missing")
    assert shop.detector.calls == before


def test_a_revoked_key_stops_working(shop: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    made = shop.keys.create("gone soon", Scope.READ)
    at_door = client(app_of(shop), **{"X-API-Key": made.text})
    assert at_door.get("/v1/models").status_code == 200
    shop.keys.revoke(made.key.id)
    monkeypatch.setattr(keys_of, "REMEMBERED_S", 0.0)
    problem_of(at_door.get("/v1/models"), 401, "key-invalid")


def test_a_database_that_fails_opens_nothing(
    shop: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.errors import DatabaseError

    asked: list[str] = []

    def fails(self: keys_of.Keys, id: str) -> None:
        asked.append(id)
        raise DatabaseError("it is away", got="g", expected="e", next_step="n")

    monkeypatch.setattr(keys_of.Keys, "lock", fails)
    text = f"ctl_{'0' * 12}_{'A' * 43}"
    problem_of(client(app_of(shop), **{"X-API-Key": text}).get("/v1/models"), 503, "database")
    assert asked == ["0" * 12]


def test_no_secret_in_logs_and_answers(shop: FakeShop, caplog: pytest.LogCaptureFixture) -> None:
    text = key(shop, Scope.READ)
    secret = text.split("_", 2)[2]
    with caplog.at_level(logging.DEBUG):
        good = client(app_of(shop), Authorization=f"Bearer {text}").get("/v1/index")
        bad = client(app_of(shop), Authorization=f"Bearer {text[:-1]}").get("/v1/index")
    assert (good.status_code, bad.status_code) == (403, 401)
    assert text.split("_")[1] in str([vars(record) for record in caplog.records])
    for entry in (good.text, bad.text, str([vars(record) for record in caplog.records])):
        assert secret[:20] not in entry


ADMIN = [name for name, scope in SCOPES.items() if scope is Scope.ADMIN and name != METRICS]
AWAY: list[tuple[str, Mapping[str, str], str]] = [
    ("0.0.0.0", {}, "listens on more"),
    ("shop.example", {}, "listens on more"),
    ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, "proxy"),
    ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, "proxy"),
    ("127.0.0.1", {"Origin": "http://evil.example"}, "another website"),
    ("127.0.0.1", {"Origin": "null"}, "another website"),
    ("127.0.0.1", {"Origin": "http://[evil"}, "another website"),
    ("127.0.0.1", {"Sec-Fetch-Site": "cross-site"}, "another website"),
    ("127.0.0.1", {"Sec-Fetch-Site": "same-site"}, "another website"),
]


@pytest.mark.parametrize(("host", "headers", "why"), AWAY, ids=lambda value: str(value)[:40])
def test_without_keys_admin_is_for_this_machine(
    tmp_path: Path, host: str, headers: Mapping[str, str], why: str
) -> None:
    app = app_of(open_shop(tmp_path, host=host))
    for route in ADMIN:
        method, path = route.split(" ")
        if method != "GET" and why == "another website":
            continue  # refused with keys as well: see below
        result = problem_of(client(app, **headers).request(method, filled(path)), 403, "scope")
        assert why in str(result.got) and "RECOMMENDER_REQUIRE_KEYS=true" in str(result.next_step)
    for path in ("/v1/items", "/metrics", "/healthz"):
        assert client(app, **headers).get(path).status_code == 200


CHANGING = sorted(name for name in SCOPES if not name.startswith("GET "))
FOREIGN: list[Mapping[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://[evil"},
    {"Origin": "http://127.0.0.1", "Host": "shop.example"},
    {"Origin": "https://shop.example.evil", "Host": "shop.example"},
    {"Origin": "https://shop.example:444", "Host": "shop.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
]
OWN: list[Mapping[str, str]] = [
    {},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://shop.example"},  # a proxy changed Host
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://shop.example", "Host": "shop.example"},
    {"Origin": "https://shop.example:444", "Host": "shop.example:444"},
    {"Origin": "http://localhost:8501", "Host": "127.0.0.1:8000"},
    {"Origin": "https://boutique.lan", "Host": "127.0.0.1:8000"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("keys", [False, True])
def test_another_websites_page_changes_nothing(
    shop: FakeShop, tmp_path: Path, headers: Mapping[str, str], keys: bool
) -> None:
    """A form or a script without CORS is sent by any page: its answer is hidden, its deed is not."""
    host = {} if keys else {"host": "0.0.0.0"}  # where no name is asked for
    app = app_of(shop if keys else open_shop(tmp_path, api_names="", **host))
    record = {**headers, "X-API-Key": key(shop, Scope.ADMIN)} if keys else headers
    for route in CHANGING:
        method, path = route.split(" ")
        refused = problem_of(client(app, **record).request(method, filled(path)), 403, "cross-site")
        assert "server of your website" in str(refused.next_step)
    assert client(app, **record).get("/v1/people/p-1").json()["told"] == []
    assert client(app, **record).get("/v1/items").status_code == 200


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_programs_and_own_pages_change_what_they_may(
    tmp_path: Path, headers: Mapping[str, str]
) -> None:
    app = app_of(open_shop(tmp_path, api_names="boutique.lan,shop.example,testserver"))
    like = {"sku": "bag-0", "verdict": "like"}
    result = client(app, **headers).post("/v1/people/p-1/feedback", json=like)
    assert result.status_code == 200, result.text
    assert len(client(app).get("/v1/people/p-1").json()["told"]) == 1


def test_a_connection_from_elsewhere_is_not_this_machines(tmp_path: Path) -> None:
    """Even where the setting says otherwise: uvicorn may have been told another host."""
    app = app_of(open_shop(tmp_path))
    away = TestClient(app, base_url="http://192.0.2.7:8000", headers={"Host": "127.0.0.1"})
    assert "from elsewhere" in str(problem_of(away.get("/v1/imports"), 403, "scope").got)
    home = TestClient(app, base_url="http://127.0.0.1:8000")
    assert home.get("/v1/imports", headers={"Origin": "http://localhost"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8000", "evil.example", "192.0.2.7", "[::2]", "[x", ""]
)
def test_a_name_that_was_made_to_mean_this_machine_opens_nothing(tmp_path: Path, host: str) -> None:
    """DNS rebinding: the page is its own origin then, so nothing but the name gives it away."""
    app = app_of(open_shop(tmp_path))
    for route in sorted(SCOPES):
        method, path = route.split(" ")
        answer = client(app, Host=host).request(method, filled(path))
        result = problem_of(answer, 403, "scope")
        assert repr(host) in str(result.got) and "RECOMMENDER_API_NAMES" in str(result.expected)


@pytest.mark.parametrize(
    "host", ["localhost:8000", "127.0.0.1", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"]
)
def test_this_machines_names_open(tmp_path: Path, host: str) -> None:
    asks = client(app_of(open_shop(tmp_path, api_names="")), Host=host)
    same = {"Sec-Fetch-Site": "same-origin"}
    assert asks.get("/v1/people/p-1").status_code == 200
    assert asks.get("/v1/imports", headers=same).status_code == 200


def test_names_are_set_or_not_asked_for(tmp_path: Path, shop: FakeShop) -> None:
    """With keys, and where others are let in, any name may lead there."""
    named = app_of(open_shop(tmp_path / "a", api_names="boutique.lan, Shop"))
    for host, status in (("boutique.lan:8000", 200), ("shop", 200), ("boutique.lan.evil", 403)):
        assert client(named, Host=host).get("/v1/items").status_code == status
    public = app_of(open_shop(tmp_path / "b", host="0.0.0.0", api_names=""))
    assert client(public, Host="shop.example").get("/v1/items").status_code == 200
    headers = {"Host": "shop.example", "X-API-Key": key(shop, Scope.READ)}
    assert client(app_of(shop), **headers).get("/v1/items").status_code == 200


def test_the_schema_tells_scopes_and_schemes() -> None:
    shop = bare_shop()
    for required in (False, True):
        shop.settings = shop.settings.model_copy(update={"require_keys": required})
        schema = create_app(shop, outfits={}, warm=False).openapi()
        assert set(schema["components"]["securitySchemes"]) == {"bearer", "header"}
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                scope = SCOPES[f"{method.upper()} {path}"]
                assert operation["x-scope"] == (scope or "none")
                assert ({"bearer": []} in operation["security"]) is (scope is not None)
                assert ({} in operation["security"]) is (scope is not None and not required)
                assert ({"401", "403", "429"} <= set(operation["responses"])) is bool(scope)
