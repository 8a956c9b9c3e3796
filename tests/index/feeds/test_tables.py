"""Tables: what headers mean, what quotes may not do, and where a row stands."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from index.errors import FeedError
from index.feeds.fields.columns import ColumnsRefused, layout
from index.feeds.fields.field_texts import FieldRefused, Reading
from index.feeds.fields.pictures import MAX_PICTURES
from index.feeds.fields.records import item_from
from index.feeds.formats import delimited
from index.feeds.formats.delimited import MAX_LINES, Dialect, records
from index.feeds.formats.texts import MAX_LINE
from index.feeds.rows import Elsewhere, FeedRow, LocalPicture, PictureSource, Reject
from index.model.items import Audience, Availability, CatalogItem, Unplaced
from segmentation.common.taxonomy import Category
from tests.index.feeds.shop import read

COMMA, TAB = Dialect(","), Dialect("\t")
GOOGLE = "id\ttitle\tproduct_type\timage_link\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"picture")
    return tmp_path


def feed(root: Path, text: str, **options: Any) -> list[FeedRow | Reject]:
    path = root / "feed.txt"
    path.write_bytes(text.encode(errors="surrogateescape"))
    return read(path, **options)


def titles(rows: list[FeedRow | Reject]) -> list[str]:
    answer = []
    for row in rows:
        assert isinstance(row, FeedRow), row
        item = row.item
        answer.append(item.title if isinstance(item, CatalogItem) else str(item.fields["title"]))
    return answer


@pytest.mark.parametrize(
    ("text", "dialect", "cells"),
    [
        ("", COMMA, []),
        ("a,b\n", COMMA, [("a", "b")]),
        ('a,"b\nc"\nd,e', COMMA, [("a", "b\nc"), ("d", "e")]),
        ('"a""b",c\n', COMMA, [('a"b', "c")]),
        ('5" heel\tb\n"Best" dress\tc\n', TAB, [('5" heel', "b"), ('"Best" dress', "c")]),
        ('"open\tb\nc\td\n', TAB, [('"open', "b"), ("c", "d")]),
        ("a\n\n , \nb\n", COMMA, [("a",), (), (), ("b",)]),
        ("a\0b,c\n", COMMA, [("a\0b", "c")]),
        ("a\rb\r\nc\n", COMMA, [("a",), ("b",), ("c",)]),
    ],
)
def test_records(text: str, dialect: Dialect, cells: list[tuple[str, ...]]) -> None:
    found = list(records(text.splitlines(keepends=True), dialect))
    assert [record.cells for record in found] == cells
    assert [record.number for record in found] == list(range(1, len(cells) + 1))


def test_a_quote_that_stays_open_costs_its_own_line() -> None:
    lines = ["a,b\n", 'c,"open\n', *["d,e\n"] * (MAX_LINES + 5)]
    found = list(records(lines, COMMA))
    assert [bool(record.fault) for record in found] == [False, True, *[False] * (MAX_LINES + 5)]
    assert [(record.number, record.line) for record in found][:3] == [(1, 1), (2, 2), (3, 3)]
    assert not any("open" in cell for record in found for cell in record.cells)


@pytest.mark.parametrize("line", ['x","\n', 'a""","\n', 'x","' + "y" * 40 + "\n"])
def test_quotes_left_open_in_every_line_are_looked_at_in_proportion(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line opens what a thousand lines do not close; what is good is read again after it."""
    looks: list[int] = []
    take = delimited._Source.take

    def counted(source: delimited._Source) -> str | None:
        found = take(source)
        looks.append(len(found or ""))
        return found

    monkeypatch.setattr(delimited._Source, "take", counted)
    monkeypatch.setattr(delimited, "LOOKED_AHEAD", 100_000)
    size, good = 2000 * len(line), ["a,b\n"] * 200 + ['c,"d\n', 'e"\n']
    found = list(records([line] * 2000 + good, COMMA))
    assert sum(looks) < 100_000 + 12 * (size + 1000) + MAX_LINES * len(line)
    assert [record.cells for record in found[-2:]] == [("a", "b"), ("c", "d\ne")]
    assert sum(bool(record.fault) for record in found) >= 1900


def test_numbers_count_records_and_lines_are_told(root: Path) -> None:
    rows = feed(root, 'id,title,image_link\n1,"A\nB",a.jpg\n2,,a.jpg\n\n3,C,a.jpg\n')
    assert [row.number for row in rows] == [2, 3, 5]
    assert isinstance(rows[1], Reject)
    assert rows[1].reason == "title: got nothing; expected a value (line 4)"


def test_a_line_without_end_is_not_held(root: Path) -> None:
    rows = feed(root, f"{GOOGLE}1\t{'x' * (2 * MAX_LINE)}\tDress\ta.jpg\n2\tB\tDress\ta.jpg\n")
    assert isinstance(rows[0], Reject) and f"{MAX_LINE} characters" in rows[0].reason
    assert titles(rows[1:]) == ["B"]


def test_windows_own_encoding_is_read_line_by_line(root: Path) -> None:
    path = root / "feed.txt"
    lines = [f"{GOOGLE}1\tKleid für Mädchen – 49 €\tDress\ta.jpg\n".encode("cp1252")]
    lines.append("2\tKleid für Mädchen\tDress\ta.jpg\n".encode())
    lines.append("3\tKleid für M".encode() + b"\xe4dchen\tDress\ta.jpg\n")
    path.write_bytes(b"".join(lines))
    rows = read(path)
    assert titles(rows[:2]) == ["Kleid für Mädchen – 49 €", "Kleid für Mädchen"]
    assert isinstance(rows[2], Reject)  # in two encodings at once: nothing is guessed
    assert rows[2].reason.startswith("title: got broken characters")


@pytest.mark.parametrize(
    ("names", "mapped", "places"),
    [
        ([], {}, {}),
        (["ID", " Title ", "g:Image-Link"], {}, {"sku": (0,), "title": (1,), "image": (2,)}),
        (["id", "sku"], {}, {"sku": (1, 0)}),
        (["id", "sku", "no"], {"no": "sku"}, {"sku": (2,)}),
        (["image[1].url", "image[0].url", "image[0].tag[0]"], {}, {"image": (1, 0)}),
        (["image[0].url", "image_link"], {}, {"image": (1, 0)}),
        (["video[0].url", "product_tags[0]", "title[0]"], {}, {}),
        (["product_type", "product_type"], {}, {"product_type": (0, 1)}),
        (["fb_product_category", "google_product_category"], {}, {"category": (1, 0)}),
        (["Additional Image Link", "images"], {"images": "more_images"}, {"more_images": (1,)}),
        (["x y", "x y", ""], {}, {}),
        (["Titel"], {"titel": "title"}, {"title": (0,)}),
    ],
)
def test_layouts(names: list[str], mapped: dict[str, str], places: dict[str, Any]) -> None:
    assert layout(names, mapped).places == places


@pytest.mark.parametrize(
    ("names", "mapped"),
    [(["title", "Title"], {}), (["id", "id"], {}), (["a", "b"], {"a": "title", "b": "title"})],
)
def test_two_columns_of_one_name(root: Path, names: list[str], mapped: dict[str, str]) -> None:
    with pytest.raises(ColumnsRefused, match="expected one"):
        layout(names, mapped)
    header = ",".join(dict.fromkeys(["id", "title", "image_link"])) + "," + ",".join(names)
    with pytest.raises(FeedError, match="contradict"):
        feed(root, f"{header}\n{'x,' * 4}x\n", columns=mapped)


@pytest.mark.parametrize(
    ("text", "options", "part"),
    [
        ("id,title,price\n1,A,2\n", {"format": "meta"}, "image"),
        (GOOGLE, {"columns": {"nowhere": "colour"}}, "nowhere"),
        ("id,title\n", {"format": "csv"}, "columns for image"),
        ("Nr,Name,Bild\n", {"columns": {"Nr": "sku", "Photo": "image"}}, "Photo"),
        ("Nr,Name,Zorblax\n", {"columns": {"Nr": "sku"}}, "columns for image"),
        ("Handle,Title\n", {"format": "shopify"}, "image_src"),
        ("Handle,Title,Title,Image Src\n", {}, "title 2 times"),
    ],
)
def test_headers_that_are_refused(
    root: Path, text: str, options: dict[str, Any], part: str
) -> None:
    with pytest.raises(FeedError) as refused:
        feed(root, text, **options)
    assert part in str(refused.value)


def test_any_table_can_be_mapped(root: Path) -> None:
    columns = {"Artikel": "sku", "Bezeichnung": "title", "Foto": "image", "Preis": "price"}
    text = "Artikel;Bezeichnung;Foto;Preis;Lager\n1;Kleid;a.jpg;1.234,50 €;3\n"
    (row,) = feed(root, text, columns=columns)
    assert isinstance(row, FeedRow) and isinstance(row.item, CatalogItem)
    assert (row.item.category, row.item.price) == (Category.DRESS, Decimal("1234.50"))


@pytest.mark.parametrize(
    ("image", "more", "names"),
    [
        ("a.jpg", "b.jpg,c.jpg", ("a.jpg", "b.jpg", "c.jpg")),
        ("a.jpg", " b.jpg | c.jpg |", ("a.jpg", "b.jpg", "c.jpg")),
        ("a.jpg", "a.jpg,b.jpg,b.jpg", ("a.jpg", "b.jpg")),
        ("a.jpg", '["b.jpg", "c.jpg"]', ("a.jpg", "b.jpg", "c.jpg")),
        ('[{"url": "a.jpg", "tag": ["x"]}, {"url": "b.jpg"}]', "", ("a.jpg", "b.jpg")),
        ("", "b.jpg,c.jpg", ("b.jpg", "c.jpg")),
    ],
)
def test_pictures_in_one_cell(root: Path, image: str, more: str, names: tuple[str, ...]) -> None:
    quoted = ["1", "Dress", image, more]
    cells = ",".join('"' + cell.replace('"', '""') + '"' for cell in quoted)
    (row,) = feed(root, f"id,title,image_link,additional_image_link\n{cells}\n")
    assert isinstance(row, FeedRow) and isinstance(row.item, CatalogItem)
    assert (row.item.image, *row.item.more_images) == names
    assert row.pictures == tuple(LocalPicture(root / name) for name in names)


def test_only_the_first_twenty_pictures(root: Path) -> None:
    names = [f"{n}.jpg" for n in range(MAX_PICTURES + 5)]
    for name in names[:MAX_PICTURES]:
        (root / name).write_bytes(b"picture")
    (row,) = feed(root, "id,title,image,more_images\n1,Dress,0.jpg," + "|".join(names) + "\n")
    assert isinstance(row, FeedRow) and len(row.pictures) == MAX_PICTURES


class Opener:
    """Opens one host's addresses."""

    def picture(self, url: str) -> PictureSource:
        if "shop.example" not in url:
            raise ValueError("the host is not allowed")
        return LocalPicture(Path(url.rsplit("/", 1)[-1]))


def test_addresses_where_they_are_opened(root: Path) -> None:
    address = "https://shop.example/w_1,h_2/a.jpg"
    text = (
        "id,title,image_link,additional_image_link\n"
        f'1,Dress,"{address}","{address[:-5]}b.jpg, s3://shop.example/c.jpg"\n'
        "2,Dress,https://other.example/a.jpg,\n"
        "3,Dress,a.jpg,\n"
    )
    rows = feed(root, text, fetcher=Opener())
    assert isinstance(rows[0], FeedRow) and len(rows[0].pictures) == 3
    assert isinstance(rows[1], Reject) and "the host is not allowed" in rows[1].reason
    assert isinstance(rows[2], FeedRow) and rows[2].pictures == (LocalPicture(root / "a.jpg"),)
    closed = feed(root, text)[:2]
    assert [row.pictures[0] for row in closed if isinstance(row, FeedRow)] == [
        Elsewhere(address, "shop.example"),
        Elsewhere("https://other.example/a.jpg", "other.example"),
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"gender": "female", "age_group": "adult"}, Audience.WOMEN),
        ({"gender": "Male"}, Audience.MEN),
        ({"gender": "female", "age_group": "toddler"}, Audience.KIDS),
        ({"age_group": "infant"}, Audience.KIDS),
        ({"age_group": "all ages"}, Audience.UNKNOWN),
        ({"gender": "adult"}, Audience.UNKNOWN),
        ({"gender": "both"}, Audience.UNISEX),
        ({"gender": ["female", "male"]}, Audience.UNISEX),
        ({"audience": "women", "age_group": "kids"}, Audience.WOMEN),
        ({"age_group": "adult"}, Audience.UNKNOWN),
        ({}, Audience.UNKNOWN),
    ],
)
def test_audiences(fields: dict[str, object], expected: Audience) -> None:
    item = item_from({"sku": "s", "title": "Dress", "image": "a.jpg", **fields})
    assert isinstance(item, CatalogItem) and item.audience is expected


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (
            "in stock|In_Stock|InStock|available|1|true|yes|5|12.0|>10|auf Lager|lieferbar|Lagernd|"
            "en stock|Disponible|disponibile|https://schema.org/InStock|limited availability|",
            Availability.IN_STOCK,
        ),
        (
            "Out-of-Stock|discontinued|0|-3|false|no|sold out|nicht vorrätig|ausverkauft|agotado|"
            "en rupture de stock|épuisé|esaurito|nicht lieferbar",
            Availability.OUT_OF_STOCK,
        ),
        ("available for order|onbackorder|on backorder|backordered", Availability.BACKORDER),
        ("http://schema.org/PreOrder|pre-order|coming soon|vorbestellbar", Availability.PREORDER),
    ],
)
def test_availabilities(words: str, state: Availability) -> None:
    for word in words.split("|"):
        record = {"sku": "s", "title": "Dress", "image": "a.jpg", "availability": word}
        item = item_from(record, Reading(warn=pytest.fail))
        assert isinstance(item, CatalogItem) and item.availability is state, word


