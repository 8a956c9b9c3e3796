"""Reasons and notes in the language that a request asks for."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from index.catalogue.records import Picture, as_given
from index.facts import naming
from index.model.items import CatalogItem
from recommender import serializers
from recommender.api.app import create_app
from recommender.outfits import nouns, slots
from recommender.outfits.speech import number, say, speaking
from recommender.wire.nouns import COLOURS, NAMED, PATTERNED
from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fake_shop import open_shop, picture, street

GERMAN = {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    shop = open_shop(tmp_path_factory.mktemp("home"))
    return TestClient(create_app(shop, outfits={}, warm=False))


def test_every_kind_slot_and_colour_has_its_words() -> None:
    assert set(NAMED) == set(nouns.ONE) == set(nouns.SEVERAL) == set(Category)
    assert set(nouns.OF_SLOT) == set(Slot)
    assert set(COLOURS) == set(PALETTE)
    bent = {*NAMED.values(), *nouns.SEVERAL.values(), *PALETTE}
    assert bent == set(nouns.BENT)


def test_kinds_and_patterns_are_called_the_same_in_every_room() -> None:
    assert naming.KINDS == NAMED
    assert naming.PATTERNED | {"plain": "plain"} == PATTERNED


@pytest.mark.parametrize(
    ("colour", "pattern", "english", "german"),
    [
        ("blue", "floral", "Blue floral jacket", "Jacke in Blau, geblümt"),
        ("blue", "plain", "Blue jacket", "Jacke in Blau"),
        ("", "dots", "Dotted jacket", "Jacke, gepunktet"),
        ("", "", "Jacket", "Jacke"),
    ],
)
def test_an_item_without_a_name_is_called_by_its_picture(
    colour: str, pattern: str, english: str, german: str
) -> None:
    picture = Picture("a.webp", "0" * 64, {"colour": colour, "pattern": pattern})
    item = picture.shown_by(CatalogItem("J-1", "", Category.JACKET, "a.jpg"))
    assert item.title == nouns.title_of(item) == english
    with speaking("de"):
        assert serializers.item(item).title == german
    assert as_given(item).title == ""


def test_a_name_of_the_shop_is_kept_to_the_letter() -> None:
    picture = Picture("a.webp", "0" * 64, {"colour": "blue"})
    item = picture.shown_by(CatalogItem("J-1", "Anna *", Category.JACKET, "a.jpg"))
    with speaking("de"):
        assert nouns.title_of(item) == "Anna *"
    assert "title" not in item.measured


def test_reasons_come_in_german(server: TestClient) -> None:
    answer = server.post("/v1/complete", files={"photo": street()}, headers=GERMAN)
    assert answer.headers["content-language"] == "de"
    assert "Accept-Language" in answer.headers["vary"]
    whys = [why["text"] for each in answer.json()["slots"]["shoes"] for why in each["why"]]
    assert whys and any("zu" in why for why in whys)
    assert not any("your" in why or "goes" in why for why in whys)


def test_english_is_spoken_where_nothing_else_is_asked_for(server: TestClient) -> None:
    for headers in ({}, {"accept-language": "fr"}, {"accept-language": "en,de;q=0.1"}):
        answer = server.post("/v1/complete", files={"photo": street()}, headers=headers)
        assert answer.headers["content-language"] == "en"
        assert "your" in str(answer.json()["slots"]["shoes"][0]["why"])
    assert say("Completing the look finds what goes with it.").startswith("Completing")


def test_notes_come_in_german(server: TestClient) -> None:
    none = server.post("/v1/complete", files={"photo": picture()}, headers=GERMAN).json()
    assert none["looks"][0]["reason"].startswith("Auf dem Foto wurde kein Kleidungsstück gefunden.")
    data = {"max_price": "1"}
    poor = server.post("/v1/complete", files={"photo": street()}, data=data, headers=GERMAN).json()
    assert poor["notes"]["shoes"] == (
        "Der Katalog hat hierfür keinen Artikel, der die Filter erfüllt."
    )
    asked = {"brand": "nobody"}
    alone = server.get("/v1/items/bag-1/similar", params=asked, headers=GERMAN).json()
    assert alone["note"] == "Der Katalog hat keinen Artikel, der die Filter erfüllt."


def test_problems_stay_english(server: TestClient) -> None:
    result = server.get("/v1/items/none", headers=GERMAN)
    assert (result.status_code, result.headers["content-language"]) == (404, "en")
    assert result.json()["title"] == "There is no such item"


def test_rules_of_dress_in_german() -> None:
    with speaking("de"):
        assert slots.conflict(Slot.BOTTOM, [Category.DRESS]) == (
            "Kleid und Unterteil schließen einander aus"
        )
        assert slots.conflict(Slot.SHOES, [Category.SHOE]) == "schon im Outfit: Schuhe"
        assert number(1204) == "1.204" and number(0.5, 2) == "0,50"
    assert slots.conflict(Slot.SHOES, [Category.SHOE]) == "the outfit has shoes already"


def test_every_answer_says_its_language(server: TestClient) -> None:
    for path in ("/v1/items/bag-1/complete", "/v1/facets", "/v1/items"):
        answer = server.get(path, headers=GERMAN)
        assert answer.headers["content-language"] == "de", path


def test_what_is_sold_in_another_currency_does_not_answer(server: TestClient) -> None:
    found = server.get("/v1/items/bag-1/complete", params={"currency": "eur"}).json()
    assert set(found["looks"][0]["totals"]) == {"EUR"}
    other = server.get("/v1/items/bag-1/complete", params={"currency": "CHF"}).json()
    assert other["looks"][0]["picks"] == {}
