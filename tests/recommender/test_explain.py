from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from recommender.outfits.explain import Together, unknown, why
from recommender.outfits.outfit import Outfit
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import item


def outfit(*worn: tuple[Category, str], whose: str = "your") -> Outfit:
    colours = tuple((colour,) if colour else () for _, colour in worn)
    rows = np.eye(len(worn), max(2, len(worn)), dtype=np.float32)
    return Outfit(rows, tuple(kind for kind, _ in worn), colours, whose)


def told(colour: str, *worn: tuple[Category, str], cosines: tuple[float, ...] = (0.4,)) -> str:
    proposed = item("s", Category.SHOE, None, colour=colour)
    return why(proposed, outfit(*worn), np.array(cosines, np.float32))


@pytest.mark.parametrize(
    ("colour", "worn", "begins"),
    [
        ("navy", "red", "Navy, a neutral, beside your red dress; "),
        ("red", "navy", "Red beside your navy dress, a neutral; "),
        ("red", "red", "Red, the colour of your red dress; "),
        ("coral", "red", "Coral, near in hue to your red dress; "),
        ("green", "red", "Green, across the hue circle from your red dress; "),
        ("blue", "red", "Blue, a strong contrast to your red dress; "),
        ("teal", "light blue", "Teal, a soft contrast to your light blue dress; "),
        ("", "red", "0.40 similar in style to your dress."),
        ("red", "", "0.40 similar in style to your dress."),
        ("sparkling", "red", "0.40 similar in style to your dress."),
    ],
)
def test_colours_and_their_relation(colour: str, worn: str, begins: str) -> None:
    assert told(colour, (Category.DRESS, worn)).startswith(begins)


def test_the_nearest_garment_is_named() -> None:
    said = told("", (Category.DRESS, "red"), (Category.COAT, "navy"), cosines=(0.1, 0.409))
    assert said == "0.41 similar in style to your coat."


def test_a_clash_is_told_before_a_neutral() -> None:
    said = told("blue", (Category.COAT, "black"), (Category.DRESS, "red"), cosines=(0.1, 0.2))
    assert "strong contrast to your red dress" in said


def test_shoes_are_spoken_of_in_pairs() -> None:
    assert "your brown shoes" in told("white", (Category.SHOE, "brown"))


@pytest.mark.parametrize(
    ("fields", "ends"),
    [
        ({"price": "39.00"}, "; 39.00 EUR."),
        ({"price": "59", "sale_price": Decimal("39")}, "; 39.00 EUR, down from 59.00."),
        ({"price": None}, "to the dress."),
    ],
)
def test_the_price_is_told_where_there_is_one(fields: dict[str, Any], ends: str) -> None:
    proposed = item("s", Category.SHOE, **fields)
    worn = outfit((Category.DRESS, "red"), whose="the")
    assert why(proposed, worn, np.array([0.4], np.float32)).endswith(ends)


def seen(counts: dict[tuple[Category, Category], tuple[int, int]]) -> Together:
    return lambda kind, worn: counts.get((kind, worn), (0, 0))


def reason(together: Together = unknown, percentile: float | None = None, **more: Any) -> str:
    proposed = item("s", Category.BAG, None)
    worn = outfit((Category.DRESS, ""), (Category.SHOE, ""), **more)
    cosines = np.array([0.1, 0.4], np.float32)
    return why(proposed, worn, cosines, together=together, percentile=percentile)


def test_the_kind_worn_with_it_most_is_counted() -> None:
    counts = {
        (Category.BAG, Category.DRESS): (1212, 1640),
        (Category.BAG, Category.SHOE): (900, 1700),
    }
    assert reason(seen(counts)) == (
        "Bags were worn in 1,212 of 1,640 outfits with dresses; 0.40 similar in style to your shoes."
    )


@pytest.mark.parametrize("counted", [(0, 1640), (19, 19), (0, 0)])
def test_too_few_outfits_say_nothing(counted: tuple[int, int]) -> None:
    said = reason(seen({(Category.BAG, Category.DRESS): counted}))
    assert said == "0.40 similar in style to your shoes."


@pytest.mark.parametrize(
    ("percentile", "share"), [(0.0, "0"), (0.939, "93"), (0.57, "57"), (1.0, "99")]
)
def test_a_percentile_is_told_in_place_of_a_cosine(percentile: float, share: str) -> None:
    said = reason(percentile=percentile)
    assert said == f"Fits your outfit better than {share} % of bags people wore."


def test_an_items_outfit_is_nobodys() -> None:
    assert reason(percentile=0.5, whose="the").startswith("Fits the outfit better than 50 % of")
