"""`evaluate segmentation --sam`: which checkpoint is measured, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recommender.cli.conftest import Shell
from tests.recommender.cli.test_training import folders, spy


def test_the_option_goes_before_the_setting(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = spy(
        monkeypatch, "segmentation.training.measuring.evaluate.evaluate_detector", {"ap": 0.2}
    )
    [one] = folders(shell, "one")
    words = ("evaluate", "segmentation", "--data", one)
    shell.ok(*words)
    monkeypatch.setenv("RECOMMENDER_SAM", "/set.pth")
    shell.ok(*words)
    shell.ok(*words, "--sam", "/given.pth")
    assert [call[1]["sam"] for call in calls] == [None, Path("/set.pth"), Path("/given.pth")]


def test_a_checkpoint_that_is_none_is_refused(shell: Shell) -> None:
    [one] = folders(shell, "one")
    result = shell.refused("evaluate", "segmentation", "--data", one, "--sam", one / "no.pth")
    assert "checkpoint cannot be used" in result and "no.pth" in result


def test_the_doctor_looks_at_the_checkpoint(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from recommender.cli.commands.doctor import examine

    monkeypatch.setenv("RECOMMENDER_HOME", str(shell.home))
    assert {check.name: check.found for check in examine()}["refiner"] == "none"
    monkeypatch.setenv("RECOMMENDER_SAM", str(shell.home / "no.pth"))
    [refiner] = [check for check in examine() if check.name == "refiner"]
    assert not refiner.ok and "RECOMMENDER_SAM" in refiner.mend
