"""Whatever stands in a feed: an item as it was written, or a reject, or a refusal. Nothing else."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import FeedError
from index.feeds.categories.matching import category_of, is_foreign
from index.feeds.detect import FORMATS, open_feed
from index.feeds.fields.field_texts import as_read
from index.feeds.fields.pictures import PathRefused
from index.feeds.rows import FeedOptions, FeedRow, Reject
from index.model.items import BEHIND_SKU, Audience, Availability, CatalogItem, Unplaced
from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Category
from tests.index.feeds.shop import PICTURES, SHOP, TABLES, WRITERS, items, pictures_in, read

SETTINGS = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
signs = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp"))
texts = st.text(signs | st.sampled_from("=+-@\"',;|"), max_size=30).map(
    lambda text: as_read(" ".join(text.split()))
)
words = (
    st.text(signs, min_size=1, max_size=20).map(lambda text: " ".join(text.split())).map(as_read)
).filter(bool)
known_words = words.filter(lambda text: not is_foreign(text))  # else the row is passed over
skus = words.filter(lambda text: text not in (".", "..") and not text.endswith(BEHIND_SKU))
plain = words.filter(lambda text: not set(text) & set("/,|;"))
colours = st.sampled_from([*PALETTE, "Zorblax"])
prices = st.decimals(0, 10**8, places=2)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pictures_in(tmp_path_factory.mktemp("feeds"))


@st.composite
def catalogue_items(draw: st.DrawFn) -> CatalogItem:
    price = draw(st.none() | prices)
    sale_price = draw(st.none() | st.just(price / 2)) if price and price % 1 == 0 else None
    pictures = draw(st.lists(st.sampled_from(PICTURES), min_size=1, max_size=5, unique=True))
    main, second = draw(colours), draw(colours)
    item = CatalogItem(
        sku=draw(skus),
        title=draw(known_words),
        category=Category.TOP,
        image=pictures[0],
        more_images=tuple(pictures[1:]),
        description=draw(st.lists(texts, max_size=3).map("\n".join).map(str.strip)),
        brand=draw(texts),
        price=price,
        currency="" if price is None else draw(st.sampled_from(("EUR", "JPY", "KWD", "CHF"))),
        sale_price=sale_price,
        availability=draw(st.sampled_from(Availability)),
        audience=draw(st.sampled_from(Audience)),
        colour=main,
        second_colour=second if second != main else "",
        pattern=draw(texts),
        material=draw(texts),
        sizes=tuple(draw(st.lists(plain, max_size=3, unique=True))),
        link=draw(st.sampled_from(("", "https://shop.example/a?b=c,d&e=f"))),
        group=draw(texts),
        merchant_category=draw(st.sampled_from(("Women > Dresses", "Shoes")) | known_words),
    )
    category = category_of(item.merchant_category, item.title)
    return replace(item, category=category or Category.TOP)


def comparable(item: CatalogItem | Unplaced) -> dict[str, Any]:
    """Return what an item says; one without a known kind is compared by all else."""
    if isinstance(item, Unplaced):
        return {**item.fields, "sku": item.sku}
    return {each.name: getattr(item, each.name) for each in fields(item)}


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind != "shopify_csv"])
@SETTINGS
@given(shop=st.lists(catalogue_items(), min_size=1, max_size=4))
def test_what_is_written_is_read(root: Path, kind: str, shop: list[CatalogItem]) -> None:
    rows = read(WRITERS[kind][0](root / f"{kind}.dat", shop))
    for row, written in zip(rows, shop, strict=True):
        assert isinstance(row, FeedRow), row
        answer, expected = comparable(row.item), comparable(written)
        assert {name: expected[name] for name in answer} == answer
        known = category_of(written.merchant_category, written.title)
        assert isinstance(row.item, CatalogItem) is (known is not None)


@st.composite
def shopify_shops(draw: st.DrawFn) -> list[CatalogItem]:
    shop = draw(st.lists(catalogue_items(), min_size=1, max_size=3))
    handles = [f"product-{n}" for n in range(len(shop))]
    money = [draw(prices) + 1 for _ in shop]
    return [
        replace(
            item, group=handle, link="", pattern="", price=price, currency="EUR",
            sale_price=draw(st.none() | st.just(price - Decimal("0.5"))),
            availability=draw(st.sampled_from([a for a in Availability if a != "preorder"])),
            audience=draw(st.sampled_from((Audience.WOMEN, Audience.MEN, Audience.KIDS))),
            description=" ".join(item.description.split()), sizes=item.sizes[:1],
            category=category_of(item.merchant_category, item.title) or Category.TOP,
        )
        for item, handle, price in zip(shop, handles, money, strict=True)
    ]  # fmt: skip


@SETTINGS
@given(shop=shopify_shops())
def test_what_shopify_exports_is_read(root: Path, shop: list[CatalogItem]) -> None:
    rows = read(WRITERS["shopify_csv"][0](root / "shopify.dat", shop), currency="EUR")
    for row, written in zip(rows, shop, strict=True):
        assert isinstance(row, FeedRow), row
        answer, expected = comparable(row.item), comparable(written)
        assert {name: expected[name] for name in answer} == answer


def cells_of(path: Path, kind: str) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file, delimiter="\t" if kind == "google_tsv" else ","))


def write_cells(path: Path, kind: str, rows: Sequence[Sequence[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter="\t" if kind == "google_tsv" else ",").writerows(rows)
    path.write_bytes(buffer.getvalue().encode(errors="surrogateescape"))


@pytest.mark.parametrize("kind", TABLES)
@SETTINGS
@given(seed=st.integers(0, 10**6), noise=st.lists(texts, min_size=4, max_size=4))
def test_columns_in_any_order_with_unknown_ones_between(
    root: Path, kind: str, seed: int, noise: list[str]
) -> None:
    path = WRITERS[kind][0](root / f"{kind}.dat", SHOP)
    header, *rows = cells_of(path, kind)
    columns = [*range(len(header)), -1, -2]  # two columns that nobody knows, of the same name
    random.Random(seed).shuffle(columns)
    mixed = [
        [row[at] if at >= 0 else name for at in columns]
        for row, name in zip([header, *rows], ["x y z", *noise, *noise], strict=False)
    ]
    write_cells(path, kind, mixed)
    assert items(read(path, currency="EUR")) == list(SHOP)


@pytest.mark.parametrize("kind", TABLES)
@SETTINGS
@given(data=st.data())
def test_cells_too_many_or_too_few_shift_nobody(root: Path, kind: str, data: st.DataObject) -> None:
    path = WRITERS[kind][0](root / f"{kind}.dat", SHOP)
    header, *rows = cells_of(path, kind)
    bad = data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1))
    for at in bad:
        place = data.draw(st.integers(0, len(header) - 1))
        if data.draw(st.booleans()):
            rows[at].insert(place, data.draw(texts))
        else:
            rows[at] = rows[at][:place] if place else []
    write_cells(path, kind, [header, *rows])
    found = read(path, currency="EUR")
    assert_nothing_shifted(found)
    whole = [row for row in found if isinstance(row, Reject) and "cells; expected" in row.reason]
    assert len(whole) == sum(len(rows[at]) > 0 and any(map(str.strip, rows[at])) for at in bad)
    if kind != "shopify_csv":
        good = [item for at, item in enumerate(SHOP) if at not in bad]
        assert [row.item for row in found if isinstance(row, FeedRow)] == good


def assert_nothing_shifted(rows: Sequence[FeedRow | Reject]) -> None:
    """Every item says of every field what the shop says, or nothing."""
    shop = {item.sku: comparable(item) for item in SHOP}
    for row in rows:
        if isinstance(row, FeedRow):
            answer, written = comparable(row.item), shop[row.item.sku]
            for name, value in answer.items():
                usual = value in ("", None, (), Availability.IN_STOCK, Audience.UNKNOWN)
                assert usual or value == written[name] or name == "more_images", (name, value)


@pytest.mark.parametrize("kind", TABLES)
@SETTINGS
@given(data=st.data())
def test_stray_quotes_cost_their_own_rows(root: Path, kind: str, data: st.DataObject) -> None:
    """A quote that is opened and never closed must not take the rows after it."""
    path = WRITERS[kind][0](root / f"{kind}.dat", SHOP)
    lines = path.read_bytes().split(b"\r\n")
    title = data.draw(st.sampled_from([b"Soft", b"Quote", b"Open"]))
    delimiter = b"\t" if kind == "google_tsv" else b","
    broken = b'x"' + delimiter + b'"' + title + delimiter + b"more"
    at = data.draw(st.sampled_from([n for n, line in enumerate(lines) if n and line]))
    before = items(read(path, currency="EUR"))
    path.write_bytes(b"\r\n".join([*lines[:at], broken, *lines[at:]]))
    after = items(read(path, currency="EUR"))
    assert [item for item in after if not isinstance(item, str)] == before
    assert len(after) == len(before) + 1


@pytest.mark.parametrize("kind", WRITERS)
@settings(SETTINGS, max_examples=40)
@given(data=st.data())
def test_damaged_files_are_refused_or_rejected(root: Path, kind: str, data: st.DataObject) -> None:
    path = WRITERS[kind][0](root / f"{kind}.dat", SHOP)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content)))
    match data.draw(st.sampled_from(["cut", "insert", "flip", "drop"])):
        case "cut":
            del content[at:]
        case "insert":
            special = st.sampled_from(
                [b"\0", b'"', b"\xff", b"\n", b"\r", b"<", b"&", b"]]>", b"\x1a"]
            )
            content[at:at] = data.draw(special | st.binary(max_size=20))
        case "flip" if at < len(content):
            content[at] ^= 1 << data.draw(st.integers(0, 7))
        case _:
            del content[at : at + data.draw(st.integers(1, 50))]
    path.write_bytes(content)
    read_or_refuse(path, currency="EUR")


def read_or_refuse(path: Path, **options: Any) -> list[FeedRow | Reject]:
    rows: list[FeedRow | Reject] = []
    try:
        for row in open_feed(path, FeedOptions(**options)).rows():
            rows.append(row)  # what came before a refusal counts too
    except FeedError as refused:
        assert refused.next_step
    numbers = [row.number for row in rows]
    assert len(set(numbers)) == len(numbers)
    for row in rows:
        if isinstance(row, Reject):
            assert row.reason and len(row.sku) <= 200
        else:
            assert row.pictures
    return rows


@pytest.mark.parametrize("format_", ["", *(name for name in FORMATS if name != "folder")])
@settings(SETTINGS, max_examples=40)
@given(
    start=st.sampled_from(
        [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PAR1", b"<rss>", b"{", b"<?xml version='1.0'?>",
         b"id,title,image_link\n", b"id\ttitle\timage_link\n", b"Handle,Title,Image Src\n",
         "id,title,image_link\n".encode("utf-16")]
    ),
    rest=st.binary(max_size=300) | st.text('",;\t\n\r\0ab', max_size=200).map(str.encode),
)  # fmt: skip
def test_random_bytes(root: Path, format_: str, start: bytes, rest: bytes) -> None:
    path = root / "random"
    path.write_bytes(start + rest)
    read_or_refuse(path, format=format_, currency="EUR")


NAMES = st.sampled_from(
    ["../secret.jpg", "more/../../secret.jpg", "/etc/passwd", "C:\\x.jpg", "out.jpg", "away/secret.jpg",
     "ftp://shop.example/a.jpg", "https://", "file:///etc/passwd", "missing.jpg", "..\\secret.jpg", "more"]
)  # fmt: skip


@pytest.mark.parametrize("kind", WRITERS)
@SETTINGS
@given(name=NAMES)
def test_pictures_outside_the_feed(root: Path, kind: str, name: str) -> None:
    secret = root.parent / "secret.jpg"
    secret.write_bytes(b"secret")
    for link, target in (("out.jpg", secret), ("away", root.parent)):
        if not (root / link).is_symlink():
            (root / link).symlink_to(target)
    bad = replace(SHOP[2], image=name, sku="bad", group="bad")
    further = replace(SHOP[2], more_images=(name,), sku="half", group="half")
    shop = [SHOP[0], bad, further, SHOP[3]]
    rows = read(WRITERS[kind][0](root / f"{kind}.dat", shop), currency="EUR")
    good = [row for row in rows if isinstance(row, FeedRow)]
    assert [row.item for row in good] == [SHOP[0], further, SHOP[3]]
    (reject,) = (row for row in rows if isinstance(row, Reject))
    assert reject.sku == "bad" and "picture" in reject.reason
    main, refused = good[1].pictures
    assert main.read() == b"picture"
    for ask in (refused.read, refused.digest):
        with pytest.raises(PathRefused) as answer:
            ask()
        assert str(answer.value) == reject.reason.partition(" (line")[0]


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"description": "x" * 100_001}, "100000|100,?000"),
        ({"title": "x" * 501}, "500"),
        ({"description": ("x," * 250 + '"\n') * 400}, "100000"),
    ],
)
def test_huge_cells(root: Path, kind: str, change: dict[str, Any], reason: str) -> None:
    if kind == "shopify_csv" and "description" in change:
        change = {"description": "&" * 30_000}  # five characters each, once written as HTML
        reason = "100000"
    bad = replace(SHOP[2], sku="bad", group="bad", **change)
    path = WRITERS[kind][0](root / f"{kind}.dat", [SHOP[0], bad, SHOP[3]])
    rows = read(path, currency="EUR")
    first, *others, last = rows
    assert [row.item for row in (first, last) if isinstance(row, FeedRow)] == [SHOP[0], SHOP[3]]
    (found,) = others
    if isinstance(found, FeedRow):  # an item can do without a description
        assert "description" in change and comparable(found.item)["description"] == ""
    (answer,) = found.warnings if isinstance(found, FeedRow) else (found.reason,)
    assert re.search(reason, answer), answer


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if not kind.startswith("google_r")])
@pytest.mark.parametrize(
    ("change", "field", "value", "reason"),
    [
        ({"title": "a\0b"}, "title", "a b", "control characters"),
        ({"material": "x" * 201}, "material", "", "200 at most"),
        ({"sizes": ("x" * 51,)}, "sizes", (), "50 at most"),
    ],
)
def test_what_an_item_can_do_without_costs_no_row(
    root: Path, kind: str, change: dict[str, Any], field: str, value: object, reason: str
) -> None:
    if kind == "google_atom" and field == "title":
        return  # no XML can hold one
    path = WRITERS[kind][0](root / f"{kind}.dat", [replace(SHOP[2], **change)])
    (row,) = read(path, currency="EUR")
    if kind == "shopify_csv" and field == "material":
        return  # Shopify's export has no such column
    assert isinstance(row, FeedRow)
    assert comparable(row.item)[field] == value
    assert any(reason in warning for warning in row.warnings)
