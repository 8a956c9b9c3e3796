"""Thousands of requests that the schema allows, and that it does not: all answered as it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import strategies as st
from schemathesis.engine import events, from_schema
from schemathesis.specs.openapi.formats import unregister_string_format

from recommender.api.app import create_app
from tests.recommender.fake_shop import FakeShop, open_shop, picture, street

CHECKS: Final[dict[str, Any]] = {
    "not_a_server_error": {
        "expected-statuses": ["2xx", "3xx", "4xx", 503]
    },  # where it is documented
    "response_schema_conformance": {},
    "status_code_conformance": {},
    "content_type_conformance": {},
}
PHASES: Final = {"examples", "coverage", "fuzzing", "stateful"}
LEAST: Final = 2000
CONFIG: Final[dict[str, Any]] = {
    "seed": 20260301,
    "workers": 1,
    "generation": {
        "mode": "all",
        "max-examples": 12,
        "no-shrink": True,
        "deterministic": True,
        "database": "none",
    },
    "phases": {"coverage": {"unexpected-methods": ["PUT"]}},
    "checks": {"enabled": False} | {name: {"enabled": True} | c for name, c in CHECKS.items()},
}


@dataclass
class Met:
    """What a run met: cases by phase, checks by name, answers by status, and what was wrong."""

    cases: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def shop(tmp_path: Path) -> FakeShop:
    return open_shop(tmp_path / "home")


@pytest.fixture
def app(shop: FakeShop, tmp_path: Path) -> FastAPI:
    for _ in range(2):
        shop.indexer().rebuild(encode_again=True)
    (tmp_path / "walk.png").write_bytes(street())
    return create_app(shop, outfits={"walk": tmp_path / "walk.png"}, warm=False)


@pytest.fixture(autouse=True)
def photos() -> Iterator[None]:
    """Files are photos as often as they are anything else."""
    files = st.one_of(st.sampled_from([street(), picture()]), st.binary(max_size=64))
    schemathesis.openapi.format("binary", files)
    yield
    unregister_string_format("binary")


def run(app: FastAPI, only: str = "") -> Met:
    config = schemathesis.Config.from_dict(CONFIG)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    met = Met()
    for event in from_schema(schema.include(path=only) if only else schema).execute():
        if isinstance(event, events.NonFatalError):
            met.wrong[event.label] = str(event.value)
        elif isinstance(event, events.FatalError):
            met.wrong["fatal"] = str(event.exception)
        elif isinstance(event, events.ScenarioFinished):
            note(met, event)
    return met


def note(met: Met, event: events.ScenarioFinished) -> None:
    met.cases[event.phase.value] += len(event.recorder.interactions)
    for interaction in event.recorder.interactions.values():
        if interaction.response is not None:
            met.statuses[interaction.response.status_code] += 1
    for id, checks in event.recorder.checks.items():
        operation = event.recorder.cases[id].value.operation.label
        met.operations.add(operation)
        for check in checks:
            met.checks[check.name] += 1
            if check.failure_info is not None:
                told = f"{check.failure_info.failure}\n{check.failure_info.code_sample}"
                met.wrong.setdefault(f"{operation}: {check.name}", told)


@pytest.mark.timeout(600)
def test_every_answer_is_as_the_schema_says(app: FastAPI) -> None:
    met = run(app)
    assert not met.wrong, "\n\n".join(f"{name}\n{told}" for name, told in met.wrong.items())
    assert met.cases.total() >= LEAST
    assert {phase for phase, count in met.cases.items() if count} == PHASES
    paths = app.openapi()["paths"].items()
    assert met.operations == {f"{m.upper()} {path}" for path, methods in paths for m in methods}
    assert all(met.checks[name] >= LEAST for name in CHECKS), met.checks
    assert {200, 201, 404, 422} <= set(met.statuses) and 500 not in met.statuses


@pytest.mark.parametrize("break_it", ["fault", "status", "shape"])
def test_what_is_wrong_is_found(app: FastAPI, shop: FakeShop, break_it: str) -> None:
    """A fault of ours, a status that is not told of, an answer of another shape."""
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
