"""Generations of the index on disk, and the one pointer that says which is served.

    <home>/index/current.json          {"generation": 7, "manifest": SHA-256 of its manifest}
    <home>/index/generations/7/        manifest.json and the store's files, never changed again

A generation is written to a temporary folder, brought to the disk, given its number, and then
published by replacing the pointer in one step: a reader, or a crash, finds the old or the new one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from index import durable
from index.errors import BUILD_COMMAND, IndexDamaged, IndexMissing
from index.manifest import MANIFEST_NAME, FileRecord, Manifest, check_folder, parse
from index.progress import Event, Progress, Step, silent

KEPT: Final = 3
_POINTER: Final = "current.json"
Stamp: TypeAlias = tuple[int, int, int]
Fill: TypeAlias = Callable[[Path], Manifest]
"""Writes a store's files into a folder and returns the manifest that describes them."""


@dataclass(frozen=True)
class Generation:
    """A published generation, its manifest checked."""

    number: int
    folder: Path
    manifest: Manifest


@dataclass(frozen=True)
class Generations:
    """The generations below `<home>/index`."""

    root: Path

    def stamp(self) -> Stamp | None:
        """Return what changes whenever another generation is published; None before the first."""
        try:
            found = (self.root / _POINTER).stat()
        except FileNotFoundError:
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

    def publish(self, fill: Fill, progress: Progress = silent) -> Generation:
        """Write a generation and have it served; call it with the writer's lock held.

        Whatever ends it early, the generation served before is still served.
        """
        served = self._served_number()
        self._clear_temporary()
        temporary = self._folder(f".{uuid.uuid4().hex}.tmp")
        temporary.mkdir(parents=True)
        manifest = fill(temporary)
        durable.write(temporary / MANIFEST_NAME, manifest.to_bytes())
        progress(Event(Step.WRITTEN, manifest.count, manifest.count))
        number = max(self.numbers(), default=0) + 1
        temporary.rename(self._folder(str(number)))
        durable.sync(self._folder(""))
        progress(Event(Step.NAMED, manifest.count, manifest.count))
        pointing = Event(Step.POINTING, manifest.count, manifest.count)
        generation = self._point_to(number, lambda: progress(pointing))
        progress(Event(Step.PUBLISHED, manifest.count, manifest.count))
        self._prune(served, number)
        progress(Event(Step.PRUNED, manifest.count, manifest.count))
        return generation

    def rollback(self) -> Generation:
        """Have the generation before the current one served again, once all its files are checked.

        Raises:
            IndexMissing: there is none before it.
            IndexDamaged: it cannot be served.
        """
        served = self._served_number()
        earlier = [number for number in self.numbers() if number < served]
        if not earlier:
            raise IndexMissing(
                "there is no earlier index",
                got=f"generations {self.numbers()}, {served} served",
                expected="one before it",
                next_step=f"Run `{BUILD_COMMAND}`.",
            )
        number = max(earlier)
        generation = self._open(number, self._digest(number))
        check_folder(generation.folder, generation.manifest)
        return self._point_to(number)

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

    def _folder(self, name: str) -> Path:
        return self.root / "generations" / name

    def _digest(self, number: int) -> str:
        path = self._folder(str(number)) / MANIFEST_NAME
        try:
            return FileRecord.of(path).sha256
        except OSError as error:
            raise IndexDamaged.of(path, got=type(error).__name__, expected="a manifest") from error

    def _open(self, number: int, digest: str) -> Generation:
        folder = self._folder(str(number))
        path = folder / MANIFEST_NAME
        try:
            data = path.read_bytes()
        except OSError as error:
            raise IndexDamaged.of(path, got=type(error).__name__, expected="a manifest") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise IndexDamaged.of(path, got="another SHA-256", expected=digest)
        return Generation(number, folder, parse(data, path))

    def _point_to(self, number: int, landing: Callable[[], None] = lambda: None) -> Generation:
        digest = self._digest(number)
        generation = self._open(number, digest)
        pointer = {"generation": number, "manifest": digest}
        durable.write(self.root / _POINTER, json.dumps(pointer).encode(), landing=landing)
        return generation

    def _pointer(self) -> tuple[int, str]:
        path = self.root / _POINTER
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise IndexMissing(
                "there is no index yet",
                got=f"nothing in {self.root}",
                expected="a published generation",
                next_step="Run `recommender catalog import SOURCE`.",
            ) from error
        try:
            pointer = json.loads(data)
            return int(pointer["generation"]), str(pointer["manifest"])
        except (ValueError, TypeError, KeyError) as error:
            raise IndexDamaged.of(path, got=repr(data[:40]), expected="a pointer") from error

    def _served_number(self) -> int:
        try:
            return self._pointer()[0]
        except (IndexMissing, IndexDamaged):
            return max(self.numbers(), default=0)  # none is known to be bad: prune none for it

    def _clear_temporary(self) -> None:
        for leftover in self._folder("").glob(".*.tmp"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _prune(self, before: int, now: int) -> None:
        """Keep the newest few; what was never served, or was rolled back, is not among them."""
        served = [number for number in self.numbers() if number <= before or number == now]
        for number in set(self.numbers()) - set(served[-KEPT:]):
            shutil.rmtree(self._folder(str(number)), ignore_errors=True)
