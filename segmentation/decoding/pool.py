"""Pictures of strangers, decoded in processes that may fail.

A decoder that a picture brings down takes a child with it, never whoever asked: the photo is refused
and the child replaced. A child is bounded in memory and time, can write no file, and ends with its
parent. What it says is checked: nothing is unpickled.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from segmentation.common.errors import PhotoError, PhotoUnsupported
from segmentation.common.garments import Photo
from segmentation.common.photo import MAX_BYTES, MAX_PIXELS, WORKING_SIDE
from segmentation.decoding import child

SECONDS: Final = 20
"""What one picture may take; the largest accepted takes two to four on one core."""
_STARTS_WITHIN_S: Final = 30
_ROOT: Final = Path(__file__).parents[2]


def memory_for(max_pixels: int) -> int:
    """Return the memory limit in bytes for a picture of a number of pixels.

    Measured for 50 million pixels, in MiB: WebP 1,640 with transparency and 1,040 without, AVIF
    1,380 and 760, PNG 1,190 and 650, JPEG 190.

    >>> memory_for(50_000_000) // 2**20
    1844
    """
    return 128 * 2**20 + 36 * max_pixels


class DecodingPool:
    """A few long-lived children that decode pictures. Safe to share between threads."""

    def __init__(
        self,
        children: int = 2,
        *,
        memory_bytes: int = memory_for(MAX_PIXELS),
        seconds: int = SECONDS,
        command: Sequence[str] | None = None,
    ) -> None:
        """Take how many children there are at most; each is started when it is first needed.

        Args:
            children: pictures that are decoded at the same time.
            memory_bytes: what one picture may take.
            seconds: what one picture may take.
            command: starts a child; its memory and seconds are added.
        """
        self._seconds, self._closed = seconds, False
        program = command or (sys.executable, "-P", "-m", child.__name__)
        self._command = [*program, str(memory_bytes), str(seconds)]
        self._places: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._running: set[_Child] = set()
        for _ in range(children):
            self._places.put(None)

    @property
    def pids(self) -> list[int]:
        """The children's process ids."""
        with self._lock:
            return [each.process.pid for each in self._running]

    def decode(
        self, data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
    ) -> Photo:
        """Return the picture in `data`, as `segmentation.common.photo.decode` does.

        Raises:
            PhotoError: as there; also where decoding takes too much memory or time.
            RuntimeError: no child can be started.
        """
        place = self._places.get()
        try:
            if place is None or not place.alive:
                self._drop(place)
                place = None  # where starting fails, the place stays free
                place = self._start()
            return place.decode(data, max_bytes, max_pixels)
        finally:
            if place is not None and not place.alive:
                self._drop(place)
                place = None
            self._places.put(place)

    def close(self) -> None:
        """End the children; a picture that is being decoded is refused."""
        with self._lock:
            self._closed = True
            running, self._running = self._running, set()
        for each in running:
            each.end()

    def _start(self) -> _Child:
        started = _Child(self._command, self._seconds)
        with self._lock:
            if not self._closed:
                self._running.add(started)
                return started
        started.end()
        raise RuntimeError("the decoding children were ended")

    def _drop(self, ended: _Child | None) -> None:
        if ended is not None:
            ended.end()
            with self._lock:
                self._running.discard(ended)


class _Child:
    """One process; one thread at a time may use it."""

    def __init__(self, command: Sequence[str], seconds: int) -> None:
        self._seconds, self._fit = seconds, True
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        with _Deadline(self.process, _STARTS_WITHIN_S):
            greeting = self._stdout.read(1)
        if greeting != child.READY:
            self.end()
            raise RuntimeError(f"the decoding child does not start: {' '.join(command)}")

    @property
    def alive(self) -> bool:
        """Whether it can take another picture."""
        return self._fit and self.process.poll() is None

    @property
    def _stdout(self) -> IO[bytes]:
        assert self.process.stdout is not None  # it was opened as a pipe
        return self.process.stdout

    def decode(self, data: bytes, max_bytes: int, max_pixels: int) -> Photo:
        """Return a photo. See `DecodingPool.decode`."""
        self._fit = False  # until it has answered whole
        assert self.process.stdin is not None  # it was opened as a pipe
        try:
            with _Deadline(self.process, self._seconds + 1) as deadline:
                self.process.stdin.write(child.REQUEST.pack(len(data), max_bytes, max_pixels))
                self.process.stdin.write(data)
                self.process.stdin.flush()
                answer, ends = self._answer()
        except (OSError, EOFError, ValueError) as error:
            text = f"a decoder that ended by itself, or after {self._seconds} s"
            raise child.too_much(text) from error
        self._fit = not (ends or deadline.passed)
        if isinstance(answer, PhotoError):
            raise answer
        return answer

    def _answer(self) -> tuple[Photo | PhotoError, bool]:
        """Return what the child says, and whether it ends now.

        Raises:
            EOFError: it ended before it had said all.
            ValueError: it says what was not agreed.
        """
        head = self._read(child.ANSWER.size).tobytes()
        kind, height, width, flag = child.ANSWER.unpack(head)
        if kind == child.REFUSAL and height <= child.MOST_WORDS:
            return _refusal(json.loads(self._read(height).tobytes())), bool(flag)
        if kind != child.PHOTO or not (0 < height <= WORKING_SIDE and 0 < width <= WORKING_SIDE):
            raise ValueError("the decoding child does not keep to what was agreed")
        rgb = self._read(height * width * 3).reshape(height, width, 3)
        return Photo(
            rgb, self._read(height * width).reshape(height, width) if flag else None
        ), False

    def _read(self, size: int) -> NDArray[np.uint8]:
        """Return `size` bytes.

        Raises:
            EOFError: fewer came.
        """
        data = self._stdout.read(size)
        if len(data) != size:
            raise EOFError
        return np.frombuffer(data, dtype=np.uint8)

    def end(self) -> None:
        """End it and wait until it has."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not written yet has no reader
                    continue


class _Deadline:
    """Ends a process that takes too long for what happens inside the `with`."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.passed = False
        self._process = process
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()  # it has struck or it never will

    def _pass(self) -> None:
        self.passed = True
        self._process.kill()


def _environment() -> dict[str, str]:
    """Return a child's environment: one arena and one thread, so that its memory can be counted."""
    known = {
        name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ
    }
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    return known | {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1"}


def _refusal(message: object) -> PhotoError:
    if not isinstance(message, list) or len(message) != 5:
        raise ValueError("the decoding child does not keep to what was agreed")
    code, what, got, expected, next_step = map(str, message)
    kind = PhotoUnsupported if code == PhotoUnsupported.code else PhotoError
    return kind(what, got=got, expected=expected, next_step=next_step)
