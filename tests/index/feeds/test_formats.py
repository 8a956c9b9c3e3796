"""The same shop in every format is the same items, however the file is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import FeedError
from index.feeds.detect import FORMATS, LOOKED_FOR, detect, open_feed
from index.feeds.rows import FeedOptions, FeedRow, LocalPicture
from tests.index.feeds.shop import SHOP, TABLES, WRITERS, items, pictures_in, read

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return pictures_in(tmp_path)


@pytest.mark.parametrize("kind", WRITERS)
def test_one_shop_in_every_format(root: Path, kind: str) -> None:
    write, name = WRITERS[kind]
    path = write(root / "feed.dat", SHOP)
    rows = read(path, currency="EUR")
    assert items(rows) == list(SHOP)
    assert detect(path) == name
    for row in rows:
        assert isinstance(row, FeedRow)
        assert all(isinstance(each, LocalPicture) for each in row.pictures)
        assert len(row.pictures) == 1 + len(SHOP[0].more_images) or row.item.sku[0] not in "M"
    assert rows == list(open_feed(path, FeedOptions(currency="EUR")).rows())


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind != "parquet"])
def test_byte_order_marks(root: Path, kind: str, encoding: str) -> None:
    if kind in ("google_rss", "google_atom") and encoding not in ("utf-8", "utf-16"):
        encoding = {"utf-8-sig": "utf-8"}.get(encoding, "utf-16")
    path = WRITERS[kind][0](root / "feed", SHOP, encoding=encoding)
    assert items(read(path, currency="EUR")) == list(SHOP)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("kind", TABLES)
def test_dialects(root: Path, kind: str, delimiter: str, quote: str, ending: str) -> None:
    path = WRITERS[kind][0](
        root / "feed", SHOP, delimiter=delimiter, quotechar=quote, lineterminator=ending,
        quoting=1 if quote == "'" else 0,
    )  # fmt: skip
    assert items(read(path, currency="EUR")) == list(SHOP)


@pytest.mark.parametrize("kind", TABLES)
def test_remarks_and_blank_lines_are_passed_over(root: Path, kind: str) -> None:
    path = WRITERS[kind][0](root / "feed", SHOP)
    lines = path.read_text()
    remark = '"# Required | The id, in ""quotes"",\nand more",# Required | x\n'
    blank = ("\t" if kind == "google_tsv" else ",") * 5
    path.write_text(f"\n{remark}\n{lines}\n\n{blank}\n")
    assert items(read(path, currency="EUR")) == list(SHOP)


def test_excel_names_its_separator(root: Path) -> None:
    path = WRITERS["own_csv"][0](root / "feed", SHOP, delimiter=";")
    path.write_text("sep=;\n" + path.read_text())
    rows = read(path)
    assert items(rows) == list(SHOP)
    assert [row.number for row in rows] == [3, 4, 5, 6]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_format_that_is_named_wins(root: Path, kind: str) -> None:
    write, name = WRITERS[kind]
    path = write(root / "feed", SHOP)
    assert open_feed(path, FeedOptions(name)).format == name


@pytest.mark.parametrize("kind", [*TABLES, "jsonl", "parquet", "google_rss"])
@pytest.mark.parametrize("other", [name for name in FORMATS if name != "folder"])
def test_a_wrong_format_is_refused_or_rejects(root: Path, kind: str, other: str) -> None:
    path = WRITERS[kind][0](root / "feed", SHOP)
    try:
        rows = read(path, format=other, currency="EUR")
    except FeedError as refused:
        assert refused.next_step
        return
    good = [row for row in rows if isinstance(row, FeedRow)]
    if kind == "shopify_csv":  # read as the table that it is: nothing is mixed up, less is known
        assert {row.item.sku for row in good} <= {item.sku for item in SHOP}
    else:
        assert items(rows) == list(SHOP) or not good


@pytest.mark.parametrize(
    "data",
    [b"<html><body>Not found</body></html>", b"hello",
     b"a,b,c\n1,2,3\n", b"id\ttitle\n1\t2\n", b"\xff\xd8\xff\xe0JFIF", b"[1, 2]", b"<", b"\xff\xfe"
     + "a,b".encode("utf-16-le"), b"<urlset><url/></urlset>"],
)  # fmt: skip
def test_an_unknown_format_says_what_was_looked_for(root: Path, data: bytes) -> None:
    path = root / "feed"
    path.write_bytes(data)
    with pytest.raises(FeedError) as refused:
        detect(path)
    assert all(name in refused.value.expected for name in LOOKED_FOR)


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08\0\0\0", b"PK\x03\x04zip"])
def test_a_broken_archive_is_told_as_such(root: Path, data: bytes) -> None:
    (root / "feed").write_bytes(data)
    with pytest.raises(FeedError, match="archive cannot be used"):
        detect(root / "feed")


@pytest.mark.parametrize("data", [b"", b"  \n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\n\0"])
def test_an_empty_feed(root: Path, data: bytes) -> None:
    path = root / "feed"
    path.write_bytes(data)
    with pytest.raises(FeedError, match="empty"):
        detect(path)


def test_the_end_of_a_name_means_nothing(root: Path) -> None:
    for kind, (write, name) in WRITERS.items():
        assert detect(write(root / "feed.xlsx", SHOP)) == name, kind
