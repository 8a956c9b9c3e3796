"""A field of the index: second vectors of the items, published, served and kept with the encoder's."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import IndexDamaged
from index.files.manifest import FIELDS, Manifest
from index.generations.generations import Generation
from index.generations.publishing import Publisher
from index.model.fields import Traits
from index.model.filters import Filters
from index.model.questions import FieldQuestion, shared
from segmentation.common.taxonomy import Category
from tests.index.conftest import Shop

DRESS, SHOE = Category.DRESS, Category.SHOE


@dataclass(frozen=True)
class Shades:
    """Places an item on a circle by the number that its shop calls its colour: any question is plain."""

    fingerprint: str = "shades-1"
    name: str = "shades"
    dim: int = 2

    def rows(
        self, traits: Sequence[Traits], vectors_unit: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (n, 2) float32 unit rows."""
        assert len(traits) == len(vectors_unit)
        return np.concatenate([np.empty((0, 2), np.float32), *(at(each.colour) for each in traits)])


def at(colour: str) -> NDArray[np.float32]:
    """Return the (1, 2) unit row of a colour."""
    turn = np.radians(float(colour or 0))
    return np.asarray([[np.cos(turn), np.sin(turn)]], np.float32)


def publisher(shop: Shop, maker: Shades | None) -> Publisher:
    indexer = shop.indexer()
    encoder = shop.encoder
    return Publisher(
        shop.database, indexer.generations, encoder.fingerprint, encoder.dim, indexer.catalogue,
        lambda _: None, shop.engine, field_maker=maker,
    )  # fmt: skip


def question(colour: str, *kinds: Category, places: int, **filters: object) -> FieldQuestion:
    each = tuple(Filters(categories=frozenset({kind}), **filters) for kind in kinds)  # type: ignore[arg-type]
    return FieldQuestion(np.repeat(at(colour), len(kinds), axis=0), each, places)


def skus(shop: Shop, *asked: FieldQuestion, maker: Shades | None = None) -> list[list[str]] | None:
    found = shop.searcher().in_field(maker or Shades(), asked)
    return None if found is None else [[item.sku for item in items] for items in found]


@pytest.fixture
def stocked(shop: Shop) -> Iterator[Shop]:
    """Return a shop with six dresses and three shoes, each ten degrees from the one before."""
    dresses = [shop.row(n, colour=str(10 * n)) for n in range(6)]
    shoes = [shop.row(n, colour=str(10 * n), category="shoe") for n in range(6, 9)]
    shop.write(*dresses, *shoes)
    shop.run()
    publisher(shop, Shades()).publish()
    yield shop


def served(shop: Shop) -> Generation:
    return shop.indexer().generations.current()


def test_the_nearest_by_a_field_are_not_those_by_the_encoder(stocked: Shop) -> None:
    assert skus(stocked, question("50", DRESS, places=3)) == [["s5", "s4", "s3"]]
    assert skus(stocked, question("0", DRESS, places=3)) == [["s0", "s1", "s2"]]


def test_kinds_share_places_equally_and_what_one_lacks_the_others_have(stocked: Shop) -> None:
    found = skus(
        stocked,
        question("0", DRESS, SHOE, places=4),
        question("0", DRESS, SHOE, places=8),
        question("0", DRESS, Category.HAT, places=4),
    )
    assert found == [
        ["s0", "s6", "s1", "s7"],
        ["s0", "s6", "s1", "s7", "s2", "s8", "s3", "s4"],
        ["s0", "s1", "s2", "s3"],
    ]


def test_filters_are_exact(stocked: Shop) -> None:
    without = question("0", DRESS, places=3, exclude=frozenset({"s0", "s2", "s7", "nobody"}))
    dear = question("0", DRESS, places=3, max_price=replace_price(stocked, "s3"))
    assert skus(stocked, without, dear) == [["s1", "s3", "s4"], ["s3"]]
    stocked.indexer(field_maker=Shades()).remove(["s1"])
    assert skus(stocked, without) == [["s3", "s4", "s5"]]


def replace_price(shop: Shop, sku: str) -> object:
    shop.indexer().change({sku: {"price": "5.00"}})
    return shop.item(sku).price


