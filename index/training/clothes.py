"""What tells pictures of clothes from others, fitted on an encoder's vectors of whole pictures.

    python -m index.training.clothes DATA... --encoder FOLDER

Clothes are in street photos, whole and cropped to the torso, in single garments laid flat and in a shop's
photos; none are in drawn pictures, in empty corners of street photos and in a shop's jewellery. All are of
training parts; `segmentation.training.robustness` measures on other pictures. One picture in five is kept
for the threshold: the least probability that nearly all of the kept pictures of clothes reach.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from index.encoders.clothes import FILE, ClothesGate
from index.encoders.encoder import Encoder, OpenClipEncoder
from index.files import durable
from segmentation.common import cutouts
from segmentation.common.commands import run
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Photo, Rgb
from segmentation.common.photo import decode
from segmentation.datasets.clothing_co_parsing import read_clothing_co_parsing
from segmentation.datasets.clothing_dataset import read_clothing_dataset
from segmentation.datasets.labelled import LabelPicture
from segmentation.datasets.products.article_types import WITHOUT_CLOTHES
from segmentation.datasets.products.clothing_full import read_clothing_full
from segmentation.datasets.products.product_photos import read_product_photos
from segmentation.rendering.nothing import draw_nothing
from segmentation.training.labelling.nothing import empty_corner
from segmentation.training.labelling.white import white_mask
from segmentation.training.measuring.evidence import logistic
from segmentation.training.samples.harder import torso

EACH: Final = 500
"""Pictures of a source, at most; twice as many are drawn."""
PENALTY: Final = 2e-6
"""On the squares of the weights: a unit vector's numbers are small, so they are large."""
KEPT: Final = 5
"""One picture in so many is kept for the threshold."""
PASSING: Final = 0.995
"""The share of the kept pictures of clothes that pass."""
BATCH: Final = 32
Item = TypeVar("Item")


def fitted(
    vectors_unit: NDArray[np.float32], worn: NDArray[np.bool_], fingerprint: str
) -> ClothesGate:
    """Return a gate for an encoder.

    Args:
        vectors_unit: (n, d) float32 unit rows of whole pictures, in any order.
        worn: (n,) which of them show clothes; some do and some do not.
        fingerprint: of the encoder that made the vectors.
    """
    kept = np.arange(len(worn)) % KEPT == 0
    rows, truth = torch.from_numpy(vectors_unit[~kept]), torch.from_numpy(worn[~kept])
    *weights, constant = logistic(rows, truth, PENALTY).tolist()
    gate = ClothesGate(
        fingerprint=fingerprint,
        weights=tuple(round(weight, 3) for weight in weights),
        intercept=round(constant, 3),
    )
    least = np.quantile(gate.probabilities(vectors_unit[kept & worn]), 1 - PASSING)
    return gate.model_copy(update={"least": round(min(0.5, float(least)), 4)})


def pictures(folder: Path) -> Iterator[tuple[str, bool, Rgb]]:
    """Yield the source, whether clothes are shown, and the picture, of one folder of data.

    Raises:
        DatasetError: it is in no layout that is read here.
    """
    readers = (_street, _flat, _full, _shop)
    refusals = []
    for reader in readers:
        try:
            first = next(found := reader(folder), None)
        except DatasetError as refusal:
            refusals.append(refusal)
            continue
        if first is not None:
            yield first
            yield from found
            return
    raise (
        refusals[0]
        if refusals
        else DatasetError(
            "there are no pictures in this folder",
            got=str(folder),
            expected="Clothing Co-Parsing, a clothing dataset or product photos",
            next_step="Give another folder.",
        )
    )


def drawn() -> Iterator[tuple[str, bool, Rgb]]:
    """Yield drawn pictures without clothes."""
    for number in range(2 * EACH):
        yield "drawn", False, draw_nothing(np.random.default_rng((91, number)), number)


def _street(folder: Path) -> Iterator[tuple[str, bool, Rgb]]:
    for number, photo in enumerate(read_clothing_co_parsing(folder, "train")):
        rgb, masks = photo.read()
        if number % 2 == 0:
            yield "street", True, rgb
            crop, _ = torso(rgb, masks, photo.labels)
            yield "torso", True, crop
        assert isinstance(photo.regions, LabelPicture)
        corner = empty_corner(photo.regions.read() > 0, np.random.default_rng((0, number)))
        if corner is not None:
            left, top, right, bottom = corner
            yield "corners", False, rgb[top:bottom, left:right]


def _flat(folder: Path) -> Iterator[tuple[str, bool, Rgb]]:
    garments = [each for each in read_clothing_dataset(folder) if each.split == "train"]
    yield from (("flat", True, decode(each.path.read_bytes()).rgb) for each in _some(garments))


def _full(folder: Path) -> Iterator[tuple[str, bool, Rgb]]:
    garments = [each for each in read_clothing_full(folder) if each.split == "train"]
    yield from (("flat", True, each.rgb()) for each in _some(garments))


def _shop(folder: Path) -> Iterator[tuple[str, bool, Rgb]]:
    products = [p for p in read_product_photos(folder) if p.split == "train" and p.large]
    for product in _some([each for each in products if each.category]):
        yield "shop", True, product.rgb()
    jewels = (each.rgb() for each in products if each.article in WITHOUT_CLOTHES)
    alone = (rgb for rgb in jewels if white_mask(rgb) is not None)  # on others somebody wears it
    yield from (("jewellery", False, rgb) for rgb in islice(alone, EACH))


def _some(items: Sequence[Item]) -> Sequence[Item]:
    return items[:: max(1, len(items) // EACH)]


def _encoded(
    found: Iterable[tuple[str, bool, Rgb]], encoder: Encoder
) -> tuple[NDArray[np.float32], NDArray[np.bool_], Counter[str]]:
    rows: list[NDArray[np.float32]] = []
    worn: list[bool] = []
    counts: Counter[str] = Counter()
    waiting = iter(found)
    while batch := list(islice(waiting, BATCH)):
        views = [cutouts.cut_whole(Photo(np.ascontiguousarray(rgb))) for _, _, rgb in batch]
        rows.append(encoder.encode_images(views))
        worn += [shown for _, shown, _ in batch]
        counts.update(source for source, _, _ in batch)
    return np.concatenate(rows), np.asarray(worn, np.bool_), counts


def main(
    data: Annotated[list[Path], typer.Argument(help="Folders of data.")],
    *,
    encoder: Annotated[Path, typer.Option(help="The encoder's folder.")],
) -> None:
    """Fit what tells pictures of clothes from others, and write it beside an encoder's weights."""
    loaded = OpenClipEncoder.load(encoder)
    everything: list[Iterable[Any]] = [drawn(), *map(pictures, data)]
    vectors, worn, counts = _encoded((row for part in everything for row in part), loaded)
    order = np.random.default_rng(0).permutation(len(worn))
    vectors, worn = vectors[order], worn[order]
    gate = fitted(vectors, worn, loaded.fingerprint)
    durable.write(encoder / FILE, gate.model_dump_json().encode() + b"\n")
    kept = np.arange(len(worn)) % KEPT == 0
    passing = gate.probabilities(vectors[kept]) >= gate.least
    shown = worn[kept]
    typer.echo(
        f"{dict(counts)}; of those kept from fitting, {passing[shown].mean():.3f} of "
        f"{shown.sum()} with clothes pass, and {passing[~shown].mean():.3f} of "
        f"{(~shown).sum()} without"
    )


if __name__ == "__main__":
    run(main)
