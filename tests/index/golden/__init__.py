"""What the shipped encoder must answer: vectors that open_clip alone made, kept beside this file.

`python -m tests.index.golden` makes them anew; run it when the encoder was trained again on
purpose, and commit the two files with the weights. They come from open_clip's own model in
float32, without anything that `index.encoders.encoder` does for speed (folded batch norms, channels last,
bfloat16), so that they hold all of it in place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from PIL import Image

from index.encoders.encoder import WEIGHTS
from recommender.sample import BOUTIQUE
from segmentation.common.cutouts import cut_whole
from segmentation.common.photo import decode

FOLDER: Final = Path(__file__).parent
COMMAND: Final = "python -m tests.index.golden"
PICTURES: Final = tuple(
    BOUTIQUE / name
    for name in (
        "images/mt-0001.webp", "images/n-0002.webp", "images/b-0004.webp", "images/ac-0022.webp",
        "outfits/autumn-in-the-park.webp", "outfits/evening-out.webp",
    )
)  # fmt: skip
TEXTS: Final = (
    "a navy striped shirt", "red satin pumps", "black leather jacket, zipped", "Jeans",
    "floral summer dress with short sleeves", "a small beige bag " * 12,
)  # fmt: skip


def stored(name: str) -> NDArray[np.float32]:
    """Return the kept vectors of `pictures` or `texts`, (n, dim) float32 unit rows, in order."""
    return np.asarray(np.load(FOLDER / f"{name}.npy"), np.float32)


def made() -> dict[str, NDArray[np.float32]]:
    """Return what open_clip alone makes of the same pictures and texts."""
    name = f"local-dir:{WEIGHTS}"
    model, preprocess = open_clip.create_model_from_pretrained(name)
    model.eval()
    cutouts = [cut_whole(decode(path.read_bytes())).copy() for path in PICTURES]
    with torch.inference_mode():
        pictures = [
            model.encode_image(preprocess(Image.fromarray(rgb))[None], normalize=True)
            for rgb in cutouts
        ]
        tokens = open_clip.get_tokenizer(name)(list(TEXTS))
        texts = model.encode_text(tokens, normalize=True)
    return {"pictures": torch.cat(pictures).numpy(), "texts": texts.numpy()}
