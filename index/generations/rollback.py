"""Back to the index before."""

from __future__ import annotations

from pathlib import Path

from index.database import lock
from index.database.database import Database
from index.generations.generations import Generation, Generations
from index.stores import Engine
from index.stores.servers import check_rollback


def roll_back(
    home: Path, database: Database, engine: Engine, generations: Generations
) -> Generation:
    """Serve the newest earlier generation that is whole, and return it.

    Args:
        home: where the catalogue lies, for its lock.
        database: the catalogue's, for its lock.
        engine: what keeps the vectors.
        generations: of the catalogue's index.

    Raises:
        CatalogBusy: another process writes.
        NoEarlierIndex: no earlier one is kept, or the store keeps none.
        IndexDamaged, IndexMismatch: none of the earlier ones can be served.
    """
    check_rollback(engine)
    with lock.writer(home, database):
        return generations.rollback()
