"""XML: read item by item, and nothing that it could be made to fetch or expand."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from index.errors import FeedError
from index.feeds.detect import open_feed
from index.feeds.documents.xml_document import MAX_ITEM, MENDED
from index.feeds.rows import FeedRow, Reject
from index.model.items import CatalogItem
from tests.index.feeds.shop import read

HEAD = '<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel><title>Shop</title>'
ITEM = "<item><g:id>{n}</g:id><title>Dress</title><g:image_link>a.jpg</g:image_link>{more}</item>"
TAIL = "</channel></rss>"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.jpg").write_bytes(b"picture")
    (tmp_path / "b.jpg").write_bytes(b"picture")
    return tmp_path


def feed(root: Path, text: str | bytes, **options: str) -> list[FeedRow | Reject]:
    path = root / "feed.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, **options)


def rss(*items: str) -> str:
    return HEAD + "".join(items) + TAIL


def test_googles_names_hide_plain_ones(root: Path) -> None:
    more = "<link>https://shop.example/x</link><g:title>Long Skirt</g:title><id>other</id>"
    (row,) = feed(root, rss(ITEM.format(n=1, more=more)))
    assert isinstance(row, FeedRow) and isinstance(row.item, CatalogItem)
    assert (row.item.sku, row.item.title) == ("1", "Long Skirt")
    assert row.item.link == "https://shop.example/x"


def test_atoms_links_and_foreign_names(root: Path) -> None:
    (row,) = feed(
        root,
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0" '
        'xmlns:m="urn:media"><id>tag:shop</id><entry><id>tag:x</id><g:id>7</g:id>'
        '<title>Dress</title><link rel="self" href="https://shop.example/self"/>'
        '<link href="https://shop.example/7"/><summary>Soft</summary><m:title>No</m:title>'
        "<g:image_link>a.jpg</g:image_link></entry></feed>",
    )
    assert isinstance(row, FeedRow) and isinstance(row.item, CatalogItem)
    assert (row.item.sku, row.item.link) == ("7", "https://shop.example/7")
    assert (row.item.title, row.item.description) == ("Dress", "Soft")


def test_a_bad_item_disturbs_nobody(root: Path) -> None:
    rows = feed(
        root,
        rss(
            ITEM.format(n=1, more="<g:price>1.234 EUR</g:price>"),
            ITEM.format(n=2, more="<title>Twice</title>"),
            "<item/>",
            "<item><g:shipping><g:price>1</g:price></g:shipping></item>",
            ITEM.format(n=5, more="<g:additional_image_link>b.jpg</g:additional_image_link>"),
        ),
    )
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [type(row) for row in rows] == [Reject, Reject, Reject, Reject, FeedRow]
    assert [row.sku for row in rows if isinstance(row, Reject)] == ["1", "2", "", ""]


ENTITIES = (
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(ITEM.format(n="&x;", more="")),
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + rss("&b;"),
    '<!DOCTYPE rss [<!ELEMENT rss ANY> <!-- > -->\n<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>'
    + rss(),
    "<!DOCTYPE rss [" + " " * 70_000 + '<!ENTITY x "y">]>' + rss(),
)


@pytest.mark.parametrize("text", ENTITIES)
@pytest.mark.parametrize("format_", ["", "google", "xml"])
def test_entities_are_refused(root: Path, text: str, format_: str) -> None:
    with pytest.raises(FeedError, match="refused"):
        feed(root, text, format=format_)


@pytest.mark.parametrize(
    "type_",
    [
        "<!DOCTYPE rss>",
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE rss PUBLIC "-//X//Y" "x.dtd" [<!ELEMENT rss ANY>]>',
    ],
)
def test_other_document_types_are_never_loaded(root: Path, type_: str) -> None:
    (row,) = feed(root, type_ + rss(ITEM.format(n=1, more="")))
    assert isinstance(row, FeedRow) and row.item.sku == "1"


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("A & B Dress", "A & B Dress"),
        ("H&M Dress", "H&M Dress"),
        ("Caf&eacute; Dress", "Café Dress"),
        ("No&nosuch;thing Dress", "No&nosuch;thing Dress"),
        ("Red\x01Dress", "Red Dress"),
        ("Red&#2;Dress", "Red Dress"),
        ("Red&nbsp;Dress", "Red Dress"),
    ],
)
def test_what_is_no_xml_is_mended_and_told_of_its_row(root: Path, title: str, read: str) -> None:
    bad = ITEM.format(n=2, more="").replace(">Dress<", f">{title}<")
    rows = feed(root, rss(ITEM.format(n=1, more=""), bad, ITEM.format(n=3, more="")))
    items = [row.item for row in rows if isinstance(row, FeedRow)]
    assert [item.title for item in items if isinstance(item, CatalogItem)] == [
        "Dress",
        read,
        "Dress",
    ]
    assert [row.warnings for row in rows if isinstance(row, FeedRow)] == [(), (MENDED,), ()]


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("<![CDATA[A & B &eacute; <b>Dress</b>]]>", "A & B é Dress"),
        ("A &amp;amp; B Dress", "A & B Dress"),
        ("Red<br/>Dress", "Red Dress"),
        ("Red\nDress", "Red Dress"),
        ("Red <!-- & not --> Dress", "Red Dress"),
    ],
)
def test_what_is_xml_is_read_without_a_warning(root: Path, title: str, read: str) -> None:
    (row,) = feed(root, rss(ITEM.format(n=1, more="").replace(">Dress<", f">{title}<")))
    assert isinstance(row, FeedRow) and isinstance(row.item, CatalogItem)
    assert (row.item.title, row.warnings) == (read, ())


def test_a_prefix_that_nobody_declared_is_googles(root: Path) -> None:
    (row,) = feed(
        root, rss(ITEM.format(n=1, more="")).replace(' xmlns:g="http://base.google.com/ns/1.0"', "")
    )
    assert isinstance(row, FeedRow) and row.item.sku == "1"


def test_an_empty_element_hides_nothing(root: Path) -> None:
    more = "<g:title/><g:description> </g:description><description>Soft</description>"
    (row,) = feed(root, rss(ITEM.format(n=1, more=more)))
    assert isinstance(row, FeedRow) and isinstance(row.item, CatalogItem)
    assert (row.item.title, row.item.description) == ("Dress", "Soft")


@pytest.mark.parametrize("cut", [3, 20, 60, 100])
def test_a_mend_is_found_wherever_a_chunk_ends(
    root: Path, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.feeds.documents.mending._CHUNK", cut)
    text = rss(*(ITEM.format(n=f"a&{n}", more="<![CDATA[x & y]]><!-- & -->") for n in range(9)))
    rows = feed(root, "<!DOCTYPE rss [ <!ELEMENT a ANY> ]>" + text)
    assert [row.item.sku for row in rows if isinstance(row, FeedRow)] == [
        f"a&{n}" for n in range(9)
    ]


@pytest.mark.parametrize(
    "text",
    [
        rss(ITEM.format(n=1, more=""))[:-20],
        rss(ITEM.format(n=1, more=""))[:-90],
        rss(ITEM.format(n=1, more="<g:size>")),
        '<?xml version="1.0" encoding="klingon"?>' + rss(),
        '<?xml version="1.0" encoding="utf-16"?>' + rss(),
    ],
)
def test_broken_xml_is_refused_as_a_whole(root: Path, text: str) -> None:
    with pytest.raises(FeedError):
        feed(root, text, format="google")


def test_other_encodings_are_declared(root: Path) -> None:
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?>' + rss(ITEM.format(n="ä", more=""))
    (row,) = feed(root, declared.encode("latin-1"))
    assert isinstance(row, FeedRow) and row.item.sku == "ä"


def test_an_item_without_end_is_not_held(root: Path) -> None:
    with pytest.raises(FeedError, match="too large"):
        feed(root, rss("<item><title>" + "x" * (MAX_ITEM + (1 << 17))))
    deep = rss("<a>" * 50_000 + "</a>" * 50_000, ITEM.format(n=1, more=""))
    with pytest.raises(FeedError, match="well-formed"):
        feed(root, deep)


def test_memory_does_not_grow_with_the_feed(root: Path) -> None:
    def peak(count: int) -> int:
        path = root / "feed.xml"
        with path.open("w") as file:
            file.write(HEAD)
            for n in range(count):
                file.write(ITEM.format(n=n, more=f"<description>{'x' * 1000}</description>"))
            file.write(TAIL)
        tracemalloc.start()
        assert sum(isinstance(row, FeedRow) for row in open_feed(path).rows()) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    small, large = peak(200), peak(1500)
    assert large < small + 300_000  # the larger feed has 1.5 MB more
