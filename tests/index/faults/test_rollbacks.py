"""Going back, again and again, while questions are answered, and past what is damaged."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from index.errors import IndexDamaged, IndexMissing
from index.files.manifest import FileRecord, Manifest
from index.generations.generations import KEPT
from index.stores import write_facts
from tests.index.conftest import Shop


@pytest.fixture
def aged(shop: Shop) -> Shop:
    """Return a shop at generation 5; generation n holds s1 to sn."""
    for newest in range(1, 6):
        shop.write(*(shop.row(n) for n in range(1, newest + 1)))
        shop.run()
    assert shop.indexer().generations.numbers() == [3, 4, 5]
    return shop


def require_served(shop: Shop, number: int) -> None:
    """Check that a server begun now answers from a generation, with all that it holds."""
    searcher = shop.searcher()
    assert searcher.generation().number == number
    assert shop.indexer().generations.verify().number == number
    for n in range(1, number + 1):
        assert searcher.nearest(shop.query(n), 1)[0].item.sku == f"s{n}"


def damage(shop: Shop, number: int) -> None:
    path = shop.home / "index" / "generations" / str(number) / "vectors.faiss"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def test_back_to_the_oldest_kept_and_forward_by_the_next_build(aged: Shop) -> None:
    running = aged.searcher()
    for number in (4, 3):
        assert aged.rollback().number == number
        require_served(aged, number)
        assert running.generation().number == number
    with pytest.raises(IndexMissing, match="recommender index build"):
        aged.rollback()
    require_served(aged, 3)
    assert aged.indexer().rebuild().generation.number == 6
    assert running.nearest(aged.query(5), 1)[0].item.sku == "s5"
    assert aged.rollback().number == 3, "what was rolled back is not gone back to"
    assert aged.run().generation == 7, "an import that changes nothing goes forward too"
    assert running.nearest(aged.query(5), 1)[0].item.sku == "s5"
    assert len(aged.indexer().generations.numbers()) <= KEPT


def test_during_serving_no_question_fails(aged: Shop) -> None:
    running, stop = aged.searcher(), threading.Event()
    seen: set[int] = set()
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            while not stop.is_set():
                for n in (1, 2, 3):
                    assert running.nearest(aged.query(n), 1)[0].item.sku == f"s{n}"
                seen.add(running.generation().number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for newest in (6, 7, 8, 9):
        assert aged.rollback().number < newest - 1
        require_seen(seen, aged.indexer().generations.current().number)
        assert aged.indexer().rebuild().generation.number == newest
        require_seen(seen, newest)
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []


def require_seen(seen: set[int], number: int) -> None:
    """Wait until questions are answered from a generation."""
    seen.clear()
    until = time.monotonic() + 30
    while number not in seen:
        assert time.monotonic() < until, f"no question was answered from generation {number}"
        time.sleep(0.002)


@pytest.mark.parametrize("damaged", [{4}, {5}, {4, 5}], ids=str)
def test_past_what_is_damaged(aged: Shop, damaged: set[int]) -> None:
    for number in damaged:
        damage(aged, number)
    expected = max({3, 4} - damaged)
    assert aged.rollback().number == expected
    require_served(aged, expected)


def test_where_all_before_are_damaged_nothing_moves(aged: Shop) -> None:
    damage(aged, 3)
    damage(aged, 4)
    with pytest.raises(IndexDamaged, match=r"generations/4"):
        aged.rollback()
    require_served(aged, 5)


@pytest.mark.parametrize("pointer", [b"", b"{}", None], ids=["empty", "wrong", "lost"])
def test_a_lost_pointer_goes_back_from_the_newest(aged: Shop, pointer: bytes | None) -> None:
    path = aged.home / "index" / "current.json"
    path.unlink()
    if pointer is not None:
        path.write_bytes(pointer)
    assert aged.rollback().number == 4
    require_served(aged, 4)


@pytest.mark.parametrize("now", ["server", "files"])
def test_to_and_from_a_server_is_refused(aged: Shop, now: str) -> None:
    generations = aged.indexer().generations

    def on_server(folder: Path) -> Manifest:
        files: dict[str, FileRecord] = write_facts(folder, {"search": "elsewhere"})
        return Manifest(aged.encoder.fingerprint, aged.encoder.dim, 5, "pgvector", 5, "", files)

    number = generations.publish(on_server).number
    if now == "files":
        number = aged.indexer().rebuild().generation.number
    with pytest.raises(IndexMissing, match="on a server"):
        aged.rollback()
    assert generations.verify().number == number
