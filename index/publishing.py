"""The database -> a published generation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.catalog import Catalog
from index.database import Database
from index.embeddings import Embeddings
from index.errors import IndexRefusal
from index.generations import Generation, Generations
from index.manifest import Manifest
from index.progress import Event, Progress, Step
from index.stores import Engine


@dataclass(frozen=True)
class Publisher:
    """Makes generations of one catalogue for one encoder; hold the writer's lock while it does."""

    database: Database
    generations: Generations
    fingerprint: str
    dim: int
    catalogue: str
    progress: Progress
    engine: Engine

    def publish(self) -> Generation:
        """Publish a generation of all vectors that the encoder made; nothing is encoded."""
        return self.generations.publish(self._fill, self.progress)

    def publish_if_due(self) -> Generation:
        """Publish unless the generation served is whole and of the vectors as they are now."""
        try:
            served = self.generations.verify()
        except IndexRefusal:
            return self.publish()
        with self.database.reading() as session:
            _, vector_revision = Catalog(session, self.catalogue).revisions()
            count = Embeddings(session, self.catalogue).vectors(self.fingerprint, self.dim).count
        manifest = served.manifest
        wanted = (self.fingerprint, self.dim, self.engine.kind(count), vector_revision)
        found = (manifest.fingerprint, manifest.dim, manifest.store, manifest.vector_revision)
        return served if found == wanted else self.publish()

    def _fill(self, folder: Path) -> Manifest:
        with self.database.reading() as session:  # one state of the database for both
            _, vector_revision = Catalog(session, self.catalogue).revisions()
            vectors = Embeddings(session, self.catalogue).vectors(self.fingerprint, self.dim)
            files = self.engine.publish(vectors, folder)
        self.progress(Event(Step.FILLED, vectors.count, vectors.count))
        return Manifest(
            fingerprint=self.fingerprint,
            dim=self.dim,
            count=vectors.count,
            store=self.engine.kind(vectors.count),
            vector_revision=vector_revision,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            files=files,
        )
