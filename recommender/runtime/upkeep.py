"""How the catalogue and its index are, and back to the index before. For the API and the commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue.catalog import DEFAULT
from index.database.database import Database
from index.generations.generations import Generation, Generations
from index.generations.rollback import roll_back
from index.generations.status import IndexStatus, status
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

    def rollback(self) -> Generation:
        """Serve the newest earlier generation that is whole, and return it: see `roll_back`."""
        return roll_back(self.home, self.database(), self.engine(), self.generations)
