"""A kill at every step of journal and publication: nothing is lost, and something is served."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from index.errors import IndexMissing
from index.files.images import ImageStore
from index.generations.inspection import inspect
from index.model.progress import Step
from index.stores.faiss import FaissEngine
from tests.index.faults.desk import STOCK, Desk
from tests.index.faults.goods import Home, Shades, picture
from tests.index.faults.hatchery import Hatchery, Job

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")

KILLS_A_STEP = 3
CHANGED: Shades = {
    **{sku: shade for sku, shade in STOCK.items() if sku < "a7"},
    "a3": 23,
    "a4": 24,
    **{f"b{n}": 30 + n for n in range(5)},
}
"""Three items gone, two with other pictures, five new; another price for a5."""
UNTOUCHED = {sku: shade for sku, shade in STOCK.items() if CHANGED.get(sku) == shade}
LEFT = {sku: shade for sku, shade in STOCK.items() if sku not in ("a7", "a8")}


@dataclass(frozen=True)
class Scenario:
    """A run that is killed, and the run that comes after it.

    Attributes:
        name: what it is called.
        verb: what is run.
        stocked: it begins with `STOCK`, at generation 1; else with nothing.
        after: what the catalogue is to hold at the end.
        throughout: what must be found all the while.
        mends: a run was killed before this one, so that there is something to mend.
        next_verb: what is run after the kill.
    """

    name: str
    verb: str
    stocked: bool
    after: Shades
    throughout: Shades
    mends: bool = False
    next_verb: str = ""

    def begin(self, desk: Desk, hatchery: Hatchery) -> tuple[Home, Job]:
        """Lay out the catalogue and what is to be done to it."""
        home = desk.lay(desk.stocked if self.stocked else desk.empty)
        prices = {"a5": "12.00"} if self.after is CHANGED else None
        job = replace(desk.job(self.after, prices), verb=self.verb, skus=("a7", "a8"))
        if self.mends:
            kill(hatchery, replace(job, step=Step.KEPT), home)
            job.reached.unlink()
            job.marker.unlink()
            job.encoded.unlink(missing_ok=True)
        return home, job


SCENARIOS = [
    Scenario("first import", "import", False, STOCK, {}),
    Scenario("changes", "import", True, CHANGED, UNTOUCHED),
    Scenario("mending", "import", True, CHANGED, UNTOUCHED, mends=True),
    Scenario("rebuild", "rebuild", True, STOCK, STOCK, next_verb="import"),
    Scenario("removal", "remove", True, LEFT, LEFT),
]
KILLS = Counter[str]()
"""Kills that landed, by step."""


@dataclass(frozen=True)
class Trace:
    """What a scenario does where nothing kills it: steps in order, and pictures encoded."""

    steps: list[str]
    encoded: int


@pytest.fixture(scope="module")
def traces(
    stock: tuple[Path, Path], hatchery: Hatchery, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Trace]:
    """Return each scenario's trace."""
    found = {}
    for scenario in SCENARIOS:
        home, job = scenario.begin(Desk(*stock, tmp_path_factory.mktemp("trace") / "at"), hatchery)
        assert hatchery.run(job) == 0
        home.require_whole(scenario.after)
        found[scenario.name] = Trace(job.reached.read_text().split(), encoded(job))
    return found


def encoded(job: Job) -> int:
    return sum(map(int, job.encoded.read_text().split())) if job.encoded.exists() else 0


def kill(hatchery: Hatchery, job: Job, home: Home, shades: Shades | None = None) -> None:
    """Kill a run at its step, and ask the catalogue meanwhile; fail unless the kill landed."""
    asked = home.searcher()
    before = served(home)
    stands = hatchery.begin(job)
    assert stands, "the kill landed"
    moved = job.step in (Step.PUBLISHED, Step.PRUNED)
    now = (before or 0) + 1 if moved else before
    if now is not None:
        assert home.require_served(asked, shades or {}) == now, "with the writer at its step"
    status = hatchery.end()
    assert status == -signal.SIGKILL, "the kill landed"
    assert job.marker.read_text().split() == [job.step], "the kill landed at its step"
    for searcher in (asked, home.searcher()):  # the server that ran on, and one begun anew
        if now is None:
            with pytest.raises(IndexMissing, match="recommender catalog import"):
                searcher.generation()
        else:
            assert home.require_served(searcher, shades or {}) == now


