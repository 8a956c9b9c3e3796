"""How long a server takes from its start to its first look, and the memory it holds then.

`python -m recommender.bench.starting`: the sample boutique is indexed into a temporary home, unless one is
given, and served by a process of its own, as often as asked. With `--imports`, the interpreter's own account
of imports says where the seconds go. Files that were read before lie in the system's cache: what is cold
is the process, not the disk.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import typer
from rich.console import Console
from rich.table import Table

from recommender.api.routes.held_photos import SWEEP_S
from recommender.bench import load
from recommender.runtime.wiring import Wiring
from recommender.sample import BOUTIQUE, outfit_paths
from recommender.settings import Settings
from segmentation.engines.device import machine

ASKED_S: Final = 4.0
ASKED_MB: Final = 900.0
READY, LOOK, REST = "ready to answer photos", "first completed look", "then left alone"
RESTS_S: Final = SWEEP_S + 2
LISTED: Final = 16
"""Packages of the table of imports."""
_IMPORT: Final = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
_LOOKS_EVERY_S: Final = 0.02


@dataclass
class Start:
    """What a server reached.

    Attributes:
        seconds: from its start to it.
        cpu_s: processor time that it took until then; on a shared machine only that can be compared.
        memory_mb: what it held then, in millions of bytes.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    cpu_s: dict[str, float] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)


def measured(
    home: Path, photos: Sequence[bytes], log: BinaryIO, *options: str, rest_s: float = 0
) -> Start:
    """Start a server of a home, complete the look of each photo, and return what that took.

    Args:
        home: what is served.
        photos: at least one.
        log: whatever the server prints goes there.
        options: of its interpreter.
        rest_s: so long it is left alone at the end, in seconds: what lies free goes back to the system then.
    """
    start, began = Start(), time.perf_counter()
    with load.started(home, log, *options) as (process, client):

        def note(what: str) -> None:
            start.seconds[what] = time.perf_counter() - began
            start.cpu_s[what] = cpu_s(process.pid)
            start.memory_mb[what] = resident_mb(process.pid)

        while not load.is_ready(client, process):
            time.sleep(_LOOKS_EVERY_S)
        note(READY)
        for number, photo in enumerate(photos, 1):
            client.complete(photo)
            if number in (1, len(photos)):
                note(LOOK if number == 1 else f"{number} photos completed")
        time.sleep(rest_s)
        note(REST)
    return start


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds now, in millions of bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6


def cpu_s(pid: int) -> float:
    """Return the processor time that a process took, in seconds of one core."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def by_package(lines: Iterable[str]) -> dict[str, float]:
    """Return the seconds that imports took by package, of what `-X importtime` prints.

    >>> by_package(["import time:  250000 |   400000 |   torch.nn"])
    {'torch': 0.25}
    """
    seconds: defaultdict[str, float] = defaultdict(float)
    for found in filter(None, map(_IMPORT.match, lines)):
        package = found[2].split(".")[0]
        seconds["python" if package in sys.stdlib_module_names else package] += int(found[1]) / 1e6
    return dict(seconds)


def table(starts: Sequence[Start]) -> Table:
    """Return what several starts took as a table: the median, and the quickest and the slowest."""
    asked = {LOOK: f"{ASKED_S:.0f} s", REST: f"{ASKED_MB:.0f} MB"}
    result = Table(title=f"A server from its start, {len(starts)} starts, median (least to most)")
    for column in ("", "after", "processor", "memory", "at most"):
        result.add_column(column, justify="right" if column else "left")
    for what in starts[0].seconds:
        seconds = [each.seconds[what] for each in starts]
        cpu = [each.cpu_s[what] for each in starts]
        memory = [each.memory_mb[what] for each in starts]
        figures = _spread(seconds, "s", 2), _spread(cpu, "s", 2), _spread(memory, "MB", 0)
        result.add_row(what, *figures, asked.get(what, ""))
    return result


def table_of_imports(seconds: Mapping[str, float]) -> Table:
    """Return where the seconds of imports go, the dearest packages first."""
    result = Table(title=f"Imports of a server: {sum(seconds.values()):.2f} s")
    result.add_column("package")
    result.add_column("s", justify="right")
    for package, taken in sorted(seconds.items(), key=lambda pair: -pair[1])[:LISTED]:
        result.add_row(package, f"{taken:.2f}")
    return result


def _spread(values: Sequence[float], unit: str, digits: int) -> str:
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle:.{digits}f} {unit} ({least:.{digits}f} to {most:.{digits}f})"


@contextmanager
def _boutique(given: Path | None) -> Iterator[Path]:
    """Yield a home: the one given, or a temporary one with the sample boutique in it."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as home:
        wiring = Wiring(Settings(home=Path(home)))
        wiring.indexer().import_feed(BOUTIQUE / "catalog.jsonl")
        wiring.close()
        yield Path(home)


def main(
    home: Annotated[
        Path | None, typer.Option(help="An indexed home; the boutique's if none.")
    ] = None,
    starts: Annotated[int, typer.Option(help="How often the server is started.")] = 3,
    photos: Annotated[int, typer.Option(help="Photos that are completed each time.")] = 20,
    imports: Annotated[bool, typer.Option(help="Say where imports spend their time, too.")] = False,
) -> None:
    """Print how long a server takes to its first look, and the memory that it holds."""
    paths = outfit_paths()
    asked = [paths[number % len(paths)].read_bytes() for number in range(photos)]
    console = Console(width=120)
    with _boutique(home) as served, tempfile.TemporaryFile() as log:
        taken = [measured(served, asked, log, rest_s=RESTS_S) for _ in range(starts)]
        console.print(machine())
        console.print(table(taken))
        if imports:
            log.truncate(0)
            measured(served, asked[:1], log, "-X", "importtime")
            log.seek(0)
            console.print(table_of_imports(by_package(log.read().decode().splitlines())))


if __name__ == "__main__":
    typer.run(main)
