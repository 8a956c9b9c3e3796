"""An import in a process of its own: told, ended, refused and killed as one in this process is."""

from __future__ import annotations

import io
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from index.errors import FeedError, PicturesElsewhere, TooManyRejects
from index.importing.reports import ImportOptions, ImportReport
from index.model.progress import Event, Step
from recommender.errors import ImportFailed
from recommender.runtime import import_child
from recommender.runtime.importing import CHILD, ImportsApart
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings

pytestmark = pytest.mark.timeout(300)
LATER = ImportOptions(later=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """Three shirts with their pictures."""
    rows = ["sku,title,category,image,price,currency"]
    for number in range(3):
        Image.new("RGB", (80, 120), (40 * number, 60, 90)).save(tmp_path / f"{number}.png")
        rows.append(f"s{number},Shirt {number},shirt,{number}.png,20,EUR")
    path = tmp_path / "feed.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def children() -> list[int]:
    """Return the process ids of imports under way."""
    tasks = Path("/proc/self/task").glob("*/children")
    pids = [int(pid) for task in tasks for pid in task.read_text(encoding="ascii").split()]
    return [pid for pid in pids if CHILD in Path(f"/proc/{pid}/cmdline").read_text()]


def stored(settings: Settings) -> int:
    wiring = Wiring(settings)
    try:
        with wiring.database.reading() as session:
            return wiring.catalog(session).count()
    finally:
        wiring.close()


def test_it_tells_every_step_and_reports(settings: Settings, feed: Path) -> None:
    events: list[Event] = []
    report = ImportsApart(settings, events.append).import_feed(feed, LATER)
    assert (report.added, report.rejected, report.encoded) == (3, 0, 0)
    assert {Step.CHECKED, Step.STORED} <= {event.step for event in events}
    assert stored(settings) == 3 and children() == []


def test_an_exception_of_progress_ends_it_at_that_step(settings: Settings, feed: Path) -> None:
    class EnoughError(Exception):
        pass

    def progress(event: Event) -> None:
        if event.step is Step.STORED:
            raise EnoughError

    with pytest.raises(EnoughError):
        ImportsApart(settings, progress).import_feed(feed, LATER)
    assert children() == [] and stored(settings) == 3  # what was stored by then is


def test_a_refusal_arrives_as_it_was_raised(settings: Settings, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FeedError) as refused:
        ImportsApart(settings).import_feed(bad, LATER)
    assert refused.value.next_step and "bad.csv" in str(refused.value)


def test_it_fetches_from_where_it_may_besides(settings: Settings, tmp_path: Path) -> None:
    feed = tmp_path / "far.csv"
    feed.write_text("sku,title,category,image,price\na,A,shirt,https://a.invalid/a.png,2 EUR\n")

    def carried_out(options: ImportOptions) -> ImportReport:
        heard = io.BytesIO(b"\n" * 99)
        return import_child.carried_out(settings, feed, options, heard, io.BytesIO())

    with pytest.raises(PicturesElsewhere):
        carried_out(LATER)
    with pytest.raises(TooManyRejects, match=r"a\.invalid"):  # it was asked for, and is not known
        carried_out(replace(LATER, fetch="a.invalid"))


def test_a_child_that_is_killed_is_told_of_and_nothing_is_lost(
    settings: Settings, feed: Path
) -> None:
    def kill(event: Event) -> None:
        if event.step is Step.COMMITTING:
            [child] = children()
            os.kill(child, signal.SIGKILL)

    with pytest.raises(ImportFailed, match="killed by signal 9"):
        ImportsApart(settings, kill).import_feed(feed, LATER)
    report = ImportsApart(settings).import_feed(feed, LATER)
    assert report.added == 3 and stored(settings) == 3
