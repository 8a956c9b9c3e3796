"""The pace of importing: `make bench-import`, or `python -m recommender.bench.importing DATA`.

Imports photos of DATA (a folder in which a sub-folder names a kind), in which garments have to be
found, then pictures that are cut out already: as many as asked, made from the sample boutique's,
each with a tint of its own. Both run through everything that `recommender catalog import` does, with
the shipped models, in a temporary home. CPU time stands beside the clock: on a shared machine only
that can be compared.
"""

from __future__ import annotations

import json
import resource
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

import cv2
import numpy as np
import torch
import typer
from rich.console import Console
from rich.table import Table

from index.importing.reports import ImportOptions, ImportReport
from index.model.progress import Event, Step
from recommender.photos.garment_of import foreground
from recommender.runtime.wiring import Wiring
from recommender.sample import BOUTIQUE
from recommender.settings import Settings
from segmentation.common.cutouts import NEUTRAL, SIDE, square
from segmentation.common.garments import Rgb
from segmentation.common.photo import decode
from segmentation.common.precision import fastest_dtype
from segmentation.engines.device import machine

PHOTOS_TARGET: Final = {torch.bfloat16: 30.0, torch.float32: 15.0}
CUT_OUT_TARGET: Final = 120.0
EDGE: Final = 16
"""Pixels of plain grey around a made picture."""
STAGES: Final = {
    Step.CHECKED: "look over: read, hash, check",
    Step.NOTED: "read, decode, cut out",
    Step.KEPT: "store pictures",
    Step.ENCODED: "encode, measure",
    Step.SETTLED: "wait for the disk",
    Step.COMMITTING: "write rows",
    Step.STORED: "commit",
    Step.SWEPT: "delete what is unused",
    Step.FILLED: "publish: vectors",
    Step.WRITTEN: "publish: manifest",
}
"""What was done at a step."""


@dataclass
class Meter:
    """Takes the time between steps, and the process's peak memory every so many items.

    Attributes:
        every: items between two looks at memory.
        seconds: by stage.
        peaks_mb: items done, and the most memory held until then.
    """

    every: int
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    peaks_mb: list[tuple[int, float]] = field(default_factory=list)
    _last: float = field(default_factory=time.perf_counter)

    def __call__(self, event: Event) -> None:
        """Count the time since the last step."""
        now = time.perf_counter()
        self.seconds[STAGES.get(event.step, "the rest")] += now - self._last
        self._last = now
        reached = self.peaks_mb[-1][0] if self.peaks_mb else 0
        if event.step is Step.SWEPT and event.done >= reached + self.every:
            self.peaks_mb.append((event.done, peak_mb()))


@dataclass(frozen=True)
class Run:
    """One import that was measured."""

    report: ImportReport
    meter: Meter
    cpu_s: float

    @property
    def rate(self) -> float:
        """Items a second."""
        return self.report.added / self.report.seconds


def measured(source: Path, every: int) -> Run:
    """Import a folder into an empty home and return what that took."""
    with tempfile.TemporaryDirectory() as home:
        wiring = Wiring(Settings(home=Path(home)))
        indexer = wiring.indexer()
        _warm(wiring)
        meter, before = Meter(every), cpu_s()
        indexer = wiring.indexer(meter)
        report = indexer.import_feed(source, ImportOptions(max_reject_share=1))
        done = Run(report, meter, cpu_s() - before)
        wiring.close()
    return done


