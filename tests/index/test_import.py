"""Importing: what is encoded, what is written, what is left out, what is taken away."""

from __future__ import annotations

import io
import os
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index.database import lock
from index.errors import CatalogBusy, FeedError, ItemNotFound, OutOfMemory
from index.importing.reports import ImportOptions
from index.model.items import Availability
from index.model.progress import Event, Step
from segmentation.common.errors import WeightsError
from segmentation.common.taxonomy import Category
from tests.fakes import FakeCutter, FakeEncoder
from tests.index.conftest import DATABASES, Shop, colour_of, picture


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what keeps a catalogue on every database."""
    if "shop" in metafunc.fixturenames:
        metafunc.parametrize("shop", DATABASES, indirect=True)


def test_an_empty_feed_is_refused(shop: Shop) -> None:
    shop.write("")
    with pytest.raises(FeedError, match="the feed is empty"):
        shop.run()


def test_the_second_import_encodes_nothing(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(10)))
    first = shop.run()
    assert (first.added, first.encoded, shop.encoder.pictures) == (10, 10, 10)
    second = shop.run()
    assert (second.added, second.changed, second.unchanged) == (0, 0, 10)
    assert (second.encoded, shop.encoder.pictures, shop.cutter.calls) == (0, 10, 10)
    assert second.generation == first.generation, "nothing changed, nothing is published"


def test_a_changed_picture_encodes_just_that_one(shop: Shop) -> None:
    rows = [shop.row(n) for n in range(10)]
    shop.write(*rows)
    shop.run()
    before = shop.item("s3").image
    (shop.source / "p3.png").write_bytes(picture(colour_of(99)))
    report = shop.run()
    assert (report.changed, report.unchanged, report.encoded) == (1, 9, 1)
    assert before not in shop.pictures(), "the old picture is gone"
    assert shop.searcher().nearest(shop.query(99), 1)[0].item.sku == "s3"
    assert len(shop.pictures()) == 10


def test_price_and_stock_encode_nothing_and_publish_nothing(shop: Shop) -> None:
    rows = [shop.row(n) for n in range(5)]
    shop.write(*rows)
    first = shop.run()
    rows[2] |= {"price": "7.50", "availability": "out of stock"}
    shop.write(*rows)
    second = shop.run()
    assert (second.changed, second.encoded, shop.encoder.pictures) == (1, 0, 5)
    assert second.generation == first.generation
    item = shop.item("s2")
    assert (item.price, item.availability) == (Decimal("7.50"), Availability.OUT_OF_STOCK)


def test_another_category_is_cut_out_again(shop: Shop) -> None:
    row = shop.row(1)
    shop.write(row)
    shop.run()
    shop.write(row | {"category": "skirt"})
    assert shop.run().encoded == 1
    assert shop.item("s1").category is Category.SKIRT


def test_a_picture_known_from_another_item_is_not_encoded_again(shop: Shop) -> None:
    row = shop.row(1)
    shop.write(row)
    shop.run()
    shop.write(row, row | {"sku": "twin"})
    report = shop.run()
    assert (report.added, report.encoded, len(shop.pictures())) == (1, 0, 1)
    assert {hit.item.sku for hit in shop.searcher().nearest(shop.query(1), 2)} == {"s1", "twin"}


def test_a_broken_picture_shifts_no_other(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(12)))
    (shop.source / "p5.png").write_bytes(picture(colour_of(5))[:40])
    (shop.source / "p7.png").write_bytes(b"not a picture")
    report = shop.run()
    assert [(r.number, r.sku) for r in report.rejects] == [(6, "s5"), (8, "s7")]
    searcher = shop.searcher()
    for number in set(range(12)) - {5, 7}:
        assert searcher.nearest(shop.query(number), 1)[0].item.sku == f"s{number}"
    for sku in ("s5", "s7"):
        with pytest.raises(ItemNotFound):
            shop.item(sku)


def test_a_picture_that_breaks_between_the_passes_is_a_reject(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(6)))

    def break_one(event: Event) -> None:
        if event.step is Step.CHECKED:
            (shop.source / "p2.png").write_bytes(b"gone bad")
            (shop.source / "p4.png").unlink()

    report = shop.run(break_one)
    assert (report.added, [r.sku for r in report.rejects]) == (4, ["s2", "s4"])
    assert shop.skus() == ["s0", "s1", "s3", "s5"]


def test_too_many_rejects_refuse_everything(shop: Shop, tmp_path: Path) -> None:
    rows = [shop.row(n) for n in range(4)]
    shop.write(*rows[:2], {"sku": "bad"}, "{")
    rejects = tmp_path / "rejects.csv"
    with pytest.raises(FeedError, match="2 of 4"):
        shop.run(rejects_to=rejects)
    assert (shop.skus(), shop.pictures(), shop.encoder.calls) == ([], [], 0)
    assert rejects.read_text().splitlines()[0] == "row,sku,reason,kind"
    assert shop.run(max_reject_share=0.5).added == 2


def test_a_sku_that_stands_twice_is_taken_once(shop: Shop) -> None:
    shop.write(shop.row(1), shop.row(2), shop.row(3), shop.row(4) | {"sku": "s1"})
    report = shop.run()
    assert (report.added, report.rejects[0].number) == (3, 4)
    assert "row 1" in report.rejects[0].reason
    assert shop.item("s1").title == "Thing 1"


def test_a_dry_run_tells_the_same_and_writes_nothing(shop: Shop) -> None:
    rows = [shop.row(n) for n in range(6)]
    shop.write(*rows)
    shop.run()
    rows[0] |= {"price": 3}
    (shop.source / "p1.png").write_bytes(picture(colour_of(77)))
    shop.write(*rows[:4], shop.row(8))
    before = sorted((p, p.stat().st_mtime_ns) for p in shop.home.rglob("*"))
    result = shop.run(dry_run=True, remove_missing=True)
    assert sorted((p, p.stat().st_mtime_ns) for p in shop.home.rglob("*")) == before
    done = shop.run(remove_missing=True)
    for name in ("added", "changed", "unchanged", "removed", "encoded", "rejects"):
        assert getattr(result, name) == getattr(done, name), name
    assert (done.added, done.changed, done.unchanged, done.removed) == (1, 2, 2, 2)


def test_items_missing_from_a_feed_stay_unless_told(shop: Shop) -> None:
    rows = [shop.row(n) for n in range(8)]
    shop.write(*rows)
    shop.run()
    shop.write(*rows[:5], rows[5] | {"category": "zorblax"})
    assert shop.run().removed == 0
    assert shop.run(remove_missing=True).removed == 2
    assert shop.skus() == [f"s{n}" for n in range(6)], "a rejected row does not remove its item"


def test_removal_really_removes(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(5)), shop.row(5) | {"image": "p4.png"})
    shop.run()
    picture_of_2, shared = shop.item("s2").image, shop.item("s4").image
    searcher = shop.searcher()
    assert searcher.nearest(shop.query(2), 1)[0].item.sku == "s2"
    removed = shop.indexer().remove(["s2", "s4", "nobody"])
    assert removed.skus == ("s2", "s4")
    assert picture_of_2 not in shop.pictures()
    assert shared in shop.pictures(), "s5 still shows it"
    found = {hit.item.sku for hit in searcher.nearest(shop.query(2), 10)}
    assert found == {"s0", "s1", "s3", "s5"}
    assert searcher.generation().manifest.count == 4
    with pytest.raises(ItemNotFound):
        searcher.vectors_of(["s2"])[0]
    if not shop.database.on_server:
        text = (shop.home / "catalog.sqlite3").read_bytes()
        assert b"Thing 2" not in text, "no trace in the database file"
        assert b"Thing 3" in text


def test_what_is_measured_fills_only_what_is_empty(shop: Shop) -> None:
    shop.cutter = FakeCutter({"colour": "red", "pattern": "plain", "title": "never"})
    rows = [shop.row(1), shop.row(2, colour="navy")]
    shop.write(*rows)
    shop.run()
    one, two = shop.item("s1"), shop.item("s2")
    assert (one.colour, one.pattern, one.title) == ("red", "plain", "Thing 1")
    assert two.colour == "navy"
    assert shop.run().unchanged == 2, "a measured value is no change"
    shop.write(rows[0], rows[1] | {"colour": ""})
    assert (shop.run().encoded, shop.item("s2").colour) == (0, "red")


def test_a_new_measurement_replaces_the_old_not_the_merchants(shop: Shop) -> None:
    shop.cutter = FakeCutter({"colour": "red"})
    shop.write(shop.row(1), shop.row(2, colour="red"))
    shop.run()
    report = shop.indexer(cutter=FakeCutter({"colour": "wine"})).rebuild(encode_again=True)
    assert report.encoded == 2
    assert (shop.item("s1").colour, shop.item("s2").colour) == ("wine", "red")


def test_kept_pictures_carry_no_metadata(shop: Shop) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of a person"
    exif[0x0112] = 6  # turned by a quarter
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(buffer, "JPEG", exif=exif)
    (shop.source / "phone.jpg").write_bytes(buffer.getvalue())
    plain = picture((1, 2, 3), kind="JPEG")
    (shop.source / "plain.jpg").write_bytes(plain)
    shop.write(shop.row(1, image="phone.jpg"), shop.row(2, image="plain.jpg"))
    shop.run()
    images = shop.indexer().images
    kept = images.path_of(shop.item("s1").image)
    assert b"Camera" not in kept.read_bytes()
    with Image.open(kept) as image:
        assert (image.size, dict(image.getexif())) == ((10, 20), {})
    assert images.path_of(shop.item("s2").image).read_bytes() == plain
    assert shop.run().unchanged == 2, "the merchant's file is what is compared"


def test_a_lost_stored_picture_is_brought_back(shop: Shop) -> None:
    shop.write(shop.row(1), shop.row(2))
    shop.run()
    shop.indexer().images.path_of(shop.item("s1").image).unlink()
    assert shop.run().changed == 1
    assert len(shop.pictures()) == 2


def test_one_writer_at_a_time(shop: Shop) -> None:
    shop.write(shop.row(1))
    with lock.writer(shop.home, shop.database), pytest.raises(CatalogBusy):
        shop.run()
    assert shop.run().added == 1


def test_an_encoder_that_answers_nonsense_writes_nothing(shop: Shop) -> None:
    class Broken(FakeEncoder):
        def encode_images(self, images_rgb):  # type: ignore[no-untyped-def]
            return super().encode_images(images_rgb) * np.float32("nan")

    shop.encoder = Broken()
    shop.write(shop.row(1))
    with pytest.raises(WeightsError):
        shop.run()
    assert shop.skus() == []


def test_a_folder_of_pictures(shop: Shop) -> None:
    for name in ("dress/a.png", "Shoes/b.png", "sofa/c.png", "dress/.hidden.png", "hat/d.txt"):
        path = shop.source / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture(colour_of(len(name))))
    options = ImportOptions(max_reject_share=0.5)
    report = shop.indexer().import_feed(shop.source, options)
    assert (report.added, report.rejected) == (2, 1)
    assert "sofa" in report.rejects[0].reason
    assert shop.indexer().import_feed(shop.source, options).encoded == 0


def test_what_a_killed_run_left_is_swept(shop: Shop) -> None:
    shop.write(shop.row(1))
    shop.run()
    old, young = (f"{c * 2}/{c * 64}.jpg" for c in "ef")
    for name in (old, young):
        path = shop.home / "images" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    os.utime(shop.home / "images" / old, (0, 0))
    (shop.home / "images" / "notes.txt").write_text("a person's own file")
    shop.indexer().rebuild()
    assert set(shop.pictures()) == {shop.item("s1").image, young}
    assert (shop.home / "images" / "notes.txt").exists()


def test_nothing_is_taken_out_while_a_bad_row_may_be_anybody(shop: Shop) -> None:
    rows = [shop.row(n) for n in range(8)]
    shop.write(*rows)
    shop.run()
    shop.write(*rows[:6], "{broken")
    foretold = shop.run(remove_missing=True, dry_run=True)
    assert (foretold.removed, foretold.withheld) == (0, 2)
    report = shop.run(remove_missing=True)
    assert (report.removed, report.withheld, len(shop.skus())) == (0, 2, 8)
    shop.write(*rows[:6])
    report = shop.run(remove_missing=True)
    assert (report.removed, report.withheld, len(shop.skus())) == (2, 0, 6)


def test_what_memory_does_not_suffice_for_is_refused_in_words(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise MemoryError

    shop.write(shop.row(0))
    shop.run()
    before = shop.searcher().generation().number
    monkeypatch.setattr("index.build.open_feed", fails)
    with pytest.raises(OutOfMemory, match="too little memory"):
        shop.run()
    assert shop.searcher().generation().number == before
