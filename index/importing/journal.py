"""What a run is about to do to the folder of pictures, written down before it does it.

Files and database rows cannot change in one transaction. A run names the pictures that it will
store and those that it may leave without an item, and forgets the list when both are as they
should be. A run that is killed leaves its list to the next writer, who sets aside what no item
shows: the folder itself, with its millions of files, is never searched for strays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.catalogue.catalog import unused
from index.database.database import Database
from index.files import durable
from index.files.images import ImageStore, is_name
from index.model.progress import Event, Progress, Step

_FILE: Final = "pictures.txt"


@dataclass(frozen=True)
class Journal:
    """The list of one home. Only the writer touches it."""

    root: Path
    images: ImageStore
    database: Database
    progress: Progress

    def note(self, names: Iterable[str]) -> None:
        """Add names to the list; it would survive a power cut on return."""
        added = frozenset(names)
        listed = self._listed()
        if added <= listed:
            return
        durable.write(self._path, "\n".join(sorted(listed | added)).encode())
        self.progress(Event(Step.NOTED, len(added)))

    def clear(self) -> None:
        """Forget the list: what it names is as it should be."""
        self._path.unlink(missing_ok=True)

    def mend(self) -> None:
        """Finish what a killed run left: set aside the pictures it named that no item shows."""
        durable.clear(self._path)  # half a list: nothing was done of it yet
        listed = self._listed()
        if not listed:
            return
        with self.database.reading() as session:
            stray = unused(session, listed)
        self.images.set_aside(stray)
        for name in listed:
            self.images.remove_halves(name)
        self.progress(Event(Step.MENDED, len(stray)))
        self.clear()

    @property
    def _path(self) -> Path:
        return self.root / _FILE

    def _listed(self) -> frozenset[str]:
        try:
            return frozenset(filter(is_name, self._path.read_text().split()))
        except FileNotFoundError:
            return frozenset()
