"""Keys to the API: only their hashes are kept, the right one opens, a revoked one soon does not."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import migrations
from index.database.database import Database, open_database
from recommender.access.keys import REMEMBERED_S, KeyRing, Keys, Lock
from recommender.access.scope import Scope
from recommender.errors import RequestError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = open_database(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    migrations.upgrade(database.engine)
    return database


@pytest.fixture
def keys(database: Database) -> Keys:
    return Keys(database, now=lambda: NOW)


def test_a_key_is_made_listed_and_revoked(keys: Keys) -> None:
    made = keys.create("storefront", Scope.WRITE)
    other = keys.create("office", Scope.ADMIN)
    assert {key.id for key in keys.all()} == {made.key.id, other.key.id}
    assert made.key in keys.all()
    assert (made.key.name, made.key.scope, made.key.created_at) == ("storefront", Scope.WRITE, NOW)
    keys.revoke(made.key.id)
    assert keys.all() == [other.key]
    with pytest.raises(RequestError, match="no such key"):
        keys.revoke(made.key.id)


def test_only_the_hash_of_the_secret_is_kept(keys: Keys, tmp_path: Path) -> None:
    prefix, id, secret = keys.create("storefront", Scope.READ).text.split("_", 2)
    assert prefix == "ctl" and len(secret) == 43  # 256 bits, 6 a letter
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert id.encode() in kept
    assert secret.encode() not in kept
    assert hashlib.sha256(secret.encode()).hexdigest().encode() in kept


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines", "nul\0"])
def test_names_that_are_none(keys: Keys, name: str) -> None:
    with pytest.raises(RequestError):
        keys.create(name, Scope.READ)
    assert keys.all() == []


def test_only_the_whole_key_opens(keys: Keys) -> None:
    made, other = keys.create("a", Scope.READ), keys.create("b", Scope.ADMIN)
    ring = KeyRing(keys.lock)
    assert ring.opened_by(made.text) == made.key
    secret, foreign = made.text.split("_", 2)[2], other.text.split("_", 2)[2]
    for wrong in (
        "",
        "x",
        secret,
        made.key.id,
        made.text[:-1],
        f"{made.text} ",
        f"{made.text[:-1]}{'A' if made.text[-1] != 'A' else 'B'}",
        f"ctl_{made.key.id}_",
        f"ctl_{made.key.id}_{foreign}",
        f"ctl_{'0' * 12}_{secret}",
        f"ctl_{made.key.id.upper()}_{secret}" if made.key.id.upper() != made.key.id else "ctl",
        "ctl_é_é",
    ):
        assert ring.opened_by(wrong) is None, wrong


def test_an_empty_secret_opens_nothing(keys: Keys) -> None:
    """The hash that stands in for an unknown id's is no way in."""
    ring = KeyRing(lambda _: None)
    assert ring.opened_by("") is None
    assert ring.opened_by(f"ctl_{'0' * 12}_{'A' * 43}") is None


def test_every_text_is_compared_in_constant_time(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, compared = keys.create("a", Scope.READ), []
    real = hmac.compare_digest

    def compare(one: Any, other: Any) -> bool:
        compared.append((len(one), len(other)))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    ring = KeyRing(keys.lock)
    for text in (made.text, f"ctl_{'0' * 12}_{'A' * 43}", "nonsense"):
        ring.opened_by(text)
    assert compared == [(64, 64)] * 3


def test_a_revoked_key_opens_no_longer_than_it_is_remembered(keys: Keys) -> None:
    time = 1000.0
    ring = KeyRing(keys.lock, clock=lambda: time)
    made = keys.create("a", Scope.READ)
    assert ring.opened_by(made.text) == made.key
    keys.revoke(made.key.id)
    time += REMEMBERED_S - 0.01
    assert ring.opened_by(made.text) == made.key
    time += 0.02
    assert ring.opened_by(made.text) is None


def test_ids_are_looked_up_once_in_a_while_and_few_are_remembered() -> None:
    asked: list[str] = []
    time = 0.0

    def lock_of(id: str) -> Lock | None:
        asked.append(id)
        return None

    ring = KeyRing(lock_of, clock=lambda: time)
    texts = [f"ctl_{number:012x}_{'A' * 43}" for number in range(1100)]
    for text in (texts[0], texts[0], *texts[1:]):
        ring.opened_by(text)
    assert len(asked) == 1100
    ring.opened_by(texts[-1])
    assert len(asked) == 1100
    ring.opened_by(texts[0])
    assert asked[1100:] == [f"{0:012x}"]


def test_ids_that_are_made_up_push_no_key_out(keys: Keys) -> None:
    asked: list[str] = []

    def lock_of(id: str) -> Lock | None:
        asked.append(id)
        return keys.lock(id)

    made, ring = keys.create("a", Scope.READ), KeyRing(lock_of, clock=lambda: 0.0)
    assert not ring.met(made.text) and ring.opened_by(made.text) == made.key
    for number in range(1100):
        ring.opened_by(f"ctl_{number:012x}_{'A' * 43}")
    assert len(asked) == 1101
    assert ring.opened_by(made.text) == made.key and len(asked) == 1101
    assert ring.met(made.text) and not ring.met(f"ctl_{1:012x}_{'A' * 43}") and not ring.met("x")


@pytest.mark.parametrize(("scope", "allowed"), [("read", "r"), ("write", "rw"), ("admin", "rwa")])
def test_scopes_hold_one_another(scope: str, allowed: str) -> None:
    assert "".join(each.value[0] for each in Scope if Scope(scope).allows(each)) == allowed
