"""How long look-ups take beside an import: `make bench-load`, or `python -m recommender.bench.load`.

The sample boutique is indexed into a temporary home and served by a process of its own. One client asks for what
a storefront asks for (an item's neighbours, words, three questions at once) one after another: first at rest, then
while a zip of made pictures is imported, then at rest again. Both rests together are what the import is
compared with: what a shared machine does to one of them it does to both, or it shows.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from recommender.bench.importing import cut_outs
from recommender.client import ApiProblem, Client, SimilarQuery
from recommender.runtime.wiring import Wiring
from recommender.sample import BOUTIQUE
from recommender.settings import PREFIX, Settings

TARGET: Final = 1.5
"""The most that an import may make of the idle 95th percentile."""
WARM_UP: Final = 30
STARTS_WITHIN_S: Final = 120.0
WORDS: Final = ("red summer dress", "navy striped top", "brown leather belt", "white trainers")

Ask = Callable[[int], object]


@dataclass(frozen=True)
class Spell:
    """Look-ups that were timed while nothing else changed.

    Attributes:
        name: what went on.
        ms: how long each took.
    """

    name: str
    ms: tuple[float, ...]

    def percentile(self, share: int) -> float:
        """Return a percentile, in milliseconds."""
        return float(np.percentile(self.ms, share))


@dataclass(frozen=True)
class Load:
    """Look-ups at rest, beside an import, and at rest again."""

    before: Spell
    during: Spell
    after: Spell

    @property
    def idle(self) -> Spell:
        """Both rests together."""
        return Spell("at rest", self.before.ms + self.after.ms)

    @property
    def ratio(self) -> float:
        """The 95th percentile beside an import over the one at rest."""
        return self.during.percentile(95) / self.idle.percentile(95)


def questions(client: Client, skus: Sequence[str]) -> list[Ask]:
    """Return what a storefront asks for, each for the question's number."""

    def batch(number: int) -> object:
        item = skus[(number + 1) % len(skus)]
        asked = (SimilarQuery(item=skus[number % len(skus)], k=6), SimilarQuery(item=item, k=6))
        return client.lookup([*asked, SimilarQuery(text=WORDS[number % len(WORDS)], k=6)])

    return [
        lambda number: client.similar_items(skus[number % len(skus)], SimilarQuery(k=6)),
        lambda number: client.lookup([SimilarQuery(text=WORDS[number % len(WORDS)], k=6)]),
        batch,
    ]


def timed(name: str, asks: Sequence[Ask], goes_on: Callable[[], bool]) -> Spell:
    """Ask one question after another as long as something goes on, and return how long each took."""
    taken = []
    for number in count():
        if not goes_on():
            break
        began = time.perf_counter()
        asks[number % len(asks)](number)
        taken.append(1000 * (time.perf_counter() - began))
    return Spell(name, tuple(taken))


def measured(client: Client, feed: bytes, seconds: float) -> Load:
    """Return how long look-ups take beside the import of a feed, and without.

    Raises:
        ApiProblem: the server refused a question.
        RuntimeError: the import failed, or was over before enough was asked.
    """
    skus = [item.sku for item in client.items().items]
    asks = questions(client, skus)
    for number in range(WARM_UP):
        asks[number % len(asks)](number)
    before = timed("at rest", asks, _for(seconds))
    job = client.start_import("load.zip", feed).id
    _wait_until(lambda: client.import_job(job).state != "waiting", 60)
    last = _for(seconds)
    during = timed(
        "beside an import", asks, lambda: last() and client.import_job(job).state == "running"
    )
    ended = client.import_job(job)
    if ended.state == "failed" or len(during.ms) < len(asks):
        raise RuntimeError(
            f"the import went no further: {ended.problem}; {len(during.ms)} look-ups"
        )
    client.stop_import(job)
    _wait_until(lambda: client.import_job(job).state in ("done", "failed"), 120)
    return Load(before, during, timed("at rest again", asks, _for(seconds)))


