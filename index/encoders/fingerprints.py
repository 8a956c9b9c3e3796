"""What tells one encoder's vectors from another's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from torch import Tensor, nn

_PROBES: Final = (
    "A Navy-striped SHIRT", "it's 100% wool_blend; café, size 42!", "linen " * 120, "",
)  # fmt: skip
"""Texts whose tokens differ where vocabulary, cleaning or context length do."""
_CHANGES_NO_VECTOR: Final = ("logit_scale", "logit_bias", "num_batches_tracked")
"""Ends of the names of weights that only training uses."""
_CHANGES_NO_VECTOR_HERE: Final = frozenset({
    "timm_model_pretrained", "hf_model_pretrained", "timm_drop", "timm_drop_path", "patch_dropout",
    "init_logit_scale", "init_logit_bias", "output_dict",
    "hf_tokenizer_name", "tokenizer_kwargs", "tokenizer_mode", "context_length",
})  # fmt: skip
"""Keys of the architecture that only training uses, or that the tokens of the probes show."""


def fingerprint_of(
    model: nn.Module,
    tokenize: Callable[[list[str]], Tensor],
    architecture: Mapping[str, Any],
) -> str:
    """Return 16 hex digits over everything that decides what vectors an encoder makes.

    Weights; size, mean, standard deviation, interpolation, resizing and its fill colour; the
    tokens of a few texts; and of the architecture what no weight shows, such as heads and
    activation. Not where the files lie, nor what only training uses.

    Args:
        model: as open_clip built it.
        tokenize: texts -> token ids.
        architecture: open_clip's `model_cfg`.
    """
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        if not key.endswith(_CHANGES_NO_VECTOR):
            digest.update(key.encode())
            digest.update(tensor.contiguous().float().numpy().tobytes())
    digest.update(tokenize(list(_PROBES)).numpy().tobytes())
    preprocess = getattr(model.get_submodule("visual"), "preprocess_cfg", {})
    for part in (_preprocessing(preprocess), _kept(architecture)):
        digest.update(json.dumps(part, sort_keys=True, default=str).encode())
    return digest.hexdigest()[:16]


def _preprocessing(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return how pictures are prepared, said in one way: 224 is 224 x 224."""
    size, mode = given.get("size", 224), given.get("resize_mode") or "shortest"
    said: dict[str, Any] = {
        "size": [size, size] if isinstance(size, int) else list(size),
        "resize_mode": mode,
        "interpolation": "bilinear" if given.get("interpolation") == "bilinear" else "bicubic",
    }
    for name in ("mean", "std"):
        value: Any = given.get(name, 0.0)
        channels = value if isinstance(value, list | tuple) else [value] * 3
        said[name] = [float(one) for one in channels]
    if mode == "longest":  # the others leave nothing to fill
        said["fill_color"] = given.get("fill_color", 0)
    return said


def _kept(architecture: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _kept(value) if isinstance(value, Mapping) else value
        for key, value in architecture.items()
        if key not in _CHANGES_NO_VECTOR_HERE and value is not None and value is not False
    }
