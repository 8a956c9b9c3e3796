"""Pixels -> the pyramid and what the region proposal network says of it: by torch, or compiled."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn
from torchvision.models.detection import MaskRCNN
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.rpn import RegionProposalNetwork, concat_box_prediction_layers

from segmentation.detector.heads import Features
from segmentation.engines.choice import Engine, clearly_better, torch_dtype
from segmentation.engines.device import CPU, Device
from segmentation.engines.graph import Graph, GraphUnfit, graph_beside

LEVELS: Final = ("0", "1", "2", "3", "pool")
PROBE_HW: Final = (192, 128)
"""Of the picture on which engines are compared: small, so that starting takes no longer for it."""
Answers: TypeAlias = tuple[list[Tensor], list[Tensor]]
"""Of each level (1, 3, h, w) objectness and (1, 12, h, w) deltas."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """What a trunk makes of a picture, while it is lent.

    Attributes:
        features: the pyramid, float32, where the network computes.
        answers: returns the region proposal network's answers.
    """

    features: Features
    answers: Callable[[], Answers]


class Trunk(Protocol):
    """The part of the network that sees the whole picture."""

    @property
    def engine(self) -> Engine:
        """What runs it."""

    def look(self, pixels: Tensor) -> AbstractContextManager[Seen]:
        """Lend what it makes of (B, 3, H, W) pictures; compiled, of one."""

    def shared(self, at_once: int) -> Trunk:
        """Return the same for several threads at once."""


class TorchTrunk:
    """As torch runs it, in whatever arithmetic the caller sets."""

    def __init__(self, model: MaskRCNN, device: Device) -> None:
        self._model, self.engine = model, device.engine

    @contextmanager
    def look(self, pixels: Tensor) -> Iterator[Seen]:
        """See `Trunk.look`."""
        levels = self._model.backbone(pixels)
        features = {name: level.float() for name, level in levels.items()}
        yield Seen(features, lambda: self._model.rpn.head(list(features.values())))

    def shared(self, at_once: int) -> Trunk:  # noqa: ARG002  # torch is shared as it is
        """See `Trunk.shared`."""
        return self


class CompiledTrunk:
    """As a graph that `segmentation.training.quantizing` wrote."""

    engine = Engine.INT8

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @contextmanager
    def look(self, pixels: Tensor) -> Iterator[Seen]:
        """See `Trunk.look`."""
        with self._graph.run(np.ascontiguousarray(pixels.numpy())) as found:
            outputs = [torch.from_numpy(each) for each in found]
            features = dict(zip(LEVELS, outputs[:5], strict=True))
            yield Seen(features, lambda: (outputs[5:10], outputs[10:15]))

    def shared(self, at_once: int) -> Trunk:
        """See `Trunk.shared`."""
        return CompiledTrunk(self._graph.shared(at_once))


def proposals(network: RegionProposalNetwork, images: ImageList, seen: Seen) -> list[Tensor]:
    """Return each picture's (N, 4) boxes worth a closer look: torchvision's way from a network's answers on.

    Args:
        network: its anchors, its box coder, and how many it keeps.
        images: the pictures.
        seen: what the trunk makes of them.
    """
    objectness, deltas = seen.answers()
    anchors = network.anchor_generator(images, list(seen.features.values()))
    counts = [level[0].numel() for level in objectness]
    flat, flat_deltas = concat_box_prediction_layers(objectness, deltas)
    decoded = network.box_coder.decode(flat_deltas, anchors).view(len(anchors), -1, 4)
    boxes: list[Tensor] = network.filter_proposals(decoded, flat, images.image_sizes, counts)[0]
    return boxes


class Whole(nn.Module):
    """The trunk as one function of pixels, the form in which it is compiled and compared."""

    def __init__(self, model: MaskRCNN) -> None:
        super().__init__()
        self.backbone, self.head = model.backbone, model.rpn.head

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Return five levels, five of objectness and five of deltas."""
        levels = [level.float() for level in self.backbone(pixels).values()]
        objectness, deltas = self.head(levels)
        return (*levels, *objectness, *deltas)


def trunk_of(model: MaskRCNN, weights: Path | None, engine: Engine, device: Device) -> Trunk:
    """Return the trunk that an engine runs; torch's where the compiled one cannot serve here.

    Args:
        model: the network, in evaluation, on its device.
        weights: the file that its weights come from; the compiled graph lies beside it.
        engine: the one wanted; `AUTO` and `CPU` compare.
        device: where torch runs it. What is compiled is for processors.
    """
    plain = TorchTrunk(model, device)
    if weights is None or device.is_cuda or engine in (Engine.FLOAT32, Engine.BFLOAT16):
        return plain
    path = graph_beside(weights)
    if engine is not Engine.INT8 and not path.exists():
        return plain
    try:
        graph = _graph(path, weights, torch.get_num_threads())
        reason = "" if engine is Engine.INT8 else _why_not(model, graph, path)
    except GraphUnfit as error:
        reason = str(error)
        log.warning("the detector runs in torch: %s", reason)
        return plain
    if reason:
        log.info("the detector runs in torch: of the compiled one, %s", reason)
        return plain
    return CompiledTrunk(graph)


@functools.lru_cache(maxsize=2)
def _graph(path: Path, weights: Path, threads: int) -> Graph:
    return Graph.read(path, weights, threads)


_CHOSEN: Final[dict[tuple[Path, int], str]] = {}
"""What was found once in this process, by graph and threads."""


def _why_not(model: MaskRCNN, graph: Graph, path: Path) -> str:
    known = path, torch.get_num_threads()
    if known not in _CHOSEN:
        _CHOSEN[known] = _compared(Whole(model), graph)
    return _CHOSEN[known]


def _compared(whole: Whole, graph: Graph) -> str:
    pixels = probe().contiguous(memory_format=torch.channels_last)

    def plain(dtype: torch.dtype) -> tuple[Tensor, ...]:
        with torch.inference_mode(), Device(CPU, dtype).autocast():
            outputs: tuple[Tensor, ...] = whole(pixels)
            return outputs

    def compiled() -> list[Tensor]:
        with graph.run(np.ascontiguousarray(pixels.numpy())) as found:
            return [torch.from_numpy(each).clone() for each in found]

    fastest = torch_dtype(Engine.AUTO)
    return clearly_better(lambda: plain(torch.float32), lambda: plain(fastest), compiled)


def probe() -> Tensor:
    """Return (1, 3, H, W) pixels with edges and shades in every direction, the same every time."""
    height, width = PROBE_HW
    rows, columns = torch.arange(height)[:, None] / height, torch.arange(width)[None] / width
    waves = [torch.sin(9 * rows * (k + 1) + 7 * columns) for k in range(3)]
    blocks = ((rows * 6).floor() + (columns * 4).floor()) % 2 - 0.5
    return torch.stack([0.6 * wave + 0.5 * blocks for wave in waves])[None].float()
