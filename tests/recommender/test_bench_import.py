"""What `make bench-import` makes and tells; how long anything takes is not tested here."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console

from index.feeds.formats.folder import FolderFeed
from index.feeds.rows import FeedRow
from index.importing.reports import ImportReport
from index.model.progress import Event, Step
from recommender.bench.importing import Meter, Run, cut_outs, photos_of, table
from segmentation.common.cutouts import alone
from segmentation.common.photo import decode


def test_made_pictures_are_all_different_and_need_no_detector(tmp_path: Path) -> None:
    source = cut_outs(40, tmp_path)
    rows = list(FolderFeed(source).rows())
    assert len(rows) == 40 and all(isinstance(row, FeedRow) for row in rows)
    files = [path.read_bytes() for path in source.rglob("*.jpg")]
    assert len(set(files)) == 40
    needed = [data for data in files if alone(decode(data)) is None]
    assert needed == []


def test_photos_are_taken_of_every_kind(tmp_path: Path) -> None:
    for kind in ("dress", "hat"):
        (tmp_path / "all" / kind).mkdir(parents=True)
        for number in range(5):
            (tmp_path / "all" / kind / f"{number}.jpg").write_bytes(b"x")
    taken = photos_of(tmp_path / "all", 4, tmp_path / "some")
    counts = Counter(path.parent.name for path in taken.rglob("*.jpg"))
    assert counts == {"dress": 2, "hat": 2}


def test_the_table_tells_rate_stages_and_memory() -> None:
    meter = Meter(every=100)
    for done in (64, 128, 192, 256):
        meter(Event(Step.ENCODED, done, 256))
        meter(Event(Step.SWEPT, done, 256))
    assert [items for items, _ in meter.peaks_mb] == [128, 256]
    report = ImportReport(256, 0, 0, 0, 256, (), 1, 4.0)
    console = Console(width=90, record=True)
    console.print(table("Made", Run(report, meter, 2.56), 60.0))
    text = console.export_text()
    assert "64.0 (asked 60: met)" in text and "encode, measure" in text
    assert "10.0" in text, "CPU ms an item"
    assert "peak memory after 256 items" in text
