"""How the catalogue and its index are, and back to the index before. For the API and the commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index import lock
from index.catalog import DEFAULT
from index.database import Database
from index.generations import Generation, Generations
from index.status import IndexStatus, status
from index.stores import Engine
from index.stores.servers import check_rollback

if TYPE_CHECKING:
    from index.encoder import Encoder


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
        """Serve the newest earlier generation that is whole, and return it.

        Raises:
            CatalogBusy: another process writes.
            IndexMissing: no earlier one is kept, or the store keeps none.
        """
        check_rollback(self.engine())
        with lock.writer(self.home, self.database()):
            return self.generations.rollback()
