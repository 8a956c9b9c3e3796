"""All rows from one database to another, in one transaction that is compared before it is committed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Row, Table, delete, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from index.database.database import POSTGRESQL, Database
from index.errors import DatabaseError, LossUnconfirmed
from index.generations.guards import CONFIRMATION

_AT_ONCE: Final = 500
_WHOLE: Final = 1 << 256


@dataclass(frozen=True)
class Sum:
    """A table's rows, whatever their order: how many, and the sum of their SHA-256, in hex."""

    rows: int = 0
    sha256: str = "0" * 64


def copy_rows(
    source: Database, target: Database, tables: Sequence[Table], *, confirmed: bool = False
) -> dict[str, Sum]:
    """Copy all rows, have them read again and compared, and return what each table holds.

    Numbers that the source has given stay given: no key ever names something else.

    Args:
        source: migrated to this version.
        target: likewise.
        tables: in the order in which rows may be written.
        confirmed: rows of the target may be replaced.

    Raises:
        LossUnconfirmed: the target has rows, and nobody said that they may go.
        DatabaseError: a row cannot be kept there, or is another when it is read again; the target
            is as it was before.
    """
    with _refusing(target), source.reading() as reading, target.writing() as writing:
        _make_room(writing, tables, target.place, confirmed=confirmed)
        copied = {table.name: _copied(reading, writing, table) for table in tables}
        writing.flush()
        found = sums(writing, tables)
        if found != copied:
            raise _torn(target.place, copied, found)
        for table in tables:
            _number_on(writing, table, _highest(reading, table))
    return copied


def sums(session: Session, tables: Iterable[Table]) -> dict[str, Sum]:
    """Return what each table holds."""
    return {table.name: _sum(_rows(session, table)) for table in tables}


def held(session: Session, tables: Iterable[Table]) -> dict[str, int]:
    """Return how many rows each table holds, of those that hold any."""
    counts = {
        table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables
    }
    return {name: count for name, count in counts.items() if count}


def _make_room(session: Session, tables: Sequence[Table], place: str, *, confirmed: bool) -> None:
    there = held(session, tables)
    if there and not confirmed:
        counted = ", ".join(f"{count} {name}" for name, count in there.items())
        raise LossUnconfirmed(
            "this would replace what the database holds",
            got=f"{counted} in {place}",
            expected="a database without rows, or a word that they may go",
            next_step="Back it up first (`recommender backup FILE`). If it is meant, run this again "
            f"with `{CONFIRMATION}`.",
        )
    for table in reversed(tables):
        if table.name in there:
            session.execute(delete(table))


def _copied(reading: Session, writing: Session, table: Table) -> Sum:
    def passed() -> Iterator[Row[Any]]:
        for part in _parts(reading, table):
            writing.execute(insert(table), [dict(row._mapping) for row in part])
            yield from part

    return _sum(passed())


def _rows(session: Session, table: Table) -> Iterator[Row[Any]]:
    for part in _parts(session, table):
        yield from part


def _parts(session: Session, table: Table) -> Iterator[Sequence[Row[Any]]]:
    query = select(table).execution_options(yield_per=_AT_ONCE)
    yield from session.execute(query).partitions()


def _sum(rows: Iterable[Row[Any]]) -> Sum:
    count = total = 0
    for row in rows:
        parts = [_plain(value) for value in row]
        digest = hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()
        total = (total + int.from_bytes(digest, "big")) % _WHOLE
        count += 1
    return Sum(count, f"{total:064x}")


def _plain(value: object) -> object:
    """Return a value as every database gives it back."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


def _highest(session: Session, table: Table) -> int:
    """Return the highest key that a table ever gave; 0 for one that gives none."""
    column = _numbered(table)
    if column is None:
        return 0
    given = session.execute(select(func.max(column))).scalar() or 0
    if session.get_bind().dialect.name == POSTGRESQL:
        name = _sequence(session, table, column)
        last, called = session.execute(text(f"SELECT last_value, is_called FROM {name}")).one()
        return max(given, last if called else 0)
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return int(given)
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return max(given, session.execute(query, {"name": table.name}).scalar() or 0)


def _number_on(session: Session, table: Table, highest: int) -> None:
    """Have a table give keys above one."""
    column = _numbered(table)
    if column is None:
        return
    if session.get_bind().dialect.name == POSTGRESQL:
        name = _sequence(session, table, column)
        setting = text(f"SELECT setval('{name}', :next, false)")
        session.execute(setting, {"next": highest + 1})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        named = {"name": table.name, "highest": highest}
        session.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), named)
        session.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :highest)"), named)


def _numbered(table: Table) -> Column[Any] | None:
    """Return the column whose values a table gives by itself, where it has one."""
    return table.autoincrement_column if len(table.primary_key.columns) == 1 else None


def _sequence(session: Session, table: Table, column: Column[Any]) -> str:
    query = text("SELECT pg_get_serial_sequence(:table, :column)")
    named = {"table": table.name, "column": column.name}
    return str(session.execute(query, named).scalar_one())


@contextmanager
def _refusing(target: Database) -> Iterator[None]:
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise DatabaseError(
            "a row cannot be kept in the other database",
            got=str(error.orig).strip().splitlines()[0],
            expected=f"rows that {target.place} takes",
            next_step="Nothing was changed there. Mend or remove the item that is named, then run "
            "this again.",
        ) from error


def _torn(place: str, copied: Mapping[str, Sum], found: Mapping[str, Sum]) -> DatabaseError:
    wrong = [name for name, each in copied.items() if found[name] != each]
    return DatabaseError(
        "the copy is not what was copied",
        got=", ".join(f"{name}: {found[name].rows} rows" for name in wrong) + f" in {place}",
        expected=", ".join(f"{copied[name].rows} rows with the same content" for name in wrong),
        next_step="Nothing was changed there. Run this again while nothing else writes to it.",
    )