def table(load: Load) -> Table:
    """Return what was measured as a table."""
    verdict = "met" if load.ratio <= TARGET else "missed"
    title = f"Look-ups beside an import: {load.ratio:.2f} times as long (asked {TARGET}: {verdict})"
    result = Table(title=title)
    for column in ("", "look-ups", "median", "95th percentile", "longest"):
        result.add_column(column, justify="left" if not column else "right")
    for spell in (load.before, load.during, load.after):
        times = [f"{spell.percentile(share):.1f} ms" for share in (50, 95, 100)]
        result.add_row(spell.name, str(len(spell.ms)), *times)
    return result


def record(load: Load) -> dict[str, float | int]:
    """Return what was measured as figures."""
    return {
        "idle_p50_ms": round(load.idle.percentile(50), 2),
        "idle_p95_ms": round(load.idle.percentile(95), 2),
        "import_p50_ms": round(load.during.percentile(50), 2),
        "import_p95_ms": round(load.during.percentile(95), 2),
        "ratio": round(load.ratio, 3),
        "idle_lookups": len(load.idle.ms),
        "import_lookups": len(load.during.ms),
    }


def zipped(folder: Path, file: Path) -> bytes:
    """Return a folder of pictures, a sub-folder a kind, as a zip."""
    with zipfile.ZipFile(file, "w") as packed:
        for path in sorted(folder.rglob("*.jpg")):
            packed.write(path, path.relative_to(folder))
    return file.read_bytes()


@contextmanager
def serving(home: Path, log: Path) -> Iterator[Client]:
    """Serve a home by a process of its own, and yield a client of it."""
    with log.open("wb") as out, started(home, out) as (process, client):
        _wait_until(lambda: is_ready(client, process), STARTS_WITHIN_S)
        yield client


@contextmanager
def started(
    home: Path, log: BinaryIO, *options: str
) -> Iterator[tuple[subprocess.Popen[bytes], Client]]:
    """Start a server of a home, and yield it and a client of it, whether it answers already or not.

    Args:
        home: what is served.
        log: whatever the server prints goes there.
        options: of its interpreter.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = ["-m", "recommender.cli", "serve", "api", "--port", str(port)]
    # no other setting of whoever measures: a key or a rate would be measured as well
    plain = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment = {**plain, f"{PREFIX}HOME": str(home), f"{PREFIX}LOG": "off"}
    with Client(f"http://127.0.0.1:{port}") as client:
        process = subprocess.Popen(
            [sys.executable, *options, *serve], env=environment, stdout=log, stderr=log
        )
        try:
            yield process, client
        finally:
            process.terminate()
            process.wait(30)


def is_ready(client: Client, process: subprocess.Popen[bytes]) -> bool:
    """Return whether a server can answer photos.

    Raises:
        RuntimeError: it has ended.
    """
    if process.poll() is not None:
        raise RuntimeError(f"the server ended with exit code {process.returncode}")
    try:
        client.ready()
    except ApiProblem:
        return False
    return True


def _for(seconds: float) -> Callable[[], bool]:
    ends = time.monotonic() + seconds
    return lambda: time.monotonic() < ends


def _wait_until(holds: Callable[[], bool], seconds: float) -> None:
    goes_on = _for(seconds)
    while not holds():
        if not goes_on():
            raise RuntimeError(f"what was waited for did not come in {seconds:.0f} s")
        time.sleep(0.1)


def main(
    pictures: Annotated[int, typer.Option(help="How many are imported at most.")] = 4000,
    seconds: Annotated[float, typer.Option(help="How long each of the three spells lasts.")] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Print how long look-ups take at rest and beside an import, measured in one run."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        wiring = Wiring(Settings(home=home))
        wiring.indexer().import_feed(BOUTIQUE / "catalog.jsonl")
        wiring.close()
        feed = zipped(cut_outs(pictures, Path(folder, "pictures")), Path(folder, "load.zip"))
        with serving(home, Path(folder, "server.log")) as client:
            load = measured(client, feed, seconds)
    if as_json:
        typer.echo(json.dumps(record(load)))
        return
    console = Console(width=100)
    console.print(f"{os.cpu_count()} cores, one client")
    console.print(table(load))


if __name__ == "__main__":
    typer.run(main)
