"""The trained scorer: what it answers, how it is kept on disk, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from index.model.fields import Traits
from index.model.items import CatalogItem
from recommender.compatibility.learned import Compatibility
from recommender.compatibility.saved import FILE, Saved, read_model, write_model
from recommender.compatibility.training.encoded.outfits import EncodedOutfits
from recommender.compatibility.training.train import kinds_together, train_compatibility
from recommender.outfits.outfit import Outfit
from segmentation.common.errors import WeightsError
from segmentation.common.taxonomy import Category
from tests.recommender.compatibility.pieces import DIM, made_up


def silent(_line: str) -> None:
    pass


def unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def vectors_of(seen: EncodedOutfits) -> np.ndarray:
    return unit(seen.rows[0, :, :DIM].astype(np.float32))


def item(number: int, category: Category) -> CatalogItem:
    return CatalogItem(f"s{number}", "An item", category, "s.jpg", colour="navy", pattern="plain")


@pytest.fixture(scope="module")
def scaled() -> EncodedOutfits:
    """Outfits whose rows are made of unit vectors, as serving makes them."""
    seen = made_up(150, 1)
    seen.rows[..., :DIM] = (
        unit(seen.rows[..., :DIM].reshape(-1, DIM).astype(np.float32)).reshape(
            *seen.rows.shape[:2], DIM
        )
        * DIM**0.5
    )
    return seen


@pytest.fixture(scope="module")
def folder(scaled: EncodedOutfits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("model")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommender.compatibility.training.fit.EACH", 32)
        train_compatibility(scaled, "an encoder", out, steps=80, report=silent)
    return out


def test_what_was_worn_with_an_outfit_scores_above_what_was_not(
    scaled: EncodedOutfits, folder: Path
) -> None:
    scorer = Compatibility(read_model(folder / FILE))
    vectors = vectors_of(scaled)
    items = [item(n, Category.SHOE) for n in range(20)]
    shoes = vectors[2::4][:20]
    wins = 0
    for outfit in range(20):
        rows = vectors[4 * outfit : 4 * outfit + 2]
        worn = Outfit(rows, (Category.SHIRT, Category.PANTS), (("navy",), ("navy",)))
        scores = scorer.score(worn, items, shoes)
        assert scores.shape == (20,) and 0 <= scores.min() <= scores.max() <= 1
        wins += int((scores < scores[outfit]).sum() >= 14)
    assert wins >= 14, "its own shoes are among the best third, mostly"
    assert 0.5 < scorer.least < 1, "made-up styles leave little doubt"


def test_items_go_beside_each_other_alike_both_ways(folder: Path) -> None:
    scorer = Compatibility(read_model(folder / FILE))
    kinds = (Category.SHOE, Category.BAG, Category.SHIRT)
    items = [item(n, kind) for n, kind in enumerate(kinds)]
    pairs = scorer.pairs(items, vectors_of(made_up(1))[:3])
    assert pairs.shape == (3, 3) and np.allclose(pairs, pairs.T)
    assert 0 <= pairs.min() <= pairs.max() <= 1
    assert scorer.pairs([], np.zeros((0, DIM), np.float32)).shape == (0, 0)
    outfit = Outfit(vectors_of(made_up(1))[:1], (Category.SHIRT,), ((),))
    assert scorer.score(outfit, [], np.zeros((0, DIM), np.float32)).shape == (0,)


def test_a_kind_that_nobody_wore_is_scored_all_the_same(folder: Path) -> None:
    scorer = Compatibility(read_model(folder / FILE))
    outfit = Outfit(vectors_of(made_up(1))[:1], (Category.SHIRT,), ((),))
    [score] = scorer.score(outfit, [item(1, Category.UMBRELLA)], vectors_of(made_up(1))[1:2])
    assert 0 <= score <= 1


def test_kinds_are_counted_by_outfit(folder: Path) -> None:
    result = kinds_together(made_up(7))
    assert result["outfits"] == 7 and result["kinds"] == dict.fromkeys(
        ("bag", "pants", "shirt", "shoe"), 7
    )
    pairs = result["pairs"]
    assert isinstance(pairs, dict) and set(pairs.values()) == {7} and "bag+shoe" in pairs
    assert (folder / "kinds.json").is_file()


def test_a_model_is_read_as_it_was_written(folder: Path, tmp_path: Path) -> None:
    one = read_model(folder / FILE)
    assert one.fingerprint == "an encoder"
    write_model(tmp_path / FILE, one, made_up(1).rows.shape[-1])
    again = read_model(tmp_path / FILE)
    assert again.least == one.least and bool((again.references == one.references).all())
    assert isinstance(again, Saved)


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_a_damaged_model_is_refused(folder: Path, tmp_path: Path, damage: str) -> None:
    file = tmp_path / FILE
    if damage == "cut":
        file.write_bytes((folder / FILE).read_bytes()[:999])
    if damage == "other":
        from safetensors.numpy import save_file

        save_file({"a": np.zeros(3, np.float32)}, file)
    with pytest.raises(WeightsError, match="compatibility model cannot be read") as refusal:
        read_model(file)
    assert str(file) in refusal.value.got


def test_encoded_outfits_are_kept_under_their_key(tmp_path: Path) -> None:
    seen = made_up(3)
    seen.save(tmp_path / "kept.npz", "a key")
    again = EncodedOutfits.load(tmp_path / "kept.npz", "a key")
    assert again is not None and again.names == seen.names
    assert (again.rows == seen.rows).all() and (again.colours == seen.colours).all()
    assert EncodedOutfits.load(tmp_path / "kept.npz", "another key") is None


def test_a_question_of_a_kind_orders_its_items_as_their_scores_do(
    scaled: EncodedOutfits, folder: Path
) -> None:
    scorer = Compatibility(read_model(folder / FILE))
    kinds = [Category.SHOE, Category.BAG]
    worn = Outfit(vectors_of(scaled)[:2], (Category.SHIRT, Category.PANTS), (("navy",), ()))
    asks = scorer.asks(worn, kinds)
    np.testing.assert_allclose(np.linalg.norm(asks, axis=1), 1, atol=1e-5)
    for kind, ask in zip(kinds, asks, strict=True):
        items, vectors = [item(n, kind) for n in range(30)], vectors_of(scaled)[10:40]
        traits = [Traits(i.category, i.colour, i.second_colour, i.pattern) for i in items]
        field = scorer.field.rows(traits, vectors)
        assert field.shape == (30, scorer.field.dim) == (30, len(ask))
        scores = scorer.score(worn, items, vectors)[np.argsort(-(field @ ask))]
        assert (np.diff(scores) <= 1e-6).all()


def test_a_field_follows_from_the_traits_and_from_nothing_else(folder: Path) -> None:
    field = Compatibility(read_model(folder / FILE)).field
    plain = Traits(Category.SHOE, "Navy ", "", "plain")
    same, others = plain._replace(colour="navy"), [
        plain._replace(category=Category.BAG), plain._replace(colour="red"),
        plain._replace(second_colour="red"), plain._replace(pattern="stripe"),
    ]  # fmt: skip
    rows = field.rows([plain, same, *others], vectors_of(made_up(2))[[0] * 6])
    assert np.array_equal(rows[0], rows[1])
    assert all(not np.allclose(rows[0], row, atol=1e-4) for row in rows[2:])
    assert field.rows([], np.zeros((0, DIM), np.float32)).shape == (0, field.dim)


def test_another_networks_field_has_another_fingerprint(folder: Path) -> None:
    one, again = (read_model(folder / FILE) for _ in range(2))
    assert Compatibility(one).field.fingerprint == Compatibility(again).field.fingerprint
    other = replace(again, fingerprint="another encoder")
    assert Compatibility(other).field.fingerprint != Compatibility(one).field.fingerprint
    with torch.no_grad():
        again.network.wanted.weight[0, 0] += 1
    assert Compatibility(again).field.fingerprint != Compatibility(one).field.fingerprint
