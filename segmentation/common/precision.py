"""How this machine computes fastest: its arithmetic, found out once by trying, and its memory.

bfloat16 halves the time where the processor has AVX512-BF16 or AMX, and is up to 80 times slower
where it has not, so nothing but a measurement decides.
"""

from __future__ import annotations

import ctypes
import functools
import sys
import time

import torch
from threadpoolctl import ThreadpoolController
from torch import Tensor, nn

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3


@functools.cache
def keep_freed_memory() -> bool:
    """Tell glibc to keep large blocks for the next photo; return whether that was possible.

    By default it returns every tensor above 32 MB to the kernel and pays for fresh pages at the
    next: measured here, a fifth of a photo's time. The process then stays at its peak size.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc has it, musl has not
    if mallopt is None:
        return False
    parts = [
        mallopt(_M_MMAP_THRESHOLD, 1 << 30),
        mallopt(_M_TRIM_THRESHOLD, (1 << 31) - 1),
        mallopt(_M_TOP_PAD, 1 << 28),
    ]
    return all(parts)


@functools.cache
def one_thread_for_numpy() -> bool:
    """Let numpy's own matrix products run on one thread; return whether its library is known.

    What numpy multiplies here is small, and handing half of it to a thread that waits for a core
    takes longer than all of it: measured beside other work on two cores, 10 ms in place of 0.6.
    The libraries of torch and FAISS have threads of their own and keep them.
    """
    numpys = [lib for lib in ThreadpoolController().lib_controllers if "numpy" in lib.filepath]
    for lib in numpys:
        lib.set_num_threads(1)
    return bool(numpys)


@functools.cache
def fastest_dtype() -> torch.dtype:
    """Return bfloat16 where it is clearly faster here and right to 5 %, else float32."""
    torch.manual_seed(0)
    conv = nn.Conv2d(64, 64, 3, padding=1).eval().to(memory_format=torch.channels_last)
    pixels = torch.randn(1, 64, 64, 64).to(memory_format=torch.channels_last)
    with torch.inference_mode():
        exact, slow_s = _timed(conv, pixels, bf16=False)
        rough, fast_s = _timed(conv, pixels, bf16=True)
    close = (exact - rough).norm() < 0.05 * exact.norm()
    return torch.bfloat16 if close and fast_s < 0.9 * slow_s else torch.float32


def _timed(conv: nn.Module, pixels: Tensor, *, bf16: bool) -> tuple[Tensor, float]:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        out: Tensor = conv(pixels)
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            out = conv(pixels)
            best = min(best, time.perf_counter() - start)
    return out.float(), best
