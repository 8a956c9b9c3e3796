"""The index against the database that it was made from, and the pictures against both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.catalogue.catalog import DEFAULT, Catalog
from index.catalogue.embeddings import Embeddings
from index.database.database import Database
from index.errors import CatalogError, IndexForeign, IndexMismatch
from index.files.images import ImageStore
from index.files.manifest import Manifest, identity_of
from index.generations.generations import Generation, Generations
from index.generations.guards import require_own
from index.stores import Engine, Vectors, VectorStore

_SAMPLE: Final = 4096
"""Vectors compared number by number, spread evenly; fewer than that are all compared."""
_LEAST_COSINE: Final = 0.9
"""How near a vector that was made shorter (IVF, PQ) is to the one that is stored."""
_ASKED_AT_ONCE: Final = 4096


@dataclass(frozen=True)
class Inspection:
    """What was found.

    Attributes:
        generation: what is served; every byte of its files is as it was written.
        current: it was made from the database as it is now.
        missing: how many vectors of the database the index does not have.
        stale: how many vectors of the index the database does not have any more.
        compared: how many vectors were compared number by number; none where it is not current.
        pictures: how many pictures the items show.
        lost: those of them that are not there, by name.
        changed: those whose content is another than their name says; looked for only if asked.
        trouble: the first thing that needs mending, or None.
    """

    generation: Generation
    current: bool
    missing: int
    stale: int
    compared: int
    pictures: int
    lost: tuple[str, ...]
    changed: tuple[str, ...]
    trouble: CatalogError | None


@dataclass(frozen=True)
class _Vectors:
    """How the index's vectors differ from the database's."""

    current: bool
    missing: int
    stale: int
    compared: int
    trouble: CatalogError | None


def inspect(
    database: Database,
    generations: Generations,
    images: ImageStore,
    engine: Engine,
    *,
    catalogue: str = DEFAULT,
    contents: bool = False,
) -> Inspection:
    """Check every byte of the generation served, and compare it with the database.

    Args:
        database: migrated.
        generations: the index on disk.
        images: the catalogue's pictures.
        engine: what opens the index.
        catalogue: which one.
        contents: read every picture, and compare it with the SHA-256 in its name.

    Raises:
        IndexMissing, IndexMismatch, IndexDamaged: the generation itself cannot be served.
    """
    generation = generations.verify()
    manifest = generation.manifest
    if manifest.catalogue not in ("", catalogue):
        raise IndexMismatch.of("catalogue", got=manifest.catalogue, expected=catalogue)
    store = engine.open(generation.folder, manifest)
    with database.reading() as session:  # one state of the database for all questions
        catalog = Catalog(session, catalogue)
        _, revision = catalog.revisions()
        foreign = _foreign(manifest, catalog, database.place)
        stored = Embeddings(session, catalogue).vectors(manifest.fingerprint, manifest.dim)
        found = _compare(manifest, store, stored, revision)
        names = sorted(catalog.images())
    lost = tuple(name for name in names if not images.path_of(name).is_file())
    there = [name for name in names if name not in frozenset(lost)] if contents else []
    changed = tuple(name for name in there if not _is_whole(images, name))
    trouble = foreign or found.trouble or _trouble_with(lost, changed)
    return Inspection(
        generation=generation,
        current=found.current,
        missing=found.missing,
        stale=found.stale,
        compared=found.compared,
        pictures=len(names),
        lost=lost,
        changed=changed,
        trouble=trouble,
    )


def _compare(manifest: Manifest, store: VectorStore, stored: Vectors, revision: int) -> _Vectors:
    keys = _keys(stored)
    missing = _missing(store, keys)
    stale = store.count - (len(keys) - missing)
    current = revision == manifest.vector_revision
    trouble: CatalogError | None = None
    compared = 0
    if current and (missing or stale):
        trouble = IndexMismatch.of(
            "set of vectors than the database",
            got=f"{missing} missing, {stale} that are no item's",
            expected=f"the {len(keys)} of the database",
        )
    elif current and manifest.identity not in ("", identity_of(stored.identities())):
        trouble = IndexMismatch.of(
            "identity", got=manifest.identity, expected="that of the database's vectors"
        )
    elif current:
        sample = keys[np.unique(np.linspace(0, len(keys) - 1, min(len(keys), _SAMPLE), dtype=int))]
        compared = len(sample)
        trouble = _unlike(manifest, store.vectors_of(sample), stored.rows_of(sample))
    return _Vectors(current, missing, stale, compared, trouble)


def _foreign(manifest: Manifest, catalog: Catalog, place: str) -> IndexForeign | None:
    try:
        require_own(manifest, catalog, place)
    except IndexForeign as refusal:
        return refusal
    return None


def _keys(stored: Vectors) -> NDArray[np.int64]:
    parts = [keys for keys, _ in stored.identities()]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _missing(store: VectorStore, keys: NDArray[np.int64]) -> int:
    """Return how many of the keys a store does not hold; it says so of many at once."""
    if len(keys) > _ASKED_AT_ONCE:
        parts = np.array_split(keys, -(-len(keys) // _ASKED_AT_ONCE))
        return sum(_missing(store, part) for part in parts)
    try:
        store.vectors_of(keys)
    except KeyError:
        if len(keys) == 1:
            return 1
        middle = len(keys) // 2
        return _missing(store, keys[:middle]) + _missing(store, keys[middle:])
    return 0


def _unlike(
    manifest: Manifest, held: NDArray[np.float32], stored: NDArray[np.float32]
) -> IndexMismatch | None:
    if "ivf" in manifest.store:
        wrong = (held * stored).sum(axis=1) < _LEAST_COSINE
    else:
        wrong = (held.astype(np.float16) != stored.astype(np.float16)).any(axis=1)
    if not wrong.any():
        return None
    got = f"{int(wrong.sum())} of {len(wrong)} that were compared differ"
    return IndexMismatch.of("content than the database", got=got, expected="the same vectors")


def _is_whole(images: ImageStore, name: str) -> bool:
    with images.path_of(name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() in name


def _trouble_with(lost: tuple[str, ...], changed: tuple[str, ...]) -> CatalogError | None:
    if not (lost or changed):
        return None
    few = ", ".join((*lost, *changed)[:3])
    return CatalogError(
        "pictures of items are missing or changed",
        got=f"{len(lost)} missing, {len(changed)} changed ({few})",
        expected="every item's picture as it was imported",
        next_step="Delete the changed ones and import the feed again: what is missing is put back.",
    )
