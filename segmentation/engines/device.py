"""Where torch runs the networks that serve: on a CUDA device or the processor. The one module that knows of CUDA."""

from __future__ import annotations

import functools
import logging
import os
from dataclasses import dataclass
from typing import Final, TypeVar

import torch
from torch import Tensor, nn

from segmentation.common.errors import DeviceError
from segmentation.engines.choice import Engine, torch_dtype, torch_engine

CUDA: Final = torch.device("cuda", 0)
CPU: Final = torch.device("cpu")
PROCESSOR_BATCH: Final = 32
CUDA_BATCH: Final = 128
"""Not measured: 128 cut-outs are 77 MB, and leave a GPU no time to wait for the next ones."""
Network = TypeVar("Network", bound=nn.Module)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Device:
    """A device of torch's, and the arithmetic that networks compute in there.

    Networks are moved to it once, inputs once a batch; what comes out is brought back by who asked.

    Attributes:
        at: `CPU`, or `CUDA`, the first CUDA device.
        dtype: float32, or bfloat16 by autocast.
    """

    at: torch.device
    dtype: torch.dtype

    @property
    def is_cuda(self) -> bool:
        """Whether it is a GPU."""
        return self.at == CUDA

    @property
    def engine(self) -> Engine:
        """What runs a network on it."""
        return Engine.CUDA if self.is_cuda else torch_engine(self.dtype)

    @property
    def batch(self) -> int:
        """How many pictures are best taken through a network at once, where there are as many."""
        return CUDA_BATCH if self.is_cuda else PROCESSOR_BATCH

    @property
    def words(self) -> str:
        """What it is, and what it computes in."""
        if self.is_cuda:
            return f"CUDA device {torch.cuda.get_device_name()}, {_word(self.dtype)}"
        threads = f"{os.cpu_count()} cores, {torch.get_num_threads()} threads"
        return f"processor, {threads}, {_word(self.dtype)}"

    def autocast(self) -> torch.autocast:
        """Return the context in which its arithmetic is used."""
        bf16 = self.dtype is torch.bfloat16
        return torch.autocast(self.at.type, dtype=torch.bfloat16, enabled=bf16)

    def holding(self, network: Network) -> Network:
        """Return a network, moved to the device.

        Raises:
            DeviceError: there is no room for it.
        """
        try:
            return network.to(self.at)
        except torch.OutOfMemoryError as error:
            raise DeviceError(
                "a network does not fit into the memory of the CUDA device",
                got=_first_line(error),
                expected="room for its weights, beside what CUDA itself takes",
                next_step="End what else runs there, or set RECOMMENDER_ENGINE=cpu for the processor.",
            ) from error

    def taking(self, inputs: Tensor) -> Tensor:
        """Return a network's inputs, on the device; the processor goes on while they are copied."""
        if not self.is_cuda:
            return inputs
        return inputs.pin_memory().to(self.at, non_blocking=True)


PROCESSOR: Final = Device(CPU, torch.float32)
"""Where what need not be fast computes."""


def device_of(engine: Engine) -> Device:
    """Return where an engine's part in torch computes: `AUTO` takes a CUDA device where there is one.

    Raises:
        DeviceError: `CUDA` is wanted, and torch cannot compute there.
    """
    if engine in (Engine.AUTO, Engine.CUDA):
        missing = why_no_cuda()
        if not missing:
            return Device(CUDA, _cuda_dtype())
        if engine is Engine.CUDA:
            raise DeviceError(
                "there is no CUDA device to run on, as RECOMMENDER_ENGINE=cuda wants",
                got=missing,
                expected="a GPU that torch can compute on",
                next_step="Set RECOMMENDER_ENGINE=auto, which takes a GPU where there is one. For one that "
                "is there, install its driver and a torch for the CUDA version that `nvidia-smi` names, and "
                "see that CUDA_VISIBLE_DEVICES does not hide it.",
            )
    return Device(CPU, torch_dtype(engine))


@functools.cache
def why_no_cuda() -> str:
    """Return why torch cannot compute on a CUDA device here; empty where it can.

    It is tried: a device that torch sees may be too old for it, or out of order.
    """
    if not torch.cuda.is_available():
        built = torch.version.cuda or torch.version.hip
        return f"torch {torch.__version__} " + (
            "sees no CUDA device" if built else "was built for processors alone"
        )
    try:
        torch.ones(1, device=CUDA).add(1).cpu()
    except RuntimeError as error:
        log.warning("networks run on the processor: the CUDA device cannot be used: %s", error)
        return _first_line(error)
    return ""


def synchronize() -> None:
    """Wait until the CUDA device, where there is one, has done all that it was asked: before a clock is read."""
    if not why_no_cuda():
        torch.cuda.synchronize()


def machine() -> str:
    """Return in words what networks can run on here."""
    first, processor = device_of(Engine.AUTO), device_of(Engine.CPU)
    return f"{first.words}; {processor.words if first.is_cuda else 'no CUDA device'}"


def _cuda_dtype() -> torch.dtype:
    """Return bfloat16 where the GPU has it in hardware, else float32.

    Not found out by a trial as on processors: one convolution is over before the next one is asked for.
    """
    has = torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if has else torch.float32


def _word(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
