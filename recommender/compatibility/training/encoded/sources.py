"""Folders of data -> outfits, encoded; a folder that was encoded before is read back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from index.encoders.encoder import Encoder
from recommender.compatibility.datasets import LAYOUTS, read_outfits, read_questions
from recommender.compatibility.ensembles import EnsembleFile, Question
from recommender.compatibility.training.encoded.encoding import see
from recommender.compatibility.training.encoded.outfits import EncodedOutfits
from recommender.compatibility.training.encoded.street import read_street
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Garments, Rgb
from segmentation.training.runs.loop import Report

Find = Callable[[Rgb], Garments]


def outfits_of(folders: Sequence[Path], split: str, find: Find) -> list[EnsembleFile]:
    """Return the outfits of one split of several data sets.

    Args:
        folders: in a layout that `docs/data.md` describes.
        split: `train` or `val`.
        find: the detector, for photos without masks.

    Raises:
        DatasetError: there are none, or a folder is in none of the known layouts.
    """
    files: list[EnsembleFile] = []
    for folder in folders:
        files += (
            read_outfits(folder, split, find=find)
            if any(layout.recognise(folder) for layout in LAYOUTS)
            else read_street(folder, split)
        )
    if not files:
        raise DatasetError(
            f"no outfits of the split {split!r}",
            got=", ".join(map(str, folders)) or "no folders",
            expected="at least one data set of outfits",
            next_step="Give the folders of the data sets with --data.",
        )
    return files


def questions_of(folders: Sequence[Path], split: str) -> list[Question]:
    """Return the published questions of those data sets that have some."""
    return [
        question
        for folder in folders
        if any(layout.recognise(folder) for layout in LAYOUTS)
        for question in read_questions(folder, split)
    ]


def seen_of(
    files: Sequence[EnsembleFile],
    encoder: Encoder,
    encoder_name: str,
    *,
    compared: bool,
    stretched: bool = False,
    kept: Path | None,
    report: Report,
) -> EncodedOutfits:
    """Return outfits encoded.

    Args:
        files: the outfits.
        encoder: of the pieces.
        encoder_name: whose families of answers tell the patterns.
        compared: what the model is compared with is wanted too: see `encoding.see`.
        stretched: cut-outs fill their square: see `encoding.see`.
        report: receives progress lines.
        kept: a file; what it holds of these outfits and this encoder is taken, else it is written.
    """
    text = "\n".join(
        [encoder.fingerprint, str(compared), str(stretched), *(file.id for file in files)]
    )
    key = hashlib.sha256(text.encode()).hexdigest()
    if kept is not None and kept.is_file():
        before = EncodedOutfits.load(kept, key)
        if before is not None:
            report(f"encoded outfits taken from {kept}")
            return before
    seen = see(files, encoder, encoder_name, compared=compared, stretched=stretched, report=report)
    if kept is not None:
        seen.save(kept, key)
    return seen
