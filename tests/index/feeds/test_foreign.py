"""What is no garment is passed over, and its picture is never asked what garment it is."""

from __future__ import annotations

import json
from pathlib import Path

from index.feeds.detect import open_feed
from index.feeds.rows import FeedRow, Reject
from index.model.items import Unplaced
from tests.index.conftest import picture


def test_a_ring_is_passed_over_and_a_thing_without_a_kind_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture((9, 9, 9)))
    rows = [
        {"sku": "1", "title": "Gold ring", "image": "a.png"},
        {"sku": "2", "title": "Model 501", "image": "a.png"},
        {
            "sku": "3",
            "title": "Silk",
            "category": "Apparel & Accessories > Jewelry",
            "image": "a.png",
        },
    ]
    feed = tmp_path / "feed.jsonl"
    feed.write_text("\n".join(map(json.dumps, rows)))
    ring, model, _ = open_feed(feed).rows()
    assert isinstance(ring, Reject)
    assert ring.passed_over
    assert "'Gold ring'" in ring.reason
    assert isinstance(model, FeedRow)
    assert isinstance(model.item, Unplaced)


def test_a_folder_of_towels_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "towels").mkdir()
    (tmp_path / "towels" / "a.png").write_bytes(picture((9, 9, 9)))
    (row,) = open_feed(tmp_path).rows()
    assert isinstance(row, Reject)
    assert row.passed_over
