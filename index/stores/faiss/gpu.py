"""FAISS on a GPU, where the extra `gpu` is installed and there is one.

It searches an exact index as a whole and finds the centres of an inverted one; filters and probed
lists stay on the processor, which FAISS's GPU side cannot serve them from. Developed without a GPU:
that it is chosen is tested with a stand-in, what it does on one was not run.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

MOST: Final = 2048
"""The largest k that FAISS's GPU side answers."""


def count() -> int:
    """Return how many GPUs FAISS can use: 0 with faiss-cpu."""
    return int(getattr(faiss, "get_num_gpus", int)())


def for_search(index: Any) -> Any:
    """Return what searches all of an exact index fastest: itself, or a copy on the GPUs."""
    if not (count() and index.ntotal):
        return index
    return _OnGpu(index, faiss.index_cpu_to_all_gpus(index))


def for_training(dim: int) -> Any | None:
    """Return an empty exact index on the GPUs that k-means may use; None without a GPU."""
    return faiss.index_cpu_to_all_gpus(faiss.IndexFlatIP(dim)) if count() else None


@dataclass(frozen=True, eq=False)
class _OnGpu:
    """An index and its copy on the GPUs, which serves one thread at a time."""

    index: Any
    copy: Any
    lock: threading.Lock = field(default_factory=threading.Lock)

    def search(self, queries: NDArray[np.float32], k: int) -> Any:
        if k > MOST:
            return self.index.search(queries, k)
        with self.lock:
            return self.copy.search(queries, k)
