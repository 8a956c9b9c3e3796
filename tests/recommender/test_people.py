"""People in a real database: telling, undoing, styles, export, and forgetting to the last byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event

import index.database.database
import migrations
from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter, Entry
from index.database.database import Database, open_database
from index.errors import DatabaseError, IndexMissing, ItemNotFound
from recommender.errors import RequestError
from recommender.people.feedback_book import FeedbackBook
from recommender.people.people import People
from recommender.people.style import Style, rerank
from recommender.ports import Searcher
from recommender.wire.terms import Verdict
from segmentation.common.taxonomy import Slot
from tests.recommender.fakes import FakeSearcher, shop

LIKE, DISLIKE, SAVE = Verdict.LIKE, Verdict.DISLIKE, Verdict.SAVE
PERSON = "somebody-unmistakable-0123456789"


@pytest.fixture
def searcher() -> FakeSearcher:
    return shop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    tmp_path: Path, searcher: FakeSearcher, request: pytest.FixtureRequest
) -> Iterator[Database]:
    if request.param == "sqlite":
        yield from stocked(f"sqlite:///{tmp_path}/catalog.sqlite3", searcher)
    else:
        yield from stocked(request.getfixturevalue("postgres").empty(), searcher)


def stocked(url: str, searcher: FakeSearcher) -> Iterator[Database]:
    opened = open_database(url)
    migrations.upgrade(opened.engine)
    with opened.writing() as session:
        entries = [Entry(item, Picture(item.image, "0" * 64, {})) for item in searcher.items]
        CatalogWriter(session).upsert(entries)
    yield opened
    opened.close()


class Clock:
    """Moves on a day with every look at it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(days=1)
        return self.now


@pytest.fixture
def people(database: Database, searcher: FakeSearcher) -> People:
    return People(database, lambda: searcher, now=Clock())


def test_what_was_told_is_kept_in_order(people: People) -> None:
    people.tell(PERSON, LIKE, ["shoe-1"])
    people.tell(PERSON, SAVE, ["bag-2", "shoe-1", "bag-2", "belt-0"])
    people.tell("other", DISLIKE, ["shoe-1"])
    result = people.feedback_of(PERSON)
    assert [each.verdict for each in result] == [LIKE, SAVE]
    assert result[1].skus == ("bag-2", "shoe-1", "belt-0")
    assert result[1].at - result[0].at == timedelta(days=1)
    assert people.feedback_of("stranger") == ()


def test_an_unknown_item_is_refused_and_nothing_is_kept(people: People) -> None:
    with pytest.raises(ItemNotFound):
        people.tell(PERSON, LIKE, ["nowhere"])
    with pytest.raises(ItemNotFound):
        people.tell(PERSON, SAVE, ["shoe-1", "nowhere"])
    assert people.feedback_of(PERSON) == ()


@pytest.mark.parametrize("count", [0, 21])
def test_a_look_has_some_items_and_not_too_many(people: People, count: int) -> None:
    skus = [f"{kind}-{n}" for kind in ("shoe", "bag", "hat", "belt") for n in range(6)][:count]
    with pytest.raises(RequestError, match="no look"):
        people.tell(PERSON, SAVE, skus)


@pytest.mark.parametrize("person", ["", "a b", "x" * 65])
def test_no_verb_takes_a_wrong_id(people: People, person: str) -> None:
    verbs = (people.feedback_of, people.undo, people.forget, people.export, people.style)
    for verb in verbs:
        with pytest.raises(RequestError, match="no id of a person"):
            verb(person)
    with pytest.raises(RequestError, match="no id of a person"):
        people.tell(person, LIKE, ["shoe-1"])


def test_undo_takes_back_one_thing_at_a_time(people: People) -> None:
    people.tell(PERSON, LIKE, ["shoe-1"])
    people.tell(PERSON, SAVE, ["bag-2", "bag-3"])
    people.tell("other", LIKE, ["hat-1"])
    undone = people.undo(PERSON)
    assert undone is not None and undone.skus == ("bag-2", "bag-3")
    assert [each.skus for each in people.feedback_of(PERSON)] == [("shoe-1",)]
    assert people.undo(PERSON) is not None and people.undo(PERSON) is None
    assert len(people.feedback_of("other")) == 1


def test_a_dislike_that_is_undone_leaves_the_like_before(people: People) -> None:
    people.tell(PERSON, LIKE, ["shoe-1"])
    people.tell(PERSON, DISLIKE, ["shoe-1"])
    assert people.style(PERSON).disliked == {"shoe-1"}
    people.undo(PERSON)
    assert people.style(PERSON).disliked == frozenset()


def test_a_style_ranks_what_was_liked_first(people: People, searcher: FakeSearcher) -> None:
    people.tell(PERSON, LIKE, ["shoe-4"])
    style = people.style(PERSON)
    shoes = [item for item in searcher.items if item.slot is Slot.SHOES]
    vectors = searcher.vectors_of([item.sku for item in shoes])
    scores = rerank(np.full(len(shoes), 0.5, np.float32), shoes, vectors, style)
    assert shoes[int(np.argmax(scores))].sku == "shoe-4"
    assert style.usual.vectors[Slot.SHOES].shape == (searcher.dim,)


def test_a_strangers_style_is_empty_and_asks_for_no_index(database: Database) -> None:
    style = People(database, no_index).style("stranger")
    assert isinstance(style, Style) and style.feedback_count == 0 and not style.pulls


def no_index() -> Searcher:
    raise IndexMissing("no index", got="none", expected="one", next_step="Build it.")


