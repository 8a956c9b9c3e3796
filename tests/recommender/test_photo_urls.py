"""Photos at addresses: off by default, never from inside, in memory only, and bounded."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.feeds.fetching.addresses import Network
from index.feeds.fetching.rules import FetchRules
from recommender.api.app import create_app
from recommender.api.http.errors import Busy
from recommender.errors import PhotoNotFetched, SettingsError
from recommender.photos import photo_urls
from recommender.photos.photo_urls import PhotoFetcher, fetcher_of
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings
from tests.index.feeds.loopback import LOOPBACK, Shop, moved, open_shop, sent
from tests.recommender.fake_shop import FakeShop, street
from tests.recommender.fake_shop import open_shop as open_fake_shop

MAX_BYTES = 20_000
PATHS = ("/v1/photos", "/v1/garments", "/v1/complete", "/v1/similar")
INSIDE = "http://169.254.169.254/latest/meta-data"


@pytest.fixture
def server() -> Iterator[Shop]:
    with open_shop() as each:
        each.answers["/a.png"] = sent(street(), content_type="text/plain")  # not believed
        yield each


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_fake_shop(tmp_path_factory.mktemp("home"))


def fetcher(server: Shop, *more: str, networks: tuple[Network, ...] = LOOPBACK) -> PhotoFetcher:
    rules = FetchRules.of(
        [f"http://127.0.0.1:{server.port}", f"http://localhost:{server.port}", *more]
    )
    return PhotoFetcher(rules, max_bytes=MAX_BYTES, allowed_networks=networks)


@pytest.fixture
def client(stocked: FakeShop, server: Shop) -> Iterator[TestClient]:
    shop = replace(stocked, photo_fetcher=fetcher(server))
    with TestClient(create_app(shop, outfits={}, warm=False)) as client:
        yield client


def problem(answer: Any, status: int, name: str) -> Any:
    assert answer.status_code == status, answer.text
    assert answer.json()["type"].rsplit(":", 1)[-1] == name
    return answer.json()


@pytest.mark.parametrize("kind", ["json", "data"])
@pytest.mark.parametrize("path", PATHS)
def test_a_photo_at_an_address_is_answered_as_one_that_was_sent(
    client: TestClient, server: Shop, path: str, kind: str
) -> None:
    body: dict[str, Any] = {kind: {"url": server.url("/a.png")}}
    there = client.post(path, **body)
    sent_with = client.post(path, files={"photo": street()})
    assert there.status_code == sent_with.status_code in (200, 201), there.text
    differs = {"ms", "id", "expires_at"}
    one, other = there.json(), sent_with.json()
    assert {k: v for k, v in one.items() if k not in differs} == {
        k: v for k, v in other.items() if k not in differs
    }
    assert server.count("/a.png") == 1
    assert "cookie" not in server.headers[0] and "referer" not in server.headers[0]


def test_a_multipart_form_may_name_an_address(client: TestClient, server: Shop) -> None:
    fields = [("url", (None, server.url("/a.png"))), ("everyone", (None, "true"))]
    answer = client.post("/v1/garments", files=fields)
    assert [each["category"] for each in answer.json()["garments"]] == ["shirt", "pants", "hat"]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_fetched_unless_it_is_switched_on(
    stocked: FakeShop, server: Shop, path: str
) -> None:
    with TestClient(create_app(stocked, outfits={}, warm=False)) as client:
        result = problem(
            client.post(path, json={"url": server.url("/a.png")}), 422, "photo-not-fetched"
        )
    assert (
        "fetches no photos" in result["detail"] and "RECOMMENDER_PHOTO_URLS" in result["next_step"]
    )
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.test/a.png",
        "ftp://127.0.0.1/a.png",
        "file:///etc/passwd",
        "not an address",
        "http://user:secret@127.0.0.1/a.png",
        INSIDE,
    ],
)
def test_other_addresses_are_refused(client: TestClient, server: Shop, address: str) -> None:
    answer = client.post("/v1/garments", json={"url": address})
    problem(answer, 422, "photo-not-fetched")
    assert "secret" not in answer.text
    assert server.asked == []


def test_inside_is_refused_where_no_test_allows_it(stocked: FakeShop, server: Shop) -> None:
    shop = replace(stocked, photo_fetcher=fetcher(server, networks=()))
    with TestClient(create_app(shop, outfits={}, warm=False)) as client:
        for host in ("127.0.0.1", "localhost"):
            answer = client.post("/v1/photos", json={"url": server.url("/a.png", host)})
            result = problem(answer, 422, "photo-not-fetched")
            assert "not public" not in answer.text  # what there is inside is nobody's business
            assert result["got"].startswith(f"'http://{host}:")
    assert server.asked == []
    assert fetcher(server).fetch(server.url("/a.png")) == street()  # it was there all along


def test_a_redirect_to_a_private_address_is_refused(server: Shop) -> None:
    """The rules would allow it: it is the address that is refused."""
    server.answers["/out.png"] = moved(INSIDE)
    server.answers["/on.png"] = moved(server.url("/a.png"))
    anywhere = fetcher(server, "http")
    assert anywhere.fetch(server.url("/on.png")) == street()
    with pytest.raises(PhotoNotFetched) as refused:
        anywhere.fetch(server.url("/out.png"))
    assert "169.254.169.254, which is not public" in str(refused.value.__cause__)
    assert server.count("/out.png") == 1


def test_a_redirect_to_what_is_not_allowed_is_refused(client: TestClient, server: Shop) -> None:
    server.answers["/out.png"] = moved("http://elsewhere.test/a.png")
    answer = client.post("/v1/photos", json={"url": server.url("/out.png")})
    problem(answer, 422, "photo-not-fetched")
    assert server.count("/out.png") == 1


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()  # no length: until the connection is closed
    for _ in range(10_000):
        handler.wfile.write(b"x" * 10_000)


@pytest.mark.parametrize("answer", [True, False])
def test_too_many_bytes_are_not_read(client: TestClient, server: Shop, answer: bool) -> None:
    server.answers["/a.png"] = sent(b"x" * (MAX_BYTES + 1)) if answer else endless
    problem(client.post("/v1/photos", json={"url": server.url("/a.png")}), 422, "photo-not-fetched")
    with pytest.raises(PhotoNotFetched) as refused:
        fetcher(server).fetch(server.url("/a.png"))
    assert f"more than {MAX_BYTES} bytes" in str(refused.value.__cause__)
    server.answers["/a.png"] = sent(street() + b"x" * (MAX_BYTES - len(street())))
    assert client.post("/v1/photos", json={"url": server.url("/a.png")}).status_code == 201


def test_a_slow_server_is_waited_for_a_short_time_only(
    server: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(20)

    server.answers["/a.png"] = slow
    monkeypatch.setattr(photo_urls, "READ_S", 0.2)
    begun = time.monotonic()
    with pytest.raises(PhotoNotFetched):
        fetcher(server).fetch(server.url("/a.png"))
    assert time.monotonic() - begun < 15
    assert server.count("/a.png") == 1  # nobody waits for a second attempt


@pytest.mark.parametrize("status", [404, 500])
def test_a_server_that_has_no_photo(client: TestClient, server: Shop, status: int) -> None:
    server.answers["/a.png"] = sent(b"", status)
    result = problem(
        client.post("/v1/similar", json={"url": server.url("/a.png?sig=s3cret")}),
        422,
        "photo-not-fetched",
    )
    assert "s3cret" not in str(result)


def test_what_is_no_picture_is_refused_as_one_that_was_sent(
    client: TestClient, server: Shop
) -> None:
    server.answers["/a.png"] = sent(b"<html>", content_type="image/png")
    problem(client.post("/v1/photos", json={"url": server.url("/a.png")}), 415, "photo-unsupported")


def test_waiting_for_servers_holds_up_no_photo_that_was_sent(
    stocked: FakeShop, server: Shop
) -> None:
    class FullGate:
        async def run(self, work: object) -> object:
            raise Busy("too many", got="many", expected="few", next_step="Wait.")

    app = create_app(replace(stocked, photo_fetcher=fetcher(server)), outfits={}, warm=False)
    object.__setattr__(app.state.backend, "fetching", FullGate())
    with TestClient(app) as client:
        problem(client.post("/v1/photos", json={"url": server.url("/a.png")}), 503, "busy")
        assert client.post("/v1/photos", files={"photo": street()}).status_code == 201
    assert server.asked == []


def test_a_host_that_failed_is_asked_again(server: Shop) -> None:
    """An import leaves a host alone in the end; a server that runs for weeks must not."""
    one, address = fetcher(server), server.url("/b.png")

    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.close()

    server.answers["/b.png"] = hang_up
    for _ in range(12):
        with pytest.raises(PhotoNotFetched):
            one.fetch(address)
    server.answers["/b.png"] = sent(street())
    assert one.fetch(address) == street()


def test_nothing_is_written(
    client: TestClient, stocked: FakeShop, server: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened for a photo")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    before = {str(path) for path in stocked.settings.home.rglob("*")}
    assert client.post("/v1/photos", json={"url": server.url("/a.png")}).status_code == 201
    assert {str(path) for path in stocked.settings.home.rglob("*")} == before


@pytest.mark.parametrize("address", ["", "x" * 2001, "nul\0"])
def test_texts_that_are_no_addresses(client: TestClient, address: str) -> None:
    problem(client.post("/v1/garments", json={"url": address}), 422, "invalid")


def test_one_photo_at_a_time(client: TestClient, server: Shop) -> None:
    for path in PATHS:
        files, data = {"photo": street()}, {"url": server.url("/a.png")}
        problem(client.post(path, files=files, data=data), 422, "invalid")
    assert server.asked == []


def test_the_setting_is_the_rules() -> None:
    assert fetcher_of("", 1) is None
    assert fetcher_of(" , ", 1) is None
    assert isinstance(fetcher_of("https, http://cdn.shop.example", 1), PhotoFetcher)
    with pytest.raises(SettingsError, match="RECOMMENDER_PHOTO_URLS") as refused:
        fetcher_of("htps", 1)
    assert refused.value.got == "htps"


def test_the_wiring_makes_one_fetcher(tmp_path: Path) -> None:
    assert Wiring(Settings(home=tmp_path)).photo_fetcher is None
    wiring = Wiring(Settings(home=tmp_path, photo_urls="https"))
    assert wiring.photo_fetcher is wiring.photo_fetcher is not None
    assert list(tmp_path.iterdir()) == []
    wiring.close()


def test_a_package_that_is_missing_is_the_operators_affair(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "fsspec":
            raise ImportError("No module named 'fsspec'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    given = PhotoFetcher(FetchRules.of(["s3://photos"]), max_bytes=1)
    with pytest.raises(SettingsError, match="complete-the-look\\[remote\\]"):
        given.fetch("s3://photos/a.jpg")
