"""Of what is near, what is the same sort of thing comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders.relevance import UNCALIBRATED
from index.facts.reader import FactsReader
from index.model.items import CatalogItem
from recommender.similarity import alike
from recommender.similarity.likeness import CHILDS, COLOUR, FINER_KIND, UNKNOWN, Likeness
from recommender.similarity.similarity_search import SimilarRequest, similar_to_item
from segmentation.common.taxonomy import Category
from tests.fakes import FakeEncoder
from tests.index.test_facts import DIM, heads
from tests.recommender.fakes import FakeSearcher, FakeServices, item

BLAZER, PARKA, CHILD = range(3)
"""Places of a vector by which the heads tell a blazer, a parka, and a child's thing (which is none of both)."""
ASKS = "asks"
Vectors: TypeAlias = Mapping[str, Sequence[float]]


@dataclass
class Rail(FakeSearcher):
    """Jackets, each with a vector of its own."""

    dim: int = DIM
    vectors: Vectors = field(default_factory=dict)

    def _vectors(self, items: Sequence[CatalogItem]) -> NDArray[np.float32]:
        rows = np.array([self.vectors[each.sku] for each in items], np.float32).reshape(-1, DIM)
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def rail(vectors: Vectors, **colours: str) -> FakeServices:
    items = [item(sku, Category.JACKET, colour=colours.get(sku, "")) for sku in vectors]
    searcher = Rail(items, vectors=vectors)
    return FakeServices(searcher, encoder=FakeEncoder(dim=DIM), facts=FactsReader(heads()))


def skus(services: FakeServices, request: SimilarRequest | None = None) -> list[str]:
    answer = similar_to_item(ASKS, services, request or SimilarRequest(k=10))
    return [hit.item.sku for hit in answer.ranking]


def test_a_blazer_is_like_a_blazer_before_a_parka_that_is_nearer() -> None:
    vectors: Vectors = {ASKS: [1, 0, 0, 1], "parka": [0.8, 1, 0, 1.8], "blazer": [1, 0, 0, 0.2]}
    services = rail(vectors)
    plain = FakeServices(services.searcher)
    assert skus(plain) == ["parka", "blazer"]
    assert skus(services) == ["blazer", "parka"]


def test_scores_are_cosines_less_what_differs() -> None:
    services = rail({ASKS: [1, 0, 0, 0], "twin": [1, 0, 0, 0.1], "parka": [0.2, 1, 0, 0]})
    [twin, parka] = similar_to_item(ASKS, services, SimilarRequest(k=10)).ranking
    unsure = COLOUR * (1 - UNKNOWN)
    assert twin.score == pytest.approx(1 / np.sqrt(1.01) - unsure, abs=0.01)
    assert parka.score == pytest.approx(0.2 / np.sqrt(1.04) - unsure - FINER_KIND, abs=0.02)


def test_a_childs_thing_comes_later_where_none_is_asked_about() -> None:
    vectors: Vectors = {ASKS: [1, 0, 0, 1], "childs": [1, 0, 1, 0.9], "grown": [1, 0, 0.01, 0.05]}
    services = rail(vectors)
    likeness = Likeness.of(heads(), np.array([0.7, 0, 0, 0.7], np.float32), Category.JACKET, "")
    assert likeness is not None
    items = [services.item(sku) for sku in ("childs", "grown")]
    [childs, grown] = likeness.differences(items, services.searcher.vectors_of(["childs", "grown"]))
    assert childs - grown > CHILDS / 4
    child = Likeness.of(heads(), np.array([0.7, 0, 0.7, 0], np.float32), Category.JACKET, "")
    assert child is not None and child.childs > likeness.childs
    [childs, grown] = child.differences(items, services.searcher.vectors_of(["childs", "grown"]))
    assert grown - childs > CHILDS / 4


def test_of_two_alike_the_one_of_its_colour_comes_first() -> None:
    vectors: Vectors = {ASKS: [1, 0, 0, 0], "black": [1, 0, 0, 0.1], "navy": [1, 0, 0, 0.15]}
    services = rail(vectors, asks="navy", black="white", navy=" Navy")
    assert skus(services) == ["navy", "black"]
    unnamed = rail(vectors, asks="of many colours", black="white", navy="navy")
    assert skus(unnamed) == ["black", "navy"]


def test_what_is_to_be_otherwise_need_not_be_the_same_sort_of_thing() -> None:
    vectors: Vectors = {ASKS: [1, 0, 0, 1], "parka": [0.8, 1, 0, 1.8], "blazer": [1, 0, 0, 0.2]}
    changed = SimilarRequest(k=10, but="red")
    services = rail(vectors)
    plain = replace(services, facts=FactsReader())
    assert skus(services, changed) == skus(plain, changed)


def test_no_page_repeats_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "CONSIDERED", 20)
    rng = np.random.default_rng(0)
    rows = np.abs(rng.normal(size=(90, DIM))) + 0.2
    vectors: Vectors = {ASKS: [1.0, 0.2, 0.2, 1.0]} | {
        f"j{n:02d}": row.tolist() for n, row in enumerate(rows)
    }
    services = rail(vectors)
    services.relevance = UNCALIBRATED.model_copy(update={"identical": None})
    whole = skus(services, SimilarRequest(k=90))
    assert len(whole) == 90
    paged: list[str] = []
    for offset in range(0, 90, 7):
        paged += skus(services, SimilarRequest(k=7, offset=offset))
    assert paged == whole
    plain = FakeServices(services.searcher, relevance=services.relevance)
    assert set(whole[:20]) == set(skus(plain, SimilarRequest(k=20)))
    assert whole[20:] == skus(plain, SimilarRequest(k=90))[20:]


def test_nothing_is_told_apart_without_heads() -> None:
    vector = np.eye(DIM, dtype=np.float32)[0]
    assert Likeness.of(None, vector, Category.JACKET, "") is None
    likeness = Likeness.of(heads(), vector, Category.JACKET, "")
    assert (
        likeness is not None and not likeness.differences([], np.zeros((0, DIM), np.float32)).size
    )
