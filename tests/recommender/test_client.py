"""The typed client: a call for every endpoint, answers as shapes, problems as exceptions."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from recommender.api.app import create_app
from recommender.client import (
    ApiProblem,
    Client,
    CompleteQuery,
    EventBody,
    Filtering,
    ItemsQuery,
    SimilarQuery,
    transport,
)
from recommender.client.client import TIMEOUT_S
from recommender.wire.terms import EventKind
from segmentation.common.taxonomy import Category
from tests.recommender.fake_shop import FakeShop, bare_shop, open_shop, street
from tests.ui.fake_api import transport_to

ROOT = Path(__file__).parents[2]

NOT_CALLED = {
    "GET /healthz", "GET /v1/samples/{name}", "GET /v1/items/{sku}/image", "GET /v1/embed.js",
}  # fmt: skip
"""Watched by machines, loaded by browsers, or asked for by an address that another answer gave (`Client.picture`)."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[FakeShop]:
    shop = open_shop(tmp_path / "home", events=True)
    yield shop
    shop.imports.close()


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def api(shop: FakeShop, asked: list[str], tmp_path: Path) -> Client:
    walk = tmp_path / "walk.png"
    walk.write_bytes(street())
    inner = transport_to(create_app(shop, outfits={"walk": walk}, warm=False))

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return inner.handle_request(request)

    return Client.over(httpx.Client(transport=httpx.MockTransport(handle), base_url="http://shop"))


def refused(call: Callable[[], object]) -> ApiProblem:
    with pytest.raises(ApiProblem) as caught:
        call()
    return caught.value


def everything(api: Client) -> None:
    """Make every call of the client once; each answer is validated by a shape that knows no more."""
    photo = api.hold(street())
    assert api.garments(street()).garments and api.held(photo.id).garments == photo.garments
    photo = api.correct_garment(photo.id, 0, Category.COAT)
    photo = api.add_garment(photo.id, (1, 1, 30, 30), Category.HAT)
    assert api.kinds(photo.id, (1, 1, 30, 30))[0].share > 0
    photo = api.remove_garment(photo.id, len(photo.garments) - 1)
    for shown in (photo, street()):
        assert api.complete(shown, CompleteQuery(looks=1, keep=[])).looks
        assert api.similar(shown, SimilarQuery(k=2, garment=0)).hits
    assert api.let_go(photo.id) and not api.let_go(photo.id)

    assert api.items(ItemsQuery(k=3)).next_offset == 3
    item = api.item("bag-1")
    assert api.picture(item.image)
    assert len(api.similar_items("bag-1", SimilarQuery(k=2)).hits) == 2
    assert api.complete_item("bag-1", CompleteQuery(looks=1)).looks
    one, none = api.lookup([SimilarQuery(item="bag-1"), SimilarQuery(item="nothing")])
    assert one.answer and none.problem and none.problem.status == 404
    assert api.facets(Filtering(category=[Category.BAG])).passing == 4
    assert api.picture(api.samples().samples[0].image) == street()

    share = api.share(["bag-1"])
    assert [each.sku for each in api.shared(share.token).items] == ["bag-1"]
    assert api.unshare(share.token)
    assert api.export(["bag-1"], "csv").startswith(b"\xef\xbb\xbf")

    api.tell("p", "bag-1", "like")
    api.save("p", ["bag-1"])
    [look] = api.saved("p")
    assert api.unsave("p", look.id).undone
    undone = api.undo("p")
    assert undone is not None and undone.skus == ["bag-1"] and api.undo("p") is None
    assert api.person("p").told == [] and api.forget("p") == 0

    assert api.change_item("bag-1", price="5 EUR", dry_run=True).result == "changed"
    assert api.put_item("bag-1", title="Bag", category="bag", dry_run=True).result == "changed"
    assert api.remove_item("bag-1", dry_run=True) == ["bag-1"]
    lines: list[dict[str, Any]] = [
        {"sku": "bag-1", "price": "5 EUR"},
        {"sku": "nothing", "delete": True},
    ]
    done = api.write_items(lines, key="once", dry_run=True)
    assert [each.result for each in done] == ["changed", "refused"]
    job = api.start_import("none.jsonl", b"", dry_run="true")
    assert api.import_job(job.id).source == "none.jsonl" and api.imports()
    assert api.rejects(job.id).total == 0 and api.stop_import(job.id).id == job.id
    answer = api.tell_events([EventBody(kind=EventKind.CLICK, sku="bag-1")])
    assert answer.taken == 1 and api.events(limit=1).events[0].sku == "bag-1"
    assert all(gap.items < gap.wanting for gap in api.gaps(least=2))
    assert api.stylist().shipped and api.index().items > 0 and len(api.models()) == 3
    assert refused(api.rollback).problem.status == 409
    assert api.ready().ready


