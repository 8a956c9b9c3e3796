"""The performance table: `make bench`.

One warm photo to a completed look on this machine, by stage, beside the obvious alternative in
the same run: torchvision's `maskrcnn_resnet50_fpn_v2` at its default size, then open_clip's
`ViT-B-32`. Untrained weights serve for timing: they find no garment, so the alternative is spared
its mask head and is timed as a little faster than it would be in use.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

import numpy as np
import open_clip
import torch
import typer
from rich.console import Console
from rich.table import Table
from torchvision.models.detection import maskrcnn_resnet50_fpn_v2

from index.encoders.encoder import WEIGHTS, Encoder, OpenClipEncoder
from recommender.completion.complete import complete
from recommender.photos.photo_analysis import analyse
from recommender.runtime.wiring import Wiring
from recommender.sample import BOUTIQUE, outfit_paths
from recommender.settings import Settings, read_settings
from recommender.timing import STAGES, Stopwatch
from segmentation.common.cutouts import SIDE, cut_whole
from segmentation.common.photo import decode
from segmentation.detector.maskrcnn import Detector
from segmentation.engines.choice import Engine
from segmentation.engines.device import PROCESSOR, Device, device_of, machine, synchronize

TARGET_MS: Final = 250.0
TARGET_TIMES: Final = 20.0
DETECTOR_TARGET_MS: Final = 110.0
DETECTOR_TARGET_TIMES: Final = 40.0
CUTOUTS: Final = 8
CUTOUTS_TARGET_MS: Final = 80.0
TEXT_TARGET_MS: Final = 15.0
ENCODER_TARGET_MB: Final = 30.0
TEXTS: Final = (
    "navy striped shirt", "red satin pumps", "black leather jacket with a zip", "jeans",
    "floral summer dress with short sleeves", "a small beige bag",
)  # fmt: skip
ROOMS: Final = ("segmentation", "index", "recommender", "ui", "migrations")


def ours(photos: list[bytes], rounds: int) -> tuple[dict[str, float], float, float]:
    """Return median ms by stage, median ms in all, and garments a photo, on the sample boutique."""
    with tempfile.TemporaryDirectory() as home:
        wiring = Wiring(Settings(home=Path(home)))
        wiring.indexer().import_feed(BOUTIQUE / "catalog.jsonl")
        times: dict[str, list[float]] = defaultdict(list)
        garments = []
        for number in range((rounds + 1) * len(photos)):
            watch = Stopwatch(synchronize)
            start = time.perf_counter()
            with watch.stage("decode"):
                photo = wiring.decode(photos[number % len(photos)])
            answer = complete(analyse(photo, wiring, watch=watch), wiring)
            total = 1000 * (time.perf_counter() - start)
            if number >= len(photos):  # the first round warms up
                garments.append(len(answer.garments))
                times["total"].append(total)
                for stage in STAGES:
                    times[stage].append(answer.ms.get(stage, 0.0))
        wiring.close()
    medians = {stage: statistics.median(values) for stage, values in times.items()}
    return medians, medians["total"], statistics.fmean(garments)


def detector_ms(photos: list[bytes], rounds: int) -> dict[Engine, float]:
    """Return median ms of the shipped detector alone, a decoded photo to garments with masks, by engine.

    The engines take turns on each photo, so that whatever else the machine does slows all alike.
    Bfloat16 is left out where it is not what torch is fastest in: it may be 80 times slower.
    """
    fastest = device_of(Engine.CPU).engine
    wanted = {Engine.FLOAT32, fastest, Engine.INT8, device_of(Engine.AUTO).engine}
    loaded = {engine: Detector.load(engine=engine) for engine in wanted}
    detectors = {engine: each for engine, each in loaded.items() if each.engine is engine}
    decoded = [decode(data) for data in photos]
    times: dict[Engine, list[float]] = {engine: [] for engine in detectors}
    for number in range((rounds + 1) * len(decoded)):
        photo = decoded[number % len(decoded)]
        for engine, detector in detectors.items():
            times[engine].append(
                _ms(lambda detector=detector, photo=photo: detector.segment(photo))
            )
    return {engine: statistics.median(each[len(decoded) :]) for engine, each in times.items()}


def encoder_ms(encoder: Encoder, pictures: list[bytes], rounds: int) -> tuple[float, float]:
    """Return median ms of all pictures' cut-outs in one batch, and of one text alone."""
    cutouts = [cut_whole(decode(data)) for data in pictures]
    batches = [_ms(lambda: encoder.encode_images(cutouts)) for _ in range(rounds + 1)]
    texts = [
        _ms(lambda text=text: encoder.encode_texts([text]))
        for _ in range(rounds + 1)
        for text in TEXTS
    ]
    return statistics.median(batches[1:]), statistics.median(texts[len(TEXTS) :])


