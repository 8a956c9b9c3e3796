"""A merchant's words -> kinds, on titles and paths as shops write them."""

from __future__ import annotations

from index.feeds.categories import category_of
from tests.index.heldout_titles import HELD_OUT


def test_the_titles_written_before_the_table_are_read() -> None:
    wrong = {
        t: (kind, category_of(t)) for t, kind in HELD_OUT.items() if (category_of(t) or "") != kind
    }
    assert len(wrong) <= 0.05 * len(HELD_OUT), wrong