def test_there_is_a_call_for_every_endpoint(api: Client, asked: list[str]) -> None:
    everything(api)
    paths: dict[str, Any] = create_app(bare_shop(), outfits={}, warm=False).openapi()["paths"]
    templates = {f"{m.upper()} {path}" for path, methods in paths.items() for m in methods}
    met = {each for each in templates if any(re.fullmatch(pattern(each), one) for one in asked)}
    assert templates - met <= NOT_CALLED


def pattern(template: str) -> str:
    return re.sub(r"\{\w+\}", "[^/]+", template)


def test_a_refusal_tells_what_to_do_next(api: Client) -> None:
    problem = refused(lambda: api.item("a/b?c")).problem
    assert problem.status == 404 and problem.next_step and problem.what
    assert refused(lambda: api.garments(b"no photo")).problem.status == 415


def test_when_to_come_again_is_told() -> None:
    def busy(_: httpx.Request) -> httpx.Response:
        body = {"type": "t", "title": "t", "status": 503, "detail": "d"}
        return httpx.Response(503, json=body, headers={"Retry-After": "7"})

    client = Client.over(httpx.Client(transport=httpx.MockTransport(busy), base_url="http://shop"))
    assert refused(client.samples).retry_after_s == 7.0


def test_a_key_is_sent_and_never_shown() -> None:
    client = Client("http://127.0.0.1:9", key="ctl_secret")
    assert client._http.headers["authorization"] == "Bearer ctl_secret"
    assert "secret" not in repr(client)
    client.close()


@pytest.mark.parametrize("text", ["<html>", "{}", ""])
def test_an_answer_that_is_none_of_ours_is_told(text: str) -> None:
    other = httpx.MockTransport(lambda _: httpx.Response(200, text=text))
    client = Client.over(httpx.Client(transport=other, base_url="http://shop"))
    assert refused(client.samples).problem.status == 502


def test_nobody_there_is_told() -> None:
    with Client("http://127.0.0.1:9") as client:
        assert refused(client.samples).problem.status == 503


def test_a_service_that_hangs_is_told_soon_where_nothing_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "QUICK_S", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,  # takes connections, and never answers
        Client(f"http://127.0.0.1:{mute.getsockname()[1]}") as client,
    ):
        begun = time.monotonic()
        assert refused(client.facets).problem.type == transport.UNREACHABLE.type
        result = refused(lambda: client.tell("p", "bag-1", "like"))
        assert result.problem.type == transport.UNREACHABLE.type
        assert 0.4 <= time.monotonic() - begun < 5


def test_what_is_computed_may_take_its_time() -> None:
    waited: dict[str, float] = {}

    def handle(request: httpx.Request) -> httpx.Response:
        waited[request.url.path] = request.extensions["timeout"]["read"]
        raise httpx.ReadTimeout("silence", request=request)

    http = httpx.Client(
        transport=httpx.MockTransport(handle), base_url="http://shop", timeout=TIMEOUT_S
    )
    client = Client.over(http)
    refused(lambda: client.hold(b""))
    refused(lambda: client.share(["bag-1"]))
    assert waited == {"/v1/photos": TIMEOUT_S, "/v1/shares": transport.QUICK_S}


LIGHT = """
import importlib.abc, json, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in {"torch", "cv2", "faiss", "numpy", "PIL", "sqlalchemy", "fastapi"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
from recommender.client import Client, CompleteQuery
Client("http://127.0.0.1:9").close()
CompleteQuery(budget="300")
ours = [n for n in sys.modules if n.split(".")[0] in {"segmentation", "index", "recommender"}]
print(json.dumps(ours))
"""


def test_the_client_needs_the_wire_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], check=True, capture_output=True, text=True, cwd=ROOT
    )
    loaded = json.loads(done.stdout)
    assert len(loaded) <= 25
    assert {name for name in loaded if name.startswith("recommender.")} == {
        name for name in loaded if name.startswith(("recommender.client", "recommender.wire"))
    }


def test_a_photo_is_held_with_everyone_in_it(api: Client) -> None:
    photo = api.hold(street(), everyone=True)
    assert len(photo.garments) == 3 and [each.garments for each in photo.wearers] == [[0, 1, 2]]
