"""Which layout a folder is in, and what the written tables of categories cover."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from recommender.compatibility.datasets import LAYOUTS, read_outfits, read_questions
from recommender.compatibility.datasets.categories import COMPLETE_THE_LOOK, POLYVORE, SHOP_THE_LOOK
from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category
from tests.recommender.compatibility.datasets.written import unasked

DATA = Path(__file__).parents[4] / "docs" / "data.md"
TABLES: dict[str, Mapping[str, Category | None]] = {
    "Shop the Look": SHOP_THE_LOOK,
    "Complete the Look": COMPLETE_THE_LOOK,
    "Polyvore Outfits": POLYVORE,
}


def test_a_folder_in_no_known_layout_is_refused_with_all_that_are(tmp_path: Path) -> None:
    for read in (
        lambda: read_outfits(tmp_path, "train", find=unasked),
        lambda: read_questions(tmp_path, "train"),
    ):
        with pytest.raises(DatasetError, match="no set of outfits") as caught:
            read()
        assert str(tmp_path) in caught.value.got
        assert all(layout.recognised_by in caught.value.expected for layout in LAYOUTS)


@pytest.mark.parametrize("name", TABLES)
def test_the_table_is_the_one_that_the_documentation_has(name: str) -> None:
    section = DATA.read_text().split("## Outfits", 1)[1].split(f"### {name}", 1)[1]
    section = section.split("\n### ", 1)[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", section.replace("\\|", "¦"), re.MULTILINE)
    documented = [
        (label.strip().replace("¦", "|"), None if word == "left out" else Category(word))
        for labels, word in rows
        if word not in ("category", "---")
        for label in labels.split(", " if name == "Polyvore Outfits" else "; ")
    ]
    assert sorted(documented, key=str) == sorted(TABLES[name].items(), key=str)
