"""The simulation of hidden tastes: what is hidden, what is liked, and what is measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.compatibility.training.simulated.hidden import (
    hidden_tastes,
    liked_of_shown,
    relevance,
)
from recommender.compatibility.training.simulated.personal import SimulatedShop, measure
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import item

COLOURS = ("black", "white", "navy", "red", "yellow", "green")
PATTERNS = ("plain", "stripe", "dots")


def stock(count: int = 60) -> list[CatalogItem]:
    return [
        item(
            f"{kind.value}-{n}",
            kind,
            f"{20 + 7 * (n % 11)}.00",
            colour=COLOURS[n % 6],
            pattern=PATTERNS[n % 3 if n % 5 else 0],
            material=("silk", "denim", "")[n % 3],
        )
        for kind in (Category.SHOE, Category.DRESS)
        for n in range(count)
    ]


def vectors_of(items: list[CatalogItem], *, telling: bool) -> NDArray[np.float32]:
    """Return unit rows that show colour, pattern and material, or nothing but chance."""
    chance = np.random.default_rng(1).normal(size=(len(items), 12))
    shown = np.array(
        [
            [i.colour == c for c in COLOURS]
            + [i.pattern == p for p in PATTERNS]
            + [i.material == m for m in ("silk", "denim", "")]
            for i in items
        ],
        float,
    )
    rows = 3.0 * shown + 0.1 * chance if telling else chance
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_tastes_differ_but_have_one_scale() -> None:
    tastes = hidden_tastes(stock(), 20, np.random.default_rng(0))
    np.testing.assert_allclose(tastes.mean(axis=1), 0, atol=1e-9)
    np.testing.assert_allclose(tastes.std(axis=1), 1)
    assert np.asarray(np.corrcoef(tastes))[np.triu_indices(20, 1)].max() < 0.99


def test_what_is_common_makes_people_agree() -> None:
    def agreement(common: float) -> float:
        tastes = hidden_tastes(stock(), 40, np.random.default_rng(0), common=common)
        return float(np.asarray(np.corrcoef(tastes))[np.triu_indices(40, 1)].mean())

    assert agreement(0.0) + 0.1 < agreement(0.9)


def test_likes_are_of_what_was_shown_once_each_and_mostly_good() -> None:
    rng = np.random.default_rng(0)
    tastes = hidden_tastes(stock(), 30, rng)
    shown = rng.permuted(np.tile(np.arange(120) % 2 == 0, (30, 1)), axis=1)
    liked = liked_of_shown(tastes, shown, 10, rng)
    assert np.take_along_axis(shown, liked, axis=1).all()
    assert all(len(set(each)) == 10 for each in liked.tolist())
    assert np.take_along_axis(tastes, liked, axis=1).mean() > 0.5


def test_grades_are_shares_of_the_pool() -> None:
    grades = relevance(np.random.default_rng(0).normal(size=40))
    assert [int((grades == each).sum()) for each in (3, 2, 1, 0)] == [4, 6, 10, 20]


def means(telling: bool) -> dict[str, float]:
    items = stock()
    found = measure(
        SimulatedShop(items, vectors_of(items, telling=telling)), people=24, seed=0, common=0.0
    )
    after = {n: each["style"]["mean"] for n, each in found["after_likes"].items()}
    return {"none": found["ndcg_at_10"]["none"]["mean"], **after}


def test_vectors_that_show_the_taste_find_it_out_and_others_do_not() -> None:
    result, blind = means(telling=True), means(telling=False)
    assert result["0"] == result["none"] == blind["0"]
    assert result["none"] + 0.05 < result["1"] < result["10"]
    assert blind["10"] < (result["none"] + result["10"]) / 2


def test_the_same_seed_gives_the_same_figures_and_intervals_hold_their_mean() -> None:
    items = stock(30)
    shop = SimulatedShop(items, vectors_of(items, telling=True))
    one, two = measure(shop, people=5, seed=3), measure(shop, people=5, seed=3)
    assert one == two and one != measure(shop, people=5, seed=4)
    for figures in (one["ndcg_at_10"], *one["after_likes"].values()):
        for name, each in figures.items():
            assert each["low"] <= each["mean"] <= each["high"], name
