"""Fifty photos of 12 megapixels at once, sent to the real server with the real models."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.browser.running import index, write_part_of_the_boutique
from tests.recommender.serving import Running, api, children_of, outfit

log = logging.getLogger(__name__)

PHOTOS = 50
MOST = 2560 * 2**20
"""Bytes of the server and its children, libraries counted for each: 1.2 GB are the models' and
there before; 18 photos are held, two go through the models, and two children decode."""
BACK_WITHIN_S = 10.0
SLOWER = 3.0
"""A photo after the burst may take so many times as long as before: other work shares these cores."""


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


def burst(server: Running, photo: bytes) -> list[httpx.Response]:
    """Return the answers to all photos, sent at the same moment."""
    start = threading.Barrier(PHOTOS)

    def send(_: int) -> httpx.Response:
        with httpx.Client(timeout=120) as client:
            start.wait()
            return client.post(f"{server.address}/v1/garments", files={"photo": photo})

    with ThreadPoolExecutor(PHOTOS) as threads:
        return list(threads.map(send, range(PHOTOS)))


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


def test_fifty_large_photos_at_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    index(home, write_part_of_the_boutique(tmp_path / "feed", every=20))
    large, usual = outfit(size=(3000, 4000), quality=95), outfit()
    with api(home, tmp_path / "log") as server:
        before_s = min(timed(server, usual) for _ in range(3))
        before = server.rss_bytes()
        assert len(children_of(server.process.pid)) >= 1
        with Watch(server) as watch:
            started = time.monotonic()
            answers = burst(server, large)
            ended = time.monotonic()
        ready_s = ready_after(server, ended)
        after_s = as_before(server, usual, before_s, ended)
        told = server.log.read_text(encoding="utf-8", errors="replace")
        back_s = time.monotonic() - ended
    statuses = Counter(each.status_code for each in answers)
    figures = {
        "megabytes each": round(len(large) / 1e6, 1),
        "answers": dict(statuses),
        "burst s": round(ended - started, 1),
        "memory before MB": before // 2**20,
        "memory most MB": watch.most_bytes // 2**20,
        "ready after s": round(ready_s, 2),
        "one photo ms": (round(before_s * 1000), round(after_s * 1000)),
        "retry after s": sorted({a.headers["retry-after"] for a in answers if a.is_server_error}),
    }
    log.info("%s", figures)
    assert set(statuses) == {200, 503}, figures
    assert statuses[200] >= 18, figures  # as many as the queue takes
    assert all(int(a.headers["retry-after"]) >= 1 for a in answers if a.status_code == 503)
    assert all(a.json()["garments"] for a in answers if a.status_code == 200)
    assert before < watch.most_bytes < MOST, figures
    assert back_s < BACK_WITHIN_S, figures
    assert "Traceback" not in told