def test_all_but_styles_work_without_an_index(database: Database) -> None:
    people = People(database, no_index)
    people.tell(PERSON, LIKE, ["shoe-1"])
    export = people.export(PERSON)
    assert export.believed.slots[Slot.SHOES].pulls[0].item.sku == "shoe-1"
    assert export.believed.prices[0].currency == "EUR"
    with pytest.raises(IndexMissing):
        people.style(PERSON)
    assert people.forget(PERSON) == 1


def test_feedback_outlives_its_item(database: Database, people: People) -> None:
    people.tell(PERSON, LIKE, ["shoe-1"])
    people.tell(PERSON, LIKE, ["shoe-2"])
    with database.writing() as session:
        CatalogWriter(session).remove(["shoe-1"])
    assert people.style(PERSON).missing == ("shoe-1",)
    export = people.export(PERSON)
    assert export.believed.missing == ("shoe-1",)
    assert [each.skus for each in export.feedback] == [("shoe-1",), ("shoe-2",)]


def test_an_item_that_has_no_vector_yet_does_not_take_the_others_along(
    database: Database, searcher: FakeSearcher
) -> None:
    people = People(database, lambda: searcher)
    people.tell(PERSON, LIKE, ["shoe-1"])
    people.tell(PERSON, LIKE, ["bag-1"])
    searcher.items = [item for item in searcher.items if item.sku != "shoe-1"]
    assert set(people.style(PERSON).vectors) == {Slot.BAG}


def test_what_is_usual_is_worked_out_anew_when_the_catalogue_changes(
    database: Database, people: People
) -> None:
    people.tell(PERSON, LIKE, ["shoe-1"])
    before = people.style(PERSON).usual
    assert people.style(PERSON).usual is before
    with database.writing() as session:
        CatalogWriter(session).remove(["shoe-5"])
    assert people.style(PERSON).usual is not before


def files_holding(folder: Path, text: str) -> list[str]:
    return [each.name for each in folder.iterdir() if text.encode() in each.read_bytes()]


IN_A_FILE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@IN_A_FILE
def test_forgetting_leaves_no_byte(tmp_path: Path, people: People, database: Database) -> None:
    for number in range(40):
        people.tell(PERSON, LIKE, [f"shoe-{number % 6}"])
        people.tell(f"{PERSON}-kept-{number}", SAVE, ["bag-1", "bag-2"])
    people.tell(PERSON, DISLIKE, ["hat-1"])
    assert files_holding(tmp_path, PERSON) == ["catalog.sqlite3"]
    for number in range(40):
        people.forget(f"{PERSON}-kept-{number}")
    assert people.forget(PERSON) == 41
    assert people.feedback_of(PERSON) == () and people.export(PERSON).believed.feedback_count == 0
    assert files_holding(tmp_path, PERSON) == []
    database.close()
    assert files_holding(tmp_path, PERSON) == []


@IN_A_FILE
def test_forgetting_wipes_what_lies_between_the_rows(
    tmp_path: Path, people: People, database: Database
) -> None:
    people.tell(PERSON, LIKE, ["shoe-1"])
    database.close()
    file = tmp_path / "catalog.sqlite3"
    data = file.read_bytes()
    gap = max(re.finditer(rb"\0+", data), key=lambda found: len(found[0]))
    middle, stray = (gap.start() + gap.end()) // 2, b"stray-" + PERSON.encode()
    file.write_bytes(data[:middle] + stray + data[middle + len(stray) :])
    people.forget(PERSON)
    assert files_holding(tmp_path, PERSON) == []
    assert people.feedback_of(PERSON) == ()


def test_forgetting_empties_the_write_ahead_log(
    tmp_path: Path, searcher: FakeSearcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.database.database, "sqlite_journal", lambda: "WAL")
    for database in stocked(f"sqlite:///{tmp_path}/catalog.sqlite3", searcher):
        people = People(database, lambda: searcher)
        people.tell(PERSON, LIKE, ["shoe-1"])
        assert "catalog.sqlite3-wal" in files_holding(tmp_path, PERSON)
        people.forget(PERSON)
        assert files_holding(tmp_path, PERSON) == []


def test_forgetting_says_so_while_somebody_reads_the_log(
    tmp_path: Path, searcher: FakeSearcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.database.database, "sqlite_journal", lambda: "WAL")
    monkeypatch.setattr(index.database.database, "BUSY_TIMEOUT_S", 0.1)
    for database in stocked(f"sqlite:///{tmp_path}/catalog.sqlite3", searcher):
        people = People(database, lambda: searcher)
        people.tell(PERSON, LIKE, ["shoe-1"])
        with database.reading() as session:
            FeedbackBook(session).of(PERSON)
            with pytest.raises(DatabaseError, match="may still be in"):
                people.forget(PERSON)
        assert people.forget(PERSON) == 0
        assert files_holding(tmp_path, PERSON) == []


def test_forgetting_one_keeps_the_others(people: People) -> None:
    people.tell("one", LIKE, ["shoe-1"])
    people.tell("One", LIKE, ["shoe-2"])
    assert people.forget("one") == 1 and people.forget("one") == 0
    assert [each.skus for each in people.feedback_of("One")] == [("shoe-2",)]


def test_a_style_asks_the_database_a_few_questions_however_much_was_told(
    database: Database, people: People
) -> None:
    for number in range(30):
        people.tell(PERSON, LIKE, [f"{('shoe', 'bag', 'hat')[number % 3]}-{number % 6}"])
    people.style(PERSON)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *answer: asked.append(answer[2]))
    people.style(PERSON)
    assert len([each for each in asked if each.startswith("SELECT")]) <= 6
