"""What `python -m recommender.bench.candidates` prints: recall of a known arrangement, and how uneven the best are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from index.model.fields import Traits
from index.model.items import CatalogItem
from recommender.bench import candidates
from recommender.bench.candidates import Stock, measured
from recommender.compatibility.learned import Compatibility
from recommender.compatibility.rows import kinds_of
from recommender.outfits.outfit import Outfit
from segmentation.common.commands import run
from segmentation.common.taxonomy import Category
from tests.recommender.cli.conftest import Shell

HAT, EACH = Category.HAT, 60
ACCESSORIES = (HAT, Category.SCARF, Category.BELT, Category.WATCH, Category.GLOVE)
"""Five kinds of one slot, so many of each: an item's row is its place."""
COUNT = EACH * len(ACCESSORIES)


@dataclass(frozen=True)
class Arranged(Compatibility):
    """Fits hats above all others, the first of a kind best; the last, where three pieces are worn."""

    embedded: NDArray[np.float32]

    def asks(self, outfit: Outfit, kinds: Sequence[Category]) -> NDArray[np.float32]:
        """Return (k, 2) float32 unit rows, the same for all kinds."""
        best = self.embedded[-1 if len(outfit) == 3 else 0]
        return np.tile(best, (len(kinds), 1))

    def score(
        self, outfit: Outfit, items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (m,) float32 scores, higher by 1 for hats."""
        assert len(items) == len(vectors_unit)
        rows = self.embedded[[int(item.sku) for item in items]]
        hats = np.array([item.category is HAT for item in items], np.float32)
        return np.asarray(rows @ self.asks(outfit, [HAT])[0] + hats, np.float32)


def turned(turns: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return (n, 2) float32 unit rows."""
    return np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)


def arranged() -> tuple[Stock, Arranged]:
    """Return items of which the mean of what is worn finds fifteen hats, the 16th to the 30th best.

    The first 47 of each other kind are nearer to what is worn than any further hat.
    """
    kinds = np.repeat(ACCESSORIES, EACH)
    place = np.tile(np.arange(EACH), len(ACCESSORIES))
    hats = kinds == HAT
    near = np.where(hats, (place >= 15) & (place < 30), place < 47)
    away = np.where(near, 0.0, 1.0) + np.where(hats, 0.0, 0.1) + place / 1000
    embedded = turned(np.tile(np.linspace(0, 1.5, EACH), len(ACCESSORIES)))
    traits = [Traits(Category(kind), "", "", "") for kind in kinds.tolist()]
    ids = kinds_of([each.category for each in traits])
    return Stock(traits, turned(away), embedded, ids), Arranged(embedded)


def worn(pieces: int) -> Outfit:
    """Return an outfit that lacks nothing but accessories among what is in stock."""
    kinds = (Category.SHIRT, Category.PANTS, Category.SHOE)[:pieces]
    return Outfit(turned(np.zeros(pieces)), kinds, ((),) * pieces)


def test_recall_is_of_the_best_by_each_way_to_find_candidates() -> None:
    found = measured(*arranged(), [worn(2)])
    assert found["items"] == COUNT
    assert found["recall"] == {
        "mean": {20: 5 / 20, 50: 15 / 50},
        "question": {20: 1.0, 50: 40 / 50},  # 200 places for five kinds
        "both": {20: 1.0, 50: 30 / 50},  # 20 hats by the question, 10 more by the mean
    }


def test_the_most_frequent_hundredth_has_its_share_of_the_best() -> None:
    found = measured(*arranged(), [worn(2), worn(2), worn(3), worn(2)])
    often = COUNT // candidates.FREQUENT
    assert found["frequent_share"] == round(often * 3 / (4 * 20), 3)
    assert found["question_ms_of_processor"] >= 0


@pytest.fixture
def _same_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[object, str, str]:
    """Run the command; return its exit code, what it printed, and what it refused."""
    monkeypatch.setattr("sys.argv", ["candidates", *words])
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run(candidates.main)
    return ended.value.code, *capsys.readouterr()


@pytest.mark.usefixtures("_same_threads", "network")
def test_each_number_of_items_is_a_line_of_json(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.ok("catalog", "import", shell.feed())
    asked = ("--items", "40", "--items", "90", "--outfits", "3")
    code, out, err = printed(monkeypatch, capsys, *asked)
    assert code == 0, err
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["items"] for line in lines] == [40, 90]
    for line in lines:  # there are no more than are fetched
        assert line["recall"] == {
            way: {"20": 1.0, "50": 1.0} for way in ("mean", "question", "both")
        }
        assert 0 < line["frequent_share"] <= 1


@pytest.mark.usefixtures("_same_threads", "shell")
def test_a_rule_is_not_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = printed(monkeypatch, capsys, "--items", "40")
    assert (code, out) == (1, "")
    assert "the scorer is the similarity and colour rule" in err
    assert "expected the compatibility network" in err and "RECOMMENDER_ENCODER" in err
