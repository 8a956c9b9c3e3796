"""Feeds: every row is read or rejected with its reason, and none disturbs another."""

from __future__ import annotations

import csv
import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import FeedError
from index.feeds.detect import detect, open_feed
from index.feeds.fields.columns import FIELDS
from index.feeds.fields.field_texts import FieldRefused, Reading
from index.feeds.fields.pictures import PathRefused, resolve
from index.feeds.fields.records import item_from
from index.feeds.formats.folder import FolderFeed, sku_of
from index.feeds.formats.texts import MAX_LINE
from index.feeds.rejects import write_rejects
from index.feeds.rows import Elsewhere, FeedOptions, FeedRow, LocalPicture, Reject
from index.model.items import Audience, Availability, CatalogItem, Unplaced
from segmentation.common.photo import MAX_BYTES
from segmentation.common.taxonomy import Category

BASE: dict[str, object] = {"sku": "s", "title": "T", "category": "dress", "image": "a.jpg"}
SHARED = Path(__file__).parents[3] / "../shared/data/clothing-dataset-small"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"picture")
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    return folder


def read(root: Path, *lines: bytes | dict[str, Any], **options: Any) -> list[FeedRow | Reject]:
    path = root / "feed.jsonl"
    encoded = (line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    path.write_bytes(b"\n".join(encoded))
    return list(open_feed(path, FeedOptions("jsonl", **options)).rows())


def reasons(rows: list[FeedRow | Reject]) -> list[str]:
    return [row.reason if isinstance(row, Reject) else "good" for row in rows]


def test_no_lines_no_rows(root: Path) -> None:
    for empty in ((), (b"\xef\xbb\xbf", b"", b"  ")):
        with pytest.raises(FeedError, match="empty"):
            read(root, *empty)


def test_every_field(root: Path) -> None:
    (row,) = read(
        root,
        BASE
        | {
            "description": "Long", "brand": "B", "price": "49.90", "currency": "eur",
            "sale_price": 39.9, "availability": "Out of stock", "audience": "Female",
            "colour": "red", "second_colour": "blue", "pattern": "stripe", "material": "wool",
            "sleeve": "long", "length": " midi ", "sizes": ["S", 38, "S"],
            "link": "https://shop.example/s", "measured": ["colour"], "unknown": {"x": 1},
        },
    )  # fmt: skip
    assert isinstance(row, FeedRow)
    assert row.item == CatalogItem(
        "s", "T", Category.DRESS, "a.jpg", "Long", "B", Decimal("49.90"), "EUR", Decimal("39.9"),
        Availability.OUT_OF_STOCK, Audience.WOMEN, "red", "blue", "stripe", "wool", ("S", "38"),
        "https://shop.example/s", "long", "midi", merchant_category="dress",
    )  # fmt: skip
    assert (row.number, row.pictures) == (1, (LocalPicture(root / "a.jpg"),))


@pytest.mark.parametrize(
    ("fields", "price", "currency"),
    [
        ({"price": "49.90", "currency": "EUR"}, "49.90", "EUR"),
        ({"price": 49.9, "currency": "EUR"}, "49.9", "EUR"),
        ({"price": 0.1}, "0.1", "CHF"),
        ({"price": 12}, "12", "CHF"),
        ({"price": "12.00 USD"}, "12.00", "USD"),
        ({"price": "usd 12"}, "12", "USD"),
        ({"price": ""}, None, ""),
        ({"price": None, "currency": "EUR"}, None, ""),
    ],
)
def test_prices(root: Path, fields: dict[str, object], price: str | None, currency: str) -> None:
    (row,) = read(root, BASE | fields, currency="CHF")
    assert isinstance(row, FeedRow) and isinstance(row.item, CatalogItem)
    assert (row.item.price, row.item.currency) == (price and Decimal(price), currency)


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"sku": ""}, "sku"),
        ({"sku": None}, "sku"),
        ({"sku": "x" * 201}, "200"),
        ({"sku": True}, "bool"),
        ({"sku": ["s"]}, "list"),
        ({"title": "  "}, "blanks"),
        ({"title": "\ud800"}, "broken"),
        ({"price": "1,250", "currency": "EUR"}, "1250 or 1.250"),
        ({"price": "-1", "currency": "EUR"}, "-1"),
        ({"price": "1e5", "currency": "EUR"}, "1e5"),
        ({"price": "1.999", "currency": "EUR"}, "1.999"),
        ({"price": "9" * 30, "currency": "EUR"}, "999"),
        ({"price": "12", "currency": "€€"}, "such as EUR"),
        ({"image": "b.jpg"}, "not there"),
        ({"image": "../secret.jpg"}, "inside"),
    ],
)
def test_rejects_say_why_and_shift_nobody(root: Path, fields: dict[str, Any], part: str) -> None:
    before, bad, after = read(root, BASE, BASE | fields, BASE | {"sku": "t"})
    assert isinstance(bad, Reject)
    assert part in bad.reason
    assert bad.number == 2
    assert isinstance(before, FeedRow)
    assert isinstance(after, FeedRow)
    assert (after.number, after.item.sku) == (3, "t")