def megabytes(*folders: Path) -> float:
    """Return the size of all that folders ship, in millions of bytes; caches are not shipped."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files if "__pycache__" not in path.parts) / 1e6


def alternative(
    photos: list[bytes], crops: int, rounds: int, device: Device = PROCESSOR
) -> tuple[float, float]:
    """Return median ms of the alternative's detector, and of its encoder on `crops` cut-outs.

    It computes in float32, on the device that ours is on.
    """
    detector = device.holding(maskrcnn_resnet50_fpn_v2(weights=None, weights_backbone=None).eval())
    encoder = device.holding(open_clip.create_model("ViT-B-32").eval())
    found, encoded = [], []
    pictures = device.taking(torch.zeros(crops, 3, SIDE, SIDE))
    with torch.inference_mode():
        for number in range(rounds + 1):
            rgb = decode(photos[number % len(photos)]).rgb
            pixels = torch.from_numpy(np.array(rgb)).permute(2, 0, 1).float() / 255
            found.append(_ms(lambda pixels=pixels: detector([device.taking(pixels)])))
            encoded.append(_ms(lambda: encoder.encode_image(pictures)))
    return statistics.median(found[1:]), statistics.median(encoded[1:])


def _ms(call: object) -> float:
    synchronize()
    start = time.perf_counter()
    call()  # type: ignore[operator]
    synchronize()
    return 1000 * (time.perf_counter() - start)


def main(photo: list[Path] | None = None, rounds: int = 5) -> None:
    """Print the table; the photos default to the sample outfits."""
    photos = [path.read_bytes() for path in photo or outfit_paths()]
    engine = Engine(read_settings().engine)
    device = device_of(engine)
    stages, total, garments = ours(photos, rounds)
    crops = max(1, round(garments))
    detect, encode = alternative(photos, crops, max(2, rounds // 2), device)
    table = Table(title="One photo to a completed look", caption=f"networks: {device.words}")
    table.add_column("stage")
    table.add_column("median ms", justify="right")
    for stage in STAGES:
        table.add_row(stage, f"{stages[stage]:.1f}")
    table.add_row("all of it", f"{total:.1f}", style="bold")
    table.add_row("alternative: maskrcnn_resnet50_fpn_v2", f"{detect:.0f}")
    table.add_row(f"alternative: ViT-B-32, {crops} cut-outs", f"{encode:.0f}")
    times = (detect + encode) / total
    table.add_row("alternative / ours", f"{times:.1f} x", style="bold")
    console = Console(width=90)
    console.print(machine())
    console.print(table)
    console.print(_detectors(photos, detect, rounds, engine))
    console.print(encoder_table(OpenClipEncoder(str(WEIGHTS), engine=engine), rounds, device.words))
    met = total < TARGET_MS and times >= TARGET_TIMES
    console.print(
        f"{len(photos)} photos x {rounds} rounds, {garments:.1f} garments a photo; "
        f"target under {TARGET_MS:.0f} ms and {TARGET_TIMES:.0f} x: {'met' if met else 'MISSED'}"
    )


def _detectors(photos: list[bytes], other_ms: float, rounds: int, engine: Engine) -> Table:
    mine_ms, chosen = detector_ms(photos, rounds), Detector.load(engine=engine).engine
    met = mine_ms[chosen] <= DETECTOR_TARGET_MS
    far = other_ms / mine_ms[chosen]
    table = Table(title="The detector alone", caption=(
        f"target at most {DETECTOR_TARGET_MS:.0f} ms and at least {DETECTOR_TARGET_TIMES:.0f} x: "
        f"{'met' if met and far >= DETECTOR_TARGET_TIMES else 'MISSED'}"
    ))  # fmt: skip
    for head in ("detector", "median ms", "times faster"):
        table.add_column(head, justify="left" if head == "detector" else "right")
    table.add_row("maskrcnn_resnet50_fpn_v2, 800 px, float32", f"{other_ms:.0f}", "1.0")
    for each, each_ms in sorted(mine_ms.items(), key=lambda pair: -pair[1]):
        name = f"ours, {each}{', chosen here' if each is chosen else ''}"
        table.add_row(name, f"{each_ms:.1f}", f"{other_ms / each_ms:.1f}")
    return table


def encoder_table(encoder: Encoder, rounds: int, where: str) -> Table:
    """Return what the encoder costs, each figure beside what is asked."""
    pictures = sorted((BOUTIQUE / "images").glob("*.webp"))[:CUTOUTS]
    batch, text = encoder_ms(encoder, [path.read_bytes() for path in pictures], rounds)
    root = Path(__file__).parents[2]
    figures = (
        (f"{CUTOUTS} cut-outs in one batch, ms", batch, CUTOUTS_TARGET_MS),
        ("one text, ms", text, TEXT_TARGET_MS),
        ("its folder, index/weights, MB", megabytes(WEIGHTS), ENCODER_TARGET_MB),
        ("all that the wheel holds, unpacked, MB", megabytes(*(root / r for r in ROOMS)), None),
    )
    table = Table(title="The encoder alone", caption=where)
    for head in ("cost", "median", "at most", ""):
        table.add_column(head, justify="left" if head == "cost" else "right")
    for cost, found, most in figures:
        asked = ("", "") if most is None else (f"{most:.0f}", "met" if found <= most else "MISSED")
        table.add_row(cost, f"{found:.1f}", *asked)
    return table


if __name__ == "__main__":
    typer.run(main)
