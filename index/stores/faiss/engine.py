"""FAISS on this machine: the kind of index by the number of vectors, one folder a generation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexRefusal
from index.files.checked import check_file
from index.files.manifest import FACTS_FILE, FileRecord, Manifest
from index.stores import Engine, Previous, Vectors, VectorStore, read_facts, write_facts
from index.stores.faiss import exact
from index.stores.faiss.calibration import calibrated
from index.stores.faiss.codes import PRODUCT, SCALAR
from index.stores.faiss.exact import FaissStore
from index.stores.faiss.files import (
    KEYS,
    ROWS,
    HalfRows,
    read_index,
    read_keys,
    read_rows,
    records,
    write_index,
    write_rows,
)
from index.stores.faiss.plan import Reach
from index.stores.faiss.quantised import COMPARED, QuantisedStore
from index.stores.faiss.recipes import Recipe, lists_for

RECIPES: Final = {recipe.kind: recipe for recipe in (SCALAR, PRODUCT)}
KINDS: Final = (exact.KIND, *RECIPES)
"""From few vectors to many."""
_LISTS: Final = "lists.faiss"
_TRAINED: Final = "trained.faiss"
_LEAST: Final = 256
"""Fewer vectors teach a quantiser nothing."""
_STAYS: Final = 0.8
"""A kind is left for the one of fewer vectors at this share of the limit between them."""
_OUTGROWN: Final = 2.0
"""Lists learnt from so many times fewer or more vectors, or that now take so many times more
reading than when they were learnt, are learnt anew."""


@dataclass(frozen=True)
class FaissEngine:
    """Chooses, makes and opens FAISS stores. See `index.stores.Engine`.

    Attributes:
        exact_up_to: vectors that are searched exactly.
        quantised_up_to: vectors that are kept at one byte a number; above, product-quantised.
        compared_up_to: allowed vectors that are all compared exactly, in any kind.
    """

    exact_up_to: int = 5_000
    quantised_up_to: int = 4_000_000
    compared_up_to: int = COMPARED

    def kind(self, count: int, held: str | None = None) -> str:
        """Return the kind of index that is right for a number of vectors; see `Engine.kind`."""
        limits = self._limits()
        right = sum(count > limit for limit in limits)
        if held in KINDS:
            now = KINDS.index(held)
            if now == right + 1 and count > limits[right] * _STAYS:
                return held
        return KINDS[right]

    def of_field(self, name: str) -> Engine:  # noqa: ARG002
        """Return itself: a field lies in a folder of its own."""
        return self

    def publish(
        self, vectors: Vectors, folder: Path, previous: Previous | None = None
    ) -> dict[str, FileRecord]:
        """Write a store of just these vectors; what an earlier one learnt is used again."""
        kind = self.kind(vectors.count, previous.manifest.store if previous else None)
        if kind in RECIPES:
            return self._publish(RECIPES[kind], vectors, folder, previous)
        keys = np.empty(vectors.count, np.int64)
        rows = np.empty((vectors.count, vectors.dim), np.float32)
        at = 0
        for some_keys, some_rows in vectors.blocks():
            keys[at : at + len(some_keys)], rows[at : at + len(some_keys)] = some_keys, some_rows
            at += len(some_keys)
        facts = {"search": "exact", "why": self._why(kind), "bytes_a_vector": vectors.dim * 4 + 8}
        return FaissStore.build(keys, rows).save(folder) | write_facts(folder, facts)

    def open(self, folder: Path, manifest: Manifest) -> VectorStore:
        """Return the store that `publish` wrote."""
        # what no answer needs is looked at too: a generation is whole or refused
        for name in manifest.files.keys() & {FACTS_FILE, _TRAINED}:
            check_file(folder / name, manifest.files[name])
        if manifest.store not in RECIPES:
            return FaissStore.load(folder, manifest)
        facts = read_facts(folder, manifest)
        index = _shortening(read_index(folder, _LISTS, manifest))
        _check(index, manifest, folder / _LISTS)
        keys, rows = read_keys(folder, manifest), read_rows(folder, manifest)
        try:
            reach = Reach(*(np.asarray(facts[name], np.float64) for name in ("depths", "probes")))
            store = QuantisedStore.around(index, keys, rows, reach, int(facts["width"]))
            return replace(store, few=self.compared_up_to)
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamaged.of(folder, got=str(error), expected=manifest.store) from error

    def _publish(
        self, recipe: Recipe, vectors: Vectors, folder: Path, previous: Previous | None
    ) -> dict[str, FileRecord]:
        keys, rows = write_rows(vectors, folder)
        index, learnt = _learnt_before(recipe, vectors.count, previous)
        if index is None:
            index, learnt = recipe.trained(rows), {"learnt_from": vectors.count}
        write_index(index, folder / _TRAINED)
        store, recall = _filled(recipe, index, keys, rows)
        probes = store.reach.lists.tolist()
        held = store.ivf.code_size + 8 + 8 + 4 + 4  # code, id, key, its table, its list
        facts = {
            "search": recipe.says,
            "why": self._why(recipe.kind),
            "numbers": store.ivf.d,
            "lists": store.ivf.nlist,
            "lists_read": probes[0],
            "recall_at_10": round(recall, 4),
            "bytes_a_vector": held,
            "width": store.width,
            "depths": store.reach.depths.tolist(),
            "probes": probes,
            "read_when_learnt": probes[0],
            **learnt,
        }
        write_index(index, folder / _LISTS)
        return records(folder, ROWS, KEYS, _TRAINED, _LISTS) | write_facts(folder, facts)

    def _limits(self) -> tuple[int, int]:
        low = max(self.exact_up_to, _LEAST)
        return low, max(low, self.quantised_up_to)

    def _why(self, kind: str) -> str:
        low, high = self._limits()
        return {
            exact.KIND: f"up to {low:,} vectors",
            SCALAR.kind: f"{low:,} to {high:,} vectors",
            PRODUCT.kind: f"more than {high:,} vectors",
        }[kind]


def _filled(
    recipe: Recipe, index: Any, keys: NDArray[np.int64], rows: HalfRows
) -> tuple[QuantisedStore, float]:
    for _, block in rows.blocks():
        index.add(block)
    whole = Reach(np.empty(0), np.empty(0))
    return calibrated(QuantisedStore.around(index, keys, rows, whole, recipe.widths[0]))


def _learnt_before(
    recipe: Recipe, count: int, previous: Previous | None
) -> tuple[Any | None, Mapping[str, Any]]:
    """Return the empty index that the generation before learnt, if it still serves, and its past."""
    if previous is None or previous.manifest.store != recipe.kind:
        return None, {}
    try:
        facts = read_facts(previous.folder, previous.manifest)
        index = read_index(previous.folder, _TRAINED, previous.manifest)
        past = {name: facts[name] for name in ("learnt_from", "read_when_learnt")}
        grown = count / float(past["learnt_from"])
        slower = float(facts["lists_read"]) / float(past["read_when_learnt"])
    except (IndexRefusal, KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, {}
    fits = 1 / _OUTGROWN <= grown <= _OUTGROWN and slower <= _OUTGROWN
    if not (fits and isinstance(index, faiss.IndexPreTransform) and index.ntotal == 0):
        return None, {}
    ivf: Any = faiss.downcast_index(index.index)
    if not (index.is_trained and ivf.nlist <= _OUTGROWN * lists_for(count)):
        return None, {}
    return index, past


def _shortening(index: Any) -> Any:
    """Return an index that shortens vectors first; one of an earlier release keeps their length."""
    if not isinstance(index, faiss.IndexIVF):
        return index
    same: Any = faiss.LinearTransform(index.d, index.d, False)
    faiss.copy_array_to_vector(np.eye(index.d, dtype=np.float32).ravel(), same.A)
    same.is_trained = True
    return faiss.IndexPreTransform(same, index)


def _check(index: Any, manifest: Manifest, where: Path) -> None:
    """Refuse an index that is whole, but another than its manifest says.

    Raises:
        IndexDamaged: it is of another kind, length, metric or number of vectors.
    """
    inner: dict[str, Any] = {
        SCALAR.kind: faiss.IndexIVFScalarQuantizer, PRODUCT.kind: faiss.IndexIVFPQ,
    }  # fmt: skip
    steps: Any = index.chain if isinstance(index, faiss.IndexPreTransform) else None
    if steps is None or steps.size() != 1:
        raise IndexDamaged.of(where, got=type(index).__name__, expected="IndexPreTransform")
    ivf: Any = faiss.downcast_index(index.index)
    turn: Any = faiss.downcast_VectorTransform(steps.at(0))
    if not isinstance(ivf, inner[manifest.store]) or not isinstance(turn, faiss.LinearTransform):
        raise IndexDamaged.of(where, got=type(ivf).__name__, expected=manifest.store)
    found = (turn.d_in, turn.A.size(), turn.have_bias, ivf.d, ivf.ntotal, ivf.metric_type)
    expected = (
        manifest.dim, manifest.dim * turn.d_out, False, turn.d_out, manifest.count,
        faiss.METRIC_INNER_PRODUCT,
    )  # fmt: skip
    if found != expected or ivf.quantizer.ntotal != ivf.nlist:
        raise IndexDamaged.of(where, got=str(found), expected=str(expected))
