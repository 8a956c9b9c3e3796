"""Shopify's export: rows -> products -> a variant an item."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from index.errors import FeedError
from index.feeds.fields.html_text import text_of_html
from index.feeds.fields.options import field_of
from index.feeds.rows import FeedRow, LocalPicture, Reject
from index.model.items import Audience, Availability, CatalogItem
from segmentation.common.taxonomy import Category
from tests.index.feeds.shop import read

PICTURES = ("front.jpg", "back.jpg", "red.jpg", "blue.jpg")
FIRST = {
    "Handle": "tee", "Title": "Tee", "Body (HTML)": "<p>Soft &amp; warm</p>", "Vendor": "Mara",
    "Type": "T-Shirts", "Published": "TRUE", "Option1 Name": "Colour", "Option1 Value": "Red",
    "Option2 Name": "Size", "Option2 Value": "S", "Variant SKU": "T-1", "Variant Price": "19.90",
    "Image Src": "front.jpg", "Image Position": "1", "Status": "active",
}  # fmt: skip
NEXT = {"Handle": "tee", "Option1 Value": "Blue", "Option2 Value": "S", "Variant SKU": "T-2"}
PRICED = NEXT | {"Variant Price": "18"}
COLUMNS = (
    *FIRST, "Variant Compare At Price", "Variant Image", "Variant Inventory Tracker",
    "Variant Inventory Qty", "Variant Inventory Policy", "Product Category", "Tags",
    "Google Shopping / Gender", "Google Shopping / Age Group",
    "Google Shopping / Google Product Category", "Gift Card", "SEO Title",
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in PICTURES:
        (tmp_path / name).write_bytes(b"picture")
    return tmp_path


def export(root: Path, *rows: dict[str, str]) -> Path:
    path = root / "products_export.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def variants(root: Path, *rows: dict[str, str], **options: object) -> list[CatalogItem]:
    found = read(export(root, *rows), **{"currency": "EUR", **options})
    items = [row.item for row in found if isinstance(row, FeedRow)]
    assert [row for row in found if isinstance(row, Reject)] == []
    assert all(isinstance(item, CatalogItem) for item in items)
    return [item for item in items if isinstance(item, CatalogItem)]


def test_a_product_with_variants_and_pictures(root: Path) -> None:
    images = [
        {"Handle": "tee", "Image Src": name, "Image Position": str(at)}
        for at, name in ((4, "blue.jpg"), (3, "red.jpg"), (2, "back.jpg"))
    ]
    path = export(
        root,
        FIRST | {"Variant Image": "red.jpg", "Variant Compare At Price": "25.00"},
        PRICED | {"Variant Image": "blue.jpg"},
        PRICED | {"Variant SKU": "T-3", "Option1 Value": "Green"},
        *images,
    )
    rows = read(path, currency="EUR")
    red, blue, green = (row.item for row in rows if isinstance(row, FeedRow))
    assert red == CatalogItem(
        "T-1", "Tee", Category.TOP, "red.jpg", "Soft & warm", "Mara", Decimal("25.00"), "EUR",
        Decimal("19.90"), colour="red", sizes=("S",), group="tee",
        more_images=("front.jpg", "back.jpg"), merchant_category="T-Shirts",
    )  # fmt: skip
    assert isinstance(blue, CatalogItem) and isinstance(green, CatalogItem)
    assert (blue.image, blue.more_images) == ("blue.jpg", ("front.jpg", "back.jpg"))
    assert (blue.price, blue.sale_price) == (Decimal(18), None)
    assert (green.image, len(green.more_images)) == ("front.jpg", 3)
    assert [row.number for row in rows] == [2, 3, 4]
    assert isinstance(rows[0], FeedRow)
    assert rows[0].pictures[0] == LocalPicture(root / "red.jpg")


def test_a_product_without_options(root: Path) -> None:
    plain = {"Option1 Name": "Title", "Option1 Value": "Default Title", "Option2 Name": "",
             "Option2 Value": "", "Variant SKU": ""}  # fmt: skip
    (item,) = variants(root, FIRST | plain)
    assert (item.sku, item.group, item.colour, item.sizes) == ("tee", "tee", "", ())


def test_variants_without_skus_have_names_of_their_own(root: Path) -> None:
    values = [("Black & White", "S/M"), ("Black & White", "S-M"), ("赤", "38½"), ("Red", "")]
    rows = [
        (FIRST if at == 0 else PRICED)
        | {"Variant SKU": "", "Option1 Value": colour, "Option2 Value": size}
        for at, (colour, size) in enumerate(values)
    ]
    skus = [item.sku for item in variants(root, *rows)]
    assert skus[0] == "tee-black-white-s-m"
    assert skus[1].startswith("tee-black-white-s-m-") and len(skus[1]) == 28
    assert skus[2:] == ["tee-赤-38½", "tee-red"]
    assert skus == [item.sku for item in variants(root, *rows)]
    long = FIRST | {"Handle": "x" * 190, "Variant SKU": "", "Option1 Value": "y" * 90}
    (item,) = variants(root, long)
    assert len(item.sku) <= 200


@pytest.mark.parametrize(
    ("name", "field"),
    [("Size", "sizes"), ("GRÖSSE", "sizes"), ("Taille", "sizes"), ("Talla", "sizes"), ("サイズ", "sizes"),
     ("Farbe", "colour"), ("Couleur", "colour"), ("Colore", "colour"), ("Color", "colour"), ("颜色", "colour"),
     ("Matière", "material"), ("Stoff", "material"), ("Muster", "pattern"), ("Gravur", ""), ("", "")],
)  # fmt: skip
def test_options_are_told_by_their_names(name: str, field: str) -> None:
    assert field_of(name) == field


@pytest.mark.parametrize(
    ("tracker", "quantity", "policy", "availability"),
    [
        ("shopify", "3", "deny", Availability.IN_STOCK),
        ("shopify", "0", "deny", Availability.OUT_OF_STOCK),
        ("shopify", "-2", "continue", Availability.BACKORDER),
        ("", "0", "deny", Availability.IN_STOCK),
        ("shopify", "", "deny", Availability.IN_STOCK),
        ("shopify", "many", "deny", Availability.IN_STOCK),
    ],
)
def test_stock(
    root: Path, tracker: str, quantity: str, policy: str, availability: Availability
) -> None:
    stock = {"Variant Inventory Tracker": tracker, "Variant Inventory Qty": quantity,
             "Variant Inventory Policy": policy}  # fmt: skip
    (item,) = variants(root, FIRST | stock)
    assert item.availability is availability


@pytest.mark.parametrize(
    ("price", "compare", "expected"),
    [
        ("10", "12", ("12", "10")),
        ("10", "", ("10", None)),
        ("10", "0", ("10", None)),
        ("10", "10.00", ("10", None)),
        ("10", "8", ("10", None)),
        ("0", "5", ("5", None)),
        ("", "", (None, None)),
    ],
)
def test_compare_at_is_the_price(
    root: Path, price: str, compare: str, expected: tuple[str | None, str | None]
) -> None:
    (item,) = variants(root, FIRST | {"Variant Price": price, "Variant Compare At Price": compare})
    answer = (item.price, item.sale_price)
    assert answer == tuple(None if each is None else Decimal(each) for each in expected)


def test_a_price_without_a_currency_is_left_out_with_a_warning(root: Path) -> None:
    free, priced = read(export(root, FIRST | {"Variant Price": ""}, NEXT | {"Variant Price": "12"}))
    assert isinstance(free, FeedRow) and isinstance(priced, FeedRow)
    assert free.warnings == ()
    (warning,) = priced.warnings
    assert "--currency" in warning
    assert isinstance(priced.item, CatalogItem) and priced.item.price is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Status": "draft"}, "a draft"),
        ({"Status": "Archived"}, "archived"),
        ({"Published": "FALSE"}, "not published"),
    ],
)
def test_what_shoppers_do_not_see_is_passed_over(
    root: Path, change: dict[str, str], reason: str
) -> None:
    other = FIRST | {"Handle": "other", "Variant SKU": "O-1"}
    rows = read(export(root, FIRST | change, PRICED, other), currency="EUR")
    assert [row.sku for row in rows if isinstance(row, Reject) and row.passed_over] == [
        "T-1",
        "T-2",
    ]
    assert all(reason in row.reason for row in rows[:2] if isinstance(row, Reject))
    assert isinstance(rows[2], FeedRow)


def test_a_product_whose_first_row_is_lost_is_rejected(root: Path) -> None:
    path = export(
        root, FIRST, PRICED, FIRST | {"Handle": "hat", "Type": "Hats", "Variant SKU": "H"}
    )
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1] + ",one,more", *lines[2:]]))
    rows = read(path, currency="EUR")
    assert [type(row) for row in rows] == [Reject, Reject, FeedRow]
    assert "cells; expected" in str(rows[0]) and "title: got nothing" in str(rows[1])


def test_a_row_without_a_handle(root: Path) -> None:
    rows = read(export(root, FIRST, NEXT | {"Handle": " "}, PRICED), currency="EUR")
    assert [type(row) for row in rows] == [FeedRow, Reject, FeedRow]


def test_columns_are_mapped(root: Path) -> None:
    rows = (FIRST | {"Tags": "silk", "Product Category": "Dresses"}, PRICED)
    items = variants(root, *rows, columns={"Tags": "material", "SEO Title": "pattern"})
    assert [item.material for item in items] == ["silk", "silk"]
    with pytest.raises(FeedError, match="nowhere"):
        read(export(root, *rows), currency="EUR", columns={"nowhere": "material"})


def test_words_of_kind_and_audience(root: Path) -> None:
    words = {"Google Shopping / Gender": "male", "Google Shopping / Age Group": "kids", "Type": "",
             "Google Shopping / Google Product Category": "Apparel & Accessories > Shoes"}  # fmt: skip
    (item,) = variants(root, FIRST | words)
    assert (item.audience, item.category) == (Audience.KIDS, Category.SHOE)
    assert item.merchant_category == "Apparel & Accessories > Shoes"


def test_the_newer_template(root: Path) -> None:
    renamed = {
        "Handle": "URL handle", "Body (HTML)": "Description", "Variant SKU": "SKU",
        "Variant Price": "Price", "Variant Compare At Price": "Compare-at price",
        "Image Src": "Product image URL", "Variant Image": "Variant image URL",
        "Published": "Published on online store", "Variant Inventory Qty": "Inventory quantity",
        "Variant Inventory Tracker": "Inventory tracker",
        "Variant Inventory Policy": "Continue selling when out of stock",
    }  # fmt: skip
    path = export(root, FIRST, PRICED)
    old = read(path, currency="EUR")
    header, _, rest = path.read_text().partition("\n")
    names = [renamed.get(name, name) for name in header.strip().split(",")]
    path.write_text(",".join(names) + "\n" + rest)
    assert read(path, currency="EUR") == old


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain & simple", "plain & simple"),
        ("<p>A</p>\n<p>B<br/>C</p>", "A\nB\nC"),
        ("<ul><li>A</li><li>&nbsp;</li><li>B&eacute;</li></ul>", "A\nBé"),
        ("<style>p{}</style>A<script>if (a<b) x()</script>B", "AB"),
        ("<![foo bar]>A", None),
        ("<p unclosed", "<p unclosed"),
        ("1 < 2", None),
        ("<" * 20_000, None),
        ("<div>" * 20_000 + "A", "A"),
    ],
)
def test_html(html: str, text: str | None) -> None:
    answer = text_of_html(html)
    assert answer == text if text is not None else "foo" not in answer
