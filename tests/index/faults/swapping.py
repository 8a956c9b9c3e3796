"""Generations that are published under a server that never stops answering."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from tests.index.conftest import Shop
from tests.index.faults.hatchery import ROOT

CLIENTS = 4
STABLE = 8
PAUSE_S = 0.005
"""Between two questions of a client: the writer needs the processor too."""


@dataclass
class Server:
    """A serving process, and how it is asked."""

    port: int
    process: subprocess.Popen[str]

    def ask(self, path: str, connection: HTTPConnection | None = None) -> Any:
        """Return an answer; anything but 200 fails."""
        if connection is None:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as asked:
                return self.ask(path, asked)
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, (path, response.status, body[:300])
        return json.loads(body)


@contextmanager
def serving(shop: Shop) -> Iterator[Server]:
    """Index a shop, and yield a process that serves it."""
    shop.write(*(shop.row(n) for n in range(STABLE)))
    shop.run()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.index.faults.serving", str(shop.home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield Server(int(process.stdout.readline()), process)
    finally:
        process.terminate()
        process.communicate(timeout=30)


@dataclass
class Load:
    """Clients that ask all the while, and check each answer.

    Attributes:
        shop: says what is right.
        turn: number of the swap under way; item `s{100 + turn}` comes, and the one before goes.
        answers: checked ones so far, for each client.
        seen: turns whose item was in an answer.
        failures: what was wrong.
    """

    server: Server
    shop: Shop
    turn: int = 0
    answers: list[int] = field(default_factory=lambda: [0] * CLIENTS)
    seen: set[int] = field(default_factory=set)
    failures: list[BaseException] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Load:
        for number in range(CLIENTS):
            self._threads.append(threading.Thread(target=self._client, args=(number,)))
            self._threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def wait(self, more: int) -> None:
        """Wait until each client has had so many more answers."""
        before, until = list(self.answers), time.monotonic() + 60
        while any(now < then + more for now, then in zip(self.answers, before, strict=True)):
            assert not self.failures, self.failures[0]
            assert time.monotonic() < until, "no client may wait for ever"
            time.sleep(0.005)

    def check(self, number: int, connection: HTTPConnection) -> None:
        """Ask for all that is like an item, and compare with what the vectors say."""
        before = self.turn
        path = f"/v1/items/s{number}/similar?k=50&every_variant=true"
        hits = self.server.ask(path, connection)["hits"]
        found = [(hit["item"]["sku"], hit["score"]) for hit in hits]
        moving = {int(sku[1:]) - 100 for sku, _ in found if int(sku[1:]) >= 100}
        # what is being taken out is there until it is not; what comes is not there until it is
        assert moving <= set(range(before - 1, self.turn + 1)), (before, moving, self.turn)
        wanted = {n for n in range(STABLE) if n != number} | {100 + turn for turn in moving}
        asked = self.shop.query(number)
        right = sorted(((float(self.shop.query(n) @ asked), f"s{n}") for n in wanted), reverse=True)
        assert [sku for sku, _ in found] == [sku for _, sku in right]
        assert max(abs(a - b) for (_, a), (b, _) in zip(found, right, strict=True)) < 2e-3
        self.seen |= moving

    def _client(self, number: int) -> None:
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            while not self._stop.is_set():
                self.check((number + self.answers[number]) % STABLE, connection)
                self.answers[number] += 1
                self._stop.wait(PAUSE_S)
        except BaseException as error:
            self.failures.append(error)
        finally:
            connection.close()


def swap(load: Load) -> None:
    """Publish a generation with the next item and without the one before."""
    shop = load.shop
    load.turn += 1
    shop.write(*(shop.row(n) for n in range(STABLE)), shop.row(100 + load.turn))
    report = shop.run(remove_missing=True, confirmed=True)
    assert (report.added, report.removed) == (1, 1 if load.turn > 1 else 0)


def served(server: Server, number: int) -> dict[str, Any]:
    """Wait until a generation is served, and return what is told then."""
    until = time.monotonic() + 60
    while True:  # while one thread loads it, the others answer from the one before
        record: dict[str, Any] = server.ask("/told")
        if record["generation"] == number:
            return record
        assert record["generation"] == number - 1
        assert time.monotonic() < until, "a new generation is picked up"
        time.sleep(0.005)


def swap_under_load(server: Server, shop: Shop, swaps: int) -> int:
    """Publish so many generations while clients ask; return how many answers were right.

    None may fail or be wrong, and the server may not hold more at the end than early on.
    """
    parts: list[dict[str, Any]] = []
    between: list[int] = []
    with Load(server, shop) as load:
        load.wait(1)
        for _ in range(swaps):
            before = sum(load.answers)
            swap(load)
            parts.append(served(server, load.turn + 1))
            load.wait(2)  # the answers under way may be of the generation before
            between.append(sum(load.answers) - before)
            if load.turn % (swaps // 4) == 0:
                held = server.ask("/held")
                assert held.keys() == {"Served", "FaissStore"}
                assert all(1 <= each <= 2 for each in held.values()), "what was served is let go"
    assert load.failures == []
    assert min(between) >= CLIENTS, "each swap had answers from every client"
    assert [each["generation"] for each in parts] == list(range(2, swaps + 2)), "each was served"
    assert all(each["trouble"] == "" for each in parts)
    assert len(load.seen) == swaps, "each generation's own item was found by somebody"
    require_flat(parts[swaps // 5 :])
    return sum(load.answers)


def require_flat(answer: list[dict[str, Any]]) -> None:
    """Check that a server holds no more after many swaps than after a few."""
    early, late = answer[: len(answer) // 4], answer[-len(answer) // 4 :]
    handles = [max(each["handles"] for each in some) for some in (early, late)]
    assert handles[1] <= handles[0] + 2, handles
    memory = [min(each["memory"] for each in some) for some in (early, late)]
    assert memory[1] < memory[0] + (8 << 20), memory
