"""Every error is problem+json with the right status, and tells nothing that is nobody's business."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import anyio
import httpx
import pytest
from starlette.testclient import TestClient

import index.errors
import recommender.errors
from recommender.api.app import create_app
from recommender.api.http import errors as api_errors
from recommender.api.http.admission_queue import Gate
from recommender.api.http.problems import TABLE
from recommender.wire.state_shapes import Problem
from segmentation.common import errors as segmentation_errors
from segmentation.common.errors import Refusal
from tests.recommender.fake_shop import FakeShop, StreetDetector, open_shop, picture, street

STATUSES = {
    "PhotoError": 422, "WeightsError": 503, "DeviceError": 503, "DatasetError": 422, "Refusal": 422,
    "CatalogError": 503, "ClusterError": 503, "CatalogBusy": 503, "FeedError": 422, "PicturesElsewhere": 422,
    "ItemNotFound": 404,
    "ImportNotFound": 404, "ImportsFull": 503, "LookNotFound": 404, "ShareNotFound": 404,
    "DatabaseError": 503, "IndexRefusal": 503, "IndexMissing": 503, "IndexMismatch": 503,
    "IndexDamaged": 503, "IndexUnreachable": 503, "RequestError": 422, "CatalogMissing": 503, "SettingsError": 503,
    "ServiceNotReady": 503, "ApiRefusal": 422, "BodyTooLarge": 413, "BodyUnsupported": 415,
    "BodyMalformed": 400, "SampleNotFound": 404, "PictureMissing": 404, "Busy": 503, "BodyTooSlow": 408, "Gone": 499,
    "PhotoNotFound": 404, "PhotoNotFetched": 422, "KeyMissing": 401, "KeyInvalid": 401, "ScopeMissing": 403,
    "TooManyRequests": 429, "CrossSite": 403, "OutOfMemory": 503, "NoEarlierIndex": 409,
    "BackupError": 422, "DatabaseBusy": 503, "DatabaseUnfit": 503, "IndexForeign": 503,
    "LossUnconfirmed": 409, "PhotoUnsupported": 415, "TooManyRejects": 422, "ImportFailed": 422,
    "KeyReused": 422, "KeyUnderWay": 409, "EventsOff": 403,
}  # fmt: skip

SAME: Final = {index.errors.DatabaseUnfit, api_errors.ApiRefusal}
"""Refusals that answer to their parent's code."""


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"), max_upload_mb=1)


@pytest.fixture
def shop(stocked: FakeShop) -> FakeShop:
    return replace(stocked, detector=StreetDetector())


@pytest.fixture
def client(shop: FakeShop) -> Iterator[TestClient]:
    app = create_app(shop, outfits={}, warm=False)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def problem_of(answer: Any, status: int, name: str) -> Problem:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    result = Problem.model_validate(answer.json())
    assert result.status == status
    assert result.type == f"urn:complete-the-look:problem:{name}"
    assert result.title
    assert result.detail
    return result


def every_refusal() -> list[type[Refusal]]:
    modules = (segmentation_errors, index.errors, recommender.errors, api_errors)
    classes = {each for m in modules for _, each in inspect.getmembers(m, inspect.isclass)}
    return sorted((c for c in classes if issubclass(c, Refusal)), key=lambda c: c.__name__)


@pytest.mark.parametrize("refusal", every_refusal(), ids=lambda c: c.__name__)
def test_every_refusal_has_its_row(client: TestClient, shop: FakeShop, refusal: Any) -> None:
    assert "code" in vars(refusal) or refusal in SAME, "or it says whose code it shares"
    shop.detector.fails = refusal("what", got="g", expected="e", next_step="Do x.")
    answer = client.post("/v1/garments", files={"photo": street()})
    result = problem_of(answer, STATUSES[refusal.__name__], refusal.code)
    assert (result.what, result.got, result.expected, result.next_step) == (
        "what",
        "g",
        "e",
        "Do x.",
    )
    assert ("retry-after" in answer.headers) is (
        refusal.__name__
        in {
            "Busy",
            "CatalogBusy",
            "DatabaseBusy",
            "ImportsFull",
            "IndexUnreachable",
            "KeyUnderWay",
            "TooManyRequests",
        }
    )


