"""What `train compatibility` and `evaluate compatibility` do."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from recommender.cli.terminal.options import open_wiring
from recommender.cli.terminal.output import note
from recommender.ports import Detector
from segmentation.common.garments import Garments, Photo, Rgb

ENCODED = "encoded.npz"


def train(folders: list[Path], out: Path, steps: int, seed: int, *, resume: bool) -> None:
    """Encode outfits, train on them, and write the model to a folder; see `training.train`.

    Args:
        folders: data sets.
        out: the folder; the encoded outfits lie in it until the model is written.
        steps: of the training.
        seed: of the training.
        resume: go on from outfits that a run before has encoded.
    """
    from recommender.compatibility.training.encoded.sources import outfits_of, seen_of
    from recommender.compatibility.training.train import train_compatibility

    wiring = open_wiring()
    encoded = out / ENCODED
    if not resume:
        encoded.unlink(missing_ok=True)
    files = outfits_of(folders, "train", _find)
    name = wiring.settings.encoder or _shipped()
    seen = seen_of(files, wiring.encoder, name, compared=False, kept=encoded, report=note)
    train_compatibility(seen, wiring.encoder.fingerprint, out, seed=seed, steps=steps, report=note)
    encoded.unlink()


def figures(
    folders: list[Path], encoded: Path | None, steps: int, seeds: int, *, stretched: bool
) -> dict[str, Any]:
    """Return the figures of every judge; see `training.evaluate`.

    Args:
        folders: data sets; their `train` outfits are learned from, their `val` ones asked about.
        encoded: a file that keeps the encoded outfits for another run; None keeps nothing.
        steps: of each training.
        seeds: trainings.
        stretched: cut-outs fill their square; see `training.encoded.encoding.see`.
    """
    import numpy as np

    from recommender.compatibility.training.encoded.sources import outfits_of, questions_of, seen_of
    from recommender.compatibility.training.evaluate import evaluate_compatibility, split_of
    from recommender.compatibility.training.train import kept_out

    wiring = open_wiring()
    files = {split: outfits_of(folders, split, _find) for split in ("train", "val")}
    name = wiring.settings.encoder or _shipped()
    both = [*files["train"], *files["val"]]
    seen = seen_of(
        both, wiring.encoder, name, compared=True, stretched=stretched, kept=encoded, report=note
    )
    held_ids = {file.id for file in files["val"]}
    held = np.array([each in held_ids for each in seen.names])
    return evaluate_compatibility(
        split_of(seen, held, kept_out(seen) & ~held),
        report=note,
        questions=questions_of(folders, "val"),
        seeds=seeds,
        steps=steps,
    )


def figures_of_shipped(
    folders: list[Path], split: str, encoded: Path | None, seeds: int
) -> dict[str, Any]:
    """Return the figures of the model in use on outfits; see `training.shipped`.

    Args:
        folders: data sets.
        split: which of their outfits are asked about.
        encoded: a file that keeps the encoded outfits for another run; None keeps nothing.
        seeds: how often everything is asked.
    """
    from recommender.compatibility.saved import FILE, WEIGHTS, read_model
    from recommender.compatibility.training.encoded.sources import outfits_of, questions_of, seen_of
    from recommender.compatibility.training.shipped import ask_shipped, check_encoder

    wiring = open_wiring()
    chosen = wiring.settings.compatibility
    saved = read_model(chosen / FILE if chosen else WEIGHTS)
    check_encoder(saved, wiring.encoder.fingerprint)
    files = outfits_of(folders, split, _find)
    name = wiring.settings.encoder or _shipped()
    seen = seen_of(files, wiring.encoder, name, compared=False, kept=encoded, report=note)
    questions = questions_of(folders, split)
    return ask_shipped(seen, saved, report=note, questions=questions, seeds=seeds)


def _shipped() -> str:
    from index.encoders.encoder import WEIGHTS

    return str(WEIGHTS)


@cache
def _detector() -> Detector:
    return open_wiring().detector


def _find(rgb: Rgb) -> Garments:
    return _detector().segment(Photo(rgb))
