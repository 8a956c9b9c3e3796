"""What tells pictures of clothes from others, fitted to a detector's weights.

    python -m segmentation.training.measuring.evidence WEIGHTS --street DIR --flat DIR --shop DIR

Clothes are in the held-out tagged photos of Clothing Co-Parsing, in single garments and in a shop's
photos that no detector was trained on; none are in drawn pictures, empty corners of training photos
and jewellery. A logistic regression weighs what `segmentation.detector.evidence` measures; both kinds
count alike. Only the header of the weights file changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import torch
import typer
from torch import Tensor
from torch.nn import functional

from segmentation.common.commands import run
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Photo, Rgb
from segmentation.common.photo import decode
from segmentation.datasets.clothing_co_parsing import read_clothing_co_parsing, read_tagged
from segmentation.datasets.labelled import LabelPicture
from segmentation.datasets.products.article_types import WITHOUT_CLOTHES
from segmentation.datasets.products.clothing_full import read_clothing_full
from segmentation.datasets.products.product_photos import read_product_photos
from segmentation.datasets.splits import is_held_out
from segmentation.detector import maskrcnn
from segmentation.detector.detections import of_main_person, reported
from segmentation.detector.evidence import LEAST, measures, probability
from segmentation.detector.network import read_weights, write_weights
from segmentation.rendering.nothing import draw_nothing
from segmentation.training.labelling.nothing import empty_corner
from segmentation.training.labelling.white import white_mask

PENALTY: Final = 0.0003
EACH: Final = 100
"""Pictures of each source."""


def logistic(rows: Tensor, worn: Tensor, penalty: float = PENALTY) -> Tensor:
    """Return (d + 1,) weights of a logistic regression, the constant last; both kinds count alike.

    Args:
        rows: (n, d) float32.
        worn: (n,) bool, some true and some false.
        penalty: on the squares of the weights, so that few rows do not make them extreme.
    """
    rows = torch.cat([rows, torch.ones(len(rows), 1)], dim=1)
    truth = worn.float()
    share = torch.where(worn, 0.5 / truth.sum(), 0.5 / (1 - truth).sum())
    weights = torch.zeros(rows.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        each = functional.binary_cross_entropy_with_logits(rows @ weights, truth, reduction="none")
        total = (each * share).sum() + penalty * (weights[:-1] ** 2).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return float(total.detach())

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return weights.detach()


def fitted(
    clothes: Sequence[Mapping[str, float]], none: Sequence[Mapping[str, float]]
) -> dict[str, float]:
    """Return the weights by name, `constant` among them, of a logistic regression.

    Args:
        clothes: what was measured in pictures of clothes, at least one.
        none: in others, at least one.
    """
    names = list(clothes[0])
    rows = torch.tensor([[measured[name] for name in names] for measured in (*clothes, *none)])
    worn = torch.arange(len(rows)) < len(clothes)
    weights = logistic(rows, worn)
    return {
        name: round(float(value), 4)
        for name, value in zip([*names, "constant"], weights, strict=True)
    }


def measure(detector: maskrcnn.Detector, rgb: Rgb) -> dict[str, float] | None:
    """Return what is measured in a picture; None where nothing would be reported anyway."""
    found = detector.detect(Photo(np.ascontiguousarray(rgb)))
    numbers = of_main_person(found, reported(found, detector.spec.threshold), rgb.shape[1])
    return measures(found, numbers) if numbers else None


def main(
    weights: Path,
    *,
    street: Annotated[Path | None, typer.Option(help="A Clothing Co-Parsing folder.")] = None,
    flat: Annotated[
        Path | None, typer.Option(help="A clothing-dataset folder in archives.")
    ] = None,
    shop: Annotated[Path | None, typer.Option(help="A folder of product photos.")] = None,
) -> None:
    """Fit what tells pictures of clothes from others, and write it into a weights file."""
    detector = maskrcnn.Detector.load(weights)
    record: dict[bool, list[dict[str, float]]] = {True: [], False: []}
    counts: Counter[str] = Counter()
    for source, worn, rgb in _pictures(street, flat, shop):
        measured = measure(detector, rgb)
        counts[source] += measured is not None
        if measured:
            record[worn].append(measured)
    if not all(record.values()):
        raise DatasetError(
            "there are no pictures of clothes",
            got="no folder",
            expected="--street, --flat or --shop",
            next_step="Give at least one of the folders.",
        )
    found = fitted(record[True], record[False])
    for worn, name in ((True, "with clothes"), (False, "without")):
        kept = sum(probability(found, each) >= LEAST for each in record[worn])
        typer.echo(f"{name}: {kept} of {len(record[worn])} reported", err=True)
    typer.echo(f"{found} from {dict(counts)}", err=True)
    spec, state = read_weights(weights)
    write_weights(weights, state, replace(spec, evidence=found))


def _pictures(
    street: Path | None, flat: Path | None, shop: Path | None
) -> Iterator[tuple[str, bool, Rgb]]:
    for number in range(EACH):
        yield "drawn", False, draw_nothing(np.random.default_rng((77, number)), number)
    if street:
        yield from _street(street)
    if flat:
        garments = [each for each in read_clothing_full(flat) if each.split == "train"]
        for garment in garments[:: max(1, len(garments) // EACH)]:
            yield "flat", True, garment.rgb()
    if shop:
        products = [
            each for each in read_product_photos(shop) if each.split == "train" and each.large
        ]
        known = [each for each in products if each.category]
        for product in known[:: max(1, len(known) // EACH)]:
            yield "shop", True, product.rgb()
        for product in [each for each in products if each.article in WITHOUT_CLOTHES][:EACH]:
            rgb = product.rgb()
            if white_mask(rgb) is not None:
                yield "jewellery", False, rgb


def _street(folder: Path) -> Iterator[tuple[str, bool, Rgb]]:
    for path, _ in read_tagged(folder):
        if is_held_out(path, folder):
            yield "tagged", True, decode(path.read_bytes()).rgb
    for number, photo in enumerate(read_clothing_co_parsing(folder, "train")[::6]):
        assert isinstance(photo.regions, LabelPicture)
        rgb, _ = photo.read()
        corner = empty_corner(photo.regions.read() > 0, np.random.default_rng((0, number)))
        if corner is not None:
            left, top, right, bottom = corner
            yield "corners", False, rgb[top:bottom, left:right]


if __name__ == "__main__":
    run(main)