def test_no_code_is_told_of_that_is_not_raised() -> None:
    assert {refusal.code for refusal in every_refusal()} == set(TABLE)


@pytest.mark.parametrize(
    ("data", "status", "name"),
    [
        (b"", 422, "photo-unusable"),
        (b"this is no picture", 415, "photo-unsupported"),
        (picture(kind="GIF"), 415, "photo-unsupported"),
        (picture(size_wh=(400, 400), kind="JPEG")[:700], 422, "photo-unusable"),
        (picture() + b"\0" * (1024 * 1024), 413, "too-large"),
        (picture() + b"\0" * (3 * 1024 * 1024), 413, "too-large"),
    ],
    ids=["empty", "text", "gif", "cut off", "just too large", "far too large"],
)
@pytest.mark.parametrize("path", ["/v1/garments", "/v1/complete", "/v1/similar"])
def test_photos_that_are_refused(
    client: TestClient, path: str, data: bytes, status: int, name: str
) -> None:
    result = problem_of(client.post(path, files={"photo": ("p.jpg", data)}), status, name)
    assert result.next_step


def test_an_endless_upload_is_stopped_early(shop: FakeShop) -> None:
    """Without a declared length the cap holds as well: the rest is never read."""
    app, sent = create_app(shop, outfits={}, warm=False), 0

    async def endless() -> Any:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="photo"; filename="p"\r\n\r\n'
        while sent < 1000:
            sent += 1
            yield b"\0" * 65536

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            head = {"Content-Type": "multipart/form-data; boundary=x"}
            return await client.post("/v1/garments", content=endless(), headers=head)

    problem_of(anyio.run(ask), 413, "too-large")
    assert sent < 25


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"k": "0"}, "k"),
        ({"k": "101"}, "k"),
        ({"k": ["1", "2"]}, "k"),
        ({"looks": "11"}, "looks"),
        ({"slot": "nose"}, "slot.0"),
        ({"category": "kilt"}, "category.0"),
        ({"max_price": "-1"}, "max_price"),
        ({"max_price": "NaN"}, "max_price"),
        ({"max_price": "1e999999"}, "max_price"),
        ({"min_price": "9", "max_price": "8"}, ""),
        ({"slot": "shoes", "category": "dress"}, ""),
        ({"brand": ""}, "brand.0"),
        ({"brand": ["x"] * 21}, "brand"),
        ({"colour": "x" * 101}, "colour.0"),
        ({"unknown": "x"}, "unknown"),
    ],
)
def test_values_that_are_not_allowed(
    client: TestClient, fields: dict[str, Any], where: str
) -> None:
    answer = client.post("/v1/complete", files={"photo": street()}, data=fields)
    result = problem_of(answer, 422, "invalid")
    assert where in [each.where for each in result.errors or []]
    if fields.get("k") != ["1", "2"]:  # of a repeated query parameter the last one counts
        problem_of(client.get("/v1/items/bag-0/complete", params=fields), 422, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "a", "item": "bag-0"},
        {"text": ""},
        {"text": "   "},
        {"text": "x" * 501},
        {"item": ""},
        {"item": "x" * 201},
        {"text": "a", "garment": 0},
        {"text": "a", "but": "red"},
        {"item": "bag-0", "but": " "},
        {"item": "bag-0", "but": "x" * 501},
        {"item": "bag-0", "but": ["red"]},
        {"text": "a", "k": "many"},
        {"text": ["a"]},
        {"text": "nul\0"},
        {"item": "nul\0"},
        {"text": "a", "brand": ["nul\0"]},
    ],
)
def test_similar_refuses(client: TestClient, body: Any) -> None:
    problem_of(client.post("/v1/similar", json=body), 422, "invalid")


def test_similar_refuses_a_garment_that_is_not_there(client: TestClient) -> None:
    answer = client.post("/v1/similar", files={"photo": street()}, data={"garment": 7})
    problem_of(answer, 422, "request")


def test_a_photo_and_words_at_once(client: TestClient) -> None:
    answer = client.post("/v1/similar", files={"photo": street()}, data={"text": "red"})
    problem_of(answer, 422, "invalid")


