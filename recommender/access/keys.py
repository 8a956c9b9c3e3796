"""Keys to the API: who holds one, what it allows, and how one ends.

A key reads `ctl_ID_SECRET`. Its id is public and names it in lists and logs; its secret has 256 random
bits, of which only the SHA-256 is stored. A hash that is slow on purpose would protect nothing
here: what it slows down, guessing, has no chance against 256 bits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, func, select

from index.database.database import Database
from recommender.access.scope import Scope
from recommender.errors import RequestError
from recommender.tables import ApiKeyRow

PREFIX: Final = "ctl"
NAME: Final = r"[a-z0-9][a-z0-9-]{0,63}"
"""Of a catalogue."""
MAX_NAME: Final = 100
REMEMBERED_S: Final = 5.0
"""So long a revoked key may still open, and a new one may still not."""
_FORM: Final = re.compile(rf"{PREFIX}_([0-9a-f]{{12}})_([A-Za-z0-9_-]{{43}})")
_NOBODY: Final = hashlib.sha256(b"").hexdigest()
_REMEMBERED: Final = 1024


@dataclass(frozen=True)
class ApiKey:
    """A key as it may be shown to anyone: without its secret.

    Attributes:
        id: its public part.
        name: who holds it.
        scope: what it allows.
        created_at: when it was made.
        catalogue: which one it opens; empty for all.
    """

    id: str
    name: str
    scope: Scope
    created_at: datetime
    catalogue: str = ""

    def opens(self, catalogue: str) -> bool:
        """Return whether it opens a catalogue."""
        return self.catalogue in ("", catalogue)


@dataclass(frozen=True)
class Created:
    """A key that was made just now: the only time that its `text` is known."""

    key: ApiKey
    text: str


@dataclass(frozen=True)
class Lock:
    """What a key's text is held against: the key, and its secret's SHA-256 in hex."""

    key: ApiKey
    secret: str


@dataclass(frozen=True)
class Keys:
    """The keys of one home. Safe to share between threads.

    Attributes:
        database: migrated.
        now: the clock.
    """

    database: Database
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def create(self, name: str, scope: Scope, catalogue: str = "") -> Created:
        """Make a key for whoever the name says.

        Args:
            name: who is to hold it.
            scope: what it allows.
            catalogue: which one it opens; empty for all.

        Raises:
            RequestError: the name is empty, too long, or cannot be printed; or this is no catalogue's.
        """
        if catalogue and not re.fullmatch(NAME, catalogue):
            raise RequestError(
                "this is no name of a catalogue",
                got=repr(catalogue[:80]),
                expected="small letters, digits and -, up to 64",
                next_step="Name a catalogue of this home, such as default.",
            )
        if not (name.strip() and len(name) <= MAX_NAME and name.isprintable()):
            raise RequestError(
                "this is no name for a key",
                got=f"{len(name)} characters",
                expected=f"1 to {MAX_NAME} characters that can be printed",
                next_step="Name whoever is to hold the key, such as storefront.",
            )
        id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        key = ApiKey(id, name, scope, self.now(), catalogue)
        with self.database.writing() as session:
            session.add(
                ApiKeyRow(
                    id=id,
                    name=name,
                    secret=_hash(secret),
                    scope=scope.value,
                    created_at=key.created_at,
                    catalogue=catalogue,
                )
            )
        return Created(key, f"{PREFIX}_{id}_{secret}")

    def all(self) -> list[ApiKey]:
        """Return all keys, the oldest first."""
        with self.database.reading() as session:
            rows = session.execute(select(ApiKeyRow).order_by(ApiKeyRow.created_at, ApiKeyRow.id))
            return [_key(row) for row in rows.scalars()]

    def revoke(self, id: str) -> None:
        """End a key.

        Raises:
            RequestError: there is none of this id.
        """
        its = ApiKeyRow.id == id
        with self.database.writing() as session:
            known = session.execute(select(func.count()).select_from(ApiKeyRow).where(its))
            if not known.scalar_one():
                raise RequestError(
                    "there is no such key",
                    got=repr(id[:32]),
                    expected="the id of a key, which its second part is",
                    next_step="Run `recommender keys list`.",
                )
            session.execute(delete(ApiKeyRow).where(its))

    def lock(self, id: str) -> Lock | None:
        """Return what the key of an id is held against, None where there is no such key."""
        with self.database.reading() as session:
            row = session.get(ApiKeyRow, id)
            return None if row is None else Lock(_key(row), row.secret)


class KeyRing:
    """Tells which key a text is. It remembers for `REMEMBERED_S`; safe to share between threads."""

    def __init__(
        self,
        lock_of: Callable[[str], Lock | None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what looks an id up."""
        self._lock_of, self._clock = lock_of, clock
        # apart, so that ids which somebody makes up push no key out
        self._known: OrderedDict[str, tuple[float, Lock | None]] = OrderedDict()
        self._unknown: OrderedDict[str, tuple[float, Lock | None]] = OrderedDict()
        self._guard = threading.Lock()

    def opened_by(self, text: str) -> ApiKey | None:
        """Return the key that a text is, None where it is none.

        How long it takes does not tell whether the id is known, nor how much of a secret is right.
        """
        form = _FORM.fullmatch(text)
        lock = self._lock(form[1]) if form else None
        result = _hash(form[2] if form else text)
        right = hmac.compare_digest(result, lock.secret if lock else _NOBODY)
        return lock.key if lock and right else None

    def met(self, text: str) -> bool:
        """Return whether a text has the id of a key that was there when it was last looked up."""
        form = _FORM.fullmatch(text)
        with self._guard:
            return form is not None and form[1] in self._known

    def _lock(self, id: str) -> Lock | None:
        now = self._clock()
        with self._guard:
            never = (now - REMEMBERED_S, None)
            at, lock = self._known.get(id) or self._unknown.get(id, never)
        if now - at < REMEMBERED_S:
            return lock
        lock = self._lock_of(id)
        with self._guard:
            self._known.pop(id, None)
            self._unknown.pop(id, None)
            found = self._unknown if lock is None else self._known
            found[id] = (now, lock)
            while len(found) > _REMEMBERED:
                found.popitem(last=False)
        return lock


def _key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(row.id, row.name, Scope(row.scope), row.created_at, row.catalogue)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
