"""Generations of the index on disk, and the one pointer that says which is served.

    <home>/index/current.json          {"generation": 7, "manifest": SHA-256 of its manifest}
    <home>/index/generations/7/        manifest.json and the store's files, never changed again

That is the catalogue `default`; the index of another lies below `<home>/catalogues/<name>/index`.

A generation is written to a temporary folder, brought to the disk, given its number, and then
published by replacing the pointer in one step: a reader, or a crash, finds the old or the new one.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self, TypeAlias

from index.database.tables import DEFAULT
from index.errors import BUILD_COMMAND, IndexDamaged, IndexMissing, IndexRefusal, NoEarlierIndex
from index.files import durable
from index.files.checked import read_small
from index.files.manifest import (
    FACTS_FILE,
    MANIFEST_NAME,
    Manifest,
    check_folder,
    check_names,
    parse,
)
from index.generations.pointer import POINTER, pointer_to, read_pointer
from index.model.progress import Event, Progress, Step, silent

KEPT: Final = 3
Stamp: TypeAlias = tuple[int, int, int]
Fill: TypeAlias = Callable[[Path], Manifest]
"""Writes a store's files into a folder and returns the manifest that describes them."""


@dataclass(frozen=True)
class Generation:
    """A published generation, its manifest checked."""

    number: int
    folder: Path
    manifest: Manifest


Check: TypeAlias = Callable[[Generation | None, Generation], None]
"""Raises a refusal where one generation may not follow on another."""


def folder_of(home: Path, catalogue: str) -> Path:
    """Return where a catalogue keeps what it shares with no other.

    Args:
        home: `RECOMMENDER_HOME`.
        catalogue: its name, which names a folder as well.

    >>> folder_of(Path("home"), "default"), folder_of(Path("home"), "kids")
    (PosixPath('home'), PosixPath('home/catalogues/kids'))
    """
    return home if catalogue == DEFAULT else home / "catalogues" / catalogue