@pytest.mark.parametrize(
    ("fields", "answer", "part"),
    [
        ({"title": "a\0b"}, {"title": "a b"}, "control"),
        ({"price": "12"}, {"price": None}, "--currency"),
        (
            {"price": "12 €", "sale_price": "9 $"},
            {"price": Decimal(12), "sale_price": None},
            "9 \\$",
        ),
        ({"sale_price": "1 EUR"}, {"price": Decimal(1), "sale_price": None}, "without a price"),
        ({"price": "2 EUR", "sale_price": "1 USD"}, {"sale_price": None}, "USD beside"),
        ({"price": "2 EUR", "sale_price": "3 EUR"}, {"sale_price": None}, "more than"),
        ({"price": "2 EUR", "sale_price": "0 EUR"}, {"sale_price": None}, "got 0"),
        ({"price": "Free"}, {"price": None}, "no price"),
        ({"availability": "maybe"}, {"availability": Availability.IN_STOCK}, "in_stock"),
        ({"audience": "cats"}, {"audience": Audience.UNKNOWN}, "women"),
        ({"link": "javascript:alert(1)"}, {"link": ""}, "http"),
        ({"link": "http://[broken"}, {"link": ""}, "http"),
        ({"sizes": ["x"] * 101}, {"sizes": ()}, "100"),
        ({"sizes": [{"a": 1}]}, {"sizes": ()}, "sizes"),
        ({"brand": "x" * 201}, {"brand": ""}, "200"),
    ],
)
def test_what_an_item_can_do_without_is_left_out_with_a_warning(
    root: Path, fields: dict[str, Any], answer: dict[str, object], part: str
) -> None:
    (row,) = read(root, BASE | fields)
    assert isinstance(row, FeedRow)
    assert {name: getattr(row.item, name) for name in answer} == answer
    (warning,) = row.warnings
    assert re.search(part, warning)


def test_an_address_is_told_with_what_would_allow_it(root: Path) -> None:
    (row,) = read(root, BASE | {"image": "https://cdn.shop.example/a.jpg"})
    assert isinstance(row, FeedRow)
    assert row.pictures == (Elsewhere("https://cdn.shop.example/a.jpg", "cdn.shop.example"),)
    with pytest.raises(ValueError, match=r"--fetch cdn\.shop\.example"):
        row.pictures[0].read()


def test_lines_that_are_no_records(root: Path) -> None:
    rows = read(
        root, b"\xef\xbb\xbf" + json.dumps(BASE).encode(), b"{", b"[1]", b'"text"', b"\xff\xfe{}",
        b'{"price": NaN}', b"[" * 100_000, b"x" * (2 * MAX_LINE + 5), b"", json.dumps(BASE).encode(),
    )  # fmt: skip
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    answer = reasons(rows)
    assert (answer[0], answer[-1]) == ("good", "good")
    assert "good" not in answer[1:-1]
    assert "NaN" in answer[5]


def test_a_line_with_variants_is_a_row_each_and_spoils_no_other(root: Path) -> None:
    variants = [
        {"sku": "s-S", "size": "S", "price": "9 EUR"},
        {"sku": "s-M", "size": "M", "price": "?"},
    ]
    product = {"id": "s", "title": "T", "category": "dress", "image": "a.jpg", "variants": variants}
    first, second, plain = read(root, product, BASE)
    assert isinstance(first, FeedRow) and isinstance(first.item, CatalogItem)
    assert (first.item.sku, first.item.group, first.item.sizes) == ("s-S", "s", ("S",))
    assert isinstance(second, Reject) and (second.number, second.sku) == (1, "s-M")
    assert "(variant 2)" in second.reason
    assert isinstance(plain, FeedRow) and plain.number == 2


def test_columns_are_mapped(root: Path) -> None:
    record = {"id": "s", "name": "T", "type": "dress", "image": "a.jpg", "sku": "not this"}
    columns = {"id": "sku", "name": "title", "type": "category"}
    (row,) = read(root, record, columns=columns)
    assert isinstance(row, FeedRow) and isinstance(row.item, CatalogItem)
    assert (row.item.sku, row.item.title) == ("s", "T")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)


@settings(deadline=None, max_examples=100)
@given(record=st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_no_record_escapes_its_reason(record: dict[str, object]) -> None:
    for given_fields in (record, BASE | record):
        try:
            item_from(given_fields, Reading("EUR"))
        except FieldRefused as refused:
            assert str(refused)


@settings(deadline=None, max_examples=100)
@given(lines=st.lists(st.binary(max_size=60), max_size=8))
def test_no_bytes_stop_a_feed(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("bytes") / "feed.jsonl"
    # the first bytes tell archives and encodings: a file that begins as lines of JSON is one
    path.write_bytes(b"\n".join([b"{}", *lines, json.dumps(BASE).encode()]))
    (path.parent / "a.jpg").write_bytes(b"x")
    *_, last = open_feed(path, FeedOptions("jsonl")).rows()
    assert isinstance(last, FeedRow)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../secret.jpg", "x/../../secret.jpg", "/etc/passwd", "C:\\x.jpg", "a.jpg\0b",
     "..\\secret.jpg", "file:///etc/passwd", "x" * 5000, "missing.jpg", "a.jpg/b", "folder"],
)  # fmt: skip
def test_paths_that_are_refused(root: Path, name: str) -> None:
    (root / "folder").mkdir()
    with pytest.raises(PathRefused):
        resolve(root, name)


