"""How a server bears a steady load: `make bench-steady`, or `python -m recommender.bench.steady`.

Look-ups come at a fixed pace, whether or not the answers before have come, and are timed from the moment at
which they were due: a server that stalls is charged with all who wait. Then photos come at a fixed pace, each
one that the server has not seen, and refusals are counted. The shop is the sample boutique, filled up with made-up
items (`recommender.bench.large_shop`); with several sizes, a plot shows how look-ups grow with the catalogue.
"""

from __future__ import annotations

import io
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer
from matplotlib.axes import Axes
from PIL import Image
from rich.console import Console
from rich.table import Table

from recommender.bench import load
from recommender.bench.large_shop import fill
from recommender.client import ApiProblem, Client
from recommender.runtime.wiring import Wiring
from recommender.sample import outfit_paths
from recommender.settings import Settings
from segmentation.engines.device import machine
from segmentation.training.charts import svg

CLIENTS: Final = 32
PLOT: Final = Path("docs/results/growth.svg")
_KINDS: Final = ("an item's neighbours", "words", "three questions")


@dataclass(frozen=True)
class Answer:
    """One question of a steady load.

    Attributes:
        kind: what was asked.
        ms: from the moment at which it was due to its answer.
        waited_ms: how much of that nobody had asked it yet, because all who ask still waited.
        status: 200, or of the refusal.
    """

    kind: str
    ms: float
    waited_ms: float
    status: int


@dataclass(frozen=True)
class Steady:
    """What came of a load: each question once, in the order in which they were due."""

    name: str
    a_second: float
    answers: tuple[Answer, ...]

    def percentile(self, share: float) -> float:
        """Return a percentile of the answered, in milliseconds; NaN where all were refused."""
        answered = [each.ms for each in self.answers if each.status == 200]
        return float(np.percentile(answered, share)) if answered else float("nan")

    @property
    def refused(self) -> Counter[int]:
        """How many were refused, by status."""
        return Counter(each.status for each in self.answers if each.status != 200)

    def tail(self) -> dict[str, str]:
        """Return what the slowest hundredth is made of."""
        slow = self.percentile(99)
        numbers = [number for number, each in enumerate(self.answers) if each.ms >= slow]
        kinds = Counter(self.answers[number].kind for number in numbers)
        bursts = 1 + sum(later - number > self.a_second for number, later in pairwise(numbers))
        waited = sum(self.answers[number].waited_ms for number in numbers)
        share = waited / max(sum(self.answers[number].ms for number in numbers), 1e-9)
        return {
            "kinds": ", ".join(f"{name} {count}" for name, count in kinds.most_common()),
            "in": f"{bursts} bursts a second or more apart",
            "waited to be asked": f"{share:.0%} of their time",
        }


def steady(name: str, a_second: float, seconds: float, ask: Callable[[int], str]) -> Steady:
    """Ask at a fixed pace, with `CLIENTS` waiting at most at once.

    Args:
        name: what is asked.
        a_second: questions a second.
        seconds: for how long.
        ask: asks the question of a number, in any thread, and returns what kind it is.
    """
    count = round(a_second * seconds)
    began = time.perf_counter() + 0.2

    def answer(number: int) -> Answer:
        due = began + number / a_second
        time.sleep(max(0.0, due - time.perf_counter()))
        waited = time.perf_counter() - due
        status, kind = 200, ""
        try:
            kind = ask(number)
        except ApiProblem as refused:
            status = refused.problem.status
        return Answer(kind, 1000 * (time.perf_counter() - due), 1000 * waited, status)

    with ThreadPoolExecutor(CLIENTS) as clients:
        return Steady(name, a_second, tuple(clients.map(answer, range(count))))


def look_ups(client: Client, skus: Sequence[str]) -> Callable[[int], str]:
    """Return what asks what a storefront does: an item's neighbours, words, three at once, in turn."""
    asks = dict(zip(_KINDS, load.questions(client, skus), strict=True))

    def ask(number: int) -> str:
        kind = _KINDS[number % len(_KINDS)]
        asks[kind](number)
        return kind

    return ask


