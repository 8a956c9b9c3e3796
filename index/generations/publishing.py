"""The database -> a published generation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from index.catalogue.catalog import Catalog
from index.catalogue.embeddings import Embeddings
from index.database.database import Database
from index.errors import BUILD_COMMAND, IndexRefusal
from index.files import durable
from index.files.manifest import FIELDS, Manifest, identity_of
from index.generations.generations import Generation, Generations
from index.generations.guards import Guard
from index.model.fields import FieldMaker
from index.model.progress import Event, Progress, Step
from index.stores import Engine, Previous, Vectors
from index.stores.servers import ServerEngine, check_served


@dataclass(frozen=True)
class Publisher:
    """Makes generations of one catalogue for one encoder; hold the writer's lock while it does.

    With `confirmed`, a generation may hold less than half of the vectors of the one before. With `field_maker`,
    it holds that field as well; one that was published without is not looked at for it.
    """

    database: Database
    generations: Generations
    fingerprint: str
    dim: int
    catalogue: str
    progress: Progress
    engine: Engine
    confirmed: bool = False
    field_maker: FieldMaker | None = None

    def publish(self) -> Generation:
        """Publish a generation of all vectors that the encoder made; nothing is encoded.

        Raises:
            LossUnconfirmed: another encoder's index has more than twice as many, or a server that
                this home has published nothing to.
        """
        return self.generations.publish(self._fill, self.progress)

    def publish_if_due(self) -> Generation:
        """Publish unless the generation served is whole and of the vectors as they are now."""
        try:
            served = self.generations.verify()
            check_served(self.engine, served.folder, served.manifest)
        except IndexRefusal:
            return self.publish()
        if not self._is_of_now(served.manifest):
            return self.publish()
        self.generations.tidy()
        return served

    def _is_of_now(self, manifest: Manifest) -> bool:
        with self.database.reading() as session:
            state = Catalog(session, self.catalogue).state()
            stored = Embeddings(session, self.catalogue).vectors(self.fingerprint, self.dim)
            kind = self.engine.kind(stored.count, manifest.store)
            wanted = (self.fingerprint, self.dim, kind, state.vector_revision)
            found = (manifest.fingerprint, manifest.dim, manifest.store, manifest.vector_revision)
            if manifest.lineage not in ("", state.lineage):
                return False
            # a backup that was put back may be at the same revision again, with other vectors
            if found != wanted or manifest.identity != identity_of(stored.identities()):
                return False
            return self._holds_field(manifest, session)

    def _holds_field(self, manifest: Manifest, session: Session) -> bool:
        """Say whether the field is held as it is now; a trait of an item may have changed alone."""
        if self.field_maker is None:
            return True
        held, wanted = manifest.fields.get(self.field_maker.name), self._field_vectors(session)
        if held is None or (held.fingerprint, held.dim) != (wanted.fingerprint, wanted.dim):
            return False
        kind = self.engine.of_field(self.field_maker.name).kind(wanted.count, held.store)
        return held.store == kind and held.identity == identity_of(wanted.identities())

    def _fill(self, folder: Path) -> Manifest:
        previous = self._previous()
        with self.database.reading() as session:  # one state of the database for both
            state = Catalog(session, self.catalogue).state()
            vectors = Embeddings(session, self.catalogue).vectors(self.fingerprint, self.dim)
            self._check_loss(vectors.count)
            files = self.engine.publish(vectors, folder, previous)
            identity = identity_of(vectors.identities())
            fields = self._fields(session, folder)
        self.progress(Event(Step.FILLED, vectors.count, vectors.count))
        return Manifest(
            fingerprint=self.fingerprint,
            dim=self.dim,
            count=vectors.count,
            store=self.engine.kind(vectors.count, previous.manifest.store if previous else None),
            vector_revision=state.vector_revision,
            created=_now(),
            files=files,
            catalogue=self.catalogue,
            identity=identity,
            lineage=state.lineage,
            fields=fields,
        )

    def _fields(self, session: Session, folder: Path) -> dict[str, Manifest]:
        """Publish the field, if there is one, below a generation's folder, and describe it."""
        if self.field_maker is None:
            return {}
        name, vectors = self.field_maker.name, self._field_vectors(session)
        place, previous = folder / FIELDS / name, self._previous_field(self.field_maker)
        place.mkdir(parents=True)
        engine = self.engine.of_field(name)
        files = engine.publish(vectors, place, previous)
        durable.sync(place.parent)
        described = Manifest(
            fingerprint=vectors.fingerprint,
            dim=vectors.dim,
            count=vectors.count,
            store=engine.kind(vectors.count, previous.manifest.store if previous else None),
            vector_revision=vectors.revision,
            created=_now(),
            files=files,
            identity=identity_of(vectors.identities()),
        )
        return {name: described}

    def _field_vectors(self, session: Session) -> Vectors:
        assert self.field_maker is not None
        stored = Embeddings(session, self.catalogue)
        return stored.field(self.field_maker, self.fingerprint, self.dim)

    def _previous_field(self, maker: FieldMaker) -> Previous | None:
        """Return the field of the generation served until now, if the same makes its rows."""
        served = self._previous()
        held = served.manifest.fields.get(maker.name) if served else None
        if served is None or held is None or held.fingerprint != maker.fingerprint:
            return None
        return Previous(served.folder / FIELDS / maker.name, held)

    def _check_loss(self, count: int) -> None:
        """Refuse to let little replace much more that another encoder, or another home, made.

        Of one encoder's, fewer are no surprise: what took the others out was confirmed.
        """
        newest = self.generations.newest()
        if newest is not None and newest.manifest.fingerprint != self.fingerprint:
            before = newest.manifest.count
            text = f"They are another encoder's ({newest.manifest.fingerprint[:8]}): see that "
            text += f"RECOMMENDER_ENCODER is the one that is meant. `{BUILD_COMMAND}` encodes what waits."
        elif newest is None and isinstance(self.engine, ServerEngine):
            before = self.engine.held(self.fingerprint)
            text = "They are on the server, and this home published none of them: see that the "
            text += (
                "server is this shop's own, or give this one a RECOMMENDER_CATALOGUE of its own."
            )
        else:
            return
        guard = Guard(self.database, self.generations, self.catalogue, self.confirmed)
        guard.check_loss("vectors", taken=max(0, before - count), of=before, next_step=text)

    def _previous(self) -> Previous | None:
        """Return the generation served until now, if it is of this encoder's vectors."""
        try:
            served = self.generations.current()
            served.manifest.require(fingerprint=self.fingerprint, dim=self.dim)
        except IndexRefusal:
            return None
        return Previous(served.folder, served.manifest)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
