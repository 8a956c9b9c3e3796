"""An encoder that takes pictures of several requests through the network at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Rgb

if TYPE_CHECKING:  # its module loads torch
    from index.encoders.encoder import Encoder

MOST: Final = 32
"""Pictures of one batch, unless one request alone has more."""
LINGER_S: Final = 0.004
"""So long a batch waits for company, where the encoder was at work when its first request came."""


class SharedBatches:
    """Joins what several threads ask of an encoder; one that asks alone waits for nothing.

    What comes while the encoder is at work makes up the next batch, in the order in which it came.
    Words go straight through: they are few, and an encoder takes them quickly.
    """

    def __init__(self, encoder: Encoder, *, most: int = MOST, linger_s: float = LINGER_S) -> None:
        """Take the encoder, the pictures of one batch, and how long one waits for company."""
        self._encoder, self._most, self._linger_s = encoder, most, linger_s
        self._lock = threading.Lock()
        self._came = threading.Condition(self._lock)
        self._asked: deque[_Asked] = deque()
        self._working = False

    @property
    def fingerprint(self) -> str:
        """Identifies weights and preprocessing; vectors of two fingerprints do not mix."""
        return self._encoder.fingerprint

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._encoder.dim

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each text, in order."""
        return self._encoder.encode_texts(texts)

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each H x W x 3 uint8 RGB picture, in order.

        What the encoder raises over these pictures is raised here and to nobody else.
        """
        if not images_rgb:
            return np.zeros((0, self.dim), dtype=np.float32)
        asked = _Asked(images_rgb)
        with self._lock:
            self._asked.append(asked)
            self._came.notify()
            leads, self._working = not self._working, True
        if leads:
            self._lead(linger=False)
        elif asked.turn.result():
            self._lead(linger=True)
        return asked.rows.result()

    def _lead(self, *, linger: bool) -> None:
        """Encode a batch that holds the first who asks; hand the lead to the first who is left."""
        with self._lock:
            if linger:
                self._came.wait_for(self._is_full, self._linger_s)
            batch = self._taken()
        try:
            self._encode(batch)
        finally:
            with self._lock:
                self._working = bool(self._asked)
                if self._asked:
                    self._asked[0].turn.set_result(True)

    def _is_full(self) -> bool:
        return sum(len(each.images_rgb) for each in self._asked) >= self._most

    def _taken(self) -> list[_Asked]:
        """Return the first who asks and those behind it as far as there is room."""
        batch = [self._asked.popleft()]
        size = len(batch[0].images_rgb)
        while self._asked and size + len(self._asked[0].images_rgb) <= self._most:
            batch.append(self._asked.popleft())
            size += len(batch[-1].images_rgb)
        return batch

    def _encode(self, batch: Sequence[_Asked]) -> None:
        try:
            rows = self._encoder.encode_images([rgb for each in batch for rgb in each.images_rgb])
        except BaseException as error:
            if len(batch) == 1:
                batch[0].fail(error)
                return
            for each in batch:  # alone, to learn whose fault it is
                self._encode([each])
            return
        start = 0
        for each in batch:
            each.give(rows[start : start + len(each.images_rgb)])
            start += len(each.images_rgb)


class _Asked:
    """What one thread asks.

    Attributes:
        images_rgb: its pictures.
        rows: what they come out as.
        turn: whether its thread is to encode the next batch; False where another did it.
    """

    def __init__(self, images_rgb: Sequence[Rgb]) -> None:
        self.images_rgb = images_rgb
        self.rows: Future[NDArray[np.float32]] = Future()
        self.turn: Future[bool] = Future()

    def give(self, rows: NDArray[np.float32]) -> None:
        """End the wait with rows."""
        self.rows.set_result(rows)
        self._wake()

    def fail(self, error: BaseException) -> None:
        """End the wait with an error."""
        self.rows.set_exception(error)
        self._wake()

    def _wake(self) -> None:
        if not self.turn.done():
            self.turn.set_result(False)
