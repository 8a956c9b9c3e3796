"""What is believed before anything is taken away, and that nothing is where it is false."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.errors import IndexForeign, IndexMissing, LossUnconfirmed
from index.generations.inspection import inspect
from index.generations.status import status
from index.importing.reports import ImportOptions
from index.model.progress import Event, Step
from index.stores.faiss import FaissEngine
from segmentation.common.photo import decode
from tests.fakes import FakeEncoder
from tests.index.conftest import Shop, colour_of, picture
from tests.index.safekeeping.conftest import MANY, age, kept, over

EMPTY, ANOTHER, OLDER = "database is empty", "another database", "older state"
Losing = Callable[[Shop, Path, Path], Shop]


def empty(shop: Shop, tmp_path: Path, migrated: Path) -> Shop:
    return over(shop, migrated)


def another(shop: Shop, tmp_path: Path, migrated: Path) -> Shop:
    """The same feed, imported by somebody else: as many items, and other keys for all one knows."""
    theirs = over(shop, migrated)
    Shop(tmp_path / "other", shop.source, theirs.database).run()
    return theirs


def older(shop: Shop, tmp_path: Path, migrated: Path) -> Shop:
    before = kept(shop, tmp_path / "before.sqlite3")
    shop.write(*(shop.row(number) for number in range(MANY + 5)))
    shop.run()
    return over(shop, before)


CAUSES = [
    pytest.param(empty, EMPTY, id="empty"),
    pytest.param(another, ANOTHER, id="another"),
    pytest.param(older, OLDER, id="older"),
]


@pytest.mark.parametrize(("lose", "answer"), CAUSES)
def test_every_job_stops_before_it_changes_anything(
    full: Shop, lose: Losing, answer: str, tmp_path: Path, migrated: Path
) -> None:
    shop = lose(full, tmp_path, migrated)
    pictures, numbers = shop.pictures(), shop.indexer().generations.numbers()
    assert len(pictures) >= MANY
    for job in (
        shop.indexer().rebuild,
        shop.run,
        lambda: shop.run(dry_run=True),
        lambda: shop.run(remove_missing=True),
        lambda: shop.indexer().remove(["s1"]),
        lambda: shop.searcher().nearest(shop.query(1), 1),
        lambda: shop.searcher().vectors_of([]),
    ):
        with pytest.raises(IndexForeign, match=answer) as refused:
            job()
        assert "index build --yes" in refused.value.next_step
    assert shop.pictures() == pictures
    assert shop.indexer().generations.numbers() == numbers
    shop.database.close()


@pytest.mark.parametrize(("lose", "answer"), CAUSES)
def test_status_and_verify_tell_it(
    full: Shop, lose: Losing, answer: str, tmp_path: Path, migrated: Path
) -> None:
    shop = lose(full, tmp_path, migrated)
    indexer = shop.indexer()
    found = inspect(shop.database, indexer.generations, indexer.images, shop.engine)
    assert answer in str(found.trouble)
    fingerprint, dim = shop.encoder.fingerprint, shop.encoder.dim
    state = status(shop.database, indexer.generations, fingerprint=fingerprint, dim=dim)
    assert state.generation is None
    assert answer in str(state.refusal)
    shop.database.close()


def test_a_word_goes_on_and_still_nothing_is_lost(
    full: Shop, tmp_path: Path, migrated: Path
) -> None:
    own, pictures = kept(full, tmp_path / "own.sqlite3"), full.pictures()
    for name in pictures:  # a build leaves alone what was stored just now
        age(full.indexer().images.path_of(name))
    lost = over(full, migrated)
    assert lost.indexer().rebuild(confirmed=True).generation.manifest.count == 0
    assert lost.pictures() == []
    assert len(lost.indexer().images.unclaimed()) == MANY
    found = over(lost, own)
    assert found.indexer().rebuild().generation.manifest.count == MANY
    assert found.pictures() == pictures
    assert found.searcher().nearest(found.query(7), 1)[0].item.sku == "s7"
    found.database.close()


def test_a_feed_that_lacks_more_than_half(full: Shop) -> None:
    full.write(*(full.row(number) for number in range(29)))
    with pytest.raises(LossUnconfirmed, match="31 of 60") as refused:
        full.run(remove_missing=True)
    assert "--yes" in refused.value.next_step
    assert len(full.skus()) == MANY
    assert full.run(remove_missing=True, confirmed=True).removed == 31
    assert len(full.pictures()) == 29
    assert len(full.indexer().images.unclaimed()) == 31


def test_half_may_go_without_a_word(full: Shop) -> None:
    full.write(*(full.row(number) for number in range(30)))
    assert full.run(remove_missing=True).removed == 30


def test_another_encoder_that_has_seen_little_replaces_nothing_unasked(full: Shop) -> None:
    full.encoder = FakeEncoder("another")
    with pytest.raises(LossUnconfirmed, match="60 of 60") as refused:
        full.run(later=True)
    assert "RECOMMENDER_ENCODER" in refused.value.next_step
    assert full.indexer().generations.current().manifest.count == MANY
    assert full.indexer().rebuild().generation.manifest.count == MANY, "a build encodes them"


@dataclass(frozen=True)
class Shared(FaissEngine):
    """Stands for a server that another home has filled."""

    def answer(self) -> str:
        return "a server"

    def held(self, fingerprint: str) -> int:
        return MANY


def test_a_server_that_another_home_has_filled(shop: Shop) -> None:
    shop.write(shop.row(1))
    shop.engine = Shared()
    with pytest.raises(LossUnconfirmed, match="59 of 60") as refused:
        shop.run()
    assert "RECOMMENDER_CATALOGUE" in refused.value.next_step
    shop.run(confirmed=True)
    assert shop.run().unchanged == 1, "from then on it is its own"


def test_pictures_that_the_database_does_not_know(shop: Shop) -> None:
    shop.write(*(shop.row(number) for number in range(4)))
    shop.run()
    images = shop.indexer().images
    for number in range(10, 16):
        data = picture(colour_of(number))
        age(images.path_of(images.store(data, decode(data))))
    with pytest.raises(LossUnconfirmed, match="pictures: got 6 of 10"):
        shop.indexer().rebuild()
    assert len(shop.pictures()) == 10
    shop.indexer().rebuild(confirmed=True)
    assert len(shop.pictures()) == 4
    assert len(shop.indexer().images.unclaimed()) == 6


def test_what_was_told_to_go_is_published_by_whoever_comes_next(full: Shop) -> None:
    def kill(event: Event) -> None:
        if event.step is Step.REMOVED:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        full.indexer(kill).remove([f"s{number}" for number in range(50)])
    full.indexer().remove([])
    assert full.indexer().generations.current().manifest.count == 10


def test_a_damaged_pointer_takes_no_guard_away(full: Shop, migrated: Path) -> None:
    lost = over(full, migrated)
    pointer = lost.home / "index" / "current.json"
    for harm in (lambda: pointer.write_text("{}"), pointer.unlink):
        harm()
        with pytest.raises(IndexForeign, match=EMPTY):
            lost.indexer().rebuild()
    lost.database.close()


def test_back_to_less_than_half(shop: Shop) -> None:
    shop.write(shop.row(1))
    shop.run()
    shop.write(*(shop.row(number) for number in range(9)))
    shop.run()
    with pytest.raises(LossUnconfirmed, match="8 of 9"):
        shop.rollback()
    assert shop.indexer().generations.current().number == 2
    assert shop.rollback(confirmed=True).number == 1
    with pytest.raises(IndexMissing):
        shop.rollback()


def test_a_home_without_an_index_asks_nothing(shop: Shop) -> None:
    """The guard's own control: with nothing to lose, nothing is asked."""
    assert shop.indexer().rebuild().generation.manifest.count == 0
    shop.write(shop.row(1))
    assert shop.indexer().import_feed(shop.feed, ImportOptions(remove_missing=True)).added == 1


def test_a_file_that_takes_the_place_of_another_is_read_by_whoever_runs(
    full: Shop, tmp_path: Path
) -> None:
    before, running = kept(full, tmp_path / "before.sqlite3"), full.searcher()
    assert running.nearest(full.query(1), 1)[0].item.sku == "s1"
    before.replace(full.home / "catalog.sqlite3")
    full.indexer().remove(["s1"])
    assert "s1" not in full.skus()
    assert running.nearest(full.query(1), 1)[0].item.sku != "s1"
