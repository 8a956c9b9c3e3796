"""Generations are published under a server that never stops answering; `make faults` does 1,000."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.index.conftest import Shop
from tests.index.faults.goods import Home
from tests.index.faults.swapping import (
    STABLE,
    Load,
    Server,
    require_flat,
    serving,
    swap_under_load,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="handles are counted in /proc")

SWAPS = 40


@pytest.fixture
def server(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power is cut here
    with serving(shop) as running:
        yield running


def test_swaps_under_load(server: Server, shop: Shop) -> None:
    assert swap_under_load(server, shop, SWAPS) > SWAPS


def test_a_wrong_answer_fails(server: Server, shop: Shop) -> None:
    """The test of the test: an item that no swap announced, and a request that is refused."""
    shop.write(*(shop.row(n) for n in range(STABLE)), shop.row(150))
    shop.run()
    with Load(server, shop) as load, pytest.raises(AssertionError):
        load.wait(3)
    (Home(shop.home).path / "catalog.sqlite3").write_bytes(b"no database at all")
    with pytest.raises(AssertionError, match=r"50[03]"):
        server.ask("/v1/items/s1/similar")


def test_growth_fails() -> None:
    """The test of the test, for what must not grow."""
    flat = {"handles": 20, "memory": 100 << 20}
    require_flat([flat] * 80)
    for name, each in (("handles", 1), ("memory", 1 << 20)):
        with pytest.raises(AssertionError):
            require_flat([{**flat, name: flat[name] + each * n} for n in range(80)])
