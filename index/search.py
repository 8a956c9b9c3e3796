"""Vectors and filters -> `Ranking`, from the generation served and the database as it is now.

Which items may answer, and what is said of them, always comes from one state of the database; the
generation only says how near they are. So a removed item is gone and a changed price is shown at
once, whichever generation is in memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.catalogue.catalog import DEFAULT, Catalog
from index.catalogue.embeddings import Embeddings
from index.catalogue.snapshots import Moved, Snapshot, Snapshots
from index.database.database import Database
from index.errors import BUILD_COMMAND, IndexRefusal, ItemNotFound
from index.generations.answers import answers
from index.generations.field_answers import nearest_in
from index.generations.generation_reload import Served, Watch
from index.generations.generations import Generation, Generations
from index.generations.guards import made_from, require_own
from index.model.fields import FieldMaker
from index.model.filters import NO_FILTERS, Filters
from index.model.items import CatalogItem, Ranking
from index.model.questions import FieldQuestion, Question
from index.stores import Engine, check_rows
from segmentation.common.taxonomy import Category

T = TypeVar("T")
log = logging.getLogger(__name__)


class Searcher:
    """Finds the nearest items. Safe to share between threads; each call has its own session."""

    def __init__(
        self,
        database: Database,
        generations: Generations,
        engine: Engine,
        *,
        fingerprint: str,
        dim: int,
        catalogue: str = DEFAULT,
    ) -> None:
        """Prepare to answer; nothing is opened before the first question.

        Args:
            database: migrated.
            generations: the index on disk, `Generations.of(home, catalogue)`.
            engine: what opens its stores.
            fingerprint: of the encoder that makes the questions' vectors.
            dim: length of its vectors.
            catalogue: which one.
        """
        self._database, self._catalogue = database, catalogue
        self._fingerprint, self._dim = fingerprint, dim
        self._watch = Watch(generations, engine, fingerprint=fingerprint, dim=dim)
        self._snapshots = Snapshots(database, catalogue)
        self._held: Snapshot | None = None
        self._holds = False

    def of_one_state(self) -> Searcher:
        """Return a searcher that asks once, before its first answer, which state the catalogue is in.

        For the many answers that one question takes: what changes meanwhile counts from the next on.
        """
        other = copy(self)
        other._held, other._holds = None, True
        return other

    @property
    def trouble(self) -> IndexRefusal | None:
        """Why the newest generation is not served although an older one still is, if so."""
        return self._watch.trouble

    def generation(self) -> Generation:
        """Return the generation that is served, after a look whether there is a newer one.

        Raises:
            IndexMissing, IndexMismatch, IndexDamaged: there is none that can be served.
        """
        return self._watch.current().generation

    def item(self, sku: str) -> CatalogItem:
        """Return an item as it is now.

        Raises:
            ItemNotFound: there is none with this sku.
        """
        return self._answered(lambda snapshot: snapshot.item(sku))

    def kinds(self) -> Mapping[Category, int]:
        """Return how many products of each kind there are, variants of one counted once.

        As of the last question: who asks has just searched, and need not wait for the database again.
        """
        try:
            return (self._held or self._snapshots.last()).kinds()
        except Moved:
            return self._answered(Snapshot.kinds)

    def of_groups(self, groups: Collection[str]) -> list[CatalogItem]:
        """Return the items of some groups of variants as they are now, in order of sku."""
        if not any(groups):
            return []
        return self._answered(lambda snapshot: snapshot.of_groups(groups))

    def nearest(
        self, vector_unit: NDArray[np.float32], k: int, filters: Filters = NO_FILTERS
    ) -> Ranking:
        """Return the `k` items nearest to one (dim,) float32 unit vector; see `nearest_all`."""
        return self.nearest_all([Question(vector_unit, k, filters)])[0]

    def nearest_all(self, questions: Sequence[Question]) -> list[Ranking]:
        """Return the answer to each question, in order, all from one state of the catalogue.

        Questions of one filter are one search, and the items of all answers are read together. An item
        with several pictures answers once, with the nearest of them. Filters are exact: nothing outside
        them answers, and `k` do wherever as many pass. Up to about 5,000 vectors nothing nearer is left
        out; beyond, 95 of 100 of the nearest are found.

        Raises:
            ValueError: a vector is not of this length, or not unit.
            IndexMissing, IndexMismatch, IndexDamaged: there is no index that can be served.
            IndexForeign: it was made from another database.
        """
        for question in questions:  # before anything is opened
            check_rows(question.vector_unit[np.newaxis], self._dim)
        served = self._watch.current()

        def answer(snapshot: Snapshot) -> list[Ranking]:
            self._check_database(served, snapshot)
            return answers(questions, served.store, snapshot)

        return self._answered(answer)

    def in_field(
        self, maker: FieldMaker, questions: Sequence[FieldQuestion]
    ) -> list[tuple[CatalogItem, ...]] | None:
        """Return the items nearest to questions by one of the index's fields, the best of each kind first.

        Filters are exact, as for `nearest_all`. The places of a question are shared equally by its
        kinds; what one cannot fill, others do. It takes one look into the store for each kind that
        any item passes.

        Args:
            maker: made the field's rows, and says which field it is.
            questions: what is asked.

        Returns:
            The items of each question; None where the index holds no such field.

        Raises:
            IndexMissing, IndexMismatch, IndexDamaged: there is no index that can be served.
            IndexForeign: it was made from another database.
        """
        served = self._watch.current()
        store = served.field(maker)
        if store is None:
            _say_once(served.generation.number, maker.name)
            return None

        def answer(snapshot: Snapshot) -> list[tuple[CatalogItem, ...]]:
            self._check_database(served, snapshot)
            return nearest_in(store, questions, snapshot)

        return self._answered(answer)

    def vectors_of(self, skus: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows, one for each sku, in order.

        Raises:
            ItemNotFound: no item of the catalogue has this sku, or this encoder has not seen it.
            IndexMissing, IndexMismatch, IndexDamaged: there is no index that can be served.
            IndexForeign: it was made from another database.
        """
        served = self._watch.current()
        return self._answered(lambda snapshot: self._vectors_of(skus, served, snapshot))

    def _vectors_of(
        self, skus: Sequence[str], served: Served, snapshot: Snapshot
    ) -> NDArray[np.float32]:
        self._check_database(served, snapshot)
        keys = snapshot.keys_of(skus)
        for sku in skus:
            if sku not in keys:
                raise ItemNotFound.of(sku)
        wanted = np.asarray([keys[sku] for sku in skus], np.int64)
        try:
            return served.store.vectors_of(wanted)
        except KeyError:  # stored since the generation was made
            with snapshot.reading() as session:
                stored = Embeddings(session, self._catalogue)
                found = stored.of_keys(set(wanted.tolist()), self._fingerprint, self._dim)
        for sku in skus:
            if keys[sku] not in found:
                raise ItemNotFound.of(sku)
        return np.stack([found[key].unit for key in wanted.tolist()])

    def _answered(self, answer: Callable[[Snapshot], T]) -> T:
        """Return an answer from one state of the catalogue: from the next where it moved on meanwhile."""
        while True:
            snapshot = self._held or self._snapshots.take()
            if self._holds:
                self._held = snapshot
            try:
                return answer(snapshot)
            except Moved:
                self._held = None

    def _check_database(self, served: Served, snapshot: Snapshot) -> None:
        # a key of another database names another item: its answers would be wrong, not few
        manifest = served.generation.manifest
        if not made_from(manifest, snapshot.state):
            with snapshot.reading() as session:  # so it is not for being held since before
                require_own(manifest, Catalog(session, self._catalogue), self._database.place)


@cache
def _say_once(generation: int, field: str) -> None:
    log.warning(
        "generation %d of the index holds no field %r as it is asked for: run `%s`",
        generation, field, BUILD_COMMAND,
    )  # fmt: skip