def new_photos(count: int) -> list[bytes]:
    """Return the sample outfits as JPEGs that differ in a pixel, so that none is known by its bytes."""
    paths, made = outfit_paths(), []
    for number in range(count):
        with Image.open(paths[number % len(paths)]) as opened:
            picture = opened.convert("RGB")
        picture.putpixel((0, 0), (number % 256, number // 256, 0))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=92)
        made.append(file.getvalue())
    return made


def of_size(
    items: int, folder: Path, a_second: float, seconds: float, photos: tuple[float, float]
) -> list[Steady]:
    """Return what came of look-ups, and of photos if any are asked for, at a shop of so many items.

    The shop is made in the folder where it does not lie there from before.
    """
    home = folder / f"home-{items}"
    made = folder / f"home-{items}.made"  # a shop that was begun is none
    if not made.exists():
        wiring = Wiring(Settings(home=home))
        fill(wiring, items)
        wiring.close()
        made.touch()
    with load.serving(home, folder / "server.log") as client:
        skus = [f"L{number * 7919 % max(items - 1000, 1):07d}" for number in range(2000)]
        ask = look_ups(client, skus)
        for number in range(load.WARM_UP):
            ask(number)
        done = [steady(f"look-ups, {items:,} items", a_second, seconds, ask)]
        if photos[1]:
            shown = new_photos(round(photos[0] * photos[1]))

            def complete(number: int) -> str:
                client.complete(shown[number])
                return "a photo"

            done.append(steady(f"photos, {items:,} items", *photos, complete))
    return done


def table(done: Sequence[Steady]) -> Table:
    """Return what came of each load as a table."""
    result = Table(title="A steady load, timed from when each question was due")
    for column in ("", "a second", "questions", "p50", "p95", "p99", "longest", "refused"):
        result.add_column(column, justify="right" if column else "left")
    for each in done:
        times = [f"{each.percentile(share):.0f} ms" for share in (50, 95, 99, 100)]
        refused = ", ".join(f"{count} with {status}" for status, count in each.refused.items())
        result.add_row(
            each.name, f"{each.a_second:g}", str(len(each.answers)), *times, refused or "0"
        )
    return result


def plot(sizes: Sequence[int], done: Sequence[Steady]) -> str:
    """Return the median and the 95th percentile over the size of the catalogue, as SVG."""
    lines = {"median": 50, "95th percentile": 95}

    def draw(axes: Axes) -> None:
        for name, share in lines.items():
            axes.plot(sizes, [each.percentile(share) for each in done], "o-", label=name)
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xlabel("items in the catalogue")
        axes.set_ylabel("ms a look-up")
        axes.legend()

    told = "; ".join(
        f"{size:,} items: {each.percentile(50):.0f} and {each.percentile(95):.0f} ms"
        for size, each in zip(sizes, done, strict=True)
    )
    return svg(draw, name="growth", alt_text=f"Look-ups, median and 95th percentile: {told}")


def main(  # noqa: PLR0917  # options are named
    sizes: Annotated[
        str, typer.Option(help="Items of the shops, in turn.")
    ] = "10000,100000,1000000",
    a_second: Annotated[float, typer.Option(help="Look-ups a second.")] = 50,
    seconds: Annotated[
        float, typer.Option(help="How long look-ups of the largest shop are asked.")
    ] = 300,
    photos_a_second: Annotated[
        float, typer.Option(help="Photos a second, of the largest shop.")
    ] = 4,
    photo_seconds: Annotated[
        float, typer.Option(help="How long photos are asked; 0 for none.")
    ] = 60,
    homes: Annotated[
        Path | None, typer.Option(help="Where the shops lie, or are made and stay; else they go.")
    ] = None,
    write: Annotated[bool, typer.Option(help="Draw docs/results/growth.svg.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Print how long look-ups and photos take that come at a fixed pace, whatever the answers do."""
    counts = sorted(int(size) for size in sizes.split(","))
    done: list[Steady] = []
    with tempfile.TemporaryDirectory() as passing:
        folder = homes or Path(passing)
        for items in counts:
            is_last = items == counts[-1]
            spell = seconds if is_last else min(seconds, 60)
            photos = (photos_a_second, photo_seconds if is_last else 0.0)
            done += of_size(items, folder, a_second, spell, photos)
    lookups = [each for each in done if each.name.startswith("look-ups")]
    if write:
        PLOT.write_text(plot(counts, lookups), encoding="utf-8")
    if as_json:
        shares = (50, 95, 99, 100)
        rows = [
            {"name": each.name, "questions": len(each.answers), "refused": each.refused.total()}
            | {f"p{share}_ms": round(each.percentile(share), 1) for share in shares}
            for each in done
        ]
        typer.echo(json.dumps(rows))
        return
    console = Console(width=120)
    console.print(f"{machine()}, clients and server on the same ones")
    console.print(table(done))
    for each in done:
        told = "; ".join(f"{name}: {text}" for name, text in each.tail().items())
        console.print(f"The slowest hundredth of {each.name}: {told}.")


if __name__ == "__main__":
    typer.run(main)
