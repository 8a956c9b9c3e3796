"""A shop, its API and the app's own components, for tests of whole screens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recommender.client import Client
from tests.recommender.fake_shop import FakeShop, StreetDetector, open_shop
from tests.ui.fake_api import api_over, serve
from tests.ui.screens import Presses


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"))


@pytest.fixture
def shop(stocked: FakeShop) -> FakeShop:
    return replace(stocked, detector=StreetDetector(), searcher=replace(stocked.searcher))


@pytest.fixture
def api(shop: FakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    client = api_over(shop, tmp_path)
    serve(client, monkeypatch)
    return client


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Presses:
    """What stands in for the app's own components."""
    made = Presses()
    made.stand_in(monkeypatch)
    return made