def test_the_photo_is_missing_or_misnamed(client: TestClient) -> None:
    result = problem_of(client.post("/v1/garments", data={}, files={"x": b"1"}), 422, "invalid")
    assert (result.errors or [])[0].where == "x"
    multipart = {"Content-Type": "multipart/form-data; boundary=b"}
    text = b'--b\r\nContent-Disposition: form-data; name="photo"\r\n\r\nx\r\n--b--\r\n'
    answer = client.post("/v1/garments", content=text, headers=multipart)
    assert (problem_of(answer, 422, "invalid").errors or [])[0].where == "photo"
    answer = client.post("/v1/complete", content=b"--b--\r\n", headers=multipart)
    assert (problem_of(answer, 422, "invalid").errors or [])[0].where == "photo"


@pytest.mark.parametrize(
    ("kind", "content", "status", "name"),
    [
        ("", b"x", 415, "body-unsupported"),
        ("image/png", picture(), 415, "body-unsupported"),
        ("multipart/form-data", b"x", 400, "body-malformed"),
        ("multipart/form-data; boundary=b", b"x" * 100, 400, "body-malformed"),
        ("application/json", b"{", 400, "body-malformed"),
        ("application/json", b"[" * 60_000, 400, "body-malformed"),
        ("application/json", b"1" * 70_000, 413, "too-large"),
        ("application/json", b"\xff\xfe\x00", 400, "body-malformed"),
        ("application/json", b"[]", 400, "body-malformed"),
        ("application/json", b"7", 400, "body-malformed"),
        ("application/json", b'{"k": ' + b"9" * 5000 + b"}", 400, "body-malformed"),
        ("application/x-www-form-urlencoded", b"text=%ff", 400, "body-malformed"),
        ("application/x-www-form-urlencoded", b"&".join([b"k=1"] * 200), 400, "body-malformed"),
    ],
)
def test_bodies_that_are_not_read(
    client: TestClient, kind: str, content: bytes, status: int, name: str
) -> None:
    head = {"Content-Type": kind} if kind else {}
    problem_of(client.post("/v1/similar", content=content, headers=head), status, name)


def test_too_many_parts(client: TestClient) -> None:
    two = [("photo", street()), ("photo", street())]
    problem_of(client.post("/v1/garments", files=two), 400, "body-malformed")
    many = {"brand": [str(number) for number in range(200)]}
    answer = client.post("/v1/complete", files={"photo": street()}, data=many)
    problem_of(answer, 400, "body-malformed")
    long = client.post("/v1/complete", files={"photo": street()}, data={"brand": "x" * 9000})
    problem_of(long, 400, "body-malformed")


@pytest.mark.parametrize(
    "path",
    ["/v1/items/none", "/v1/items/none/similar", "/v1/items/none/complete", "/v1/items/none/image"],
)
def test_an_unknown_item(client: TestClient, path: str) -> None:
    problem_of(client.get(path), 404, "item-not-found")


def test_an_unknown_address_and_a_wrong_method(client: TestClient) -> None:
    problem_of(client.get("/nowhere"), 404, "not-found")
    answer = client.get("/v1/complete")
    problem_of(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"


def test_an_unexpected_error_tells_nothing(client: TestClient, shop: FakeShop) -> None:
    shop.detector.fails = ZeroDivisionError("secret in /home/somebody")
    answer = client.post("/v1/garments", files={"photo": street()})
    problem_of(answer, 500, "internal")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_full_queue_is_refused_at_once() -> None:
    gate, go = Gate(at_once=1, waiting=1), threading.Event()
    done: list[object] = []

    async def one() -> None:
        try:
            done.append(await gate.run(lambda: go.wait(10)))
        except api_errors.Busy as busy:
            done.append(busy)
            go.set()

    async def ask() -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(one)
        assert await gate.run(lambda: "free again") == "free again"

    anyio.run(ask)
    assert [type(each).__name__ for each in done] == ["Busy", "bool", "bool"]


def test_no_other_site_may_read(client: TestClient) -> None:
    answer = client.get("/healthz", headers={"Origin": "http://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers
