"""A catalogue copied to another database, into a file, and back. For the commands."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import Table, select
from sqlalchemy.exc import OperationalError as DriverError

import migrations
import recommender.tables  # noqa: F401 - declares its tables
from index.catalogue.catalog import shown
from index.database import lock
from index.database.database import Database, database_refusals, open_database, sqlite_file
from index.database.tables import Base, CatalogueRow
from index.errors import BackupError, DatabaseError, DatabaseUnfit, IndexRefusal, LossUnconfirmed
from index.files import durable
from index.files.images import ImageStore, Kept
from index.generations.generations import Generations
from index.generations.guards import Guard
from index.safekeeping import archive
from index.safekeeping.copying import Sum, copy_rows, held, sums
from index.safekeeping.unclaimed import strays

TABLES: Final[Sequence[Table]] = Base.metadata.sorted_tables
_BESIDE: Final = ("", "-journal", "-wal", "-shm")
"""What SQLite keeps beside its file belongs to it."""


@dataclass(frozen=True)
class Safekeeper:
    """One home, with the database that all its catalogues share.

    Attributes:
        home: `RECOMMENDER_HOME`.
        url: the database's.
    """

    home: Path
    url: str

    @property
    def images(self) -> ImageStore:
        """The pictures of all its catalogues."""
        return ImageStore(self.home / "images")

    def copy_to(self, url: str, *, confirmed: bool = False) -> tuple[str, dict[str, Sum]]:
        """Copy all rows and vectors to another database; return where it is and what it holds.

        Pictures and index stay where they are, and are of the other database as well.

        Raises:
            LossUnconfirmed: the other has rows, and nobody said that they may go.
            CatalogBusy: another process is writing.
            DatabaseError: either cannot be used, or the copy is not what was copied.
        """
        with (
            self._migrated(self.url) as source,
            self._migrated(url) as target,
            lock.writer(self.home, source),
        ):
            if source.place == target.place:
                raise DatabaseError(
                    "a database cannot be copied to itself",
                    got=target.place,
                    expected="another database",
                    next_step="Name the one that is to be filled.",
                )
            return target.place, copy_rows(source, target, TABLES, confirmed=confirmed)

    def backup(self, path: Path, *, confirmed: bool = False) -> archive.Contents:
        """Write everything into one file; servers go on answering, writers wait.

        Raises:
            LossUnconfirmed: there is such a file, and nobody said that it may be replaced.
            BackupError: what was read again is not what was written.
            CatalogBusy: another process is writing.
            CatalogError: the disk takes no more.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        if path.exists() and not confirmed:
            raise _there_is(path)
        with (
            self._migrated(self.url) as source,
            lock.writer(self.home, source),
            _workplace(path.with_name(f".{path.name}.work")) as folder,
            closing(archive.Writer(path)) as writer,
        ):
            file = folder / archive.DATABASE
            _snapshot(source, file)
            writer.add(archive.DATABASE, file)
            with self._open(f"sqlite:///{file}") as copy, copy.reading() as session:
                names, counts = sorted(shown(session)), held(session, TABLES)
                catalogues = session.execute(select(CatalogueRow.name)).scalars().all()
            for catalogue in catalogues:
                self._add_index(writer, catalogue)
            writer.add_pictures(self.images, names)
            return writer.finish(created=now, tables=counts)

    def restore(self, path: Path, *, confirmed: bool = False) -> archive.Contents:
        """Bring a home to what a backup holds; killed at any moment, run it again.

        The file is read to its end before anything is changed. Pictures come first, then indexes,
        then the rows in one transaction, then what says which index is served.

        Raises:
            BackupError: the file is no backup, is damaged, or of a newer version.
            LossUnconfirmed: the database holds something else, and nobody said that it may go.
            CatalogBusy: another process is writing.
            CatalogError: the disk takes no more.
        """
        with archive.opened(path) as reader:
            reader.verify()
            self._make_fit(confirmed=confirmed)
            with (
                self._migrated(self.url) as target,
                lock.writer(self.home, target),
                _workplace(self.home / ".restoring") as folder,
            ):
                self._bring(reader, target, folder, confirmed=confirmed)
            return reader.contents

    def _bring(
        self, reader: archive.Reader, target: Database, folder: Path, *, confirmed: bool
    ) -> None:
        file = folder / archive.DATABASE
        reader.extract(archive.DATABASE, file)
        with self._of_backup(reader.path, file) as source:
            if not confirmed:
                _require_same_or_empty(target, source)
            self._put_pictures(reader)
            numbers = {
                where: self._put_index(reader, where, files, folder)
                for where, files in reader.generations().items()
            }
            copy_rows(source, target, TABLES, confirmed=True)
        for where, number in numbers.items():
            self._generations(where).serve(number)
        if confirmed:  # what the rows before showed
            result = Guard(target, Generations.of(self.home), confirmed=True)
            self.images.set_aside(strays(self.images, target, result))

    def _add_index(self, writer: archive.Writer, catalogue: str) -> None:
        generations = Generations.of(self.home, catalogue)
        try:
            served = generations.verify()
        except IndexRefusal:  # it can be made from the database again
            return
        root = generations.root.relative_to(self.home)
        for file in sorted(each for each in served.folder.rglob("*") if each.is_file()):
            inside = file.relative_to(served.folder).as_posix()
            writer.add(f"{root.as_posix()}/{served.number}/{inside}", file)

    def _put_pictures(self, reader: archive.Reader) -> None:
        names = reader.pictures
        for at in range(0, len(names), 256):
            some = names[at : at + 256]
            for name in some:
                self.images.put(Kept(name, reader.picture(name)))
            self.images.settle(some)

    def _put_index(
        self, reader: archive.Reader, where: str, files: dict[str, str], folder: Path
    ) -> int:
        made = folder / where
        made.mkdir(parents=True)
        for plain, name in files.items():
            (made / plain).parent.mkdir(parents=True, exist_ok=True)
            reader.extract(name, made / plain)
        return self._generations(where).adopt(made)

    def _generations(self, where: str) -> Generations:
        """Return those that a backup's folder, such as `catalogues/kids/index/7`, is one of."""
        return Generations(self.home / Path(where).parent)

    def _make_fit(self, *, confirmed: bool) -> None:
        """Have a database's file that cannot be used give way, where somebody said that it may.

        Raises:
            DatabaseUnfit: it cannot be used, and nobody did.
        """
        try:
            with self._migrated(self.url) as target, target.reading() as session:
                held(session, TABLES)
        except DatabaseUnfit:
            file = sqlite_file(self.url)
            if not (confirmed and file):
                raise
            _move_aside(Path(file))

    @contextmanager
    def _of_backup(self, path: Path, file: Path) -> Iterator[Database]:
        """Yield a backup's database, brought to this version.

        Raises:
            BackupError: it is of a newer one.
        """
        with self._open(f"sqlite:///{file}") as source:
            try:
                migrations.upgrade(source.engine)
            except DatabaseUnfit as error:
                raise BackupError(
                    f"the backup cannot be used ({path})",
                    got=f"{error.what}: {error.got}",
                    expected=error.expected,
                    next_step="Install the version that wrote it, then run this again.",
                ) from error
            yield source

    @contextmanager
    def _migrated(self, url: str) -> Iterator[Database]:
        with self._open(url) as database:
            with database_refusals():
                migrations.upgrade(database.engine)
            yield database

    @contextmanager
    def _open(self, url: str) -> Iterator[Database]:
        with closing(open_database(url)) as database:
            yield database


