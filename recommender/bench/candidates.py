"""What the 200 candidates of a slot hold of what fits best: `python -m recommender.bench.candidates` prints it as JSON.

Every item of a slot is scored by the compatibility network. Of the 20, and the 50, that fit an outfit best by
the share within their slot: how many are fetched by the mean of what is worn, by the network's question asked of
the index's field, and by both, as serving does? Also how uneven the best are: what share of all places among the
20 best the most frequent hundredth of the items takes.

Items and outfits are made up from those of the catalogue in `RECOMMENDER_HOME`. An item is a real one, its vector
moved by a difference between two others of its kind; an outfit is one real item each of two to four slots.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from index.files.manifest import Manifest
from index.model.fields import Traits
from index.model.items import CatalogItem
from index.model.questions import shared
from index.stores import Vectors, VectorStore
from index.stores.faiss import FaissEngine
from recommender.compatibility.learned import Compatibility
from recommender.compatibility.rows import kinds_of
from recommender.outfits.outfit import Outfit, colour_names
from recommender.outfits.slots import missing
from recommender.runtime.wiring import Wiring
from recommender.settings import read_settings
from recommender.similarity.retrieval import CANDIDATES, FITTING, NEAREST, centre
from segmentation.common.commands import run
from segmentation.common.errors import Refusal
from segmentation.common.taxonomy import SLOT_OF, Category, Slot, categories_of

MOVED: Final = 0.43
"""By so much of the difference of two others: products and pictures then differ by the share of all variance
that `index.bench.data` gives them."""
BEST: Final = (20, 50)
FREQUENT: Final = 100
"""One item in so many is called frequent."""
_BLOCK: Final = 8192


@dataclass(frozen=True, eq=False)
class Stock:
    """Made-up items.

    Attributes:
        traits: n items, as the database would say them.
        vectors: (n, d) float32 unit rows, the encoder's.
        embedded: (n, e) float32 unit rows, the network's.
        kinds: (n,) official ids.
    """

    traits: Sequence[Traits]
    vectors: NDArray[np.float32]
    embedded: NDArray[np.float32]
    kinds: NDArray[np.int64]

    @classmethod
    def of(cls, real: Stock, count: int, scorer: Compatibility, seed: int = 1) -> Stock:
        """Return so many items like real ones."""
        chance = np.random.default_rng(seed)
        which = chance.integers(len(real.kinds), size=count)
        pairs = np.zeros((count, 2), np.int64)
        for kind in np.unique(real.kinds):
            of_kind, here = np.flatnonzero(real.kinds == kind), real.kinds[which] == kind
            pairs[here] = chance.choice(of_kind, size=(int(here.sum()), 2))
        vectors, embedded = [], []
        traits = [real.traits[at] for at in which.tolist()]
        for at in range(0, count, _BLOCK):
            some = slice(at, at + _BLOCK)
            moved = real.vectors[pairs[some, 0]] - real.vectors[pairs[some, 1]]
            rows = real.vectors[which[some]] + np.float32(MOVED) * moved
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            vectors.append(rows)
            embedded.append(scorer.field.rows(traits[some], rows))
        return cls(traits, np.concatenate(vectors), np.concatenate(embedded), real.kinds[which])

    def outfit(self, chance: np.random.Generator) -> Outfit:
        """Return an outfit of some items, one of each of two to four slots."""
        slot_of = {number: SLOT_OF[each.category] for number, each in enumerate(self.traits)}
        by_slot: dict[Slot, list[int]] = {}
        for number, slot in slot_of.items():
            by_slot.setdefault(slot, []).append(number)
        by_slot.pop(Slot.ONE_PIECE, None)
        slots = sorted(by_slot)
        taken = chance.permutation(len(slots))[: chance.integers(2, 5)]
        rows = [int(chance.choice(by_slot[slots[at]])) for at in taken]
        worn = [self.traits[row] for row in rows]
        return Outfit(
            self.vectors[rows],
            tuple(each.category for each in worn),
            tuple(colour_names((each.colour, each.second_colour)) for each in worn),
            patterns=tuple(each.pattern for each in worn),
        )

    def rows_of(self, kinds: Sequence[Category]) -> list[NDArray[np.int64]]:
        """Return the rows of each kind."""
        return [self._places[number] for number in kinds_of(kinds).tolist()]

    @cached_property
    def _places(self) -> list[NDArray[np.int64]]:
        places = [np.flatnonzero(self.kinds == number) for number in range(len(Category))]
        for rows in places:
            rows.setflags(write=False)  # stores remember what they made of them
        return places


def real_stock(wiring: Wiring, scorer: Compatibility) -> Stock:
    """Return the catalogue's own items."""
    with wiring.database.reading() as session:
        items = list(wiring.catalog(session).items())
    traits = [Traits(i.category, i.colour, i.second_colour, i.pattern) for i in items]
    vectors = wiring.searcher.vectors_of([item.sku for item in items])
    kinds = kinds_of([item.category for item in items])
    return Stock(traits, vectors, scorer.field.rows(traits, vectors), kinds)


