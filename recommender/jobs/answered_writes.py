"""Writes that came with an idempotency key: done once, and answered alike each time they are sent.

A key is taken before the write and holds its answer after it, in the database: a restart forgets none. One
that is taken by a process that died is free again after `UNDER_WAY`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete

from index.database.database import Database
from recommender.errors import KeyReused, KeyUnderWay
from recommender.tables import AnsweredWriteRow

KEPT: Final = timedelta(hours=24)
"""How long an answer is repeated."""
UNDER_WAY: Final = timedelta(minutes=10)
"""How long a key is taken by a write that is not answered."""


@dataclass(frozen=True)
class AnsweredWrites:
    """The answers of one home. Safe to share between threads.

    Attributes:
        database: migrated.
        now: the clock.
    """

    database: Database
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def once(self, key: str, body: bytes, write: Callable[[], str]) -> tuple[str, bool]:
        """Return a write's answer, and whether it was made before.

        Args:
            key: the caller's, with all that tells two callers apart.
            body: what is written; the same key with another is refused.
            write: writes and returns its answer; called once for a key.

        Raises:
            KeyReused: the key came with another body.
            KeyUnderWay: it came, and what it came with is not answered yet.
        """
        name, digest = _digest(key.encode()), _digest(body)
        held = self._take(name, digest)
        if held is not None:
            return held, True
        try:
            answer = write()
        except BaseException:
            self._settle(name, None)
            raise
        self._settle(name, answer)
        return answer, False

    def _take(self, name: str, digest: str) -> str | None:
        """Return what is held under a key; take it where nothing is."""
        now = self.now()
        with self.database.writing() as session:
            session.execute(delete(AnsweredWriteRow).where(AnsweredWriteRow.expires_at <= now))
            held = session.get(AnsweredWriteRow, name)
            if held is None:
                until = now + UNDER_WAY
                session.add(AnsweredWriteRow(key=name, body=digest, answer="", expires_at=until))
                return None
        if held.body != digest:
            raise KeyReused.of()
        if not held.answer:
            raise KeyUnderWay.of()
        return held.answer

    def _settle(self, name: str, answer: str | None) -> None:
        """Keep a write's answer under its key, or free the key where it was refused."""
        with self.database.writing() as session:
            held = session.get(AnsweredWriteRow, name)
            if held is None:  # it took longer than a key is taken for
                return
            if answer is None:
                session.delete(held)
            else:
                held.answer, held.expires_at = answer, self.now() + KEPT


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
