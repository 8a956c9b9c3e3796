"""Deletions for good, finished by the next start where a process was killed in the middle of one.

What SQLite keeps to undo a transaction (`catalog.sqlite3-journal`, a write-ahead log) holds what is
being deleted until the transaction has ended, and whoever is killed leaves it there. So it is written
down beside the database that something is being forgotten, and as a checksum what; who opens the
database next deletes it, rewrites the file, and takes the note away.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, union
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from index.database.database import Database
from index.errors import DatabaseError
from index.files import durable
from recommender.tables import (
    EventRow,
    FeedbackItemRow,
    FeedbackRow,
    FeedbackWornRow,
    ShareItemRow,
    ShareRow,
    ShareWornRow,
)
from segmentation.common.errors import Refusal

PERSON, WHERE, SHARE, EXPIRED = "person", "catalogue", "share", "expired"
_NOTE: Final = "-forgetting-"
log = logging.getLogger(__name__)


def forget_person(database: Database, person: str, catalogue: str = "") -> int:
    """Delete all of a person's feedback or did, so that SQLite's files no longer hold it; return how much.

    Args:
        database: migrated.
        person: who.
        catalogue: where alone; everywhere without it.

    Raises:
        DatabaseError: all is deleted, but the file could not be rewritten.
    """
    with _noted(database, {PERSON: digest(person), **({WHERE: catalogue} if catalogue else {})}):
        return _for_good(database, lambda session: _people(session, [person], catalogue))


def forget_share(database: Database, token: str) -> int:
    """Delete the look that is shared under the digest of a token; return how many that were.

    Raises:
        DatabaseError: it is deleted, but the file could not be rewritten.
    """
    which = ShareRow.token == token
    if not _due(database, which):
        return 0  # a guess is not to have the file rewritten
    with _noted(database, {SHARE: token}):
        return _for_good(database, lambda session: _shares(session, which))


def forget_expired(database: Database, now: datetime) -> int:
    """Delete the shared looks that have expired, of whichever catalogue; return how many.

    Raises:
        DatabaseError: they are deleted, but the file could not be rewritten.
    """
    which = ShareRow.expires_at <= now
    if not _due(database, which):
        return 0
    with _noted(database, {EXPIRED: now.isoformat()}):
        return _for_good(database, lambda session: _shares(session, which))


def finish(database: Database) -> int:
    """Finish what a killed process was forgetting; return how many notes of it there were.

    What cannot be finished now (the database is locked, or was never migrated) keeps its note.
    """
    left = notes(database)
    for note in left:
        try:
            what = _read(note)
            if what is not None:
                _for_good(database, partial(_again, what))
            note.unlink(missing_ok=True)
        except FileNotFoundError:
            continue  # whoever wrote it was alive, and has finished
        except (Refusal, SQLAlchemyError, OSError, ValueError, TypeError, KeyError) as error:
            log.warning("what was being forgotten is not deleted yet: %s", type(error).__name__)
    return len(left)


def notes(database: Database) -> list[Path]:
    """Return the notes of what is being forgotten, or was when a process was killed."""
    file = _file_of(database)
    return sorted(file.parent.glob(f"{file.name}{_NOTE}*")) if file is not None else []


def digest(text: str) -> str:
    """Return the checksum by which a note names what must not be readable in it."""
    return hashlib.sha256(text.encode()).hexdigest()


def scrub(database: Database) -> None:
    """Rewrite SQLite's file from its rows, and empty its write-ahead log.

    Deleting overwrites a row where it lies, but pages that were rearranged before may hold copies.

    Raises:
        DatabaseError: it is in use, or the disk is full.
    """
    if database.on_server:
        return
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        answer = cursor.fetchone()  # busy, pages in the log, pages written back
        trouble = "somebody is reading its log" if answer and answer[0] else ""
    except sqlite3.OperationalError as error:
        trouble = str(error)
    finally:
        connection.close()
    if trouble:
        raise DatabaseError(
            "what was told is deleted, but its bytes may still be in the database's files",
            got=trouble,
            expected="a database that nobody else uses at the moment, and room on the disk",
            next_step="Ask for it to be deleted again.",
        )


def _due(database: Database, which: ColumnElement[bool]) -> bool:
    """Return whether there is such a share, or an earlier deletion that was not brought to its end."""
    with database.reading() as session:
        there = session.scalar(select(func.count()).select_from(ShareRow).where(which))
    return bool(there) or bool(notes(database))


@contextmanager
def _noted(database: Database, what: Mapping[str, str]) -> Iterator[None]:
    """Have it written down that something is being forgotten, until the block has ended well."""
    file = _file_of(database)
    if file is None:
        yield
        return
    earlier = notes(database)  # of the same file: it is rewritten below, so theirs is done as well
    note = file.with_name(f"{file.name}{_NOTE}{secrets.token_hex(6)}")
    with durable.disk_refusals(note):
        _write(note, json.dumps(what))
    yield
    for each in (note, *(old for old in earlier if _is_of(old, what))):
        each.unlink(missing_ok=True)


def _write(note: Path, text: str) -> None:
    """Write a note that survives a power cut; half of one says that nothing was deleted yet."""
    try:
        with note.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        note.unlink(missing_ok=True)
        raise
    durable.sync(note.parent)


def _is_of(note: Path, what: Mapping[str, str]) -> bool:
    try:
        result = _read(note)
    except OSError:
        return False
    return result is None or result == what or (EXPIRED in what and EXPIRED in result)


def _read(note: Path) -> dict[str, str] | None:
    """Return what a note says; None for half of one, whose writer was killed before it deleted anything."""
    try:
        record = json.loads(note.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _for_good(database: Database, remove: Callable[[Session], int]) -> int:
    with database.writing() as session:
        count = remove(session)
    scrub(database)
    return count


def _again(what: Mapping[str, str], session: Session) -> int:
    if PERSON in what:
        known = union(select(FeedbackRow.person), select(EventRow.person))
        people = [person for person in session.scalars(known) if digest(person) == what[PERSON]]
        return _people(session, people, what.get(WHERE, ""))
    if SHARE in what:
        return _shares(session, ShareRow.token == what[SHARE])
    return _shares(session, ShareRow.expires_at <= datetime.fromisoformat(what[EXPIRED]))


def _people(session: Session, people: Sequence[str], catalogue: str) -> int:
    which: ColumnElement[bool] = FeedbackRow.person.in_(people)
    did: ColumnElement[bool] = EventRow.person.in_(people)
    if catalogue:
        which &= FeedbackRow.catalogue == catalogue
        did &= EventRow.catalogue == catalogue
    count = session.scalar(select(func.count()).select_from(FeedbackRow).where(which)) or 0
    count += session.scalar(select(func.count()).select_from(EventRow).where(did)) or 0
    keys = select(FeedbackRow.key).where(which).scalar_subquery()
    session.execute(delete(FeedbackItemRow).where(FeedbackItemRow.feedback.in_(keys)))
    session.execute(delete(FeedbackWornRow).where(FeedbackWornRow.feedback.in_(keys)))
    session.execute(delete(FeedbackRow).where(which))
    session.execute(delete(EventRow).where(did))
    return count


def _shares(session: Session, which: ColumnElement[bool]) -> int:
    count = session.scalar(select(func.count()).select_from(ShareRow).where(which)) or 0
    tokens = select(ShareRow.token).where(which).scalar_subquery()
    session.execute(delete(ShareItemRow).where(ShareItemRow.share.in_(tokens)))
    session.execute(delete(ShareWornRow).where(ShareWornRow.share.in_(tokens)))
    session.execute(delete(ShareRow).where(which))
    return count


def _file_of(database: Database) -> Path | None:
    name = database.engine.url.database
    return None if database.on_server or not name or name == ":memory:" else Path(name)