@dataclass(frozen=True)
class Generations:
    """The generations below one folder, that of one catalogue."""

    root: Path

    @classmethod
    def of(cls, home: Path, catalogue: str = DEFAULT) -> Self:
        """Return those of a catalogue in a home."""
        return cls(folder_of(home, catalogue) / "index")

    def stamp(self) -> Stamp | None:
        """Return what changes whenever another generation is published; None before the first."""
        try:
            found = (self.root / POINTER).stat()
        except OSError:  # `current` says what is wrong with it
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def current(self) -> Generation:
        """Return the generation that is served. Its files are not read yet.

        Raises:
            IndexMissing: nothing was published yet.
            IndexDamaged: the pointer or the manifest is not what was written.
            IndexMismatch: it is of another format or metric.
        """
        return self._open(*self._pointer())

    def newest(self) -> Generation | None:
        """Return what is served or, where that is damaged, the newest whose manifest can be read."""
        with suppress(IndexRefusal):
            return self.current()
        for number in reversed(self.numbers()):
            with suppress(IndexRefusal):
                return self._open(number, self._digest(number))
        return None

    def publish(self, fill: Fill, progress: Progress = silent) -> Generation:
        """Write a generation and have it served; call it with the writer's lock held.

        Whatever ends it early, the generation served before is still served.

        Raises:
            CatalogError: the disk takes no more; nothing is left of the attempt.
        """
        served = self._served_number()
        self.tidy()
        folder = self._folder(f".{uuid.uuid4().hex}.tmp")
        try:
            manifest = self._written(folder, fill)
            done = Event(Step.WRITTEN, manifest.count, manifest.count)
            progress(done)
            number = max(self.numbers(), default=0) + 1
            with durable.disk_refusals(folder):
                folder = folder.rename(self._folder(str(number)))
                durable.sync(folder.parent)
            progress(replace(done, step=Step.NAMED))
            pointing = replace(done, step=Step.POINTING)
            generation = self._point_to(number, lambda: progress(pointing))
        except Exception:
            self._give_up(folder)
            raise
        progress(replace(done, step=Step.PUBLISHED))
        self._prune(served, number)
        progress(replace(done, step=Step.PRUNED))
        return generation

    def rollback(self, check: Check = lambda _current, _earlier: None) -> Generation:
        """Have the newest earlier generation served that is whole: all its files are checked.

        Args:
            check: called before, with what is served, if it can be read, and what is to be.

        Raises:
            NoEarlierIndex: there is none before it, or it is of a server, which keeps one state only.
            IndexDamaged, IndexMismatch: there are, and none can be served.
        """
        served = self._served_number()
        earlier = [number for number in self.numbers() if number < served]
        if not earlier:
            raise NoEarlierIndex(
                "there is no earlier index",
                got=f"generations {self.numbers()}, {served} served",
                expected="one before it",
                next_step=f"Run `{BUILD_COMMAND}`.",
            )
        current: Generation | None = None
        with suppress(IndexRefusal):  # what is served may well be damaged: that is why
            current = self.current()
        if current is not None:
            _require_files(current)
        refused: IndexRefusal | None = None
        for number in reversed(earlier):
            try:
                generation = self._open(number, self._digest(number))
                check_folder(generation.folder, generation.manifest)
            except IndexRefusal as refusal:
                refused = refused or refusal
                continue
            _require_files(generation)
            check(current, generation)
            return self._point_to(number)
        assert refused is not None
        raise refused

    def adopt(self, folder: Path) -> int:
        """Take a generation that was made elsewhere, such as a backup's; return its number here.

        It is not served yet: see `serve`. Call it with the writer's lock held.

        Args:
            folder: on the same disk; it is moved.

        Raises:
            IndexDamaged, IndexMismatch: it is not what its manifest says.
        """
        self.tidy()
        check_folder(folder, parse(read_small(folder / MANIFEST_NAME), folder / MANIFEST_NAME))
        number = max(self.numbers(), default=0) + 1
        with durable.disk_refusals(folder):
            self._folder("").mkdir(parents=True, exist_ok=True)
            folder.rename(self._folder(str(number)))
            durable.sync(self._folder(""))
        return number

    def serve(self, number: int) -> Generation:
        """Have a generation served that lies here; call it with the writer's lock held."""
        before = self._served_number()
        generation = self._point_to(number)
        self._prune(before, number)
        return generation

    def verify(self) -> Generation:
        """Check every byte of the generation that is served, and return it.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: as for `current`, and for every file.
        """
        generation = self.current()
        check_folder(generation.folder, generation.manifest)
        return generation

    def numbers(self) -> list[int]:
        """Return the numbers of all generations on disk, ascending."""
        return sorted(int(p.name) for p in self._folder("").glob("*") if p.name.isdecimal())

    def tidy(self) -> None:
        """Delete what killed publications left behind; call it with the writer's lock held."""
        durable.clear(self.root / POINTER)
        for leftover in self._folder("").glob(".*.tmp"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _written(self, folder: Path, fill: Fill) -> Manifest:
        with durable.disk_refusals(folder):
            folder.mkdir(parents=True)
            manifest = fill(folder)
        durable.write(folder / MANIFEST_NAME, manifest.to_bytes())
        return manifest

    def _give_up(self, folder: Path) -> None:
        """Delete what was to become a generation, unless it may be the one that is served."""
        try:
            served = str(self._pointer()[0])
        except IndexMissing:
            served = ""
        except IndexDamaged:
            return
        if folder.name != served:
            shutil.rmtree(folder, ignore_errors=True)

    def _folder(self, name: str) -> Path:
        return self.root / "generations" / name

    def _digest(self, number: int) -> str:
        return hashlib.sha256(self._manifest_bytes(number)).hexdigest()

    def _manifest_bytes(self, number: int) -> bytes:
        folder = self._folder(str(number))
        path = folder / MANIFEST_NAME
        if folder.is_symlink():
            raise IndexDamaged.of(folder, got="a link", expected="a folder")
        try:
            return read_small(path)
        except FileNotFoundError as error:
            raise IndexDamaged.of(path, got="no such file", expected="a manifest") from error

    def _open(self, number: int, digest: str) -> Generation:
        data = self._manifest_bytes(number)
        folder = self._folder(str(number))
        if hashlib.sha256(data).hexdigest() != digest:
            raise IndexDamaged.of(folder, got="another manifest", expected=f"SHA-256 {digest}")
        generation = Generation(number, folder, parse(data, folder / MANIFEST_NAME))
        check_names(folder, generation.manifest)
        return generation

    def _point_to(self, number: int, landing: Callable[[], None] = lambda: None) -> Generation:
        digest = self._digest(number)
        generation = self._open(number, digest)
        durable.write(self.root / POINTER, pointer_to(number, digest), landing=landing)
        return generation

    def _pointer(self) -> tuple[int, str]:
        return read_pointer(self.root, self.numbers)

    def _served_number(self) -> int:
        try:
            return self._pointer()[0]
        except (IndexMissing, IndexDamaged):
            return max(self.numbers(), default=0)  # none is known to be bad: prune none for it

    def _prune(self, before: int, now: int) -> None:
        """Keep the newest few; what was never served, or was rolled back, is not among them."""
        served = [number for number in self.numbers() if number <= before or number == now]
        for number in set(self.numbers()) - set(served[-KEPT:]):
            gone = self._folder(f".{uuid.uuid4().hex}.tmp")
            with suppress(OSError):  # in one step, so that no half of one looks like a generation
                self._folder(str(number)).rename(gone)
            shutil.rmtree(gone, ignore_errors=True)


def _require_files(generation: Generation) -> None:
    """Refuse to go back from, or to, a store whose vectors are a server's.

    Raises:
        NoEarlierIndex: it is one.
    """
    if not set(generation.manifest.files) - {FACTS_FILE}:
        raise NoEarlierIndex(
            "there is no earlier index to go back to",
            got=f"generation {generation.number} in {generation.manifest.store}, on a server",
            expected="a generation whose files hold the vectors; a server keeps one state",
            next_step=f"Run `{BUILD_COMMAND}`: it brings the server to the database's state.",
        )
