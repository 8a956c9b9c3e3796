"""Pictures from the web: fetched once, not at all where unchanged, and never from inside."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from index.errors import FeedError
from index.feeds.fetching import spool, web
from index.feeds.fetching.answers import AddressRefused, FetchFailed, Validators
from index.feeds.fetching.rules import FetchRules
from tests.index.feeds.loopback import Shop, fetching, moved, open_shop, sent

PICTURE = b"picture" * 100
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as each:
        yield each


def test_a_picture_is_fetched_once_in_an_import(shop: Shop, tmp_path: Path) -> None:
    shop.answers["/a.jpg"] = sent(PICTURE, content_type="text/plain")  # which is not believed
    with fetching(tmp_path, shop) as fetcher:
        picture = fetcher.picture(shop.url("/a.jpg"))
        assert shop.asked == []
        assert picture.digest() == DIGEST
        assert picture.read() == picture.read() == PICTURE
        assert fetcher.picture(shop.url("/a.jpg")).digest() == DIGEST
    assert shop.count("/a.jpg") == 1
    assert shop.headers[0]["host"] == f"127.0.0.1:{shop.port}"
    assert shop.headers[0]["accept-encoding"] == "identity"
    assert "cookie" not in shop.headers[0]


def test_threads_that_want_one_picture_fetch_it_once(shop: Shop, tmp_path: Path) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.1)
        sent(PICTURE)(handler)

    shop.answers["/a.jpg"] = slow
    with fetching(tmp_path, shop) as fetcher, ThreadPoolExecutor(4) as pool:
        pictures = [fetcher.picture(shop.url("/a.jpg")) for _ in range(8)]
        digests = list(pool.map(lambda picture: picture.digest(), pictures))
        assert set(digests) == {DIGEST}
    assert shop.count("/a.jpg") == 1


@pytest.mark.parametrize(
    ("given", "asked"),
    [({"etag": '"v1"'}, "if-none-match"), ({"last_modified": "Tue, 1 Jul 2025 10:00:00 GMT"}, "if-modified-since")],
)  # fmt: skip
def test_an_unchanged_picture_is_not_sent_again(
    shop: Shop, tmp_path: Path, given: dict[str, str], asked: str
) -> None:
    bodies: list[int] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get(asked) in given.values():
            sent(b"", 304)(handler)
        else:
            bodies.append(1)
            sent(PICTURE, 200, **given)(handler)

    shop.answers["/a.jpg"] = answer
    for _ in range(3):
        with fetching(tmp_path, shop) as fetcher:
            assert fetcher.picture(shop.url("/a.jpg")).digest() == DIGEST
    assert (shop.count("/a.jpg"), len(bodies)) == (3, 1)
    with fetching(tmp_path, shop) as fetcher:  # needed after all: it has to come whole
        picture = fetcher.picture(shop.url("/a.jpg"))
        assert (picture.digest(), picture.read()) == (DIGEST, PICTURE)
    assert len(bodies) == 2


def test_a_changed_picture_comes_anew(shop: Shop, tmp_path: Path) -> None:
    for version in (b"one", b"two"):
        shop.answers["/a.jpg"] = sent(version, etag=f'"{version.decode()}"')
        with fetching(tmp_path, shop) as fetcher:
            digest = fetcher.picture(shop.url("/a.jpg")).digest()
            assert digest == hashlib.sha256(version).hexdigest()


def test_pictures_lie_below_home_while_an_import_lasts(shop: Shop, tmp_path: Path) -> None:
    shop.answers["/a.jpg"] = sent(PICTURE)
    with fetching(tmp_path, shop) as fetcher:
        fetcher.picture(shop.url("/a.jpg")).read()
        (kept,) = (tmp_path / spool.FOLDER).glob("import-*/*")
        assert kept.read_bytes() == PICTURE
        assert "a.jpg" not in kept.name  # an address may hold a signature
        spool.sweep(tmp_path)  # another process starts: what is under way stays
        with fetching(tmp_path, shop) as other:
            other.picture(shop.url("/a.jpg")).read()
        assert kept.is_file()
    assert not list((tmp_path / spool.FOLDER).glob("import-*/*"))


def test_pictures_of_an_import_that_was_killed_go_at_the_next_start(
    shop: Shop, tmp_path: Path
) -> None:
    shop.answers["/a.jpg"] = sent(PICTURE)
    program = f"""
