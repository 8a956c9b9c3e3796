"""Parquet: numbers as they were meant, lists, and files that are damaged."""

from __future__ import annotations

import io
import resource
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import FeedError
from index.feeds.detect import open_feed
from index.feeds.formats import parquet
from index.feeds.rows import FeedOptions, FeedRow, Reject
from index.model.items import CatalogItem
from tests.index.feeds.shop import read

BASE = {"sku": ["1"], "title": ["Dress"], "image": ["a.jpg"]}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parquet")
    for name in ("a.jpg", "b,c.jpg"):
        (folder / name).write_bytes(b"picture")
    return folder


def feed(root: Path, table: dict[str, Any], **options: Any) -> list[FeedRow | Reject]:
    path = root / "feed"
    pq.write_table(pa.table(table), path)
    return read(path, **options)


def one(rows: list[FeedRow | Reject]) -> CatalogItem:
    (row,) = rows
    assert isinstance(row, FeedRow), row
    assert isinstance(row.item, CatalogItem)
    return row.item


@pytest.mark.parametrize(
    ("column", "price"),
    [
        (pa.array([49.9]), "49.9"),
        (pa.array([49.9], pa.float32()), "49.9"),
        (pa.array([49]), "49"),
        (pa.array([Decimal("49.90")], pa.decimal128(10, 2)), "49.90"),
        (pa.array(["49,90 EUR"]), "49.90"),
        (pa.array(["49,90 EUR"]).dictionary_encode(), "49.90"),
        (pa.array([None], pa.float64()), None),
        (pa.array([float("nan")]), None),
    ],
)
def test_prices(root: Path, column: Any, price: str | None) -> None:
    item = one(feed(root, BASE | {"price": column}, currency="EUR"))
    assert item.price == (None if price is None else Decimal(price))


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"price": [float("inf")]}, "price"),
        ({"title": [b"Dress"]}, "title: got bytes"),
        ({"title": [True]}, "bool"),
        ({"title": [["Dress"]]}, "list"),
        ({"image": [["../x.jpg"]]}, "inside"),
    ],
)
def test_values_of_other_types_are_rejects(
    root: Path, columns: dict[str, Any], reason: str
) -> None:
    (row,) = feed(root, BASE | columns, currency="EUR")
    assert isinstance(row, Reject) and reason in row.reason


def test_lists_and_structures(root: Path) -> None:
    lists = {"sizes": [["S", "M"]], "more_images": [["b,c.jpg", "a.jpg"]], "unknown": [{"a": [1]}]}
    item = one(feed(root, BASE | lists))
    assert (item.sizes, item.more_images) == (("S", "M"), ("b,c.jpg",))
    named = {"id": [7], "title": ["Dress"], "image[0].url": ["a.jpg"], "a.b": [1]}
    assert one(feed(root, named)).sku == "7"
    structured = {"id": [7], "title": ["Dress"], "image": [[{"url": "a.jpg"}]]}
    assert one(feed(root, structured)).image == "a.jpg"
    mapped = {"Nr": ["7"], "title": ["Dress"], "image": ["a.jpg"]}
    assert one(feed(root, mapped, columns={"Nr": "sku"})).sku == "7"


def test_columns_that_are_refused(root: Path) -> None:
    with pytest.raises(FeedError, match="columns for title, image"):
        feed(root, {"sku": ["1"]})
    twice = pa.Table.from_arrays([pa.array(["x"])] * 5, ["sku", "title", "image", "image", "a"])
    pq.write_table(twice, root / "feed")
    with pytest.raises(FeedError, match="each column once"):
        read(root / "feed")


def test_no_rows(root: Path) -> None:
    assert feed(root, {name: pa.array([], pa.string()) for name in BASE}) == []


def many(root: Path) -> bytes:
    count = 400
    buffer = io.BytesIO()
    columns = {
        "sku": [str(n) for n in range(count)], "title": ["Dress"] * count,
        "image": ["a.jpg"] * count, "price": [n + 0.5 for n in range(count)],
        "sizes": [["S", "M"]] * count,
    }  # fmt: skip
    pq.write_table(pa.table(columns), buffer, row_group_size=150)
    return buffer.getvalue()


def test_row_groups_are_read_in_order(root: Path) -> None:
    path = root / "feed"
    path.write_bytes(many(root))
    rows = read(path, currency="EUR")
    assert [row.number for row in rows] == list(range(1, 401))
    assert [row.item.sku for row in rows if isinstance(row, FeedRow)] == [
        str(n) for n in range(400)
    ]


@settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damage_is_refused(root: Path, data: st.DataObject) -> None:
    content = bytearray(many(root))
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[at] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del content[at:]
    path = root / "damaged"
    path.write_bytes(content)
    try:
        for row in open_feed(path, FeedOptions("parquet", currency="EUR")).rows():
            assert isinstance(row, FeedRow | Reject)
    except FeedError as refused:
        assert refused.next_step


def test_rows_that_share_a_huge_cell_cost_what_one_does(root: Path) -> None:
    """200 titles of 64 MB are one value in a file of kilobytes, and were 4.4 GB in memory."""
    titles = pa.DictionaryArray.from_arrays(
        pa.array([0] * 200 + [1], pa.int32()), pa.array(["x" * (64 << 20), "Dress"])
    )
    table = pa.table(
        {"sku": [str(n) for n in range(201)], "title": titles, "image": ["a.jpg"] * 201}
    )
    path = root / "huge"
    pq.write_table(table, path, compression="zstd")
    assert path.stat().st_size < 50_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = read(path)
    assert all(
        isinstance(row, Reject) and row.reason.startswith("title: got 100001") for row in rows[:200]
    )
    assert isinstance(rows[200], FeedRow) and rows[200].number == 201
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 << 10  # kilobytes


@pytest.mark.parametrize("kind", ["plain", "lists"])
def test_what_takes_too_much_is_refused_and_harms_nobody(
    root: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "MEMORY_BYTES", 200 << 20)
    cell: Any = ["x" * (8 << 20)] if kind == "plain" else [["x" * 40] * (1 << 16)]
    table = pa.table(
        {"sku": [str(n) for n in range(60)], "title": cell * 60, "image": ["a.jpg"] * 60}
    )
    path = root / "much"
    pq.write_table(table, path, compression="zstd", use_dictionary=False)
    with pytest.raises(FeedError, match="takes too much") as refused:
        read(path)
    assert "cells" in refused.value.next_step


def test_rows_that_take_no_bytes_are_counted_first(root: Path) -> None:
    count = 3_000_000
    table = pa.table({name: pa.nulls(count, pa.string()) for name in ("sku", "title", "image")})
    path = root / "nothing"
    pq.write_table(table, path)
    with pytest.raises(FeedError, match="takes too much"):
        read(path)


def test_a_reader_leaves_with_whoever_reads(root: Path) -> None:
    path = root / "feed"
    path.write_bytes(many(root))
    rows = open_feed(path, FeedOptions("parquet", currency="EUR")).rows()
    next(rows)
    assert [each for each in command_lines_of_children() if "parquet_child" in each]
    rows.close()  # type: ignore[attr-defined]  # it is a generator
    assert not [each for each in command_lines_of_children() if "parquet_child" in each]


def command_lines_of_children() -> list[str]:
    """Return the command lines of this process's children."""
    found = []
    for task in Path("/proc/self/task").glob("*/children"):
        for pid in task.read_text(encoding="ascii").split():
            found.append(Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace"))
    return found
