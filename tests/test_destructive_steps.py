"""docs/operations.md says of every command and request whether it takes anything away."""

from __future__ import annotations

import re
from pathlib import Path

from recommender.api.middleware.scopes import SCOPES
from tests.test_docs import COMMANDS, sections

SECTION = sections("operations.md")["What takes anything away"]
ADDS = {  # or only asks: what is posted is held in memory, or stands beside what was told before
    "POST /v1/garments", "POST /v1/complete", "POST /v1/similar", "POST /v1/lookup",
    "POST /v1/photos", "POST /v1/photos/{id}/garments", "POST /v1/photos/{id}/kinds", "POST /v1/looks/export", "POST /v1/shares",
    "POST /v1/people/{person}/feedback", "POST /v1/people/{person}/looks", "POST /v1/events",
}  # fmt: skip


def test_every_command_is_told_of() -> None:
    result = set(re.findall(r"`(recommender [a-z -]+?)`", SECTION)) | {"recommender demo"}
    assert result == set(COMMANDS)


def test_every_request_that_changes_something_is_told_of() -> None:
    result = set(re.findall(r"`((?:POST|PATCH|DELETE|PUT) /\S+)`", SECTION))
    changing = {name for name in SCOPES if not name.startswith("GET ")}
    assert result == changing - ADDS
    assert changing >= ADDS


def test_the_files_that_it_names_are_there() -> None:
    root = Path(__file__).parent.parent
    assert all((root / name).is_file() for name in re.findall(r"`([\w/]+\.py)`", SECTION))
