"""What must be true before anything is taken away, and what is said where it is not.

Two questions. Is this the database that the served index was made from: not a new and empty one,
not another, not an older state of it? And would more than half of something go without anybody
having said so? `docs/operations.md` lists who asks which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from index.catalogue.catalog import Catalog, State
from index.database.database import Database
from index.database.tables import DEFAULT
from index.errors import BUILD_COMMAND, RESTORE_COMMAND, IndexForeign, LossUnconfirmed
from index.files.manifest import Manifest
from index.generations.generations import Generations

CONFIRMATION: Final = "--yes"
"""What confirms to a command that it may go on; the API's word is `confirmed`."""
COPY_COMMAND: Final = "recommender catalog copy --to URL"
_ANEW: Final = f"`{BUILD_COMMAND} {CONFIRMATION}`"


@dataclass(frozen=True)
class Guard:
    """Looks at one catalogue before a job changes it; hold the writer's lock while it does.

    Attributes:
        database, generations, catalogue: what the job works on.
        confirmed: whether somebody said that things may be taken away.
    """

    database: Database
    generations: Generations
    catalogue: str = DEFAULT
    confirmed: bool = False

    def check_database(self) -> None:
        """Refuse a database that the index was not made from.

        Raises:
            IndexForeign: it is empty, another one, or an older state of the same.
        """
        newest = None if self.confirmed else self.generations.newest()
        if newest is None:
            return
        with self.database.reading() as session:
            require_own(newest.manifest, Catalog(session, self.catalogue), self.database.place)

    def check_loss(self, what: str, *, taken: int, of: int, next_step: str) -> None:
        """Refuse to take away more than half.

        Args:
            what: of what, such as "items".
            taken: how many would go.
            of: of how many that there are.
            next_step: what to look at first.

        Raises:
            LossUnconfirmed: it is more than half, and nobody said that it may be.
        """
        if self.confirmed or taken * 2 <= of:
            return
        raise LossUnconfirmed(
            f"this would take away more than half of the catalogue's {what}",
            got=f"{taken} of {of} to be taken away",
            expected=f"at most {of // 2}, or a word that more is meant",
            next_step=f"{next_step} If it is meant, do it again with `{CONFIRMATION}` "
            "(`confirmed=true` over HTTP).",
        )


def require_own(manifest: Manifest, catalog: Catalog, place: str) -> None:
    """Refuse an index that was not made from this database, or from a newer state of it.

    Args:
        manifest: of the index.
        catalog: in a session that began after the manifest was read.
        place: where the database is, as `Database.place` tells it.

    Raises:
        IndexForeign: so it is; the message says which cause it is.
    """
    state = catalog.state()
    if manifest.count == 0 or made_from(manifest, state):
        return
    if catalog.count() == 0:
        raise empty(manifest, place)
    if _same(manifest, state):
        raise _older(manifest, state, place)
    raise _another(manifest, state, place)


def made_from(manifest: Manifest, state: State) -> bool:
    """Return whether an index was made from a state of a database, or an earlier one of the same."""
    return _same(manifest, state) and state.vector_revision >= manifest.vector_revision


def _same(manifest: Manifest, state: State) -> bool:
    return manifest.lineage in ("", state.lineage)  # it was not always written down


def empty(manifest: Manifest, place: str) -> IndexForeign:
    """Return the refusal of a database that is empty, or not there, beside an index of another."""
    return IndexForeign(
        "the database is empty, and the index was made from one that was not",
        got=f"no items in {place}, {manifest.count} vectors in the index",
        expected="the database that the index was made from",
        next_step="Put that one back: mend RECOMMENDER_DATABASE_URL or RECOMMENDER_HOME, or run "
        f"`{RESTORE_COMMAND}`, or fill this one with `{COPY_COMMAND}` from the one before. "
        f"Pictures and index are untouched. To begin anew from this one: {_ANEW}.",
    )


def _another(manifest: Manifest, state: State, place: str) -> IndexForeign:
    return IndexForeign(
        "the index was made from another database",
        got=f"database {state.lineage[:8] or 'unknown'} in {place}",
        expected=f"database {manifest.lineage[:8] or 'unknown'}",
        next_step="Mend RECOMMENDER_DATABASE_URL, RECOMMENDER_HOME or RECOMMENDER_CATALOGUE. "
        f"To make the index anew from this database: {_ANEW}.",
    )


def _older(manifest: Manifest, state: State, place: str) -> IndexForeign:
    return IndexForeign(
        "the database is an older state than the index was made from",
        got=f"revision {state.vector_revision} in {place}",
        expected=f"revision {manifest.vector_revision} or later",
        next_step=f"Put the newer one back (`{RESTORE_COMMAND}` of a later backup). To go on with "
        f"this one: {_ANEW}; pictures that it does not know are set aside for a week.",
    )
