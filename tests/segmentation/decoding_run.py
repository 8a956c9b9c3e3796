"""Many files sent through decoding children from two threads, and what became of them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from segmentation.common.errors import PhotoError
from segmentation.common.photo import WORKING_SIDE
from segmentation.decoding.pool import DecodingPool, memory_for

MOST_PIXELS = 12_000_000
SECONDS = 10
STARTS_WITHIN_S = 30
"""A child that is started anew may take so long before its picture's own seconds begin."""
BASELINE = 64 * 2**20
"""Bytes that a child takes before its first picture, and more."""


@contextmanager
def decoding() -> Iterator[DecodingPool]:
    """Yield two children, bounded as a server's are."""
    pool = DecodingPool(2, memory_bytes=memory_for(MOST_PIXELS), seconds=SECONDS)
    try:
        yield pool
    finally:
        pool.close()


def peak_bytes(pid: int) -> int:
    """Return the most memory that a process ever held."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:  # it was replaced just now
        return 0
    return int(text.split("VmHWM:")[1].split()[0]) * 1024 if "VmHWM:" in text else 0


class Run:
    """Sends files, and remembers what became of them.

    Attributes:
        ends: photos by what was said of them: `decoded`, or why not.
        unexpected: names of files, and what else was raised.
        children: ids of the processes that took part.
    """

    def __init__(self, pool: DecodingPool, files: Iterator[tuple[str, bytes]]) -> None:
        self.pool, self.files, self.lock = pool, files, threading.Lock()
        self.ends: Counter[str] = Counter()
        self.unexpected: list[tuple[str, str]] = []
        self.children: set[int] = set()
        self.peak_bytes, self.slowest_s = 0, 0.0

    def go(self) -> None:
        """Send them all."""
        threads = [threading.Thread(target=self._work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def require_unharmed(self, files: int) -> None:
        """Check that each file was decoded or refused, in bounded time and memory."""
        assert self.unexpected == []
        assert sum(self.ends.values()) == files
        decoded = self.ends["decoded"]
        assert min(decoded, files - decoded) > files // 10, "neither is rare"
        assert 50 * 2**20 < self.peak_bytes < memory_for(MOST_PIXELS) + BASELINE
        assert self.slowest_s < SECONDS + STARTS_WITHIN_S

    def _work(self) -> None:
        while True:
            with self.lock:
                name, data = next(self.files, ("", b""))
            if not name:
                return
            started = time.monotonic()
            end = self._end(name, data)
            with self.lock:
                self.ends[end] += 1
                self.slowest_s = max(self.slowest_s, time.monotonic() - started)
                pids = self.pool.pids
                self.children.update(pids)
                self.peak_bytes = max(self.peak_bytes, *map(peak_bytes, pids), 0)

    def _end(self, name: str, data: bytes) -> str:
        try:
            found = self.pool.decode(data, max_pixels=MOST_PIXELS)
        except PhotoError as refusal:
            return refusal.what
        except Exception as error:
            self.unexpected.append((name, repr(error)))
            return "unexpected"
        assert max(found.rgb.shape) <= WORKING_SIDE
        return "decoded"
