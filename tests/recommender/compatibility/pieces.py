"""Made-up outfits: what is worn together shares a hidden style, which every crop shows with noise."""

from __future__ import annotations

import numpy as np

from recommender.compatibility.rows import PATTERNS, width_of
from recommender.compatibility.training.encoded.crops import DRAWS
from recommender.compatibility.training.encoded.outfits import EncodedOutfits
from segmentation.common.taxonomy import Category

DIM, REGION = 16, 6
KINDS = (Category.SHIRT, Category.PANTS, Category.SHOE, Category.BAG)


def made_up(
    outfits: int, seed: int = 0, *, style: float = 1.0, traces: float = 0.0
) -> EncodedOutfits:
    """Return outfits of four pieces each.

    Args:
        outfits: how many.
        seed: of everything.
        style: how strongly the rows show the style.
        traces: how strongly the surroundings show the photo.
    """
    rng = np.random.default_rng(seed)
    to_row = np.random.default_rng(99).standard_normal((4, DIM))
    pieces = outfits * len(KINDS)
    outfit = np.repeat(np.arange(outfits), len(KINDS))
    hidden = rng.standard_normal((outfits, 4))[outfit]
    photo = rng.standard_normal((outfits, 8))[outfit]
    draws = 1 + DRAWS
    rows = np.zeros((draws, pieces, width_of(DIM)), dtype=np.float16)
    rows[..., :DIM] = style * hidden @ to_row + 0.3 * rng.standard_normal((draws, pieces, DIM))
    rows[..., -len(PATTERNS)] = 1
    colours = np.empty((draws, pieces), dtype=object)
    for place in np.ndindex(*colours.shape):
        colours[place] = (str(rng.choice(["navy", "red", "white"])),)
    around = traces * photo + rng.standard_normal((draws, pieces, 8))
    return EncodedOutfits(
        outfit,
        tuple(f"outfit {n}" for n in range(outfits)),
        np.array([f"piece {n}" for n in range(pieces)]),
        np.tile([kind.id for kind in KINDS], outfits),
        np.ones(pieces, dtype=bool),
        np.ones(pieces, dtype=bool),
        rows,
        colours,
        rows[1],
        around.astype(np.float32),
        rng.standard_normal((draws, pieces, 8)).astype(np.float32),
        rng.random((pieces, 4)).astype(np.float32),
        rng.standard_normal((draws, pieces, 4, REGION)).astype(np.float16),
        rng.standard_normal((draws, pieces, 12)).astype(np.float16),
    )
