"""What is told of items, where the service does not hear it."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from tests.ui.fake_api import deaf_api
from ui.visit import service, verdicts


def test_a_refusal_waits_for_a_run_that_is_seen_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first word makes an id, for which the page is run anew: a toast before that is lost."""
    said: list[str] = []
    state: dict[str, Any] = {}
    deaf = deaf_api()
    monkeypatch.setattr(service, "api", lambda: deaf)
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "toast", lambda answer, **_: said.append(answer))
    assert not verdicts.tell("bag-0", "like")
    assert not verdicts.take_back()
    assert said == [] and state["person"]
    verdicts.speak()
    assert len(said) == 2 and all("does not answer" in answer for answer in said)
    verdicts.speak()
    assert len(said) == 2
