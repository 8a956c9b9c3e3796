"""How the catalogue and its index are, and back to the index before. For the API and the commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue.catalog import DEFAULT
from index.database import lock
from index.database.database import Database
from index.files.images import ImageStore
from index.generations.generations import Generation, Generations
from index.generations.guards import Guard
from index.generations.rollback import roll_back
from index.generations.status import IndexStatus, status
from index.safekeeping.unclaimed import settle
from index.stores import Engine

if TYPE_CHECKING:
    from index.encoders.encoder import Encoder


@dataclass(frozen=True)
class Upkeep:
    """One catalogue's index. Safe to share between threads.

    Attributes:
        home: where everything lies.
        database, encoder, engine: give the parts; called for every question.
        generations: the index on disk.
        catalogue: which one.
    """

    home: Path
    database: Callable[[], Database]
    encoder: Callable[[], Encoder]
    engine: Callable[[], Engine]
    generations: Generations
    catalogue: str = DEFAULT

    def state(self) -> IndexStatus:
        """Return how things are.

        Raises:
            CatalogMissing: nothing was ever imported.
        """
        encoder = self.encoder()
        return status(
            self.database(),
            self.generations,
            fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            catalogue=self.catalogue,
        )

    def delete_unclaimed(self) -> int:
        """Delete the pictures that are set aside, for good, and return how many; see `settle`.

        Raises:
            IndexForeign: this is not the database that the index was made from.
            CatalogBusy: another process is writing.
        """
        database, images = self.database(), ImageStore(self.home / "images")
        with lock.writer(self.home, database):
            Guard(database, self.generations, self.catalogue).check_database()
            settle(images, database)  # an item may show one of them again
            return images.delete_unclaimed(each.name for each in images.unclaimed())

    def rollback(self, *, confirmed: bool = False) -> Generation:
        """Serve the newest earlier generation that is whole, and return it: see `roll_back`."""
        return roll_back(
            self.home, self.database(), self.engine(), self.generations, confirmed=confirmed
        )
