from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from pathlib import Path

from segmentation.common.errors import PhotoError
from segmentation.common.photo import WORKING_SIDE
from segmentation.decoding.pool import DecodingPool, memory_for
from tests.segmentation.damaged_pictures import KINDS, damaged, pictures

log = logging.getLogger(__name__)

FILES = 2000
MOST_PIXELS = 12_000_000
SECONDS = 10
BASELINE = 64 * 2**20
"""Bytes that a child takes before its first picture, and more."""


def peak_bytes(pid: int) -> int:
    """Return the most memory that a process ever held."""
    try:
        told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:  # it was replaced just now
        return 0
    return int(told.split("VmHWM:")[1].split()[0]) * 1024 if "VmHWM:" in told else 0


class Run:
    """Sends files through a pool from two threads, and remembers what became of them."""

    def __init__(self, pool: DecodingPool) -> None:
        self.pool, self.files, self.lock = pool, damaged(FILES), threading.Lock()
        self.ends: Counter[str] = Counter()
        self.unexpected: list[tuple[str, str]] = []
        self.peak_bytes, self.slowest_s = 0, 0.0

    def go(self) -> None:
        threads = [threading.Thread(target=self._work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

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
                self.peak_bytes = max(self.peak_bytes, *map(peak_bytes, self.pool.pids), 0)

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


def test_two_thousand_damaged_pictures_harm_nobody() -> None:
    pool = DecodingPool(2, memory_bytes=memory_for(MOST_PIXELS), seconds=SECONDS)
    run = Run(pool)
    run.go()
    log.info("%s, peak %d MB, slowest %.2f s", run.ends, run.peak_bytes >> 20, run.slowest_s)
    assert run.unexpected == []
    assert sum(run.ends.values()) == FILES
    assert run.ends["decoded"] > 200 and FILES - run.ends["decoded"] > 500  # neither is rare
    assert 50 * 2**20 < run.peak_bytes < memory_for(MOST_PIXELS) + BASELINE
    assert run.slowest_s < SECONDS + 1
    for kind in KINDS:
        assert pool.decode(pictures(kind)[0]).rgb.shape == (120, 160, 3)
    pool.close()
