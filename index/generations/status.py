"""How the catalogue and its index are, for `recommender index status` and `doctor`."""

from __future__ import annotations

from dataclasses import dataclass

from index.catalogue.catalog import DEFAULT, Catalog
from index.catalogue.embeddings import Embeddings
from index.database.database import Database
from index.errors import IndexRefusal
from index.generations.generations import Generation, Generations
from index.generations.guards import require_own


@dataclass(frozen=True)
class IndexStatus:
    """A look at the catalogue and its index.

    Attributes:
        items: how many the catalogue has.
        unencoded: how many of them the encoder has not seen; a build mends it.
        generation: what is served; None where nothing can be.
        numbers: all generations on disk, ascending.
        stale: vectors changed since the generation was made; a build mends it.
        refusal: why nothing can be served, or None.
    """

    items: int
    unencoded: int
    generation: Generation | None
    numbers: tuple[int, ...]
    stale: bool
    refusal: IndexRefusal | None


def status(
    database: Database,
    generations: Generations,
    *,
    fingerprint: str,
    dim: int,
    catalogue: str = DEFAULT,
) -> IndexStatus:
    """Return how things are. Manifests are checked; the files themselves only by `verify`."""
    generation: Generation | None = None
    refusal: IndexRefusal | None = None
    try:
        found = generations.current()
        found.manifest.require(fingerprint=fingerprint, dim=dim)
        generation = found
    except IndexRefusal as error:
        refusal = error
    with database.reading() as session:
        catalog = Catalog(session, catalogue)
        _, vector_revision = catalog.revisions()
        if generation is not None:
            try:
                require_own(generation.manifest, catalog, database.place)
            except IndexRefusal as error:
                generation, refusal = None, error
        return IndexStatus(
            items=catalog.count(),
            unencoded=Embeddings(session, catalogue).count_foreign(fingerprint),
            generation=generation,
            numbers=tuple(generations.numbers()),
            stale=generation is not None and generation.manifest.vector_revision != vector_revision,
            refusal=refusal,
        )