def test_an_item_with_several_pictures_takes_one_place(stocked: Shop) -> None:
    rows = [stocked.row(n, colour=str(10 * n)) for n in range(3)]
    rows[0]["more_images"] = [rows[1]["image"], rows[2]["image"]]
    stocked.write(*rows, stocked.row(7, colour="70", category="shoe"))
    stocked.run(remove_missing=True, confirmed=True)
    publisher(stocked, Shades()).publish()
    assert served(stocked).manifest.count == 6
    assert served(stocked).manifest.fields["shades"].count == 4
    assert skus(stocked, question("0", DRESS, SHOE, places=9)) == [["s0", "s7", "s1", "s2"]]


def test_a_changed_trait_alone_is_published(stocked: Shop) -> None:
    before = served(stocked)
    again = publisher(stocked, Shades())
    assert again.publish_if_due().number == before.number
    stocked.indexer().change({"s0": {"colour": "55"}})
    now = again.publish_if_due()
    assert now.number == before.number + 1
    assert now.manifest.identity == before.manifest.identity
    assert skus(stocked, question("60", DRESS, places=2)) == [["s0", "s5"]]


def test_an_index_from_before_is_served_and_asks_to_be_built(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.write(shop.row(1, colour="0"))
    shop.run()
    record = json.loads((served(shop).folder / "manifest.json").read_bytes())
    assert FIELDS not in record, "as it was written before there were fields"
    with caplog.at_level(logging.WARNING, "index.search"):
        searcher = shop.searcher()
        asked = [question("0", DRESS, places=1)]
        assert searcher.in_field(Shades("nobody's"), asked) is None
        assert searcher.in_field(Shades("nobody's"), asked) is None
    assert len(caplog.records) == 1
    assert "recommender index build" in caplog.text
    assert len(shop.searcher().nearest(shop.query(1), 1)) == 1
    shop.indexer(field_maker=Shades()).import_feed(shop.feed)
    assert skus(shop, *asked) == [["s1"]]


def test_another_makers_field_is_not_asked(stocked: Shop) -> None:
    other = Shades("shades-2")
    asked = question("50", DRESS, places=1)
    assert skus(stocked, asked, maker=other) is None
    publisher(stocked, other).publish_if_due()
    assert skus(stocked, asked, maker=other) == [["s5"]]
    assert skus(stocked, asked) is None
    stocked.rollback()
    assert skus(stocked, asked) == [["s5"]]


@pytest.mark.parametrize("how", ["changed", "missing", "foreign", "gone", "a link"])
def test_a_damaged_field_is_found(stocked: Shop, how: str) -> None:
    generation = served(stocked)
    folder = generation.folder / FIELDS / "shades"
    file = next(path for path in folder.iterdir() if path.suffix == ".faiss")
    if how == "changed":
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    elif how == "missing":
        file.unlink()
    elif how == "foreign":
        (folder / "more").write_bytes(b"")
    else:
        moved = folder.rename(stocked.home / "moved")
        if how == "a link":
            folder.symlink_to(moved)
    with pytest.raises(IndexDamaged):
        stocked.indexer().generations.verify()
    repaired = publisher(stocked, Shades()).publish_if_due()
    assert repaired.number == generation.number + 1
    assert skus(stocked, question("50", DRESS, places=1)) == [["s5"]]


@pytest.mark.parametrize("wrong", ["../up", "manifest.json/..", "nested"])
def test_a_manifest_whose_fields_lead_elsewhere_is_refused(stocked: Shop, wrong: str) -> None:
    from index.files.manifest import parse

    manifest = served(stocked).manifest
    held = manifest.fields["shades"]
    fields = {"shades": replace(held, fields={"x": held})} if wrong == "nested" else {wrong: held}
    with pytest.raises(IndexDamaged):
        parse(replace(manifest, fields=fields).to_bytes(), Path("manifest.json"))
    assert parse(manifest.to_bytes(), Path("manifest.json")) == manifest
    assert isinstance(held, Manifest)


def test_shares_never_exceed_places_nor_counts() -> None:
    chance = np.random.default_rng(4)
    for _ in range(200):
        counts = chance.integers(0, 60, size=chance.integers(0, 8)).tolist()
        places = int(chance.integers(0, 120))
        given = shared(places, counts)
        assert sum(given) == min(places, sum(counts))
        assert all(0 <= one <= count for one, count in zip(given, counts, strict=True))
        full = [one for one, count in zip(given, counts, strict=True) if one < count]
        assert not full or max(full) - min(full) <= 1