@pytest.mark.parametrize(
    ("words", "audience"),
    [
        ("female|Women's|Damen|femme|F|w|Ladies|mujer|donna|weiblich", Audience.WOMEN),
        ("male|Men's|Herren|homme|M|männlich|hombre|uomo|gents", Audience.MEN),
        ("kids|girls|Jungen|Mädchen|enfant|niños|bambina|baby", Audience.KIDS),
        ("unisex|mixte|women/men|Damen, Herren|all", Audience.UNISEX),
        ("unknown|adult|n/a|", Audience.UNKNOWN),
    ],
)
def test_words_for_whom(words: str, audience: Audience) -> None:
    for word in words.split("|"):
        record = {"sku": "s", "title": "Dress", "image": "a.jpg", "gender": word}
        item = item_from(record, Reading(warn=pytest.fail))
        assert isinstance(item, CatalogItem) and item.audience is audience, word


def test_a_sale_has_its_days() -> None:
    record = {
        "sku": "s",
        "title": "Dress",
        "image": "a.jpg",
        "price": "20 EUR",
        "sale_price": "9 EUR",
    }
    past, ever = "2017-12-01T0:00-23:59/2017-12-31T0:00-23:59", "2017-12-01/2999-12-31"
    prices = [
        getattr(item_from({**record, "sale_dates": dates}), "sale_price")  # noqa: B009
        for dates in (past, ever, "")
    ]
    assert prices == [None, Decimal(9), Decimal(9)]
    warnings: list[str] = []
    item = item_from({**record, "sale_dates": "soon"}, Reading(warn=warnings.append))
    assert isinstance(item, CatalogItem) and item.sale_price is None
    assert warnings == [
        "sale_dates: got 'soon'; expected start/end such as 2026-01-01/2026-01-31; the sale was left out"
    ]


