"""A whole import of a feed whose pictures lie elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from index.feeds.fetching import spool
from index.feeds.rows import FeedOptions
from index.importing.reports import ImportOptions, ImportReport
from tests.index.conftest import Shop, colour_of, picture
from tests.index.feeds import loopback


@pytest.fixture
def web() -> Iterator[loopback.Shop]:
    with loopback.open_shop() as each:
        yield each


def _import(shop: Shop, web: loopback.Shop, *, dry_run: bool = False) -> ImportReport:
    with loopback.fetching(shop.home, web) as fetcher:
        feed = FeedOptions(fetcher=fetcher)
        options = ImportOptions(feed=feed, max_reject_share=0.5, dry_run=dry_run)
        return shop.indexer().import_feed(shop.feed, options)


def _write(shop: Shop, web: loopback.Shop, *numbers: int) -> None:
    shop.source.mkdir(exist_ok=True)
    rows = [{"sku": f"s{n}", "title": "A dress", "image": web.url(f"/{n}.png")} for n in numbers]
    shop.feed.write_text("\n".join(map(json.dumps, rows)))


def _serve(web: loopback.Shop, number: int, colour: int) -> None:
    data, tag = picture(colour_of(colour)), f'"{colour}"'

    def answer(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers.get("if-none-match") == tag
        (loopback.sent(b"", 304) if same else loopback.sent(data, etag=tag))(handler)
        web.names.append(None if same else f"/{number}.png")

    web.answers[f"/{number}.png"] = answer


def test_each_picture_is_sent_once_and_again_only_when_it_changed(
    shop: Shop, web: loopback.Shop
) -> None:
    for number in range(6):
        _serve(web, number, number)
    _write(shop, web, *range(7))  # the last is not there
    first = _import(shop, web)
    assert (first.added, first.encoded, first.rejected) == (6, 6, 1)
    assert "answered 404" in first.rejects[0].reason
    assert sorted(filter(None, web.names)) == [f"/{n}.png" for n in range(6)]
    assert [web.count(f"/{n}.png") for n in range(7)] == [1] * 7, "checked and written: asked once"

    web.names.clear()
    _serve(web, 3, 50)
    second = _import(shop, web)
    assert (second.added, second.changed, second.unchanged, second.encoded) == (0, 1, 5, 1)
    assert list(filter(None, web.names)) == ["/3.png"]
    assert not list((shop.home / spool.FOLDER).glob("import-*/*"))


def test_a_dry_run_keeps_no_picture(shop: Shop, web: loopback.Shop) -> None:
    _serve(web, 1, 1)
    _write(shop, web, 1)
    assert _import(shop, web, dry_run=True).added == 1
    assert shop.skus() == []
    assert not list((shop.home / spool.FOLDER).glob("import-*/*"))


def test_without_a_fetcher_an_address_is_a_reject(shop: Shop, web: loopback.Shop) -> None:
    _serve(web, 1, 1)
    _write(shop, web, 1)
    shop.feed.write_text(
        shop.feed.read_text() + "\n" + json.dumps(shop.row(2)) + "\n" + json.dumps(shop.row(3))
    )
    report = shop.run(max_reject_share=0.5)
    assert (report.added, report.rejected) == (2, 1)
    assert "is an address" in report.rejects[0].reason
    assert web.asked == []