import os, signal
from pathlib import Path
from tests.index.feeds.loopback import Shop, fetching
shop = Shop({shop.port})
with fetching(Path({str(tmp_path)!r}), shop) as fetcher:
    fetcher.picture(shop.url("/a.jpg")).read()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    died = subprocess.run([sys.executable, "-c", program], check=False)
    assert died.returncode == -9
    assert len(list((tmp_path / spool.FOLDER).glob("import-*/*"))) == 1  # the kill landed
    with fetching(tmp_path, shop):
        pass
    assert not list((tmp_path / spool.FOLDER).glob("import-*/*"))


def test_a_damaged_cache_is_only_a_slower_import(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / spool.FOLDER).mkdir()
    (tmp_path / spool.FOLDER / "known.sqlite3").write_bytes(b"no database" * 500)
    shop.answers["/a.jpg"] = sent(PICTURE, etag='"v1"')
    with fetching(tmp_path, shop) as fetcher:
        assert fetcher.picture(shop.url("/a.jpg")).digest() == DIGEST
    known = spool.ValidatorCache(tmp_path)
    assert known.get(shop.url("/a.jpg")) == (Validators('"v1"'), DIGEST)
    known.close()


@pytest.mark.parametrize("hops", [3, 4])
def test_three_redirects_are_followed_and_no_more(shop: Shop, tmp_path: Path, hops: int) -> None:
    for hop in range(hops):
        shop.answers[f"/{hop}"] = moved(f"/{hop + 1}", (301, 302, 307, 308)[hop])
    shop.answers[f"/{hops}"] = sent(PICTURE)
    with fetching(tmp_path, shop) as fetcher:
        picture = fetcher.picture(shop.url("/0"))
        if hops == 3:
            assert picture.read() == PICTURE
        else:
            with pytest.raises(FetchFailed, match="redirects"):
                picture.read()
            assert shop.count("/4") == 0


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says(shop: Shop, tmp_path: Path, status: int) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=15), usegmt=True)
    busy = [sent(b"", status, retry_after="7"), sent(b"", status, retry_after=soon)]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (busy.pop(0) if busy else sent(PICTURE))(handler)

    shop.answers["/a.jpg"] = answer
    slept: list[float] = []
    with fetching(tmp_path, shop, sleep=slept.append) as fetcher:
        assert fetcher.picture(shop.url("/a.jpg")).read() == PICTURE
    assert shop.count("/a.jpg") == 3
    assert slept[0] == 7
    assert 8 <= slept[1] <= 15


def test_waiting_doubles_is_capped_and_ends(shop: Shop, tmp_path: Path) -> None:
    slept: list[float] = []
    shop.answers["/a.jpg"] = sent(b"", 500)
    shop.answers["/b.jpg"] = sent(b"", 503, retry_after="86400")
    with fetching(tmp_path, shop, sleep=slept.append) as fetcher:
        for path in ("/a.jpg", "/b.jpg"):
            with pytest.raises(FetchFailed, match="3 times"):
                fetcher.picture(shop.url(path)).read()
    assert slept == [0.1, 0.2, 30.0, 30.0]
    assert (shop.count("/a.jpg"), shop.count("/b.jpg")) == (3, 3)


@pytest.mark.parametrize("status", [204, 304, 401, 404, 410])
def test_a_refusal_is_told_and_not_repeated(shop: Shop, tmp_path: Path, status: int) -> None:
    shop.answers["/a.jpg"] = sent(b"", status)
    with (
        fetching(tmp_path, shop) as fetcher,
        pytest.raises(FetchFailed, match=f"answered {status}"),
    ):
        fetcher.picture(shop.url("/a.jpg")).read()
    assert shop.count("/a.jpg") == 1


def test_an_empty_answer_is_no_picture(shop: Shop, tmp_path: Path) -> None:
    shop.answers["/a.jpg"] = sent(b"")
    with fetching(tmp_path, shop) as fetcher, pytest.raises(FetchFailed, match="no bytes"):
        fetcher.picture(shop.url("/a.jpg")).read()


def test_a_body_past_the_cap_is_not_read_to_its_end(shop: Shop, tmp_path: Path) -> None:
    written: list[int] = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()  # no length: the body ends where the connection does
        for _ in range(10_000):
            handler.wfile.write(b"x" * 10_000)
            written.append(10_000)

    shop.answers["/told.jpg"] = sent(b"x" * 100, content_length="20001")
    shop.answers["/endless.jpg"] = endless
    with fetching(tmp_path, shop) as fetcher:
        for path in ("/told.jpg", "/endless.jpg"):
            with pytest.raises(FetchFailed, match="more than 20000 bytes"):
                fetcher.picture(shop.url(path)).read()
    assert shop.asked == ["/told.jpg", "/endless.jpg"]
    assert 20_000 < sum(written) < 50_000_000  # it had begun, and was cut off


