"""The queue before the models: how many photos are worked on at once, and how many may wait.

A request takes its place before its photo is read, so that the places bound the bytes that are held
as well; it keeps it until it is answered. Places are taken in the order in which requests come, and
whoever hangs up while waiting gives theirs back.
"""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeVar

import anyio
import anyio.to_thread

from recommender.api.http.errors import Busy, Gone

T = TypeVar("T")
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

FIRST_S: Final = 1.0
"""What one photo is thought to take before any was worked on."""
LONGEST_S: Final = 60
"""The longest time after which one who is sent away is asked to come again."""


@dataclass(eq=False)
class _Visit:
    """One request: how to hear that its client is gone, and the places that it holds."""

    receive: Receive
    holds: ExitStack
    gates: set[Gate] = field(default_factory=set)


_visit: ContextVar[_Visit | None] = ContextVar("visit", default=None)


class Gate:
    """Runs blocking work in threads, a few at once, with a bounded queue before them."""

    def __init__(
        self,
        *,
        at_once: int = 2,
        waiting: int = 16,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Let `at_once` pieces of work run and `waiting` more wait."""
        self._slots = anyio.CapacityLimiter(at_once)
        self._threads = anyio.CapacityLimiter(at_once)
        self._at_once, self._room, self._clock = at_once, at_once + waiting, clock
        self._inside, self._running, self._pace_s = 0, 0, FIRST_S

    @property
    def inside(self) -> int:
        """Requests that run or wait."""
        return self._inside

    @property
    def running(self) -> int:
        """Pieces of work that run now."""
        return self._running

    def enter(self) -> None:
        """Take a place for the request that is being answered, until it is.

        Raises:
            Busy: the queue is full.
        """
        visit = _visit.get()
        if visit is not None and self not in visit.gates:
            visit.holds.enter_context(self._place())
            visit.gates.add(self)

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns; it runs in a thread of its own.

        Raises:
            Busy: the queue is full.
            Gone: the client hung up before the work was begun.
        """
        visit = _visit.get()
        with ExitStack() as place:
            if visit is None or self not in visit.gates:
                place.enter_context(self._place())
            async with self._slot(visit):
                started = self._clock()
                self._running += 1
                try:
                    return await anyio.to_thread.run_sync(work, limiter=self._threads)
                finally:
                    self._running -= 1
                    self._pace_s += 0.2 * (self._clock() - started - self._pace_s)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._inside >= self._room:
            raise Busy.of(self._inside, self._room, self._retry_after_s())
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    def _retry_after_s(self) -> int:
        """Return in how many seconds half of those inside will be done, at the pace of late."""
        wait = self._inside / 2 * self._pace_s / self._at_once
        return min(max(math.ceil(wait), 1), LONGEST_S)

    @asynccontextmanager
    async def _slot(self, visit: _Visit | None) -> AsyncIterator[None]:
        """Wait for one's turn; it is over when the block is."""
        who = object()
        try:
            self._slots.acquire_on_behalf_of_nowait(who)
        except anyio.WouldBlock:
            await self._turn(who, visit)
        try:
            yield
        finally:
            self._slots.release_on_behalf_of(who)

    async def _turn(self, who: object, visit: _Visit | None) -> None:
        mine = False
        async with anyio.create_task_group() as tasks:
            if visit is not None:
                tasks.start_soon(_cancel_when_gone, visit.receive, tasks.cancel_scope)
            await self._slots.acquire_on_behalf_of(who)
            mine = True
            tasks.cancel_scope.cancel()
        if not mine:
            raise Gone.of()


class Places:
    """The application around it gives back the places of each request once it is answered."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with ExitStack() as holds:
            token = _visit.set(_Visit(receive, holds))
            try:
                await self._app(scope, receive, send)
            finally:
                _visit.reset(token)


async def _cancel_when_gone(receive: Receive, waiting: anyio.CancelScope) -> None:
    """Wait until a request, its body read already, is hung up."""
    while (await receive())["type"] != "http.disconnect":
        continue
    waiting.cancel()
