"""Attributes at the command line: read at import, listed, filtered by, read anew."""

from __future__ import annotations

import json

import pytest

from index.encoders.attribute_prompts import Family
from tests.recommender.cli.conftest import ROWS, Shell, picture


def family(*answers: str, **changes: object) -> Family:
    """Return a family that gives its first answer whatever it sees."""
    record = {
        "temperature": 1.0,
        "threshold": 0.4,
        "answers": {answer: ["x"] for answer in answers},
    }
    return Family.model_validate_json(json.dumps({**record, **changes}))


@pytest.fixture
def dressed(shell: Shell) -> Shell:
    """A shop whose skirt has a pattern of its own; all else looks striped, and dresses long."""
    shell.families = {
        "pattern": family("stripe", "plain"),
        "sleeve": family("long", "short", categories=["dress"]),
    }
    rows = [{**row, "pattern": "Polka dots"} if row["sku"] == "skirt" else row for row in ROWS]
    shell.ok("catalog", "import", shell.feed(rows))
    return shell


def test_an_item_says_what_was_measured(dressed: Shell) -> None:
    [gown], [skirt] = dressed.ok("catalog", "show", "gown"), dressed.ok("catalog", "show", "skirt")
    assert (gown["pattern"], gown["sleeve"], gown["length"]) == ("stripe", "long", "")
    assert {"pattern", "sleeve"} <= set(gown["measured"]) and "colour" not in gown["measured"]
    assert skirt["pattern"] == "Polka dots" and "pattern" not in skirt["measured"]


def test_listing_by_attributes(dressed: Shell) -> None:
    def listed(*words: str) -> set[str]:
        return {row["sku"] for row in dressed.ok("catalog", "list", *words)}

    assert listed("--pattern", "dotted") == {"skirt"}
    assert listed("--pattern", "striped") == {row["sku"] for row in ROWS} - {"skirt"}
    assert listed("--sleeve", "long") == {"gown"}
    assert listed("--length", "midi") == set()
    assert listed("--colour", "RED", "--colour", "camel") == {"pumps", "gown", "tote"}
    assert listed("--colour", "red", "--sleeve", "Long", "--category", "dress") == {"gown"}


def test_similar_and_complete_by_attributes(dressed: Shell) -> None:
    [answer] = dressed.ok("similar", "--text", "a thing", "--pattern", "dots")
    assert [hit["sku"] for hit in answer["hits"]] == ["skirt"]
    [answer] = dressed.ok("similar", "--text", "a thing", "--colour", "red", "--max-price", "100")
    assert [hit["sku"] for hit in answer["hits"]] == ["pumps"]
    [answer] = dressed.ok("similar", "--text", "a thing", "--sleeve", "long", "--length", "midi")
    assert answer["hits"] == []
    photo = dressed.file("a.png", picture())
    [answer] = dressed.ok("complete", photo, "--colour", "navy", "--pattern", "stripe")
    assert {c["sku"] for pool in answer["slots"].values() for c in pool} == {"clutch"}


def test_a_build_reads_attributes_anew(dressed: Shell) -> None:
    dressed.families = {"pattern": family("plain", "stripe")}
    seen = dressed.encoder.pictures
    [value] = dressed.ok("index", "build")
    assert (value["encoded"], value["reread"]) == (0, len(ROWS))
    assert dressed.encoder.pictures == seen
    [gown] = dressed.ok("catalog", "show", "gown")
    assert (gown["pattern"], gown["sleeve"]) == ("plain", "")


def test_segment_asks_no_encoder(dressed: Shell) -> None:
    seen = dressed.encoder.pictures
    [answer] = dressed.ok("segment", dressed.file("a.png", picture()))
    assert set(answer["garments"][0]["attributes"]) == {"colour"}
    assert dressed.encoder.pictures == seen


def test_every_filter_narrows_the_list(shell: Shell) -> None:
    rows = [
        {**ROWS[0], "brand": "Nord", "sizes": "38,39"},
        {**ROWS[1], "brand": "Sud", "availability": "out_of_stock"},
        *ROWS[2:],
    ]
    shell.ok("catalog", "import", shell.feed(rows))

    def listed(*options: str) -> set[str]:
        return {item["sku"] for item in shell.ok("catalog", "list", *options)}

    assert listed("--brand", "nord") == {"boots"}
    assert listed("--size", "39") == {"boots"}
    assert listed("--size", "9") == set(), "a size is not a part of another"
    assert listed("--availability", "out_of_stock") == {"pumps"}
    assert listed("--audience", "kids") == {"cap"}
    assert listed("--min-price", "100") == {"parka", "gown"}
    assert listed("--max-price", "25") == {"clutch", "cap"}
    [found] = shell.ok("similar", "--item", "boots", "--availability", "out_of_stock")
    assert [hit["sku"] for hit in found["hits"]] == ["pumps"]
    [none] = shell.ok("similar", "--item", "boots", "--brand", "Nord")
    assert none["hits"] == []
