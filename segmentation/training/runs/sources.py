"""Folders of data -> what a network is trained on: sources, their mixture, and the run's recipe."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import named
from segmentation.datasets import read_folder
from segmentation.training.runs.checkpoints import recipe_of
from segmentation.training.runs.progress import Report
from segmentation.training.samples.mixture import Mixture, MixtureSource, Vocabulary


class Use(NamedTuple):
    """How a kind of data set is used: see `MixtureSource`."""

    turns: int
    lends: bool
    borrows: bool
    adorns: bool = False


USES: Final[dict[str, Use]] = {
    # A detector's guesses: too inexact to be cut out; but the photos show people.
    "tags": Use(turns=2, lends=False, borrows=True),
    # Guessed outlines of single garments on plain ground: nobody is there to wear another one.
    "products": Use(turns=3, lends=False, borrows=False),
    # What stands out in photos of single garments.
    "flat": Use(turns=1, lends=False, borrows=False),
    # A shop's products alone on white: outlines that two ways of finding them agree on.
    "shop": Use(turns=2, lends=False, borrows=False, adorns=True),
    # A shop's products worn: one garment of the photo is known, the others are left open.
    "worn": Use(turns=1, lends=False, borrows=False),
    # Nothing is worn, whatever it looks like.
    "nothing": Use(turns=1, lends=False, borrows=False),
    # Exact, but drawn: pasted into photos, garments would be recognised by their style.
    "rendered": Use(turns=1, lends=False, borrows=False),
}
BY_HAND: Final = Use(turns=6, lends=True, borrows=True)
"""All other kinds: people marked what people wear."""


def sources_of(folders: Sequence[Path], report: Report) -> list[MixtureSource]:
    """Return the training photos of data folders, each kind with its turns and its part in pasting.

    Raises:
        DatasetError: a folder is no data set, or has no photo to train on.
    """
    sources = []
    for folder in folders:
        kind, photos = read_folder(folder, "train")
        if not photos:
            raise DatasetError(
                "no training photos in a folder",
                got=f"{folder}: {kind}",
                expected="at least one labelled photo of the split 'train'",
                next_step="Leave the folder out, or check its splits.",
            )
        report(f"{folder}: {kind}, {len(photos)} photos")
        use = USES.get(kind, BY_HAND)
        sources.append(MixtureSource(photos, use.turns, use.lends, use.borrows, kind, use.adorns))
    return sources


def count(sources: Sequence[MixtureSource]) -> int:
    """Return how many photos the sources have."""
    return sum(len(source.photos) for source in sources)


def mixture_of(
    sources: Sequence[MixtureSource],
    categories: Sequence[str],
    canvas_wh: tuple[int, int],
    attributes: tuple[str, ...] = (),
) -> Mixture:
    """Return the samples of a network whose classes 1, 2, ... are the `categories`."""
    numbers = {named(name): place + 1 for place, name in enumerate(categories)}
    return Mixture(sources, Vocabulary(numbers, attributes), canvas_wh=canvas_wh)


def recipe_for(
    architecture: str, spec: Mapping[str, Any], sources: Sequence[MixtureSource], start: Path | str
) -> str:
    """Return a run's recipe: network, data, and what it begins with, a weights file or a word."""
    if isinstance(start, Path):
        start = "sha256 " + hashlib.sha256(start.read_bytes()).hexdigest()
    data = ", ".join(f"{len(source.photos)} of {source.kind}" for source in sources)
    return recipe_of(architecture=architecture, **spec, data=data, start=start)
