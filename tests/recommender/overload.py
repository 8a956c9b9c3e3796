"""Photos of 12 megapixels, all sent at once to the real server with the real models."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.recommender.serving import Running, api, children_of, outfit

AT_ONCE: Final = 2
BACK_WITHIN_S: Final = 10.0
SLOWER: Final = 3.0
"""A photo after the burst may take so many times as long as before: other work shares these cores."""


@dataclass(frozen=True)
class Burst:
    """How many photos come at once, how many of them may wait, and what they may take.

    Attributes:
        most_bytes: of the server and its children, libraries counted for each.
    """

    photos: int
    waiting: int
    most_bytes: int


FULL: Final = Burst(photos=50, waiting=16, most_bytes=2560 * 2**20)
"""With the settings as they come: 1.2 GB are the models' and there before; 18 photos are held, two go
through the models, and two children decode."""


def timed(server: Running, photo: bytes) -> float:
    """Return the seconds of an answer."""
    started = time.monotonic()
    answer = httpx.post(f"{server.address}/v1/garments", files={"photo": photo}, timeout=60)
    assert answer.status_code == 200, answer.text
    return time.monotonic() - started


class Watch:
    """Remembers the most memory that a server and its children held."""

    def __init__(self, server: Running) -> None:
        self.most_bytes, self._server, self._over = 0, server, threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.most_bytes = max(self.most_bytes, self._server.rss_bytes())


def burst(server: Running, photo: bytes, photos: int) -> list[httpx.Response]:
    """Return the answers to all photos, sent at the same moment."""
    start = threading.Barrier(photos)

    def send(_: int) -> httpx.Response:
        with httpx.Client(timeout=120) as client:
            start.wait()
            return client.post(f"{server.address}/v1/garments", files={"photo": photo})

    with ThreadPoolExecutor(photos) as threads:
        return list(threads.map(send, range(photos)))


def as_before(server: Running, photo: bytes, before_s: float, ended: float) -> float:
    """Return the seconds of the first answer that comes as quickly as before the burst."""
    while (after_s := timed(server, photo)) > SLOWER * before_s:
        assert time.monotonic() - ended < BACK_WITHIN_S, (before_s, after_s)
    return after_s


def ready_after(server: Running, ended: float) -> float:
    """Return the seconds after which the server says that it is ready."""
    while httpx.get(f"{server.address}/readyz", timeout=30).status_code != 200:
        assert time.monotonic() - ended < BACK_WITHIN_S
        time.sleep(0.1)
    return time.monotonic() - ended


def overload(home: Path, log: Path, asked: Burst) -> dict[str, object]:
    """Send a burst to a server of a home; return figures, once all that must hold does.

    As many are answered as the queue takes, the others are told when to come again, memory stays
    bounded, and the next photo is answered as quickly as before.
    """
    large, usual = outfit(size=(3000, 4000), quality=95), outfit()
    settings = {"RECOMMENDER_PHOTOS_WAITING": str(asked.waiting)}
    with api(home, log, settings) as server:
        before_s = min(timed(server, usual) for _ in range(3))
        before = server.rss_bytes()
        assert len(children_of(server.process.pid)) >= 1
        with Watch(server) as watch:
            started = time.monotonic()
            answers = burst(server, large, asked.photos)
            ended = time.monotonic()
        ready_s = ready_after(server, ended)
        after_s = as_before(server, usual, before_s, ended)
        back_s = time.monotonic() - ended
    figures: dict[str, object] = {
        "megabytes each": round(len(large) / 1e6, 1),
        "answers": dict(Counter(each.status_code for each in answers)),
        "burst s": round(ended - started, 1),
        "memory before MB": before // 2**20,
        "memory most MB": watch.most_bytes // 2**20,
        "ready after s": round(ready_s, 2),
        "one photo ms": (round(before_s * 1000), round(after_s * 1000)),
    }
    require_answered_or_put_off(answers, asked.waiting + AT_ONCE)
    assert before < watch.most_bytes < asked.most_bytes, figures
    assert back_s < BACK_WITHIN_S, figures
    assert "Traceback" not in log.read_text(encoding="utf-8", errors="replace")
    return figures


def require_answered_or_put_off(answers: list[httpx.Response], least: int) -> None:
    """Check that at least so many were answered, and that the others are told when to come again."""
    statuses = Counter(each.status_code for each in answers)
    assert set(statuses) == {200, 503}, statuses
    assert statuses[200] >= least, statuses
    assert all(int(a.headers["retry-after"]) >= 1 for a in answers if a.status_code == 503)
    assert all(a.json()["garments"] for a in answers if a.status_code == 200)