def test_links_may_not_lead_out(root: Path) -> None:
    (root / "out.jpg").symlink_to(root.parent / "secret.jpg")
    (root / "folder").symlink_to(root.parent)
    (root / "loop.jpg").symlink_to(root / "loop.jpg")
    (root / "in.jpg").symlink_to(root / "a.jpg")
    for name in ("out.jpg", "folder/secret.jpg", "loop.jpg"):
        with pytest.raises(PathRefused):
            resolve(root, name)
    assert resolve(root, "in.jpg") == root / "a.jpg"


def test_only_ordinary_files_of_fair_size(root: Path) -> None:
    (root / "empty.jpg").touch()
    with (root / "huge.jpg").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    os.mkfifo(root / "pipe.jpg")
    for name in ("empty.jpg", "huge.jpg", "pipe.jpg"):
        with pytest.raises(PathRefused):
            resolve(root, name)


def test_a_root_that_is_itself_a_link(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    assert resolve(link, "a.jpg") == root / "a.jpg"


def test_a_folder(root: Path) -> None:
    for name in ("dress/x.jpg", "dress/IMG_0042.JPG", "t-shirt/blue-top.png", "summer/hat/1.webp",
                 "leg_warmer/x.jpg", "quux/x.jpg", "dress/notes.txt", ".git/dress/x.jpg"):  # fmt: skip
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"picture")
    (root / "dress" / "out.jpg").symlink_to(root.parent / "secret.jpg")
    rows = list(FolderFeed(root).rows())
    answer = [
        (row.reason, None)
        if isinstance(row, Reject)
        else (str(row.item.fields["title"]), None)
        if isinstance(row.item, Unplaced)
        else (row.item.title, row.item.category)
        for row in rows
    ]
    assert [row.number for row in rows] == list(range(1, 9))
    assert answer == [
        ("", None),  # its picture tells how it is called
        ("", Category.DRESS),
        ("picture 'dress/out.jpg' leads out of the feed's folder", None),
        ("", Category.DRESS),
        ("", Category.LEG_WARMER),
        ("", None),  # the shop's word is kept, and no kind is made up
        ("", Category.HAT),
        ("Blue top", Category.TOP),
    ]
    quux = rows[5]
    assert isinstance(quux, FeedRow) and isinstance(quux.item, Unplaced)
    assert quux.item.fields["merchant_category"] == "quux"
    assert list(FolderFeed(root).rows()) == rows


def test_skus_are_stable_and_apart() -> None:
    names = [
        f"dress/{n}" for n in ("a.jpg", "a.png", "A.jpg", "a/.jpg", "a b.jpg", "a-b.jpg", "é.jpg")
    ]
    skus = [sku_of(name) for name in names]
    assert len(set(skus)) == len(names)
    assert all(sku == sku_of(name) for sku, name in zip(skus, names, strict=True))
    assert all(set(sku) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for sku in skus)


def test_formats_are_told_by_content(root: Path) -> None:
    assert detect(root) == "folder"
    misnamed = root / "feed.csv"
    misnamed.write_bytes(b"\xef\xbb\xbf\n {}")
    assert open_feed(misnamed).format == "jsonl"
    (root / "feed.jsonl").write_text("sku,title\n")
    with pytest.raises(FeedError, match="not known"):
        open_feed(root / "feed.jsonl")
    assert open_feed(root / "feed.jsonl", FeedOptions("jsonl")).format == "jsonl"


@pytest.mark.parametrize(
    "options",
    [
        FeedOptions("xml"),
        FeedOptions("jsonl"),
        FeedOptions(columns={"a": "price_of"}),
        FeedOptions(currency="euros"),
    ],
)
def test_options_that_are_refused(root: Path, options: FeedOptions) -> None:
    with pytest.raises(FeedError):
        open_feed(root, options)


def test_a_feed_that_is_not_there(root: Path) -> None:
    with pytest.raises(FeedError, match="Check the path"):
        open_feed(root / "nowhere")


def test_rejects_are_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "out" / "rejects.csv"
    write_rejects(path, [Reject(3, "=1+1", "@x"), Reject(4, "a,b", 'said "no"\n\ud800')])
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[:2] == [["row", "sku", "reason", "kind"], ["3", "'=1+1", "'@x", "rejected"]]
    assert rows[2][:2] == ["4", "a,b"]


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
def test_the_whole_development_catalogue() -> None:
    rows = list(FolderFeed(SHARED).rows())
    assert len(rows) == 3068
    assert all(isinstance(row, FeedRow) for row in rows)
