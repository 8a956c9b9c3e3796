"""Requests that the schema allows, and that it does not, made by chance; what each answer must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

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
SEED: Final = 20260301
GENERATION: Final[dict[str, Any]] = {
    "mode": "all", "no-shrink": True, "deterministic": True, "database": "none",
}  # fmt: skip
CONFIG: Final[dict[str, Any]] = {
    "workers": 1,
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


@contextmanager
def photos() -> Iterator[None]:
    """Files are photos as often as they are anything else."""
    files = st.one_of(st.sampled_from([street(), picture()]), st.binary(max_size=64))
    schemathesis.openapi.format("binary", files)
    try:
        yield
    finally:
        unregister_string_format("binary")


def shop_and_app(folder: Path) -> tuple[FakeShop, FastAPI]:
    """Return a shop at its third index, and its API."""
    shop = open_shop(folder / "home")
    for _ in range(2):
        shop.indexer().rebuild(encode_again=True)
    (folder / "walk.png").write_bytes(street())
    return shop, create_app(shop, outfits={"walk": folder / "walk.png"}, warm=False)


def run(app: FastAPI, only: str = "", *, examples: int = 12, seed: int = SEED) -> Met:
    """Send requests to every operation, or to those of one path.

    Args:
        app: what answers.
        only: a path.
        examples: made up for each operation, beside those that follow from the schema.
        seed: decides them.
    """
    config = schemathesis.Config.from_dict(
        {**CONFIG, "seed": seed, "generation": {**GENERATION, "max-examples": examples}}
    )
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


def require_documented(met: Met, app: FastAPI) -> None:
    """Check that every operation was asked, and answered as the schema says."""
    assert not met.wrong, "\n\n".join(f"{name}\n{entry}" for name, entry in met.wrong.items())
    assert {phase for phase, count in met.cases.items() if count} == PHASES
    paths = app.openapi()["paths"].items()
    assert met.operations == {f"{m.upper()} {path}" for path, methods in paths for m in methods}
    assert all(met.checks[name] >= met.cases.total() // 2 for name in CHECKS), met.checks
    assert {200, 201, 404, 422} <= set(met.statuses) and 500 not in met.statuses


def note(met: Met, event: events.ScenarioFinished) -> None:
    """Add what a scenario met."""
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
                text = f"{check.failure_info.failure}\n{check.failure_info.code_sample}"
                met.wrong.setdefault(f"{operation}: {check.name}", text)