def test_a_gzip_bomb_is_never_unpacked(shop: Shop, tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(16_000_000))
    assert len(bomb) < 20_000  # below the cap as it is sent, past it unpacked
    shop.answers["/bomb.jpg"] = sent(bomb, content_encoding="gzip")
    with fetching(tmp_path, shop) as fetcher, pytest.raises(FetchFailed, match="compressed"):
        fetcher.picture(shop.url("/bomb.jpg")).read()
    assert shop.count("/bomb.jpg") == 1


@pytest.mark.parametrize("length", ["700", None])
def test_a_server_that_closes_half_way_is_no_picture(
    shop: Shop, tmp_path: Path, length: str | None
) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if length:
            handler.send_header("Content-Length", length)
        else:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(PICTURE[:350] if length else b"15e\r\n" + PICTURE[:350] + b"\r\n")

    shop.answers["/a.jpg"] = half
    with fetching(tmp_path, shop) as fetcher, pytest.raises(FetchFailed, match="3 times"):
        fetcher.picture(shop.url("/a.jpg")).digest()
    assert shop.count("/a.jpg") == 3
    assert not list((tmp_path / spool.FOLDER).glob("import-*/*"))


@pytest.mark.parametrize("slow", ["silent", "headers", "body"])
def test_a_server_that_dribbles_is_left_in_time(shop: Shop, tmp_path: Path, slow: str) -> None:
    dribbled: list[float] = []

    def dribble(handler: BaseHTTPRequestHandler) -> None:
        if slow == "silent":
            time.sleep(10)
            return
        if slow == "body":
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
        for _ in range(100):  # each byte well within the time for one read
            handler.wfile.write(b"x")
            handler.wfile.flush()
            dribbled.append(time.monotonic())
            time.sleep(0.1)

    shop.answers["/a.jpg"] = dribble
    limits = web.FetchLimits(read_s=0.4, total_s=0.8, attempts=1)
    began = time.monotonic()
    with (
        fetching(tmp_path, shop, limits=limits) as fetcher,
        pytest.raises(FetchFailed, match="1 times"),
    ):
        fetcher.picture(shop.url("/a.jpg")).read()
    assert time.monotonic() - began < 8
    assert shop.count("/a.jpg") == 1
    assert slow == "silent" or len(dribbled) >= 4  # it was still sending


def test_a_host_that_fails_again_and_again_is_left_alone(shop: Shop, tmp_path: Path) -> None:
    limits = web.FetchLimits(attempts=1, host_failures=3, first_wait_s=0)

    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.close()

    for number in range(10):
        shop.answers[f"/{number}"] = hang_up
    with fetching(tmp_path, shop, limits=limits) as fetcher:
        for number in range(10):
            with pytest.raises(FetchFailed):
                fetcher.picture(shop.url(f"/{number}")).read()
    assert len(shop.asked) == 3


def test_what_may_be_fetched_is_read_from_words() -> None:
    rules = FetchRules.of(["s3://pictures", "cdn.shop.example", "https://*.img.example:8443", " "])
    for allowed in (
        "s3://pictures/a.jpg",
        "https://cdn.shop.example/a b.jpg?w=1",
        "HTTPS://CDN.shop.example:443/ä.jpg",
        "https://a.img.example:8443/x",
    ):
        assert rules.checked(allowed)
    for refused in (
        "s3://other/a.jpg",
        "http://cdn.shop.example/a.jpg",
        "https://cdn.shop.example:8443/a.jpg",
        "https://cdn.shop.example.evil.test/a.jpg",
        "https://img.example:8443/x",
        "https://aimg.example:8443/x",
    ):
        with pytest.raises(AddressRefused, match="may not be fetched"):
            rules.checked(refused)
    with pytest.raises(AddressRefused, match="allowed is nothing"):
        FetchRules.of([]).checked("https://cdn.shop.example/a.jpg")


@pytest.mark.parametrize("word", ["ftp", "ftp://a", "https://", "https://a/b", "a b", "u:p@host", "file:///"])  # fmt: skip
def test_a_word_that_allows_nothing_known_is_refused(word: str) -> None:
    with pytest.raises(FeedError, match="Mend --fetch"):
        FetchRules.of([word])
