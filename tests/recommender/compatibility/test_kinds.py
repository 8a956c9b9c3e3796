from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recommender.compatibility.kinds import PairCounts, counts_in
from segmentation.common.errors import WeightsError
from segmentation.common.taxonomy import Category

TOLD: dict[str, Any] = {
    "outfits": 1640,
    "kinds": {"bag": 900, "dress": 420, "leg warmer": 3},
    "pairs": {"bag+dress": 212, "bag+leg warmer": 2},
}


def written(folder: Path, **changes: Any) -> Path:
    path = folder / "kinds.json"
    path.write_text(json.dumps(TOLD | changes))
    return path


def test_a_pair_is_counted_among_the_outfits_with_what_is_worn(tmp_path: Path) -> None:
    counts = counts_in(written(tmp_path))
    assert counts.beside(Category.BAG, Category.DRESS) == (212, 420)
    assert counts.beside(Category.DRESS, Category.BAG) == (212, 900)
    assert counts.beside(Category.BAG, Category.LEG_WARMER) == (2, 3)


def test_what_was_never_worn_together_counts_zero(tmp_path: Path) -> None:
    counts = counts_in(written(tmp_path))
    assert counts.beside(Category.LEG_WARMER, Category.DRESS) == (0, 420)
    assert counts.beside(Category.BAG, Category.HAT) == (0, 0)


def test_no_file_knows_nothing(tmp_path: Path) -> None:
    assert counts_in(tmp_path / "kinds.json") == PairCounts()


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds": {"bag": 900, "sofa": 1}},
        {"kinds": {"bag": 1641}, "pairs": {}},
        {"kinds": {"bag": -1}},
        {"pairs": {"bag+sofa": 1}},
        {"pairs": {"bag": 1}},
        {"pairs": {"bag+dress": 421}},
        {"pairs": {"bag+dress": "many"}},
        {"outfits": None},
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(WeightsError, match=r"kinds\.json"):
        counts_in(path)


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kinds.json"
    path.write_bytes(b"\x00")
    with pytest.raises(WeightsError, match="the file: "):
        counts_in(path)
    with pytest.raises(WeightsError):
        counts_in(tmp_path)