def store_of(stock: Stock, folder: Path) -> VectorStore:
    """Return the field of these items as it is published: a key is a row."""
    keys, embedded = np.arange(len(stock.kinds)), stock.embedded

    def blocks() -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        for at in range(0, len(keys), _BLOCK):
            yield keys[at : at + _BLOCK], embedded[at : at + _BLOCK]

    dim, engine = embedded.shape[1], FaissEngine()
    vectors = Vectors(dim, len(keys), blocks, lambda: iter(()), lambda rows: embedded[rows])
    files = engine.publish(vectors, folder)
    return engine.open(folder, Manifest("", dim, len(keys), engine.kind(len(keys)), 0, "", files))


def best(
    stock: Stock, scorer: Compatibility, outfit: Outfit, kinds: Sequence[Category], count: int
) -> list[int]:
    """Return the rows that fit best of some kinds by the share that the scorer gives, all items scored."""
    rows = []
    for ask, of_kind in zip(scorer.asks(outfit, kinds), stock.rows_of(kinds), strict=True):
        # within a kind shares rise as cosines do
        rows += of_kind[
            np.argsort(-(stock.embedded[of_kind] @ ask), kind="stable")[:count]
        ].tolist()
    items = [_item(stock.traits[row], row) for row in rows]
    shares = scorer.score(outfit, items, stock.vectors[rows])
    return [rows[at] for at in np.argsort(-shares, kind="stable")[:count].tolist()]


def _item(traits: Traits, row: int) -> CatalogItem:
    category, colour, second, pattern = traits
    return CatalogItem(
        str(row), "", category, "", colour=colour, second_colour=second, pattern=pattern
    )


def asked(
    stock: Stock,
    store: VectorStore,
    asks: NDArray[np.float32],
    kinds: Sequence[Category],
    places: int,
) -> list[int]:
    """Return the rows that the field answers with, places shared among the kinds as serving does."""
    allowed = stock.rows_of(kinds)
    found: list[int] = []
    for row, keys, count in zip(asks, allowed, shared(places, [*map(len, allowed)]), strict=True):
        if count:
            found += store.search(row[None], count, keys).keys[0].tolist()
    return found


def near(stock: Stock, outfit: Outfit, kinds: Sequence[Category], count: int) -> list[int]:
    """Return the rows nearest to the mean of what is worn, all compared."""
    rows = np.concatenate(stock.rows_of(kinds))
    scores = stock.vectors[rows] @ centre(outfit.vectors_unit)
    order = np.argsort(-scores, kind="stable")[:count]
    return [int(row) for row in rows[order]]


def measured(stock: Stock, scorer: Compatibility, outfits: Sequence[Outfit]) -> dict[str, Any]:
    """Return the recall of each way to find candidates, and how uneven the best are."""
    hits: Counter[tuple[str, int]] = Counter()
    wanted: Counter[int] = Counter()
    taken: Counter[int] = Counter()
    spent = 0.0
    with tempfile.TemporaryDirectory() as folder:
        store = store_of(stock, Path(folder))
        for outfit in outfits:
            for slot in missing(outfit.categories):
                kinds = [kind for kind in categories_of(slot) if len(stock.rows_of([kind])[0])]
                if not kinds:
                    continue
                right = best(stock, scorer, outfit, kinds, max(BEST))
                taken.update(right[: min(BEST)])
                begun = time.process_time()
                half = asked(stock, store, scorer.asks(outfit, kinds), kinds, FITTING)
                spent += time.process_time() - begun
                whole = asked(stock, store, scorer.asks(outfit, kinds), kinds, CANDIDATES)
                alike = near(stock, outfit, kinds, CANDIDATES)
                both = list(dict.fromkeys([*half, *alike[:NEAREST]]))[:CANDIDATES]
                for name, rows in (("mean", alike), ("question", whole), ("both", both)):
                    for most in BEST:
                        hits[name, most] += len(set(right[:most]) & set(rows))
                for most in BEST:
                    wanted[most] += len(right[:most])
    often = sorted(taken.values(), reverse=True)[: max(1, len(stock.kinds) // FREQUENT)]
    return {
        "items": len(stock.kinds),
        "recall": {
            name: {most: round(hits[name, most] / wanted[most], 3) for most in BEST}
            for name in ("mean", "question", "both")
        },
        "frequent_share": round(sum(often) / taken.total(), 3),
        "question_ms_of_processor": round(1000 * spent / len(outfits), 2),
    }


def main(
    items: Annotated[list[int] | None, typer.Option(help="How many items; several.")] = None,
    outfits: Annotated[int, typer.Option(min=1, help="How many outfits.")] = 100,
) -> None:
    """Print what the candidates hold of what fits best, at each number of items."""
    wiring = Wiring(read_settings())
    torch.set_num_threads(1)
    try:
        scorer = wiring.scorer
        if not isinstance(scorer, Compatibility):
            raise Refusal(
                "there is nothing to measure", got=f"the scorer is the {scorer.name}",
                expected="the compatibility network", next_step="Unset RECOMMENDER_ENCODER.",
            )  # fmt: skip
        real = real_stock(wiring, scorer)
        chance = np.random.default_rng(2)
        worn = [real.outfit(chance) for _ in range(outfits)]
        for count in items or (3_000, 100_000, 1_000_000):
            made = measured(Stock.of(real, count, scorer), scorer, worn)
            typer.echo(json.dumps(made))
    finally:
        wiring.close()


if __name__ == "__main__":
    run(main)
