"""The script for a shop's own pages: small, the same for everyone, kept as long as it is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from recommender.api.app import create_app
from recommender.api.embed.script import SCRIPT
from tests.recommender.fake_shop import FakeShop, open_shop

DOCS = Path(__file__).parents[2] / "docs"
PATH = "/v1/embed.js"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"), require_keys=True)


@pytest.fixture(scope="module")
def client(shop: FakeShop) -> TestClient:
    return TestClient(create_app(shop, outfits={}, warm=False))


def test_any_page_may_load_it_without_a_key(client: TestClient) -> None:
    answer = client.get(
        PATH, headers={"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 200 and answer.content == SCRIPT.read_bytes()
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_it_is_kept_for_good_under_its_own_name_alone(client: TestClient) -> None:
    answer = client.get(PATH)
    tag = answer.headers["etag"]
    assert answer.headers["cache-control"] == "public, max-age=300"
    named = client.get(PATH, params={"v": tag.strip('"')}).headers["cache-control"]
    assert named == "public, max-age=31536000, immutable"
    assert client.get(PATH, params={"v": "old"}).headers["cache-control"] == "public, max-age=300"
    again = client.get(PATH, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_it_is_small_and_asks_nobody_else() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.encode()) < 25_000
    assert not re.search(
        r"https?://|innerHTML|insertAdjacent|document\.write|eval\(|localStorage|cookie", text
    )


def test_the_page_names_every_attribute_event_variable_and_part() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    page = (DOCS / "embed.md").read_text(encoding="utf-8")
    observed = re.search(r"observedAttributes = \[(.+?)\];", text, re.DOTALL)
    assert observed
    said = set(re.findall(r"'([a-z-]+)'", observed[1])) | set(
        re.findall(r"ttribute\('([a-z]+)'\)", text)
    )
    said |= set(re.findall(r"tell\('(look-[a-z]+)'", text)) | set(
        re.findall(r"var\((--look-[a-z-]+)", text)
    )
    said |= set(re.findall(r"\bpart: '([a-z-]+)'", text))
    assert said - {"state"} - set(re.findall(r"`([a-z-]+)`", page)) == set()
    assert set(re.findall(r"`(--look-[a-z-]+)`", page)) == {
        each for each in said if each.startswith("--")
    }
