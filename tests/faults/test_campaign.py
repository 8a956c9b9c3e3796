"""A campaign goes on where it was left, and says what failed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.__main__ import main
from tests.faults.campaign import Batches, Campaign, Ledger, Tally, run, table
from tests.faults.campaigns import CAMPAIGNS

LATER = float("inf")


class Made:
    """Ten cases a batch; remembers which were run, and fails where told."""

    def __init__(self, fails: set[int] | None = None) -> None:
        self.ran: list[int] = []
        self.fails = fails or set()

    @contextmanager
    def opened(self, _: Path) -> Iterator[Callable[[int], Tally]]:
        yield self.batch

    def batch(self, number: int) -> Tally:
        self.ran.append(number)
        if number in self.fails:
            raise AssertionError("it broke")
        return Tally(10, Counter({"stood": 10}))


def go(made: Made, ledger: Ledger, until: float = LATER, wanted: int = 30) -> list[str]:
    parts: list[str] = []
    campaign = Campaign("some", "Something holds", wanted, made.opened)
    well = run(campaign, ledger, ledger.path.parent, until=until, report=parts.append)
    return [*parts, f"well: {well}"]


def test_it_runs_until_all_cases_are_done_and_not_again(tmp_path: Path) -> None:
    made, ledger = Made(), Ledger(tmp_path / "some.jsonl")
    assert go(made, ledger)[-1] == "well: True"
    assert made.ran == [0, 1, 2]
    assert go(made, ledger) == ["well: True"]
    assert made.ran == [0, 1, 2]
    assert (ledger.cases(), ledger.counts()) == (30, Counter(stood=30))


def test_it_goes_on_behind_what_a_kill_left(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "some.jsonl")
    go(Made(), ledger, wanted=20)
    ledger.path.write_text(ledger.path.read_text()[:-20])
    made = Made()
    go(made, ledger)
    assert made.ran == [1, 2]


def test_a_batch_that_failed_ends_it_and_is_the_next_to_be_run(tmp_path: Path) -> None:
    made, ledger = Made({1}), Ledger(tmp_path / "some.jsonl")
    result = go(made, ledger)
    assert result[-1] == "well: False"
    assert result[-2].startswith(
        "some: batch 1 failed: AssertionError: it broke (test_campaign.py:"
    )
    assert ledger.cases() == 10
    made.fails.clear()
    go(made, ledger)
    assert made.ran == [0, 1, 1, 2]


def test_no_batch_begins_after_its_time(tmp_path: Path) -> None:
    made = Made()
    assert go(made, Ledger(tmp_path / "some.jsonl"), until=time.monotonic()) == ["well: True"]
    assert made.ran == []


def test_one_that_cannot_be_run_says_so(tmp_path: Path) -> None:
    def broken(_: Path) -> Batches:
        raise OSError("no disk")

    parts: list[str] = []
    ledger = Ledger(tmp_path / "some.jsonl")
    assert not run(
        Campaign("some", "", 1, broken), ledger, tmp_path, until=LATER, report=parts.append
    )
    assert parts == ["some: cannot be run: OSError: no disk"]


def test_the_table_says_how_far_it_came(tmp_path: Path) -> None:
    ledger, made = Ledger(tmp_path / "some.jsonl"), Made()
    go(made, ledger, wanted=20)
    done, half = (Campaign("some", "Something holds", n, made.opened) for n in (20, 2000))
    day = ledger.lines()[0].at[:10]
    rows = list(table({done: ledger}))[2:] + list(table({half: ledger}))[2:]
    assert rows == [
        f"| `some` | Something holds | 20 | 20 stood | {day} | 0 |",
        f"| `some` | Something holds | 20 of 2,000 | 20 stood | {day} | 0 |",
    ]
    assert "not yet" in list(table({done: Ledger(tmp_path / "none.jsonl")}))[2]


def test_the_command_refuses_a_name_it_does_not_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["sieges"])
    assert "no such campaign: sieges" in capsys.readouterr().err
    assert main(["--table", "--ledgers", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert all(f"`{name}`" in out for name in CAMPAIGNS)
