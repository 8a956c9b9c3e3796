"""Attributes on their way into the catalogue: what fills what, what finds it, what reads it anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.catalogue.catalog import DEFAULT, Catalog
from index.catalogue.counting import count
from index.encoders.attribute_prompts import Family
from index.encoders.attributes import AttributeReader
from index.model.filters import Filters
from tests.fakes import FakeCutter, FakeEncoder
from tests.index.conftest import Shop, colour_of


@dataclass
class PictureWords:
    """The text `7` means the picture that `Shop.row(7)` makes."""

    encoder: FakeEncoder

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        pictures = [np.full((8, 8, 3), colour_of(int(text)), np.uint8) for text in texts]
        return FakeEncoder(self.encoder.fingerprint, self.encoder.dim).encode_images(pictures)


def reader_of(shop: Shop, threshold: float = 0.5, **families: dict[str, list[str]]) -> None:
    """Let the shop's attributes be read so: family -> answer -> pictures that mean it."""
    record = {"temperature": 0.001, "threshold": threshold}
    made = {
        name: Family.model_validate_json(json.dumps({**record, "answers": answers}))
        for name, answers in families.items()
    }
    shop.reader = AttributeReader(PictureWords(shop.encoder), made)


def found(shop: Shop, **filters: frozenset[str]) -> list[str]:
    with shop.database.reading() as session:
        catalog = Catalog(session)
        chosen = Filters(**filters)  # type: ignore[arg-type]
        assert len(catalog.keys(chosen)) == catalog.count(chosen)
        return [item.sku for item in catalog.items(chosen)]


def test_attributes_fill_what_the_shop_left_empty(shop: Shop) -> None:
    reader_of(
        shop, pattern={"plain": ["1"], "stripe": ["2"]}, sleeve={"long": ["1"], "short": ["2"]}
    )
    shop.write(shop.row(1), shop.row(2, pattern="Dotted", length="midi"))
    shop.run()
    one, two = shop.item("s1"), shop.item("s2")
    assert (one.pattern, one.sleeve, one.length) == ("plain", "long", "")
    assert (two.pattern, two.sleeve, two.length) == ("Dotted", "short", "midi")
    assert {"pattern", "sleeve"} <= set(one.measured)
    assert "pattern" not in two.measured and "sleeve" in two.measured
    assert shop.encoder.calls == 1, "in the batch that encodes"
    assert shop.run().unchanged == 2


def test_filters_find_what_was_measured_and_what_was_given(shop: Shop) -> None:
    reader_of(
        shop, pattern={"plain": ["1"], "stripe": ["2"]}, length={"mini": ["1"], "midi": ["2"]}
    )
    rows = [
        shop.row(1),
        shop.row(2),
        shop.row(3, pattern="Pinstriped", length="Mini", sleeve="Long"),
    ]
    shop.write(*rows)
    shop.run()
    assert found(shop, patterns=frozenset({"striped"})) == ["s2", "s3"]
    assert found(shop, patterns=frozenset({"pinstripe"})) == ["s3"]
    assert found(shop, lengths=frozenset({"mini"})) == ["s1", "s3"]
    assert found(shop, sleeves=frozenset({"LONG "})) == ["s3"]
    both = Filters(patterns=frozenset({"stripe"}), lengths=frozenset({"midi"}))
    assert [hit.item.sku for hit in shop.searcher().nearest(shop.query(1), 5, both)] == ["s2"]
    with shop.database.reading() as session:
        facets = count(session, Filters(), DEFAULT).facets
    assert facets["pattern"] == {"pinstripe": 1, "plain": 1, "stripe": 1}
    assert (facets["sleeve"], facets["length"]) == ({"long": 1}, {"mini": 2, "midi": 1})


def test_colours_come_from_the_cutter_or_else_from_the_cutout(shop: Shop) -> None:
    reader_of(shop)
    shop.cutter = FakeCutter({"colour": "camel"})
    shop.write(shop.row(1))
    shop.run()
    assert shop.item("s1").colour == "camel"
    shop.cutter = FakeCutter()
    shop.indexer().rebuild(encode_again=True)
    assert shop.item("s1").colour not in ("", "camel")
    assert shop.item("s1").measured == ("colour",)


def test_the_shops_main_colour_is_not_measured_as_a_second(shop: Shop) -> None:
    shop.cutter = FakeCutter({"colour": "white", "second_colour": "navy"})
    shop.write(shop.row(1), shop.row(2, colour="Navy"), shop.row(3, colour="red"))
    shop.run()
    assert [shop.item(f"s{n}").second_colour for n in (1, 2, 3)] == ["navy", "", "navy"]
    assert shop.item("s2").measured == ()


def test_a_build_reads_anew_without_encoding(shop: Shop) -> None:
    shop.cutter = FakeCutter({"colour": "red"})
    shop.write(*(shop.row(n) for n in range(1, 4)), shop.row(4, pattern="floral"))
    shop.run()
    assert shop.item("s1").pattern == ""
    served = shop.indexer().generations.current().number
    reader_of(shop, pattern={"plain": ["1"], "stripe": ["2"], "dots": ["3"], "check": ["4"]})
    report = shop.indexer().rebuild()
    assert (report.encoded, report.reread, shop.encoder.pictures) == (0, 4, 4)
    patterns = [shop.item(f"s{n}").pattern for n in range(1, 5)]
    assert patterns == ["plain", "stripe", "dots", "floral"]
    assert shop.item("s1").colour == "red", "what the cutter measured stays"
    assert shop.indexer().generations.current().number == served + 1
    assert shop.indexer().rebuild().reread == 0
    assert shop.run().unchanged == 4


def test_what_is_no_longer_sure_is_taken_back(shop: Shop) -> None:
    reader_of(shop, pattern={"plain": ["1"], "stripe": ["2"]})
    shop.write(shop.row(1))
    shop.run()
    assert shop.item("s1").pattern == "plain"
    reader_of(shop, 1.0, pattern={"plain": ["1"], "stripe": ["1"]})
    assert shop.indexer().rebuild().reread == 1
    assert (shop.item("s1").pattern, found(shop, patterns=frozenset({"plain"}))) == ("", [])


def test_another_encoder_reads_for_itself(shop: Shop) -> None:
    reader_of(shop, pattern={"plain": ["1"], "stripe": ["2"]})
    shop.write(shop.row(1))
    shop.run()
    shop.encoder = FakeEncoder("fake-2")
    reader_of(shop, sleeve={"short": ["1"], "long": ["2"]})
    assert shop.indexer().rebuild().encoded == 1
    assert (shop.item("s1").pattern, shop.item("s1").sleeve) == ("", "short")
