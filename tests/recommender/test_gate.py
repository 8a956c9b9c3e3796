from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

from recommender.api.app import create_app
from recommender.api.http import bodies
from recommender.api.http.admission_queue import LONGEST_S, Gate
from recommender.api.http.errors import Busy
from tests.recommender.fake_shop import FakeShop, open_shop, picture

PHOTO = picture((200, 30, 40), (60, 80))
MB = 2**20


class Waiting:
    """A detector's door: photos stop at it until it is opened."""

    def __init__(self, shop: FakeShop) -> None:
        self.go, self.met = threading.Event(), 0
        inner = shop.detector.segment

        def segment(*asked: Any, **named: Any) -> Any:
            self.met += 1
            self.go.wait(20)
            return inner(*asked, **named)

        shop.detector.segment = segment  # type: ignore[method-assign]


@pytest.fixture
def shop(tmp_path: Path) -> FakeShop:
    return open_shop(tmp_path, photos_at_once=1, photos_waiting=2)


@pytest.fixture
def app(shop: FakeShop) -> FastAPI:
    return create_app(shop, outfits={}, warm=False)


async def until(done: Callable[[], bool]) -> None:
    with anyio.fail_after(10):
        while not done():
            await anyio.sleep(0.005)


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://t")


def test_the_settings_bound_the_queue(app: FastAPI, shop: FakeShop) -> None:
    door, got = Waiting(shop), []

    async def send(client: httpx.AsyncClient) -> None:
        got.append(await client.post("/v1/garments", files={"photo": PHOTO}))

    async def ask() -> None:
        async with client_of(app) as client, anyio.create_task_group() as tasks:
            for _ in range(8):
                tasks.start_soon(send, client)
            await until(lambda: len(got) == 5)
            door.go.set()

    anyio.run(ask)
    assert [each.status_code for each in got] == [503] * 5 + [200] * 3
    for refused in got[:5]:
        assert 1 <= int(refused.headers["retry-after"]) <= LONGEST_S
        assert refused.json()["type"].endswith(":busy")
    assert door.met == 3
    assert app.state.backend.gate.inside == 0


def test_who_is_sent_away_is_read_to_the_end_and_not_held(app: FastAPI, shop: FakeShop) -> None:
    """A place is taken before the body is read: past the queue, no more than a chunk is held."""
    door, sent = Waiting(shop), [0] * 6
    held: list[int] = []

    async def upload(at: int) -> int:
        head = (
            b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n' + PHOTO
        )
        parts = [head, *[b"\0" * MB] * 4, b"\r\n--x--\r\n"]
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            await anyio.sleep(0.001)
            if not parts:
                await anyio.sleep_forever()
            body = parts.pop(0)
            sent[at] += len(body)
            return {"type": "http.request", "body": body, "more_body": bool(parts)}

        async def send(message: Any) -> None:
            messages.append(message)

        scope = {
            "type": "http", "method": "POST", "path": "/v1/garments", "raw_path": b"/v1/garments",
            "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1",
            "headers": [(b"content-type", b"multipart/form-data; boundary=x")],
            "server": ("t", 80), "client": ("t", 1), "asgi": {"version": "3.0"},
        }  # fmt: skip
        await app(scope, receive, send)
        held.append(at)
        return int(messages[0]["status"])

    async def ask() -> list[int]:
        found: list[int] = [0] * 6

        async def one(at: int) -> None:
            found[at] = await upload(at)

        async with anyio.create_task_group() as tasks:
            for at in range(6):
                tasks.start_soon(one, at)
            await until(lambda: len(held) == 3)
            door.go.set()
        return found

    assert anyio.run(ask) == [200] * 3 + [503] * 3
    assert len(set(sent)) == 1 and sent[0] > 4 * MB


def test_who_hangs_up_while_waiting_is_not_worked_on(app: FastAPI, shop: FakeShop) -> None:
    door, gate = Waiting(shop), app.state.backend.gate
    statuses: dict[str, int] = {}

    async def visit(name: str, hang_up: anyio.Event) -> None:
        form = httpx.Request("POST", "http://t/", files={"photo": PHOTO})
        messages = [{"type": "http.request", "body": form.read(), "more_body": False}]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await hang_up.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            statuses.setdefault(name, message.get("status"))

        scope = {
            "type": "http", "method": "POST", "path": "/v1/garments", "raw_path": b"/v1/garments",
            "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1",
            "headers": [(b"content-type", form.headers["content-type"].encode())],
            "server": ("t", 80), "client": ("t", 1), "asgi": {"version": "3.0"},
        }  # fmt: skip
        await app(scope, receive, send)

    async def ask() -> None:
        stays, leaves = anyio.Event(), anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(visit, "first", stays)
            await until(lambda: door.met == 1)
            tasks.start_soon(visit, "leaves", leaves)
            tasks.start_soon(visit, "waits", stays)
            await until(lambda: gate.inside == 3)
            leaves.set()
            await until(lambda: gate.inside == 2)  # its place is free at once
            door.go.set()

    anyio.run(ask)
    assert statuses == {"first": 200, "waits": 200, "leaves": 499}
    assert door.met == 2 and gate.inside == 0


