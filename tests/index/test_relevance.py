"""Relevance: the curves, where they are read from, and what a question lies among."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter, Entry, Vector
from index.encoders.relevance import (
    FILE,
    NEIGHBOURS,
    UNCALIBRATED,
    Curve,
    Relevance,
    relevance_in,
    relevance_of,
    shares_of_kinds,
)
from index.model.items import CatalogItem
from segmentation.common.errors import WeightsError
from segmentation.common.taxonomy import Category
from tests.index.conftest import Shop

CURVE = {"of_kind": 8.0, "cosine": 2.0, "intercept": -5.0, "least": 0.5}
GOOD = {"fingerprint": "f", "picture": CURVE, "words": CURVE, "identical": 0.99}

curves = st.builds(
    Curve,
    of_kind=st.floats(0, 20),
    cosine=st.floats(0.1, 20),
    intercept=st.floats(-10, 10),
    least=st.floats(0.01, 0.99),
)


@given(curve=curves, of_kind=st.floats(0, 1), cosine=st.floats(-1, 1))
def test_the_least_cosine_is_where_the_least_chance_is(
    curve: Curve, of_kind: float, cosine: float
) -> None:
    least = curve.least_cosine(of_kind)
    if abs(cosine - least) < 1e-6:
        return
    chance = curve.chances(np.array([cosine]), np.array([of_kind]))[0]
    assert (cosine > least) == (chance >= curve.least)


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (Curve(of_kind=1, cosine=0, intercept=0, least=0), -np.inf),
        (Curve(of_kind=1, cosine=1, intercept=9, least=1), np.inf),
        (Curve(of_kind=0, cosine=0, intercept=-1, least=0.5), np.inf),
        (Curve(of_kind=0, cosine=0, intercept=1, least=0.5), -np.inf),
    ],
)
def test_a_curve_may_let_all_or_nothing_pass(curve: Curve, expected: float) -> None:
    assert curve.least_cosine(0.0) == expected


def test_without_calibration_the_kinds_of_the_nearest_decide() -> None:
    for curve in (UNCALIBRATED.picture, UNCALIBRATED.words):
        assert curve.least_cosine(0.0) == np.inf
        assert curve.least_cosine(1 / NEIGHBOURS) == -np.inf
    assert UNCALIBRATED.identical is None


def test_the_only_hat_of_a_shop_is_not_outvoted() -> None:
    nearest = [Category.HAT, *9 * [Category.TOP]]
    shares = shares_of_kinds(nearest, {Category.HAT: 1, Category.TOP: 500, Category.BAG: 7})
    assert shares == {Category.HAT: 1.0, Category.TOP: 0.9}
    assert shares_of_kinds([], {}) == {}
    assert shares_of_kinds([Category.HAT], {}) == {Category.HAT: 1.0}  # sold since it was counted


def test_a_folder_without_calibration_has_the_rule(tmp_path: Path) -> None:
    assert relevance_in(tmp_path, "f") is UNCALIBRATED
    assert relevance_of("ViT-B-32/openai", "f") is UNCALIBRATED


def test_a_calibration_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps(GOOD))
    for entry in (relevance_in(tmp_path, "f"), relevance_of(f"local-dir:{tmp_path}", "f")):
        assert entry == Relevance.model_validate_json(json.dumps(GOOD))


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("{", "Invalid JSON"),
        (json.dumps({**GOOD, "picture": {**CURVE, "least": 2}}), "picture.least"),
        (json.dumps({**GOOD, "picture": {**CURVE, "cosine": -1}}), "picture.cosine"),
        (json.dumps({**GOOD, "more": 1}), "more"),
        (json.dumps({**GOOD, "fingerprint": "g"}), "made for g, not for f"),
        (json.dumps({**GOOD, "fingerprint": ""}), "made for no encoder"),
    ],
)
def test_a_calibration_that_does_not_fit_is_refused(tmp_path: Path, text: str, got: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(WeightsError, match="cannot be used") as caught:
        relevance_in(tmp_path, "f")
    assert got in caught.value.got and str(tmp_path) in caught.value.next_step


def test_a_calibration_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(WeightsError, match="cannot be used"):
        relevance_in(tmp_path, "f")


def test_products_are_counted_by_kind_and_told_by_group(shop: Shop) -> None:
    stock = [
        ("a", Category.HAT, "g1"), ("b", Category.HAT, "g1"), ("c", Category.HAT, ""),
        ("d", Category.HAT, ""), ("e", Category.BAG, "g2"), ("f", Category.BAG, "G2"),
    ]  # fmt: skip
    row = np.eye(8, dtype=np.float32)[0]
    with shop.database.writing() as session:
        CatalogWriter(session).upsert(
            [
                Entry(
                    CatalogItem(sku, "Thing", kind, "aa/x.jpg", group=group),
                    Picture("aa/x.jpg", "0" * 64, {}),
                    Vector(row, "fake-1"),
                )
                for sku, kind, group in stock
            ]
        )
    shop.indexer().rebuild()
    searcher = shop.searcher()
    assert searcher.kinds() == {Category.HAT: 3, Category.BAG: 2}
    assert [item.sku for item in searcher.of_groups(["g1", "", "none"])] == ["a", "b"]
    assert searcher.of_groups([""]) == []
    with shop.database.writing() as session:
        CatalogWriter(session).remove(["c"])
    searcher.nearest(row, 1)
    assert searcher.kinds() == {Category.HAT: 2, Category.BAG: 2}
