"""A whole open_clip encoder of a few kilobytes, with random weights, in open_clip's own layout."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final

import open_clip
import torch
from safetensors.torch import save_file

MODEL: Final[dict[str, Any]] = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
    "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}
PREPROCESS: Final[dict[str, Any]] = {
    "mean": [0.5, 0.5, 0.5],
    "std": [0.25, 0.25, 0.25],
    "interpolation": "bicubic",
    "resize_mode": "longest",
    "fill_color": 127,
}


def write_encoder(folder: Path, seed: int = 0, **changes: Any) -> Path:
    """Write an encoder into a folder and return the folder.

    Args:
        folder: made if it is not there.
        seed: of its weights.
        changes: of the configuration, by the path of a key: `preprocess_cfg__mean=[0, 0, 0]`;
            None takes the key out.
    """
    config: dict[str, Any] = {
        "model_cfg": copy.deepcopy(MODEL),
        "preprocess_cfg": copy.deepcopy(PREPROCESS),
    }
    for path, value in changes.items():
        *outer, last = path.split("__")
        inner = config
        for key in outer:
            inner = inner[key]
        inner[last] = value
        if value is None:
            del inner[last]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    return save_weights(folder, seed, config["model_cfg"])


def save_weights(folder: Path, seed: int, model_cfg: dict[str, Any]) -> Path:
    """Write random weights for an architecture into a folder and return the folder."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = open_clip.CLIP(**copy.deepcopy(model_cfg))
    state = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(state, folder / "open_clip_model.safetensors")
    return folder
