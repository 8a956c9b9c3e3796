"""Requests that the schema allows, and that it does not: all answered as it says.

A draw; `make faults` sends 50,000.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.recommender.api_cases import photos, require_documented, run, shop_and_app
from tests.recommender.fake_shop import FakeShop


@pytest.fixture
def shop_with_app(tmp_path: Path) -> Iterator[tuple[FakeShop, FastAPI]]:
    with photos():
        yield shop_and_app(tmp_path)


@pytest.mark.timeout(600)
def test_every_answer_is_as_the_schema_says(shop_with_app: tuple[FakeShop, FastAPI]) -> None:
    _, app = shop_with_app
    met = run(app, examples=3)
    require_documented(met, app)
    assert met.cases.total() >= 1000


@pytest.mark.parametrize("break_it", ["fault", "status", "shape"])
def test_what_is_wrong_is_found(shop_with_app: tuple[FakeShop, FastAPI], break_it: str) -> None:
    """A fault of ours, a status that is not told of, an answer of another shape."""
    shop, app = shop_with_app
    path = "/v1/samples" if break_it != "fault" else "/v1/garments"
    if break_it == "fault":
        shop.detector.fails = ZeroDivisionError("fails")
    elif break_it == "status":
        app.openapi()["paths"][path]["get"]["responses"].pop("200")
    else:
        app.openapi()["components"]["schemas"]["SamplesAnswer"]["required"].append("missing")
    met = run(app, path)
    found = {name.split(": ")[1] for name in met.wrong}
    assert (
        found
        == {
            "fault": {"not_a_server_error"},
            "status": {"status_code_conformance"},
            "shape": {"response_schema_conformance"},
        }[break_it]
    )
