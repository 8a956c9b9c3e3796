"""Why an item is proposed: facts a person would tell, and no others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from index.model.garment_facts import Audience, GarmentFacts
from index.model.items import CatalogItem
from recommender.outfits.dress.context import Context
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import shipped
from recommender.outfits.explain import Reasons, sentence
from recommender.outfits.look import Why
from recommender.outfits.outfit import Outfit
from recommender.wire.terms import Fact, Occasion
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import item

STYLIST = Stylist(shipped())


def reasons(
    *worn: tuple[Category, str, tuple[str, ...], str], whose: str = "your", **context: Any
) -> Reasons:
    """Return what there is to say beside garments: kind, fine kind, colours, pattern."""
    outfit = Outfit(
        np.eye(len(worn), max(2, len(worn)), dtype=np.float32),
        tuple(kind for kind, _, _, _ in worn),
        tuple(colours for _, _, colours, _ in worn),
        whose,
        tuple(pattern for _, _, _, pattern in worn),
        tuple(GarmentFacts(fine) for _, fine, _, _ in worn),
    )
    day = Context(**{"formality": 1.3, "read": frozenset({"temperature_c"}), **context})
    return Reasons(outfit, STYLIST.worn(outfit), day, STYLIST)


def thing(category: Category, fine_kind: str, **fields: Any) -> CatalogItem:
    return item("s", category, None, facts=GarmentFacts(fine_kind), **fields)


def texts(found: Reasons, proposed: CatalogItem) -> list[str]:
    return [why.text for why in found.of(proposed)]


JEANS = (Category.PANTS, "jeans", ("denim blue",), "plain")
DRESS = (Category.DRESS, "dress", ("red",), "floral")
TRAINERS = (Category.SHOE, "trainer", ("white", "navy"), "")


@pytest.mark.parametrize(
    ("worn", "colour", "expected"),
    [
        (TRAINERS, "navy", "picks up the navy of your shoes"),
        (DRESS, "red", "the same red as your dress"),
        (DRESS, "burgundy", "burgundy, a shade away from your red dress"),
        (JEANS, "coral", "a touch of coral beside your denim blue pants"),
        (DRESS, "black", "a quiet black that leaves the word to your red dress"),
        (JEANS, "cream", "cream goes easily with your denim blue pants"),
    ],
)
def test_what_a_colour_does_is_told(worn: Any, colour: str, expected: str) -> None:
    proposed = thing(Category.BAG, "handbag", colour=colour, pattern="stripe")
    assert expected in texts(reasons(worn), proposed)


def test_an_unknown_colour_says_nothing_of_colours() -> None:
    whys = reasons(JEANS).of(thing(Category.BAG, "tote", colour="unicorn"))
    assert all(why.fact is not Fact.COLOUR for why in whys)


def test_the_garment_that_is_as_dressy_is_named() -> None:
    found = reasons(DRESS, (Category.JACKET, "blazer", (), ""))
    assert "as smart as your jacket" in texts(found, thing(Category.SHOE, "loafer"))
    assert "as relaxed as your pants" in texts(reasons(JEANS), thing(Category.TOP, "polo"))


def test_what_is_dressier_or_less_says_so() -> None:
    assert "dresses your pants up a little" in texts(reasons(JEANS), thing(Category.SHOE, "pump"))
    suit = (Category.JACKET, "suit jacket", (), "")
    assert "takes the edge off your jacket" in texts(reasons(suit), thing(Category.PANTS, "jeans"))


def test_days_are_told_in_degrees_only_where_they_were_asked_for() -> None:
    sandals = thing(Category.SHOE, "flat sandal")
    read = reasons(DRESS, temperature_c=25.0)
    asked = reasons(DRESS, temperature_c=25.0, read=frozenset())
    assert "light enough for a warm day" in texts(read, sandals)
    assert "light enough for 25 degrees" in texts(asked, sandals)


def test_an_occasion_is_told_only_of_what_it_likes() -> None:
    office = reasons(JEANS, occasion=Occasion.WORK, formality=1.6)
    assert texts(office, thing(Category.BAG, "briefcase"))[0] == "at home in the office"
    assert "at home in the office" not in texts(office, thing(Category.BAG, "messenger bag"))


def test_a_plain_piece_lets_a_pattern_speak() -> None:
    plain = thing(Category.BAG, "tote", pattern="plain")
    assert "plain, so that the pattern of your dress can speak" in texts(reasons(DRESS), plain)
    dotted = thing(Category.SCARF, "silk scarf", pattern="dots")
    assert "a pattern to liven up your pants" in texts(reasons(JEANS), dotted)


def test_shapes_that_balance_are_told() -> None:
    midi = (Category.SKIRT, "midi skirt", (), "")
    assert "the heel balances your skirt" in texts(reasons(midi), thing(Category.SHOE, "pump"))


def test_nothing_known_is_still_a_reason_and_the_item_is_spoken_of_as_the() -> None:
    assert texts(reasons((Category.SKIRT, "", (), ""), whose="the"), thing(Category.BAG, "")) == [
        "goes with the skirt"
    ]


def test_no_figure_and_no_degree_of_a_circle_is_told() -> None:
    for proposed in (thing(Category.BAG, "tote", colour="teal"), thing(Category.SHOE, "trainer")):
        text = " ".join(texts(reasons(DRESS, JEANS), proposed))
        assert not any(letter.isdigit() for letter in text) and "hue" not in text


def test_what_the_look_said_already_comes_later() -> None:
    found = reasons(JEANS)
    bag = thing(Category.BAG, "tote", colour="coral")
    first = found.of(bag)[0].text
    assert found.of(bag, [first])[0].text != first


@pytest.mark.parametrize(
    ("money", "answer"),
    [
        ({"price": Decimal(30), "currency": "EUR"}, "30.00 EUR"),
        (
            {"price": Decimal(50), "sale_price": Decimal(30), "currency": "EUR"},
            "30.00 EUR, down from 50.00",
        ),
    ],
)
def test_the_price_comes_last(money: dict[str, Any], answer: str) -> None:
    proposed = CatalogItem("s", "Bag", Category.BAG, "s.jpg", **money)
    assert reasons(JEANS).of(proposed)[-1] == Why(Fact.PRICE, answer)


def test_reasons_as_a_sentence() -> None:
    assert sentence(()) == ""
    assert sentence([Why(Fact.SHAPE, "balances it"), Why(Fact.PRICE, "9")]) == "Balances it; 9."


def test_an_audience_is_no_reason() -> None:
    proposed = thing(Category.BAG, "tote", audience=Audience.WOMEN)
    assert "women" not in " ".join(texts(reasons(JEANS), proposed))
