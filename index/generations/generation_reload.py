"""The generation in memory, and the change to a newer one under the feet of running requests."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from index.errors import IndexRefusal
from index.generations.generations import Generation, Generations, Stamp
from index.model.fields import FieldMaker
from index.stores import Engine, VectorStore
from index.stores.servers import open_fields


@dataclass(frozen=True)
class Served:
    """A generation in memory: the encoder's vectors, and those of its fields by name."""

    stamp: Stamp | None
    generation: Generation
    store: VectorStore
    fields: Mapping[str, VectorStore]

    def field(self, maker: FieldMaker) -> VectorStore | None:
        """Return a field whose rows are a maker's; None where the generation has no such one."""
        held = self.generation.manifest.fields.get(maker.name)
        if held is None or (held.fingerprint, held.dim) != (maker.fingerprint, maker.dim):
            return None
        return self.fields[maker.name]


class Watch:
    """Holds the newest generation that can be served. Safe to share between threads.

    Nothing is opened before the first question, so that a server can start without an index.
    """

    def __init__(
        self, generations: Generations, engine: Engine, *, fingerprint: str, dim: int
    ) -> None:
        """Watch the generations that an engine made for one encoder."""
        self._engine = engine
        self._generations, self._fingerprint, self._dim = generations, fingerprint, dim
        self._lock = threading.Lock()
        self._served: Served | None = None
        self._refused: tuple[Stamp | None, IndexRefusal] | None = None

    @property
    def trouble(self) -> IndexRefusal | None:
        """Why the newest generation is not served although an older one still is, if so."""
        return self._refused[1] if self._refused else None

    def current(self) -> Served:
        """Return what is served; load a newer generation if there is one and nobody else does.

        Raises:
            IndexMissing, IndexMismatch, IndexDamaged: there never was one that can be served.
        """
        stamp, served, refused = self._generations.stamp(), self._served, self._refused
        if served is not None and served.stamp == stamp:
            return served
        if served is not None and refused is not None and refused[0] == stamp:
            return served
        # while one thread loads, the others go on with what there is, if there is anything
        if self._lock.acquire(blocking=served is None):
            try:
                return self._load()
            finally:
                self._lock.release()
        assert served is not None  # only then may the lock be refused
        return served

    def _load(self) -> Served:
        while True:
            stamp, held = self._generations.stamp(), self._served
            if held is not None and held.stamp == stamp:
                return held  # another thread was faster
            try:
                served = self._opened(stamp)
            except IndexRefusal as refusal:
                if self._generations.stamp() != stamp:
                    continue  # others were published meanwhile, and this one may be gone
                if held is None:
                    raise
                # better an old answer than none; `trouble` tells whoever watches
                self._refused = (stamp, refusal)
                return held
            self._refused = None
            self._served = served
            return served

    def _opened(self, stamp: Stamp | None) -> Served:
        generation = self._generations.current()
        generation.manifest.require(fingerprint=self._fingerprint, dim=self._dim)
        folder, manifest = generation.folder, generation.manifest
        fields = open_fields(self._engine, folder, manifest)
        return Served(stamp, generation, self._engine.open(folder, manifest), fields)
