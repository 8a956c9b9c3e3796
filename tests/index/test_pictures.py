"""Items with several pictures: what is encoded, kept, moved and dropped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from index.catalogue.catalog import Catalog
from index.database.tables import ItemRow, PictureRow, VectorRow
from index.encoders.attributes import AttributeReader
from index.feeds.rows import FeedOptions, FeedRow, LocalPicture, Reject
from index.importing.intake import Shot
from index.importing.reports import ImportOptions, ImportReport
from index.model.filters import Filters
from index.model.items import CatalogItem, Unplaced
from segmentation.common.taxonomy import Category
from tests.fakes import FakeCutter
from tests.index.conftest import Shop, colour_of, picture


@dataclass
class Rack:
    """A shop, and a feed of its own in which each row may show several pictures."""

    shop: Shop
    rows_: list[FeedRow | Reject]

    @property
    def format(self) -> str:
        return "rack"

    def rows(self) -> Iterator[FeedRow | Reject]:
        yield from self.rows_

    def of(self, *shown: tuple[str, tuple[int, ...]], **fields: Any) -> None:
        """Let the feed have these items, each with these pictures."""
        self.rows_ = [
            FeedRow(number, self.item(sku, pictures, **fields), self.sources(pictures))
            for number, (sku, pictures) in enumerate(shown, start=1)
        ]

    def item(self, sku: str, pictures: tuple[int, ...], **fields: Any) -> CatalogItem:
        names = [f"p{number}.png" for number in pictures]
        return CatalogItem(
            sku, f"Thing {sku}", Category.DRESS, names[0], more_images=tuple(names[1:]), **fields
        )

    def sources(self, pictures: tuple[int, ...]) -> tuple[LocalPicture, ...]:
        paths = []
        for number in pictures:
            paths.append(self.shop.source / f"p{number}.png")
            if not paths[-1].exists():
                paths[-1].write_bytes(picture(colour_of(number)))
        return tuple(map(LocalPicture, paths))

    def run(self, **options: Any) -> ImportReport:
        return self.shop.indexer().import_feed(self.shop.feed, ImportOptions(**options))

    def vectors(self, sku: str) -> list[tuple[int, int, str]]:
        """Return (key, position, SHA-256) of an item's vectors."""
        query = select(VectorRow.key, VectorRow.position, VectorRow.image_hash)
        query = query.join(ItemRow, VectorRow.item == ItemRow.key).where(ItemRow.sku == sku)
        with self.shop.database.reading() as session:
            rows = session.execute(query.order_by(VectorRow.position))
            return [(key, position, shown) for key, position, shown in rows]


