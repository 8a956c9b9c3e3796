"""How a network begins: with what another one learned, and its first stages kept as they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from torch import nn

from segmentation.detector.network import Spec, read_weights

HEADS: Final = "roi_heads"
ROWS_A_CLASS: Final = {
    f"{HEADS}.box_predictor.cls_score": 1,
    f"{HEADS}.box_predictor.bbox_pred": 4,
    f"{HEADS}.mask_predictor.mask_fcn_logits": 1,
}
"""Layers whose outputs belong to classes, background first, and how many to each."""
ATTRIBUTE_LAYER: Final = f"{HEADS}.attribute_predictor"


def begin_from(model: nn.Module, weights: Path, spec: Spec | None = None) -> None:
    """Load what a network shares with a detector's weights; the rest stays as it was made.

    Args:
        model: the network.
        weights: of a detector.
        spec: of the network where it is a detector: its classes and attributes take over the rows
            of the same name. Without it, only layers of the same name and shape are shared.

    Raises:
        WeightsError: the weights cannot be read.
    """
    theirs, given = read_weights(weights)
    rows = _shared_rows(spec, theirs) if spec else {}
    own = model.state_dict()
    for name, tensor in given.items():
        layer = name.rpartition(".")[0]
        if name not in own:
            continue
        if layer in rows and own[name].shape[1:] == tensor.shape[1:]:
            mine, its = rows[layer]
            own[name][mine] = tensor[its]
        elif own[name].shape == tensor.shape:
            own[name] = tensor
    model.load_state_dict(own)


def _shared_rows(ours: Spec, theirs: Spec) -> dict[str, tuple[list[int], list[int]]]:
    """Return layer -> numbers of our rows, and of theirs that mean the same."""
    classes = ("background", *ours.categories), ("background", *theirs.categories)
    rows = {layer: _same(*classes, each) for layer, each in ROWS_A_CLASS.items()}
    return {**rows, ATTRIBUTE_LAYER: _same(ours.attributes, theirs.attributes, 1)}


def _same(ours: Sequence[str], theirs: Sequence[str], each: int) -> tuple[list[int], list[int]]:
    """Return the rows of the words that both have, `each` rows a word.

    >>> _same(("hat", "bag"), ("bag", "tie"), 2)
    ([2, 3], [0, 1])
    """
    pairs = [(place, theirs.index(word)) for place, word in enumerate(ours) if word in theirs]
    mine = [each * place + n for place, _ in pairs for n in range(each)]
    return mine, [each * place + n for _, place in pairs for n in range(each)]


def freeze_first_stages(model: nn.Module) -> None:
    """Keep the stem and first two blocks as they are: edges need no retraining."""
    body: Any = model.get_submodule("backbone.body")
    for part in (body.conv_stem, body.blocks[0], body.blocks[1]):
        part.requires_grad_(False)
