"""Pictures without an item: a week aside, taken back by whoever shows them, then gone."""

from __future__ import annotations

import pytest

from index.files.images import UNCLAIMED
from tests.index.conftest import Shop
from tests.index.safekeeping.conftest import age


@pytest.fixture
def two(shop: Shop) -> Shop:
    """Two items; the picture of the second was set aside when it was taken out."""
    shop.write(shop.row(1), shop.row(2))
    shop.run()
    shop.indexer().remove(["s2"])
    return shop


def aside(shop: Shop) -> list[str]:
    return [each.name for each in shop.indexer().images.unclaimed()]


def test_what_is_taken_out_is_set_aside(two: Shop) -> None:
    assert len(two.pictures()) == len(aside(two)) == 1
    assert not two.indexer().images.holds(aside(two)[0])


def test_a_feed_takes_it_back(two: Shop) -> None:
    report = two.run()
    assert (report.added, report.unchanged) == (1, 1)
    assert (len(two.pictures()), aside(two)) == (2, [])


def test_a_picture_that_was_replaced_is_set_aside_too(two: Shop) -> None:
    (two.source / "p1.png").write_bytes((two.source / "p2.png").read_bytes())
    two.write({**two.row(3), "image": "p1.png", "sku": "s1"})
    two.run()
    assert len(two.pictures()) == 1
    assert len(aside(two)) == 1


@pytest.mark.parametrize(
    "days", [6.9, -400.0], ids=["a week less two hours", "the clock goes back"]
)
def test_it_stays_for_a_week(two: Shop, days: float) -> None:
    name = aside(two)[0]
    age(two.home / "images" / UNCLAIMED / name, days)
    two.indexer().rebuild()
    assert aside(two) == [name]


def test_after_a_week_it_goes(two: Shop) -> None:
    age(two.home / "images" / UNCLAIMED / aside(two)[0], 7.1)
    two.indexer().remove([])
    assert aside(two) == []


def test_one_that_an_item_shows_again_does_not_go(two: Shop) -> None:
    """A database that was put back shows it; a build finds it, however long it lay aside."""
    images = two.indexer().images
    shown = two.item("s1").image
    images.set_aside([shown])
    age(two.home / "images" / UNCLAIMED / shown, 30)
    assert two.pictures() == []
    two.indexer().rebuild()
    assert two.pictures() == [shown]


def test_names_that_are_none_reach_nothing(shop: Shop) -> None:
    with pytest.raises(ValueError, match="image"):
        shop.indexer().images.set_aside(["../../etc/passwd"])