def served(home: Home) -> int | None:
    try:
        return home.generations.current().number
    except IndexMissing:
        return None


def chosen(step: Step, traces: dict[str, Trace]) -> list[tuple[Scenario, int]]:
    """Return three moments at which a step is killed: its first, a middle one and its last."""
    moments = [
        (scenario, nth)
        for scenario in SCENARIOS
        for nth in range(1, traces[scenario.name].steps.count(step) + 1)
    ]
    assert moments, f"no scenario comes by {step}"
    return [moments[(len(moments) - 1) * at // (KILLS_A_STEP - 1)] for at in range(KILLS_A_STEP)]


@pytest.mark.parametrize("step", list(Step))
def test_a_kill_at_every_step(
    step: Step, desk: Desk, hatchery: Hatchery, traces: dict[str, Trace]
) -> None:
    for scenario, nth in chosen(step, traces):
        home, job = scenario.begin(desk, hatchery)
        kill(hatchery, replace(job, step=step, nth=nth), home, scenario.throughout)
        KILLS[step] += 1
        home.require_sound()
        if served(home) is not None:
            seen = inspect(
                home.searcher()._database,
                home.generations,
                ImageStore(home.path / "images"),
                FaissEngine(),
                contents=True,
            )
            assert seen.trouble is None
        again = replace(job, verb=scenario.next_verb or job.verb)
        assert hatchery.run(again) == 0, "the next run finishes"
        home.require_whole(scenario.after)
        assert encoded(job) <= traces[scenario.name].encoded + job.batch_size, "a batch at most"


def test_every_kill_landed(traces: dict[str, Trace]) -> None:
    """Runs behind the test above, and counts what it did."""
    assert len(Step) >= 12
    assert set(KILLS) <= set(Step)
    if len(KILLS) == len(Step):  # not where single steps were chosen by hand
        assert sum(KILLS.values()) == KILLS_A_STEP * len(Step)
    reached = {step for trace in traces.values() for step in trace.steps}
    assert reached == set(Step), "no scenario comes by these"


@pytest.mark.parametrize("scenario", SCENARIOS[:2], ids=lambda s: s.name)
def test_without_the_kill_the_test_fails(
    scenario: Scenario, desk: Desk, hatchery: Hatchery
) -> None:
    home, job = scenario.begin(desk, hatchery)
    with pytest.raises(AssertionError, match="the kill landed"):
        kill(hatchery, replace(job, step=Step.STORED, killed=False), home)
    home.require_whole(scenario.after)


@pytest.mark.parametrize("fault", ["stray", "half", "journal", "lost", "wrong", "gone", "row"])
def test_what_a_kill_could_leave_is_seen(fault: str, desk: Desk) -> None:
    """The checks above see each thing that they are there to see."""
    home = desk.lay(desk.stocked)
    pictures = sorted((home.path / "images").rglob("*.png"))
    if fault == "stray":
        (pictures[0].parent / ("0" * 64 + ".png")).write_bytes(b"")
    elif fault == "half":
        (home.path / "index" / ".current.json.x.tmp").write_bytes(b"")
    elif fault == "journal":
        (home.path / "journal").mkdir(exist_ok=True)
        (home.path / "journal" / "pictures.txt").write_text("")
    elif fault == "lost":
        pictures[0].unlink()
    elif fault == "wrong":
        pictures[0].write_bytes(picture(400))
    else:
        statement = {
            "gone": "DELETE FROM vectors WHERE key = 1",
            "row": "INSERT INTO vectors SELECT 99, 999, 0, x'01', image_hash, fingerprint, dim,"
            " data FROM vectors WHERE key = 1",
        }
        with sqlite3.connect(home.path / "catalog.sqlite3") as connection:
            connection.execute(statement[fault])
        connection.close()
    with pytest.raises(AssertionError):
        home.require_whole(STOCK)


def test_the_children_are_light(hatchery: Hatchery) -> None:
    heavy = {"torch", "torchvision", "open_clip", "timm", "pytest", "streamlit"}
    assert heavy.isdisjoint(hatchery.modules())