def _snapshot(database: Database, file: Path) -> None:
    """Write a database's rows, as they are at one moment, into a new SQLite file."""
    if database.on_server:
        with closing(open_database(f"sqlite:///{file}")) as copy:
            migrations.upgrade(copy.engine)
            copy_rows(database, copy, TABLES)
        return
    connection = database.engine.raw_connection()
    try:
        with database_refusals(), durable.disk_refusals(file):
            connection.cursor().execute("VACUUM INTO ?", (str(file),))
    except sqlite3.DatabaseError as error:
        with database_refusals():
            raise DriverError("VACUUM INTO", None, error) from error
    finally:
        connection.close()


def _require_same_or_empty(target: Database, source: Database) -> None:
    """Refuse to replace rows by others.

    Raises:
        LossUnconfirmed: the target holds some, and not those.
    """
    with target.reading() as theirs, source.reading() as ours:
        there = held(theirs, TABLES)
        if not there or sums(theirs, TABLES) == sums(ours, TABLES):
            return
    raise LossUnconfirmed(
        "this would replace what the database holds",
        got=", ".join(f"{count} {name}" for name, count in there.items()) + f" in {target.place}",
        expected="a database without rows, or a word that they may go",
        next_step="Set RECOMMENDER_HOME to an empty folder, or back this one up first "
        "(`recommender backup FILE`). If it is meant, run this again with `--yes`.",
    )


def _there_is(path: Path) -> LossUnconfirmed:
    return LossUnconfirmed(
        "this would replace a file",
        got=f"{path} is there already",
        expected="a name that is free, or a word that it may go",
        next_step="Take another name, such as one with the date. If it is meant, run this again "
        "with `--yes`.",
    )


def _move_aside(file: Path) -> None:
    """Give a database's file, and what SQLite keeps beside it, another name."""
    mark = f"unfit-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:4]}"
    for suffix in reversed(_BESIDE):  # the file last: until then it is whole with what is beside
        path = file.with_name(file.name + suffix)
        with durable.disk_refusals(path), suppress(FileNotFoundError):
            path.rename(file.with_name(f"{file.name}.{mark}{suffix}"))


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """Yield an empty folder, and delete it afterwards; a killed run's is deleted first."""
    shutil.rmtree(folder, ignore_errors=True)
    with durable.disk_refusals(folder):
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