def test_turns_come_in_order() -> None:
    gate, go = Gate(at_once=1, waiting=9), threading.Event()
    order: list[int] = []

    def work(at: int) -> None:
        go.wait(10)
        order.append(at)

    def filled(number: int) -> bool:
        return gate.inside == number

    async def ask() -> None:
        async with anyio.create_task_group() as tasks:
            for at in range(8):
                tasks.start_soon(gate.run, partial(work, at))
                await until(partial(filled, at + 1))
            go.set()

    anyio.run(ask)
    assert order == list(range(8))


@pytest.mark.parametrize(("takes_s", "least", "most"), [(0.0, 1, 1), (4.0, 8, 20), (900.0, 60, 60)])
def test_when_to_come_again_follows_the_pace(takes_s: float, least: int, most: int) -> None:
    now = [0.0]
    gate, go = Gate(at_once=1, waiting=9, clock=lambda: now[0]), threading.Event()

    def one() -> None:
        now[0] += takes_s

    async def ask() -> int:
        for _ in range(20):
            await gate.run(one)
        async with anyio.create_task_group() as tasks:
            for _ in range(10):
                tasks.start_soon(gate.run, lambda: go.wait(10))
            await until(lambda: gate.inside == 10)
            with pytest.raises(Busy) as busy:
                await gate.run(one)
            go.set()
        return busy.value.retry_after_s

    assert least <= anyio.run(ask) <= most


def test_work_that_fails_gives_its_place_back() -> None:
    gate = Gate(at_once=1, waiting=0)

    def fail() -> None:
        raise ZeroDivisionError

    async def ask() -> str:
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await gate.run(fail)
        return await gate.run(lambda: "free")

    assert anyio.run(ask) == "free" and gate.inside == 0


def test_a_body_that_stops_coming_gives_its_place_back(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SPARE_S", 0.1)

    async def slowly() -> Any:
        yield b"--x\r\n"
        await anyio.sleep(20)

    async def ask() -> httpx.Response:
        headers = {"content-type": "multipart/form-data; boundary=x"}
        async with client_of(app) as client:
            return await client.post("/v1/garments", content=slowly(), headers=headers)

    started = time.monotonic()
    answer = anyio.run(ask)
    assert answer.status_code == 408 and time.monotonic() - started < 15
    assert answer.json()["type"].endswith(":body-too-slow")
    assert app.state.backend.gate.inside == 0


@pytest.mark.parametrize("path", ["/v1/garments", "/v1/imports"])
def test_a_body_that_drips_gives_its_place_back(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """No pause is long, and still the whole is too slow."""
    monkeypatch.setattr(bodies, "SPARE_S", 0.3)
    sent = []

    async def drop_by_drop() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="feed"; filename="a.csv"\r\n\r\n'
        for at in range(200):
            sent.append(at)
            yield b"-"
            await anyio.sleep(0.02)

    answer = anyio.run(partial(posted, app, path, drop_by_drop))
    assert answer.status_code == 408 and 2 < len(sent) < 50
    assert answer.json()["type"].endswith(":body-too-slow")
    assert app.state.backend.gate.inside == 0


def test_a_body_at_the_least_rate_gets_through(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes five times what is waited for nothing, and is let in."""
    monkeypatch.setattr(bodies, "SPARE_S", 0.2)
    monkeypatch.setattr(bodies, "LEAST_RATE", 10_000)
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'

    async def steadily() -> Any:
        yield head + PHOTO
        for _ in range(20):
            yield b"\0" * 1000  # what follows a picture in its file
            await anyio.sleep(0.05)
        yield b"\r\n--x--\r\n"

    started = time.monotonic()
    answer = anyio.run(partial(posted, app, "/v1/garments", steadily))
    assert answer.status_code == 200, answer.text
    assert time.monotonic() - started > 4 * bodies.SPARE_S


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/items?text=red", None),
        ("GET", "/v1/items/shirt-0/similar?but=red", None),
        ("GET", "/v1/items/shirt-0/complete", None),
        ("POST", "/v1/similar", {"text": "red"}),
        ("POST", "/v1/lookup", {"queries": [{"text": "red"}]}),
        ("POST", "/v1/looks/export", {"skus": ["shirt-0"], "format": "png"}),
    ],
)
def test_questions_without_a_photo_queue_too(
    app: FastAPI, method: str, path: str, body: object
) -> None:
    """Their queue is full: 503; photos have another, and neither takes the other's places."""
    backend, go = app.state.backend, threading.Event()

    async def ask() -> list[httpx.Response]:
        async with client_of(app) as client, anyio.create_task_group() as tasks:
            for _ in range(68):
                tasks.start_soon(backend.questions.run, partial(go.wait, 20))
            await until(lambda: backend.questions.inside == 68)
            full = await client.request(method, path, json=body)
            photo = await client.post("/v1/garments", files={"photo": PHOTO})
            leafing = await client.get("/v1/items")
            go.set()
            await until(lambda: backend.questions.inside == 0)
            after = await client.request(method, path, json=body)
        return [full, photo, leafing, after]

    full, photo, leafing, after = anyio.run(ask)
    assert full.status_code == 503 and full.json()["type"].endswith(":busy")
    assert int(full.headers["retry-after"]) >= 1
    assert [each.status_code for each in (photo, leafing, after)] == [200] * 3, after.text
    assert backend.questions.inside == backend.gate.inside == 0


async def posted(app: FastAPI, path: str, body: Callable[[], Any]) -> httpx.Response:
    """Return the answer to a form that comes as the body does."""
    form = {"content-type": "multipart/form-data; boundary=x"}
    async with client_of(app) as client:
        return await client.post(path, content=body(), headers=form)
