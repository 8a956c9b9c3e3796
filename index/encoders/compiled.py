"""A convolutional image tower as OpenVINO runs it: the same layers, their weights as they are, two to three times as fast.

The graph is built from torch's layers when an encoder is loaded (a seventh of a second), so that
weights ship once. Only what EfficientNet-Lite is made of is known here; other towers stay torch's.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from timm.layers.adaptive_avgmax_pool import SelectAdaptivePool2d
from timm.layers.conv2d_same import Conv2dSame
from timm.models._efficientnet_blocks import DepthwiseSeparableConv, InvertedResidual
from torch import Tensor, nn

from segmentation.engines.choice import Engine, clearly_better, torch_dtype
from segmentation.engines.graph import Graph, GraphUnfit, openvino

TOLERANCE: Final = 0.05
"""Largest difference of the vectors from torch's in float32, as a share of their norm: 0.03 in bfloat16."""
TRIED: Final = 2
"""How often a picture is given to both, to time them: in float32, since getting torch ready for a second
arithmetic takes longer than the rest of loading."""
_NOTHING: Final = (nn.Identity, nn.Dropout)
_RESIDUAL: Final = (InvertedResidual, DepthwiseSeparableConv)


class CompiledTower:
    """An image tower in OpenVINO: (n, 3, side, side) pictures -> (n, d) rows. Safe to share between threads."""

    def __init__(self, visual: nn.Module, side: int, *, bf16: bool) -> None:
        """Compile a tower of open_clip, its batch norms folded, for pictures of one side.

        Args:
            visual: a timm `trunk` and a `head` that projects.
            side: of the square pictures, in pixels.
            bf16: computes in bfloat16.

        Raises:
            GraphUnfit: OpenVINO is missing, or the tower has other layers than are known here.
        """
        package = openvino()
        ops = package.opset13
        given = ops.parameter([-1, 3, side, side], np.float32)
        rows = given
        for part in (*visual.get_submodule("trunk").children(), visual.get_submodule("head")):
            rows = _added(ops, rows, part)
        try:
            model = package.Model([rows], [given], "encoder")
            self._graph = Graph(model, torch.get_num_threads(), bf16=bf16)
        except RuntimeError as error:
            raise GraphUnfit(f"the tower cannot be compiled here: {error}") from error

    def __call__(self, pictures: Tensor) -> Tensor:
        """Return (n, d) float32 rows, not yet of unit length."""
        with self._graph.run(pictures.contiguous().numpy()) as (rows,):
            return torch.from_numpy(rows.astype(np.float32))  # a copy: the next run writes over it


def tower(visual: nn.Module, side: int, engine: Engine) -> CompiledTower:
    """Return a tower compiled, where that is right and faster here, or is set.

    Raises:
        GraphUnfit: torch serves, for the reason that is its message.
    """
    if engine in (Engine.FLOAT32, Engine.BFLOAT16):
        raise GraphUnfit(f"{engine} is set")
    made = CompiledTower(visual, side, bf16=torch_dtype(Engine.AUTO) is torch.bfloat16)
    if engine is Engine.AUTO:
        pictures = torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(0))

        def plain() -> list[Tensor]:
            with torch.inference_mode():
                return [visual(pictures)]

        worse = clearly_better(
            plain, plain, lambda: [made(pictures)], tolerance=TOLERANCE, rounds=TRIED
        )
        if worse:
            raise GraphUnfit(worse)
    return made


def _added(ops: Any, rows: Any, part: nn.Module) -> Any:
    """Return a graph's node with a layer, or a block of them, behind it."""
    if isinstance(part, _NOTHING):
        return rows
    if isinstance(part, nn.Conv2d):
        return _convolved(ops, rows, part)
    if isinstance(part, nn.ReLU6):
        return ops.clamp(rows, 0.0, 6.0)
    if isinstance(part, nn.Linear):
        product = ops.matmul(rows, _constant(ops, part.weight), transpose_a=False, transpose_b=True)
        return _shifted(ops, product, part.bias)
    if isinstance(part, SelectAdaptivePool2d) and part.pool_type == "avg":
        return ops.reduce_mean(rows, ops.constant(np.array([2, 3])), keep_dims=False)
    if isinstance(part, _RESIDUAL) or type(part) is nn.Sequential:
        after = rows
        for each in part.children():
            after = _added(ops, after, each)
        return ops.add(after, rows) if getattr(part, "has_skip", False) else after
    raise GraphUnfit(f"no layer {type(part).__name__} is known to be compiled")


def _convolved(ops: Any, rows: Any, layer: nn.Conv2d) -> Any:
    same = isinstance(layer, Conv2dSame)
    if not same and (isinstance(layer.padding, str) or layer.padding_mode != "zeros"):
        raise GraphUnfit(f"no padding {layer.padding} is known to be compiled")
    edges = [0, 0] if same else [int(each) for each in layer.padding]
    how = {
        "strides": list(layer.stride), "pads_begin": edges, "pads_end": edges,
        "dilations": list(layer.dilation), "auto_pad": "same_upper" if same else "explicit",
    }  # fmt: skip
    weight = layer.weight
    if layer.groups > 1:
        weight = weight.reshape(layer.groups, -1, *weight.shape[1:])
        found = ops.group_convolution(rows, _constant(ops, weight), **how)
    else:
        found = ops.convolution(rows, _constant(ops, weight), **how)
    return _shifted(ops, found, None if layer.bias is None else layer.bias.reshape(1, -1, 1, 1))


def _shifted(ops: Any, rows: Any, bias: Tensor | None) -> Any:
    return rows if bias is None else ops.add(rows, _constant(ops, bias))


def _constant(ops: Any, weight: Tensor) -> Any:
    return ops.constant(np.ascontiguousarray(weight.detach().float().numpy()))
