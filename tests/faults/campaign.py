"""A campaign: so many cases of one kind of fault, in batches that are done once and written down."""

from __future__ import annotations

import json
import subprocess
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Tally:
    """What a batch came to.

    Attributes:
        cases: how many there were.
        counts: what became of them, by name.
    """

    cases: int
    counts: Counter[str] = field(default_factory=Counter)


Batches: TypeAlias = AbstractContextManager[Callable[[int], Tally]]
"""What runs a batch by its number: the number decides every random choice in it."""


@dataclass(frozen=True)
class Campaign:
    """A kind of fault, and how many cases of it a release has to stand.

    Attributes:
        name: on the command line, and of its ledger.
        promise: what is held, for the table.
        wanted: cases.
        opened: a folder to work in -> what runs its batches.
    """

    name: str
    promise: str
    wanted: int
    opened: Callable[[Path], Batches]


@dataclass(frozen=True)
class Line:
    """One batch, as its ledger keeps it; `failed` says why where it did not come to its end."""

    batch: int
    cases: int
    counts: dict[str, int]
    seconds: float
    at: str
    commit: str
    failed: str = ""


@dataclass(frozen=True)
class Ledger:
    """The batches of one campaign, a JSON object a line: what is there is not done again."""

    path: Path

    def lines(self) -> list[Line]:
        """Return all of them; half a line, which a kill leaves, counts for nothing."""
        if not self.path.exists():
            return []
        found = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(Line(**json.loads(line)))
            except (ValueError, TypeError):
                continue
        return found

    def passed(self) -> list[Line]:
        """Return the batches that came to their end, each once."""
        return list({line.batch: line for line in self.lines() if not line.failed}.values())

    def cases(self) -> int:
        """Return how many cases were passed."""
        return sum(line.cases for line in self.passed())

    def counts(self) -> Counter[str]:
        """Return what became of them."""
        return sum((Counter(line.counts) for line in self.passed()), Counter())

    def next_batch(self) -> int:
        """Return the number of the first batch that was not passed."""
        passed = {line.batch for line in self.passed()}
        return next(number for number in range(len(passed) + 1) if number not in passed)

    def add(self, line: Line) -> None:
        """Write a batch down."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        held = self.path.read_bytes() if self.path.exists() else b""
        begin = "\n" if held and not held.endswith(b"\n") else ""  # a kill left half a line
        with self.path.open("a", encoding="utf-8") as file:
            file.write(begin + json.dumps(asdict(line)) + "\n")


def run(
    campaign: Campaign,
    ledger: Ledger,
    folder: Path,
    *,
    until: float,
    report: Callable[[str], None],
) -> bool:
    """Go on with a campaign until it is done, fails, or its time is over; return whether none failed.

    Args:
        campaign: which.
        ledger: where it stands.
        folder: an empty one to work in.
        until: a moment of `time.monotonic()`; no batch begins after it.
        report: called at each batch.
    """
    if ledger.cases() >= campaign.wanted:
        return True
    try:
        with campaign.opened(folder) as batches:
            while ledger.cases() < campaign.wanted and time.monotonic() < until:
                line = _batch(batches, ledger.next_batch())
                ledger.add(line)
                if line.failed:
                    report(f"{campaign.name}: batch {line.batch} failed: {line.failed}")
                    return False
                report(
                    f"{campaign.name}: {ledger.cases():,} of {campaign.wanted:,} "
                    f"({line.seconds:.0f} s) {dict(ledger.counts())}"
                )
    except Exception as error:  # the next campaign is run all the same
        report(f"{campaign.name}: cannot be run: {type(error).__name__}: {error}")
        return False
    return True


def _batch(batches: Callable[[int], Tally], number: int) -> Line:
    started, failed, tally = time.monotonic(), "", Tally(0)
    try:
        tally = batches(number)
    except Exception as error:
        failed = _told(error)[:2000]
    seconds = round(time.monotonic() - started, 1)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Line(number, tally.cases, dict(tally.counts), seconds, now, _commit(), failed)


def _told(error: Exception) -> str:
    """Return what an error says, and the line that said it, of whatever caused it."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    place = traceback.extract_tb(cause.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}: {place.line}"
    return f"{type(error).__name__}: {error} ({where})"


def _commit() -> str:
    words = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip()


def table(campaigns: dict[Campaign, Ledger]) -> Iterator[str]:
    """Yield the lines of the table in docs/operations.md."""
    yield "| campaign | held | cases | what became of them | when | minutes |"
    yield "|---|---|---|---|---|---|"
    for campaign, ledger in campaigns.items():
        lines = ledger.passed()
        of = f"{ledger.cases():,}" + (
            "" if ledger.cases() >= campaign.wanted else f" of {campaign.wanted:,}"
        )
        counts = ", ".join(f"{count:,} {name}" for name, count in sorted(ledger.counts().items()))
        days = sorted({line.at[:10] for line in lines})
        when = " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "not yet"
        minutes = sum(line.seconds for line in lines) / 60
        yield f"| `{campaign.name}` | {campaign.promise} | {of} | {counts} | {when} | {minutes:.0f} |"