def photos_of(data: Path, count: int, folder: Path) -> Path:
    """Return a folder of up to `count` photos of DATA, as many of each kind."""
    kinds = sorted(path for path in data.iterdir() if path.is_dir())
    each = max(1, count // max(1, len(kinds)))
    for kind in kinds:
        (folder / kind.name).mkdir(parents=True)
        for path in sorted(kind.iterdir())[:each]:
            shutil.copy(path, folder / kind.name)
    return folder


def cut_outs(count: int, folder: Path) -> Path:
    """Return a folder of `count` pictures of garments on neutral grey, no two of them alike."""
    garments = list(_garments())
    for number in range(count):
        kind, rgb, mask = garments[number % len(garments)]
        chance = np.random.default_rng(number)
        tint = chance.uniform(0.6, 1.2, 3)
        made = np.full_like(rgb, NEUTRAL)
        made[mask] = np.clip(rgb[mask] * tint, 0, 255)
        path = folder / kind.replace(" ", "_") / f"{number:06d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), made[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    return folder


def _garments() -> Iterator[tuple[str, Rgb, np.ndarray]]:
    """Yield the boutique's garments: kind, picture with an edge of grey, and where the garment is."""
    for line in (BOUTIQUE / "catalog.jsonl").read_text().splitlines():
        row = json.loads(line)
        rgb = square(decode((BOUTIQUE / row["image"]).read_bytes()).rgb, SIDE - 2 * EDGE)
        mask = foreground(rgb)
        padded = np.full((SIDE, SIDE, 3), NEUTRAL, np.uint8)
        where = np.zeros((SIDE, SIDE), bool)
        padded[EDGE:-EDGE, EDGE:-EDGE], where[EDGE:-EDGE, EDGE:-EDGE] = rgb, mask
        yield row["category"], padded, where & (np.abs(padded.astype(int) - 127).max(axis=2) > 0)


def table(title: str, run: Run, target: float) -> Table:
    """Return one import as a table."""
    report = run.report
    met = "met" if run.rate >= target else "missed"
    result = Table(title=f"{title}: {report.added} items, {report.encoded} pictures encoded")
    result.add_column("what")
    result.add_column("", justify="right")
    result.add_row("items a second", f"{run.rate:.1f} (asked {target:.0f}: {met})", style="bold")
    result.add_row("CPU ms an item", f"{1000 * run.cpu_s / max(1, report.added):.1f}")
    whole = sum(run.meter.seconds.values())
    for stage, seconds in sorted(run.meter.seconds.items(), key=lambda pair: -pair[1]):
        result.add_row(f"  {stage}", f"{seconds / whole:.1%}")
    for items, mb in run.meter.peaks_mb:
        result.add_row(f"peak memory after {items} items", f"{mb:.0f} MB")
    if report.rejects:
        result.add_row("rows left out", str(report.rejected))
    return result


def peak_mb() -> float:
    """Return the most memory that this process held, in millions of bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def cpu_s() -> float:
    """Return the processor time that this process took, in seconds of one core."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _warm(wiring: Wiring) -> None:
    """Load the models and run each once: the first batch pays for that otherwise."""
    grey = np.full((SIDE, SIDE, 3), 127, np.uint8)
    wiring.encoder.encode_images([grey])
    wiring.detector.segment(decode((BOUTIQUE / "images" / _first_image()).read_bytes()))


def _first_image() -> str:
    return min(path.name for path in (BOUTIQUE / "images").iterdir())


def main(
    data: Annotated[Path | None, typer.Argument(help="Photos; a sub-folder a kind.")] = None,
    photos: Annotated[int, typer.Option(help="How many of them.")] = 200,
    cut_out: Annotated[int, typer.Option(help="How many cut-out pictures are made.")] = 1000,
    every: Annotated[int, typer.Option(help="Items between two looks at memory.")] = 10_000,
) -> None:
    """Print the pace of an import, with garments to be found and with pictures cut out already."""
    console = Console(width=90)
    console.print(machine())
    with tempfile.TemporaryDirectory() as folder:
        if data is not None:
            source = photos_of(data, photos, Path(folder, "photos"))
            run = measured(source, min(every, max(1, photos // 4)))
            console.print(table("Photos", run, PHOTOS_TARGET[fastest_dtype()]))
        if cut_out:
            source = cut_outs(cut_out, Path(folder, "cut-outs"))
            run = measured(source, min(every, max(1, cut_out // 5)))
            console.print(table("Cut out already", run, CUT_OUT_TARGET))


if __name__ == "__main__":
    typer.run(main)
