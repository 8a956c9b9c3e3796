"""A feed that nobody has seen: what its columns may mean, by names and values."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import openpyxl
import pytest

from index.errors import FeedError
from index.feeds.detect import open_feed
from index.feeds.rows import FeedOptions, FeedRow
from index.feeds.suggesting import suggest

ROWS = [
    {"Nr": f"A{n}", "Was": title, "Kosten": price, "Zeigt": f"https://x.example/{n}.jpg", "Ton": colour, "Wer": who}
    for n, (title, price, colour, who) in enumerate(
        [("Red wool dress", "49,90", "rot", "Damen"), ("Blue linen shirt", "1.019,90", "blau", "Herren"),
         ("Grey felt hat", "9,50", "grau", "Damen")]
    )
]  # fmt: skip
FIELDS = {
    "Nr": "sku",
    "Was": "title",
    "Kosten": "price",
    "Zeigt": "image",
    "Ton": "colour",
    "Wer": "audience",
}


def written(folder: Path, kind: str) -> Path:
    path = folder / f"feed.{kind}"
    if kind == "json":
        path.write_text(json.dumps(ROWS))
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(list(ROWS[0]))
        for row in ROWS:
            book.active.append(list(row.values()))
        book.save(path)
    else:
        lines = [";".join(ROWS[0]), *(";".join(row.values()) for row in ROWS)]
        path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_columns_are_told_by_what_stands_in_them(tmp_path: Path, kind: str) -> None:
    proposal = suggest(written(tmp_path, kind))
    assert {each.column: each.field for each in proposal.suggestions} == FIELDS
    assert proposal.missing == ()


def test_a_proposal_imports_what_it_was_made_for(tmp_path: Path) -> None:
    path = written(tmp_path, "csv")
    with pytest.raises(FeedError, match="--suggest-map"):
        open_feed(path)
    words = suggest(path).options
    columns = dict(word.split("=") for word in words if word != "--map")
    rows = list(open_feed(path, FeedOptions(columns=columns, currency="EUR")).rows())
    assert [row.item.sku for row in rows if isinstance(row, FeedRow)] == ["A0", "A1", "A2"]


def test_names_go_before_values_and_what_is_missing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text("Artikelnummer,Farbe,Preis\nrot,38,10\nblau,40,12\n")
    proposal = suggest(path)
    assert [each.field for each in proposal.suggestions] == ["sku", "colour", "price"]
    assert (proposal.options, proposal.missing) == ((), ("title", "image"))


def test_what_cannot_be_looked_at_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "feed.csv.gz"
    packed.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    for path in (tmp_path / "nowhere", tmp_path, packed):
        with pytest.raises(FeedError, match="cannot be looked at"):
            suggest(path)


@pytest.mark.parametrize("text", ["", "a\n", "<html></html>", "{}"])
def test_what_has_no_records_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "feed").write_text(text)
    with pytest.raises(FeedError):
        suggest(tmp_path / "feed")
