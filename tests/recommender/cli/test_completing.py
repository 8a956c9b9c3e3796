"""`complete` with an item for a photo, garments that stay, and items picked or turned away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.recommender.cli.conftest import Shell, picture


@pytest.fixture
def photo(stocked: Shell) -> Path:
    """A photo of a dress and shoes."""
    return stocked.file("a.png", picture())


def completed(shell: Shell, *words: str | Path) -> Any:
    [answer] = shell.ok("complete", *words)
    return answer


def test_an_item_begins_the_outfit(stocked: Shell) -> None:
    answer = completed(stocked, "--item", "skirt")
    assert {"top", "shoes"} < set(answer["slots"]) and "bottom" not in answer["slots"]
    assert list(answer["look"]["ms"]) == ["search", "rank"]
    shown = stocked.run("complete", "--item", "skirt").stdout
    assert "Look 1" in shown and "Worn" not in shown


def test_an_unknown_item_is_refused(stocked: Shell, photo: Path) -> None:
    for words in (("--item", "sofa"), (photo, "--with", "sofa")):
        said = stocked.refused("complete", *words)
        assert "no such item" in said and "'sofa'" in said


def test_only_what_is_kept_is_worn(stocked: Shell, photo: Path) -> None:
    answer = completed(stocked, photo, "--keep", "shoes")
    assert answer["look"]["picks"]["bottom"] == "skirt"
    both = completed(stocked, photo, "--keep", "shoes", "--keep", "one-piece")
    assert "bottom" not in both["slots"]
    said = stocked.refused("complete", photo, "--keep", "bag")
    assert "one-piece (dress), shoes (shoe)" in said


def test_one_item_is_swapped(stocked: Shell, photo: Path) -> None:
    away = completed(stocked, photo)["look"]["picks"]["bag"]
    other = {"tote": "clutch", "clutch": "tote"}[away]
    after = completed(stocked, photo, "--slot", "bag", "--without", away, "--looks", "1")
    assert after["look"]["picks"] == {"bag": other}
    assert [each["sku"] for each in after["slots"]["bag"]] == [other]