@pytest.mark.parametrize(
    "sku",
    ["a\nb", "a\r\nb", "a\tb", "a\x7fb", "a\x85b", "a\u2028b", ".", "..", "a/similar", "x/image"],
)
def test_a_sku_that_cannot_be_asked_for_costs_its_row(sku: str) -> None:
    record = {"sku": sku, "title": "Dress", "image": "a.jpg"}
    with pytest.raises(FieldRefused, match=r"^sku: got .*; expected"):
        item_from(record)
    assert item_from(record | {"sku": "a/b.. 50%"}).sku == "a/b.. 50%"


def test_colours_are_split_and_kinds_are_kept() -> None:
    record = {"sku": "s", "title": "Gizmo", "image": "a.jpg", "product_type": "Home > Zorblax"}
    item = item_from({**record, "colour": "black/white/red"})
    assert isinstance(item, Unplaced)
    assert (item.fields["colour"], item.fields["second_colour"]) == ("black", "white")
    assert item.fields["merchant_category"] == "Home > Zorblax"
    placed = item.placed(Category.BAG, 0.5)
    assert (placed.sku, placed.category_confidence) == ("s", 0.5)


def test_an_unplaced_item_is_as_valid_as_any() -> None:
    with pytest.raises(FieldRefused, match="two decimals"):
        item_from({"sku": "s", "title": "Gizmo", "image": "a.jpg", "price": "12.345 KWD"})


def test_other_systems_names_in_json_lines(root: Path) -> None:
    line = {"id": 7, "title": "Dress", "image_link": "a.jpg", "item_group_id": "g",
            "additional_image_link": ["b.jpg", "c.jpg"], "color": "red"}  # fmt: skip
    (row,) = feed(root, json.dumps(line))
    assert isinstance(row, FeedRow) and isinstance(row.item, CatalogItem)
    assert (row.item.sku, row.item.group, row.item.colour) == ("7", "g", "red")
    assert row.item.more_images == ("b.jpg", "c.jpg")
