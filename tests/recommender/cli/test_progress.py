"""What an import says of its pace, with and without a terminal."""

from __future__ import annotations

import pytest

from index.model.progress import Event, Step
from recommender.cli.terminal.progress import Lines, Pace, bar


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_rate_and_time_left_are_of_the_job_under_way() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.of(Event(Step.CHECKED, 256)) == ""
    clock.now = 2.0
    assert pace.of(Event(Step.CHECKED, 512)) == "128.0/s"
    clock.now = 10.0
    assert pace.of(Event(Step.KEPT, 0, 600)) == ""
    clock.now = 16.0
    assert pace.of(Event(Step.STORED, 60, 600)) == "10.0/s, 54 s left"
    assert pace.of(Event(Step.SWEPT, 60, 600)) == "10.0/s, 54 s left"
    assert pace.doing == "importing"
    clock.now = 70.0
    assert pace.of(Event(Step.SWEPT, 600, 6000)) == "10.0/s, 9 min 0 s left"


def test_lines_tell_rate_and_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines(clock)
    lines(Event(Step.KEPT, 0, 100))
    assert capsys.readouterr().err == "", "not every step is a line"
    clock.now = 6.0
    lines(Event(Step.STORED, 30, 100))
    assert capsys.readouterr().err == "importing 30 of 100, 5.0/s, 14 s left, after 6 s\n"
    lines(Event(Step.PUBLISHED, 1))
    assert capsys.readouterr().err == "published 1, after 6 s\n"


def test_a_batch_is_one_job_whatever_it_says_between(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines(clock)
    for batch in range(4):
        done = batch * 32
        lines(Event(Step.NOTED, 64))
        lines(Event(Step.KEPT, done, 320))
        clock.now += 4.0
        for step in (Step.ENCODED, Step.SETTLED, Step.COMMITTING):
            lines(Event(step, done, 320))
        lines(Event(Step.STORED, done + 32, 320))
    err = capsys.readouterr().err
    assert "noted" not in err and "committing" not in err
    assert err.splitlines()[-1].startswith("importing 96 of 320, 6.0/s, 37 s left")


def test_a_terminal_gets_a_bar_with_both(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with bar() as tell:
        tell(Event(Step.KEPT, 0, 100))
        tell(Event(Step.STORED, 50, 100))
    drawn = capsys.readouterr().err
    assert "importing" in drawn and "50/100" in drawn
    assert "/s, " in drawn and " left" in drawn