@pytest.fixture
def rack(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Rack:
    made = Rack(shop, [])

    def opened(_source: Path, _options: FeedOptions) -> Rack:
        return made

    monkeypatch.setattr("index.build.open_feed", opened)
    return made


def test_every_picture_is_encoded_and_found(rack: Rack) -> None:
    shop = rack.shop
    rack.of(("a", (1, 2, 3)), ("b", (4,)))
    report = rack.run()
    assert (report.added, report.encoded, shop.encoder.pictures) == (2, 4, 4)
    item = shop.item("a")
    assert len(item.more_images) == 2
    assert set(shop.pictures()) == {item.image, *item.more_images, shop.item("b").image}
    for number in (1, 2, 3):
        assert shop.searcher().nearest(shop.query(number), 1)[0].item == item
    with shop.database.reading() as session:
        catalog = Catalog(session)
        assert catalog.images() == set(shop.pictures())
        assert catalog.page() == [item, shop.item("b")]
    assert rack.run().unchanged == 2
    assert shop.encoder.pictures == 4


def test_equal_pictures_of_an_item_count_once(rack: Rack) -> None:
    rack.of(("a", (1, 2, 1, 2)))
    assert (rack.run().encoded, len(rack.shop.item("a").more_images)) == (2, 1)
    assert rack.run().unchanged == 1


@pytest.mark.parametrize(
    ("after", "encoded"),
    [
        ((1, 2, 3, 4), 1),  # added
        ((1, 5, 3), 1),  # changed
        ((5, 2, 3), 1),  # the main one changed
        ((1, 3, 2), 0),  # reordered
        ((3, 1, 2), 0),  # the main one is another
        ((2, 3), 0),  # the main one removed
        ((1, 3), 0),
        ((1,), 0),
        ((1, 4, 2, 3), 1),
    ],
)
def test_only_what_is_new_is_encoded(rack: Rack, after: tuple[int, ...], encoded: int) -> None:
    shop = rack.shop
    rack.of(("a", (1, 2, 3)), ("b", (9,)))
    rack.run()
    before = {position: key for key, position, _ in rack.vectors("a")}
    rack.of(("a", after), ("b", (9,)))
    result = rack.run(dry_run=True)
    report = rack.run()
    assert (report.changed, report.unchanged, report.encoded) == (1, 1, encoded)
    assert (result.changed, result.encoded) == (1, encoded)
    assert shop.encoder.pictures == 4 + encoded
    item, vectors = shop.item("a"), rack.vectors("a")
    assert [position for _, position, _ in vectors] == list(range(len(after)))
    for key, position, _ in vectors:
        assert before.get(position, key) == key, "a position keeps its key"
    shown = (item.image, *item.more_images)
    stored = [shop.indexer().images.path_of(name).read_bytes() for name in shown]
    assert stored == [picture(colour_of(number)) for number in after]
    assert set(shop.pictures()) == {*shown, shop.item("b").image}, "nothing stray is left"
    found = {n: shop.searcher().nearest(shop.query(n), 1)[0] for n in after}
    assert {hit.item.sku for hit in found.values()} == {"a"}
    assert min(hit.score for hit in found.values()) > 0.999
    assert rack.run().unchanged == 2


def test_nothing_but_pictures_and_category_encodes(rack: Rack) -> None:
    rack.of(("a", (1, 2)), group="g", sizes=("S",), merchant_category="Frocks")
    rack.run()
    for fields in (
        {"group": "h", "sizes": ("S",), "merchant_category": "Frocks"},
        {"group": "h", "sizes": ("S", "M"), "merchant_category": "Frocks"},
        {"group": "h", "sizes": ("S", "M"), "merchant_category": "Gowns", "description": "long"},
    ):
        rack.of(("a", (1, 2)), **fields)
        report = rack.run()
        assert (report.changed, report.encoded) == (1, 0)
        item = rack.shop.item("a")
        assert (item.group, item.merchant_category) == ("h", fields["merchant_category"])
        assert len(item.more_images) == 1
    assert (rack.shop.encoder.pictures, rack.shop.cutter.calls) == (2, 2)
    rack.rows_ = [
        FeedRow(
            1,
            CatalogItem("a", "Thing a", Category.SKIRT, "p1.png", more_images=("p2.png",)),
            rack.sources((1, 2)),
        )
    ]
    assert rack.run().encoded == 2, "all its cut-outs depend on the category"


def test_a_bad_further_picture_is_left_out_alone(rack: Rack) -> None:
    (rack.shop.source / "p2.png").write_bytes(b"no picture")
    rack.of(("a", (1, 2, 3)), ("b", (4,)))
    report = rack.run()
    assert (report.added, report.encoded, report.rejects) == (2, 3, ())
    [note] = report.notes
    assert (note.number, note.sku) == (1, "a")
    assert note.reason.startswith("picture 2 was left out: the picture's format")
    assert len(rack.shop.item("a").more_images) == 1
    again = rack.run()
    assert (again.unchanged, again.encoded, len(again.notes)) == (2, 0, 1)
    (rack.shop.source / "p1.png").write_bytes(b"no picture")
    assert [reject.sku for reject in rack.run(max_reject_share=0.5).rejects] == ["a"]


def test_notes_are_listed_with_the_rejects(rack: Rack, tmp_path: Path) -> None:
    (rack.shop.source / "p2.png").write_bytes(b"no picture")
    rack.of(("a", (1, 2)))
    rack.run(rejects_to=tmp_path / "rejects.csv")
    assert "picture 2 was left out" in (tmp_path / "rejects.csv").read_text()


def test_attributes_come_from_the_main_picture(rack: Rack) -> None:
    shop = rack.shop

    class ByRed(FakeCutter):
        def __call__(self, photo: Any, category: Any, pictures: Any = None) -> Any:
            cutout, _ = super().__call__(photo, category, pictures)
            return cutout, {"colour": f"red {photo.rgb[0, 0, 0]}"}

    shop.cutter, shop.reader = ByRed(), AttributeReader(shop.encoder)
    rack.of(("a", (1, 2)))
    rack.run()
    assert shop.item("a").colour == f"red {colour_of(1)[0]}"
    rack.of(("a", (2, 1)))
    assert rack.run().encoded == 0
    assert shop.item("a").colour == f"red {colour_of(2)[0]}", "cut out again, not encoded"


def test_removal_takes_all_pictures_but_those_that_others_show(rack: Rack) -> None:
    shop = rack.shop
    rack.of(("a", (1, 2, 3)), ("b", (4, 2)))
    rack.run()
    assert len(shop.pictures()) == 4
    shop.indexer().remove(["a"])
    item = shop.item("b")
    assert set(shop.pictures()) == {item.image, *item.more_images}
    with shop.database.reading() as session:
        assert len(session.execute(select(PictureRow)).all()) == 1
        assert len(session.execute(select(VectorRow)).all()) == 2
        assert len(Catalog(session).keys(Filters())) == 2


def test_reading_many_items_asks_no_more_questions(rack: Rack) -> None:
    shop = rack.shop
    rack.of(*((f"s{n}", (n, n + 50, n + 100)) for n in range(20)))
    rack.run()
    asked: list[str] = []
    event.listen(
        shop.database.engine, "before_cursor_execute", lambda *answer: asked.append(answer[2])
    )
    with shop.database.reading() as session:
        catalog = Catalog(session)
        page = catalog.page()
        assert len([a for a in asked if a.startswith("SELECT")]) == 2
        asked.clear()
        by_key = catalog.by_keys(catalog.keys_of(f"s{n}" for n in range(20)).values())
        assert len([a for a in asked if a.startswith("SELECT")]) == 3
    assert [len(item.more_images) for item in page] == [2] * 20
    assert sorted(by_key.values(), key=lambda held: held[0].sku) == [(item, 0) for item in page]


def test_later_stores_and_a_build_encodes(rack: Rack) -> None:
    shop = rack.shop
    rack.of(("a", (1, 2)), ("b", (3,)))
    report = rack.run(later=True)
    assert (report.added, report.encoded, shop.encoder.pictures) == (2, 0, 0)
    assert shop.cutter.calls == 0
    assert len(shop.pictures()) == 3
    assert rack.run(later=True).unchanged == 2
    assert shop.indexer().rebuild().encoded == 3
    assert shop.searcher().nearest(shop.query(2), 1)[0].item.sku == "a"
    keys = rack.vectors("a")
    rack.of(("a", (1, 2, 4)), ("b", (5,)))
    assert (rack.run(later=True).changed, shop.encoder.pictures) == (2, 3)
    assert "b" not in {hit.item.sku for hit in shop.searcher().nearest(shop.query(3), 5)}
    assert shop.indexer().rebuild().encoded == 2, "just what the encoder has not seen"
    assert rack.vectors("a")[:2] == keys
    assert shop.searcher().nearest(shop.query(5), 1)[0].item.sku == "b"
    assert rack.run().unchanged == 2


def test_another_category_later_waits_for_the_build(rack: Rack) -> None:
    shop = rack.shop
    rack.of(("a", (1, 2)), ("b", (3,)))
    rack.run()
    item = CatalogItem("a", "Thing a", Category.SKIRT, "p1.png", more_images=("p2.png",))
    rack.rows_[0] = FeedRow(1, item, rack.sources((1, 2)))
    assert rack.run(later=True).encoded == 0
    assert shop.indexer().rebuild().encoded == 2


@dataclass
class Guess:
    """Says of every picture the same, and counts."""

    category: Category = Category.HAT
    confidence: float = 0.9
    least: float = 0.7
    calls: int = 0

    def guess(self, vectors_unit: Any) -> list[tuple[Category, float]]:
        self.calls += 1
        return [(self.category, self.confidence)] * len(vectors_unit)


def unplaced(rack: Rack, *skus: str, pictures: tuple[int, ...] = (1,), words: str = "Bits") -> None:
    fields = {
        "title": "Bits and bobs",
        "image": f"p{pictures[0]}.png",
        "merchant_category": words,
        "more_images": tuple(f"p{n}.png" for n in pictures[1:]),
    }
    rack.rows_ = [
        FeedRow(number, Unplaced(sku, fields), rack.sources(pictures))
        for number, sku in enumerate(skus, start=1)
    ]


def test_without_a_guesser_a_row_without_a_kind_is_a_reject(rack: Rack) -> None:
    unplaced(rack, "a")
    report = rack.run(max_reject_share=1)
    assert (report.added, "Bits" in report.rejects[0].reason) == (0, True)


@pytest.mark.parametrize("later", [False, True])
def test_a_guess_places_a_row_once(rack: Rack, later: bool) -> None:
    shop, guess = rack.shop, Guess()

    def run(**options: Any) -> ImportReport:
        return shop.indexer(guesser=guess).import_feed(shop.feed, ImportOptions(**options))

    unplaced(rack, "a", "twin", pictures=(1, 2))
    assert run(dry_run=True).added == 2
    report = run(later=later)
    assert (report.added, report.encoded) == (2, 1 if later else 2), "equal pictures once"
    shop.indexer().rebuild()
    item = shop.item("a")
    assert (item.category, item.category_confidence) == (Category.HAT, 0.9)
    assert (item.merchant_category, len(item.more_images)) == ("Bits", 1)
    encoded = shop.encoder.pictures
    assert run().unchanged == 2
    assert (shop.encoder.pictures, guess.calls) == (encoded, 1), "neither encoded nor guessed"
    unplaced(rack, "a", "twin", pictures=(1, 2), words="Odds")
    assert run().changed == 2
    assert (shop.encoder.pictures, guess.calls) == (encoded, 2), "guessed from the held vector"
    unplaced(rack, "a", "twin", pictures=(3, 2), words="Odds")
    run()
    assert shop.encoder.pictures == encoded + 1


def test_an_unsure_guess_is_a_reject_that_says_both(rack: Rack) -> None:
    guess = Guess(confidence=0.41)
    unplaced(rack, "a")
    report = rack.shop.indexer(guesser=guess).import_feed(rack.shop.feed)
    assert (report.added, report.encoded) == (0, 1)
    reason = report.rejects[0].reason
    assert "hat" in reason and "0.41" in reason and "0.70" in reason
    assert rack.shop.pictures() == []


def test_a_picture_that_cannot_be_had_today_takes_nothing_away(rack: Rack) -> None:
    rack.of(("one", (1, 2, 3)), ("two", (4,)))
    rack.run()
    before = {name: rack.shop.item(name) for name in ("one", "two")}
    (rack.shop.source / "p2.png").rename(rack.shop.source / "away.png")
    rows = rack.rows_
    cheaper = CatalogItem(
        "one", "Thing one", Category.DRESS, "p1.png", more_images=("p2.png", "p3.png"),
        price=Decimal(5), currency="EUR",
    )  # fmt: skip
    rack.rows_ = [FeedRow(1, cheaper, rows[0].pictures), rows[1]]  # type: ignore[union-attr]
    report = rack.run(max_reject_share=1.0)
    assert [note.sku for note in report.notes] == ["one"], "the picture is away"
    assert (report.changed, report.unchanged, report.encoded) == (1, 1, 0)
    now = rack.shop.item("one")
    assert now.price == Decimal(5), "the rest of the row is taken"
    assert (now.image, now.more_images) == (before["one"].image, before["one"].more_images)
    (rack.shop.source / "away.png").rename(rack.shop.source / "p2.png")
    assert (rack.run().encoded, rack.shop.item("one").more_images) == (0, now.more_images)


def test_a_row_whose_pictures_must_all_be_made_anew_waits_for_them(rack: Rack) -> None:
    rack.of(("one", (1, 2)), ("two", (4,)))
    rack.run()
    before = rack.shop.item("one")
    (rack.shop.source / "p2.png").unlink()
    other = CatalogItem("one", "Thing one", Category.SKIRT, "p1.png", more_images=("p2.png",))
    rack.rows_ = [FeedRow(1, other, rack.rows_[0].pictures), rack.rows_[1]]  # type: ignore[union-attr]
    report = rack.run(max_reject_share=1.0)
    assert [reject.sku for reject in report.rejects] == ["one"]
    assert "stays as it is" in report.rejects[0].reason
    assert rack.shop.item("one") == before


def test_each_picture_is_digested_once(rack: Rack, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    digest = hashlib.file_digest

    def counted(file: Any, name: str) -> Any:
        if Path(file.name).parent == rack.shop.source:
            read.append(file.name)
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    rack.of(("a", (1, 2)), ("b", (3,)))
    rack.run()
    assert len(read) == len(set(read)) == 3


def test_a_picture_that_changes_between_two_looks_is_told(rack: Rack, tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    path.write_bytes(picture(colour_of(1)))
    shot = Shot(LocalPicture(path).digest(), 0, LocalPicture(path))
    assert shot.read() == path.read_bytes()
    path.write_bytes(picture(colour_of(2)))
    with pytest.raises(ValueError, match="changed while it was imported"):
        shot.read()
