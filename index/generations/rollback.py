"""Back to the index before."""

from __future__ import annotations

from pathlib import Path

from index.database import lock
from index.database.database import Database
from index.generations.generations import Generation, Generations
from index.generations.guards import Guard
from index.stores import Engine
from index.stores.servers import check_rollback


def roll_back(
    home: Path,
    database: Database,
    engine: Engine,
    generations: Generations,
    *,
    confirmed: bool = False,
) -> Generation:
    """Serve the newest earlier generation that is whole, and return it.

    Args:
        home: where the catalogue lies, for its lock.
        database: the catalogue's, for its lock.
        engine: what keeps the vectors.
        generations: of the catalogue's index.
        confirmed: it may have less than half of the vectors of what is served.

    Raises:
        LossUnconfirmed: it has, and nobody said that it may.
        CatalogBusy: another process writes.
        NoEarlierIndex: no earlier one is kept, or the store keeps none.
        IndexDamaged, IndexMismatch: none of the earlier ones can be served.
    """
    check_rollback(engine)
    with lock.writer(home, database):
        guard = Guard(database, generations, confirmed=confirmed)
        return generations.rollback(lambda now, then: _check(guard, now, then))


def _check(guard: Guard, now: Generation | None, then: Generation) -> None:
    if now is not None:
        before, after = now.manifest.count, then.manifest.count
        guard.check_loss(
            "vectors",
            taken=max(0, before - after),
            of=before,
            next_step=f"Generation {then.number} has {after} vectors; `recommender index build` "
            "makes a damaged index anew from the database.",
        )
