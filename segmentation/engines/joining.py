"""What several threads ask of a network, taken through it at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Any, Final, Generic, Protocol, TypeVar

MOST: Final = 32
"""Inputs of one batch, unless one request alone has more."""
LINGER_S: Final = 0.004
"""So long a batch waits for company, where the network was at work when its first request came."""


class Answers(Protocol):
    """Answers in the order of inputs: a list, or the rows of an array."""

    def __getitem__(self, part: slice, /) -> Any:
        """Return some of them."""


S = TypeVar("S")
R = TypeVar("R", bound=Answers)


class Joined(Generic[S, R]):
    """Joins what several threads ask into batches; one that asks alone waits for nothing.

    What comes while a batch is at work makes up the next one, in the order in which it came.
    """

    def __init__(
        self,
        work: Callable[[Sequence[S]], R],
        *,
        most: int = MOST,
        linger_s: float = LINGER_S,
        like: Callable[[S], Hashable] = lambda _: None,
    ) -> None:
        """Take what answers a batch.

        Args:
            work: inputs -> an answer for each, in order.
            most: inputs of one batch.
            linger_s: how long one waits for company.
            like: only inputs that are alike in this come into one batch.
        """
        self._work, self._most, self._linger_s, self._like = work, most, linger_s, like
        self._lock = threading.Lock()
        self._came = threading.Condition(self._lock)
        self._asked: deque[_Asked[S, R]] = deque()
        self._working = False

    def ask(self, inputs: Sequence[S]) -> R:
        """Return the answers to some inputs, one or more, that are alike.

        What the work raises over these inputs is raised here and to nobody else.
        """
        asked: _Asked[S, R] = _Asked(inputs, self._like(inputs[0]))
        with self._lock:
            self._asked.append(asked)
            self._came.notify()
            leads, self._working = not self._working, True
        if leads:
            self._lead(linger=False)
        elif asked.turn.result():
            self._lead(linger=True)
        return asked.answers.result()

    def _lead(self, *, linger: bool) -> None:
        """Answer a batch that holds the first who asks; hand the lead to the first who is left."""
        with self._lock:
            if linger:
                self._came.wait_for(self._is_full, self._linger_s)
            batch = self._taken()
        try:
            self._answer(batch)
        finally:
            with self._lock:
                self._working = bool(self._asked)
                if self._asked:
                    self._asked[0].turn.set_result(True)

    def _is_full(self) -> bool:
        return sum(len(each.inputs) for each in self._company()) >= self._most

    def _taken(self) -> list[_Asked[S, R]]:
        """Return the first who asks and those like it behind it, as far as there is room."""
        first, *others = self._company()
        batch, size = [first], len(first.inputs)
        for each in others:
            size += len(each.inputs)
            if size > self._most:
                break
            batch.append(each)
        self._asked = deque(each for each in self._asked if each not in batch)
        return batch

    def _company(self) -> list[_Asked[S, R]]:
        """Return the first who asks and all who could go with it."""
        return [each for each in self._asked if each.like == self._asked[0].like]

    def _answer(self, batch: Sequence[_Asked[S, R]]) -> None:
        try:
            answers = self._work([one for each in batch for one in each.inputs])
        except BaseException as error:
            if len(batch) == 1:
                batch[0].fail(error)
                return
            for each in batch:  # alone, to learn whose fault it is
                self._answer([each])
            return
        start = 0
        for each in batch:
            each.give(answers[start : start + len(each.inputs)])
            start += len(each.inputs)


class _Asked(Generic[S, R]):
    """What one thread asks.

    Attributes:
        inputs: what it asks about.
        like: what others must be alike in to go with it.
        answers: what comes out.
        turn: whether its thread is to answer the next batch; False where another did it.
    """

    def __init__(self, inputs: Sequence[S], like: Hashable) -> None:
        self.inputs, self.like = inputs, like
        self.answers: Future[R] = Future()
        self.turn: Future[bool] = Future()

    def give(self, answers: R) -> None:
        """End the wait with answers."""
        self.answers.set_result(answers)
        self._wake()

    def fail(self, error: BaseException) -> None:
        """End the wait with an error."""
        self.answers.set_exception(error)
        self._wake()

    def _wake(self) -> None:
        if not self.turn.done():
            self.turn.set_result(False)
