"""`serve api` tells its server whom to listen to, what to say, and whom not to believe."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from recommender.api.middleware.observing import REQUESTS
from tests.recommender.cli.conftest import Shell


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Return what uvicorn is told, `app` among it; it does not run."""
    record: dict[str, Any] = {}

    def run(app: Any, **options: Any) -> None:
        record.update(options, app=app)

    monkeypatch.setattr(uvicorn, "run", run)
    root, level = logging.getLogger(), REQUESTS.level
    before = list(root.handlers)
    yield record
    root.handlers[:] = before
    REQUESTS.setLevel(level)


def test_nothing_of_a_request_is_written_but_our_own_lines(
    shell: Shell, served: dict[str, Any]
) -> None:
    assert shell.run("serve", "api", "--port", "8123").exit_code == 0
    assert (served["host"], served["port"]) == ("127.0.0.1", 8123)
    assert (served["access_log"], served["log_config"]) == (False, None)
    assert served["proxy_headers"] is False
    assert REQUESTS.isEnabledFor(logging.INFO)


def test_the_log_can_be_switched_off(
    shell: Shell, served: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOMMENDER_LOG", "off")
    assert shell.run("serve", "api").exit_code == 0
    assert served and not REQUESTS.isEnabledFor(logging.INFO)


@pytest.mark.parametrize(("host", "status"), [(None, 200), ("0.0.0.0", 403)])
def test_the_host_that_is_listened_on_decides_about_admin(
    shell: Shell, served: dict[str, Any], host: str | None, status: int
) -> None:
    assert shell.run("serve", "api", *(("--host", host) if host else ())).exit_code == 0
    assert served["host"] == host or host is None
    api = TestClient(served["app"], base_url="http://localhost:8000")
    assert api.get("/v1/imports").status_code == status


def test_a_wrong_rate_ends_it_at_once(
    shell: Shell, served: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOMMENDER_RATE_LIMIT", "often")
    assert "600/minute" in shell.refused("serve", "api")
    assert not served
