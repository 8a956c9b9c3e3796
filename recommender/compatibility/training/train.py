"""Train the compatibility model that is served: `recommender train compatibility --data DIR...`."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recommender.compatibility.learned import share_below
from recommender.compatibility.network import CompatibilityNet
from recommender.compatibility.rows import KINDS
from recommender.compatibility.saved import FILE, Saved, write_model
from recommender.compatibility.training.asking import asked_about
from recommender.compatibility.training.encoded.outfits import EncodedOutfits, Places, check_enough
from recommender.compatibility.training.fit import STEPS, Sight, Tables, fit
from segmentation.training.runs.loop import Report

REFERENCES: Final = 96
"""Garments of each kind that scores are compared to."""
REACHED: Final = 0.9
"""The share of garments truly worn with an outfit that reach the least score."""
KINDS_FILE: Final = "kinds.json"


def kept_out(seen: EncodedOutfits) -> NDArray[np.bool_]:
    """Return which outfits are kept from a first training, to calibrate on: one in eight, by its name."""
    return np.array([hashlib.sha256(name.encode()).digest()[0] < 32 for name in seen.names])


def train_compatibility(
    seen: EncodedOutfits,
    fingerprint: str,
    out: Path,
    *,
    seed: int = 0,
    steps: int = STEPS,
    report: Report,
) -> None:
    """Train on outfits and write the model, and how often kinds were worn together, to a folder.

    Args:
        seen: outfits to learn from.
        fingerprint: of the encoder that saw them.
        out: the folder.
        seed: of the training.
        steps: of the training.
        report: receives progress lines.

    Raises:
        DatasetError: the outfits are too few.
    """
    out.mkdir(parents=True, exist_ok=True)
    kept = kept_out(seen)
    check_enough(seen.of(~kept), "to learn from")
    check_enough(seen.of(kept), "to calibrate on")
    least = _least(seen.of(~kept), seen.of(kept), seed, steps)
    report(f"nine of ten garments that were worn score {least:.3f} or more")
    network = fit(seen, Sight(), seed=seed, steps=steps)
    references, kinds = _references(network, seen, np.random.default_rng(seed))
    saved = Saved(network, fingerprint, references, kinds, least)
    write_model(out / FILE, saved, seen.rows.shape[-1])
    (out / KINDS_FILE).write_text(json.dumps(kinds_together(seen), indent=1) + "\n", "utf-8")


def kinds_together(seen: EncodedOutfits) -> dict[str, object]:
    """Return in how many outfits each kind was worn, and each two kinds together."""
    worn = [sorted({KINDS[kind].value for kind in seen.kinds[pieces]}) for pieces in seen.members]
    pairs = Counter("+".join(pair) for kinds in worn for pair in combinations(kinds, 2))
    single = Counter(kind for kinds in worn for kind in kinds)
    return {
        "outfits": len(worn),
        "kinds": dict(sorted(single.items())),
        "pairs": dict(sorted(pairs.items())),
    }


def _least(trained: EncodedOutfits, kept: EncodedOutfits, seed: int, steps: int) -> float:
    """Return the score that garments truly worn in outfits that were kept out reach, nine times in ten."""
    network = fit(trained, Sight(), seed=seed, steps=steps)
    rng = np.random.default_rng(seed)
    references, kinds = _references(network, trained, rng)
    about = kept.askable
    asking = asked_about(kept, about, about[:, None], rng)
    tables = Tables(kept)
    with torch.inference_mode():
        asks = tables.ask(network, asking)
        items = tables.answers(network, about, asking.answer_draws[:, 0])
        shares = []
        for kind in np.unique(kept.kinds[about]):
            those = torch.from_numpy(np.flatnonzero(kept.kinds[about] == kind))
            beside = references[kinds == kind] if (kinds == kind).any() else references
            for place in those:
                score = items[place] @ asks[place]
                shares.append(float(share_below(score[None], beside @ asks[place])))
    return round(float(np.quantile(shares, 1 - REACHED)), 4)


def _references(
    network: CompatibilityNet, seen: EncodedOutfits, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    chosen: list[Places] = []
    for kind in np.unique(seen.kinds[seen.asked]):
        chosen.append(
            rng.permutation(np.flatnonzero(seen.asked & (seen.kinds == kind)))[:REFERENCES]
        )
    pieces = np.concatenate(chosen)
    draws = rng.integers(1, len(seen.rows), len(pieces))
    with torch.inference_mode():
        embedded = Tables(seen).answers(network, pieces, draws)
    return embedded.clone(), torch.from_numpy(seen.kinds[pieces])
