"""Searching: exact under every filter, never out of date, safe from many threads."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import select

from index.catalogue import snapshots
from index.catalogue.catalog import DEFAULT, Catalog
from index.catalogue.entries import Entry, Vector
from index.catalogue.records import Picture
from index.catalogue.snapshots import Snapshots
from index.catalogue.writing import CatalogWriter
from index.database.database import open_database
from index.database.tables import ItemRow, VectorRow
from index.errors import ItemNotFound
from index.generations.publishing import Publisher
from index.model.filters import Filters
from index.model.items import Audience, Availability, CatalogItem
from index.model.progress import silent
from index.model.questions import Question
from index.model.vectors import pack
from index.search import Searcher
from segmentation.common.taxonomy import Category
from tests.fakes import FakeEncoder
from tests.index.conftest import Shop
from tests.statements import asked

COUNT, DIM = 150, 8
BRANDS = ("", "Écru & Co", "NORD", "nord", "Straße")
COLOURS = ("", "red", "Navy", "navy")
KINDS = (Category.DRESS, Category.SHOE, Category.BAG)


@cache
def some_items() -> list[CatalogItem]:
    """Return items of every kind, many sharing values, some without a price."""
    chance = np.random.default_rng(5)
    items = []
    for number in range(COUNT):
        price = Decimal(int(chance.integers(0, 20))) / 2 if chance.random() < 0.8 else None
        reduced = price is not None and chance.random() < 0.3
        items.append(
            CatalogItem(
                f"s{number}",
                "Thing",
                KINDS[chance.integers(3)],
                f"aa/{'a' * 64}.jpg",
                brand=BRANDS[chance.integers(5)],
                price=price,
                currency="" if price is None else "EUR",
                sale_price=price / 2 if price is not None and reduced else None,
                availability=list(Availability)[chance.integers(4)],
                audience=list(Audience)[chance.integers(4)],
                colour=COLOURS[chance.integers(4)],
            )
        )
    return items


def unit(rows: int, seed: int) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(rows, DIM)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def searcher(stocked: Shop) -> Searcher:
    return stocked.searcher()


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Shop]:
    home = tmp_path_factory.mktemp("stocked")
    shutil.copy(migrated, home)
    database = open_database(f"sqlite:///{home}/catalog.sqlite3")
    shop = Shop(home, home, database)
    entries = [
        Entry(item, Picture(item.image, "0" * 64, {}), Vector(row, "fake-1"))
        for item, row in zip(some_items(), unit(COUNT, 1), strict=True)
    ]
    with database.writing() as session:
        CatalogWriter(session).upsert(entries)
    shop.indexer().rebuild()
    yield shop
    database.close()


def passes(item: CatalogItem, filters: Filters) -> bool:
    """Say what `Filters` promises, in Python."""
    asked = item.asking_price
    adult = filters.audiences & {Audience.WOMEN, Audience.MEN, Audience.UNISEX}
    return (
        (not filters.categories or item.category in filters.categories)
        and (filters.min_price is None or (asked is not None and asked >= filters.min_price))
        and (filters.max_price is None or (asked is not None and asked <= filters.max_price))
        and (not filters.brands or item.brand.casefold() in {b.casefold() for b in filters.brands})
        and (
            not filters.colours or item.colour.casefold() in {c.casefold() for c in filters.colours}
        )
        and (not filters.availability or item.availability in filters.availability)
        and (
            not filters.audiences
            or item.audience in filters.audiences
            or (item.audience in (Audience.UNISEX, Audience.UNKNOWN) and bool(adult))
        )
        and item.sku not in filters.exclude
    )


prices = st.one_of(st.none(), st.decimals(0, 11, places=3))
any_filters = st.builds(
    Filters,
    categories=st.frozensets(st.sampled_from([*KINDS, Category.TIE])),
    min_price=prices,
    max_price=prices,
    brands=st.frozensets(st.sampled_from(["écru & co", "Nord", "STRASSE", "nobody"])),
    colours=st.frozensets(st.sampled_from(["RED", "navy", "mauve"])),
    availability=st.frozensets(st.sampled_from(list(Availability))),
    audiences=st.frozensets(st.sampled_from(list(Audience))),
    exclude=st.frozensets(st.sampled_from([f"s{n}" for n in range(COUNT)] + ["nobody"])),
)


@settings(deadline=None, max_examples=200)
@given(filters=any_filters, k=st.integers(1, 2 * COUNT), seed=st.integers(0, 9))
def test_filters_are_exact(searcher: Searcher, filters: Filters, k: int, seed: int) -> None:
    query = unit(1, 100 + seed)[0]
    ranking = searcher.nearest(query, k, filters)
    shown = [Picture(item.image, "0" * 64, {}).shown_by(item) for item in some_items()]
    allowed = {n: item for n, item in enumerate(shown) if passes(item, filters)}
    assert all(hit.item == allowed[int(hit.item.sku[1:])] for hit in ranking)
    scores = np.sort(unit(COUNT, 1)[list(allowed)] @ query)[::-1][:k]
    np.testing.assert_allclose([hit.score for hit in ranking], scores, atol=2e-3)  # fp16


def test_many_queries_answer_as_each_alone(stocked: Shop) -> None:
    queries, searcher = unit(5, 7), stocked.searcher()
    shoes = Filters(categories=frozenset({Category.SHOE}), exclude=frozenset({"s1"}))
    filters = (shoes, replace(shoes, exclude=frozenset({"s2", "s3"})), Filters(), shoes, Filters())
    questions = [Question(query, 2 + at, filters[at]) for at, query in enumerate(queries)]
    together = searcher.nearest_all(questions)
    assert [len(ranking) for ranking in together] == [2, 3, 4, 5, 6]
    for question, ranking in zip(questions, together, strict=True):
        alone = searcher.nearest(question.vector_unit, question.k, question.filters)
        assert [h.item.sku for h in ranking] == [h.item.sku for h in alone]
    assert searcher.nearest_all([]) == []


def test_many_questions_are_one_search_a_filter_and_one_read(stocked: Shop) -> None:
    searcher = stocked.searcher()
    searches: list[int] = []
    store = searcher._watch.current().store
    kinds = [Filters(categories=frozenset({kind})) for kind in KINDS[:2]]
    searcher.nearest_all([Question(unit(1, 3)[0], 1, each) for each in kinds])  # what passes
    questions = [Question(query, 5, kinds[at % 2]) for at, query in enumerate(unit(6, 9))]
    with pytest.MonkeyPatch.context() as patch, asked(stocked.database) as statements:
        patch.setattr(type(store), "search", counted(type(store).search, searches))
        searcher.nearest_all(questions)
    assert searches == [3, 3], "questions of each search"
    items = [each for each in statements if "FROM items" in each and "pictures" not in each]
    assert len(items) == 1, "one read of the items of all"


def counted(search: Any, searches: list[int]) -> Any:
    """Return a store's search that notes how many questions each call has."""

    def noted(self: Any, vectors_unit: NDArray[np.float32], *rest: Any) -> Any:
        searches.append(len(vectors_unit))
        return search(self, vectors_unit, *rest)

    return noted


def test_vectors_come_back_in_the_order_asked(stocked: Shop) -> None:
    skus = ["s7", "s3", "s7"]
    vectors = stocked.searcher().vectors_of(skus)
    np.testing.assert_allclose(vectors, unit(COUNT, 1)[[7, 3, 7]], atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert stocked.searcher().vectors_of([]).shape == (0, DIM)
    with pytest.raises(ItemNotFound, match="nobody"):
        stocked.searcher().vectors_of(["s1", "nobody"])


@pytest.mark.parametrize(
    ("vector", "k", "match"),
    [
        (np.ones(3, np.float32), 1, "vectors_unit"),
        (np.ones(DIM, np.float32), 1, "of length"),
        (np.zeros(DIM, np.float32), 1, "of length"),
        (np.full(DIM, np.nan, np.float32), 1, "of length"),
        (np.eye(DIM, dtype=np.float32)[0], 0, "k"),
    ],
)
def test_wrong_questions(stocked: Shop, vector: NDArray[np.float32], k: int, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        stocked.searcher().nearest(vector, k)


def test_a_change_shows_at_once_without_a_new_generation(shop: Shop) -> None:
    rows = [shop.row(n) for n in range(4)]
    shop.write(*rows)
    shop.run()
    searcher, filters = shop.searcher(), Filters(max_price=Decimal(5))
    assert len(searcher.nearest(shop.query(1), 9, filters)) == 0
    shop.write(*rows[:3], rows[3] | {"price": "4.99"})
    shop.run()
    assert searcher.generation().number == 1
    (hit,) = searcher.nearest(shop.query(1), 9, filters)
    assert (hit.item.sku, hit.item.price) == ("s3", Decimal("4.99"))
    assert searcher.item("s3").price == Decimal("4.99")


def test_what_is_removed_but_still_in_the_generation_takes_no_place(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(6)))
    shop.run()
    searcher = shop.searcher()
    near = [hit.item.sku for hit in searcher.nearest(shop.query(2), 6)]
    with shop.database.writing() as session:
        CatalogWriter(session).remove(near[:2])
    assert [hit.item.sku for hit in searcher.nearest(shop.query(2), 3)] == near[2:5]


def test_what_is_stored_but_not_yet_published_has_its_vector(shop: Shop) -> None:
    shop.write(shop.row(1))
    shop.run()
    searcher = shop.searcher()
    item = shop.item("s1")
    picture = Picture(item.image, "1" * 64, {})
    late = CatalogItem("late", "Late", Category.HAT, item.image)
    with shop.database.writing() as session:
        CatalogWriter(session).upsert([Entry(late, picture, Vector(shop.query(5), "fake-1"))])
        CatalogWriter(session).upsert([Entry(CatalogItem("raw", "Raw", Category.HAT, ""), picture)])
    np.testing.assert_allclose(searcher.vectors_of(["late"])[0], shop.query(5), atol=1e-3)
    with pytest.raises(ItemNotFound):
        searcher.vectors_of(["raw"])[0]


def test_what_was_read_of_a_state_is_not_read_again(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(4)))
    shop.run()
    searcher, cheap = shop.searcher(), Filters(max_price=Decimal(50))

    def answers(of: Searcher) -> tuple[object, ...]:
        ranking = of.nearest(shop.query(1), 3, cheap)
        skus = [hit.item.sku for hit in ranking]
        groups = of.of_groups(["g"])
        return ranking, of.vectors_of(skus).tolist(), of.item("s3"), groups, of.kinds()

    first = answers(searcher)
    with asked(shop.database) as each:
        assert answers(searcher) == first
    assert [text.split()[0] for text in each] == ["BEGIN", "SELECT"] * 4, "the state, each time"
    steady = searcher.of_one_state()
    with asked(shop.database) as once:
        assert answers(steady) == first == answers(steady)
    assert [text.split()[0] for text in once] == ["BEGIN", "SELECT"]


def test_what_filters_leave_is_remembered_up_to_a_bound(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write(*(shop.row(n) for n in range(4)))
    shop.run()
    monkeypatch.setattr(snapshots, "_PASSING", 10)
    snapshot = shop.searcher()._snapshots.take()
    for most in range(20, 26):
        passing = snapshot.allowed(Filters(max_price=Decimal(most)))
        assert passing is not None and len(passing) == 4
        assert sum(len(keys) for keys in snapshot._read.allowed.values()) <= 10


on_shelves = st.builds(
    Filters,
    categories=st.frozensets(st.sampled_from([*KINDS, Category.TIE]), min_size=1),
    availability=st.frozensets(st.sampled_from(list(Availability))),
    audiences=st.frozensets(st.sampled_from(list(Audience))),
    exclude=st.frozensets(st.sampled_from(["s1", "s2"])),
)


@settings(deadline=None, max_examples=60)
@given(filters=on_shelves)
def test_shelves_hold_what_the_database_would_say(stocked: Shop, filters: Filters) -> None:
    snapshot = Snapshots(stocked.database).take()
    with stocked.database.reading() as session:
        wanted = Catalog(session).keys(filters)
    np.testing.assert_array_equal(snapshot.passing(filters), wanted)


def test_a_kind_is_read_once_whatever_else_is_asked_of_it(stocked: Shop) -> None:
    snapshot = Snapshots(stocked.database).take()
    kinds = frozenset(KINDS)
    snapshot.passing(Filters(categories=kinds))
    with asked(stocked.database) as statements:
        for audience in Audience:
            for some in (kinds, frozenset(KINDS[:1])):
                snapshot.passing(Filters(categories=some, audiences=frozenset({audience})))
    assert statements == []
    with asked(stocked.database) as statements:
        snapshot.passing(Filters(categories=kinds, max_price=Decimal(5)))
    assert statements, "prices are the database's to compare"


def test_a_question_sees_one_state_until_it_asks_for_what_is_new(shop: Shop) -> None:
    shop.write(*(shop.row(n, price="4.00") for n in range(4)))
    shop.run()
    steady = shop.searcher().of_one_state()
    before = steady.nearest(shop.query(1), 4)
    assert {hit.item.price for hit in before} == {Decimal("4.00")}
    shop.write(*(shop.row(n, price="6.00") for n in range(4)), shop.row(9, price="6.00"))
    shop.run()
    assert steady.item("s3").price == Decimal("4.00")
    assert steady.item("s9").price == Decimal("6.00"), "of the state that knows it"
    assert {hit.item.price for hit in steady.nearest(shop.query(1), 5)} == {Decimal("6.00")}
    assert steady.kinds() == shop.searcher().of_one_state().kinds()


def test_serving_goes_on_while_the_catalogue_changes(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(8)))
    shop.run()
    searcher, stop = shop.searcher(), threading.Event()
    failures: list[BaseException] = []
    answers: list[tuple[int, int]] = []

    def ask(number: int) -> None:
        cheap = Filters(max_price=Decimal(5))
        try:
            while not stop.is_set():
                ranking = searcher.nearest(shop.query(number), 5)
                assert len(ranking) == 5
                assert all(
                    hit.item.price is not None and hit.item.price <= 5
                    for hit in searcher.nearest(shop.query(number), 5, cheap)
                )
                searcher.vectors_of([hit.item.sku for hit in ranking if hit.item.sku != "s9"])
                answers.append((number, searcher.generation().number))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(5):
        price = "4.00" if turn % 2 else "6.00"
        shop.write(*(shop.row(n, price=price) for n in range(8)), shop.row(9))
        shop.run()
        shop.indexer().remove(["s9"])
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len({generation for _, generation in answers}) > 2, "the swaps were seen"
    assert searcher.generation().number == 11


def test_two_shops_in_one_database_do_not_meet(shop: Shop) -> None:
    shop.write(shop.row(1), shop.row(2))
    shop.run()
    other = Shop(shop.home / "other", shop.source, shop.database, FakeEncoder())
    other.write(shop.row(3) | {"sku": "s1"})
    indexer = other.indexer(catalogue="other")
    indexer.import_feed(other.feed)
    searcher = Searcher(
        shop.database,
        indexer.generations,
        indexer.engine,
        fingerprint="fake-1",
        dim=8,
        catalogue="other",
    )
    assert [hit.item.title for hit in searcher.nearest(shop.query(1), 9)] == ["Thing 3"]
    assert {hit.item.title for hit in shop.searcher().nearest(shop.query(1), 9)} == {
        "Thing 1",
        "Thing 2",
    }


def angled(degrees: float) -> NDArray[np.float32]:
    turn = np.radians(degrees)
    return np.asarray([np.cos(turn), np.sin(turn), 0, 0, 0, 0, 0, 0], np.float32)


@pytest.fixture
def several(shop: Shop) -> Shop:
    """Three items: one with 20 pictures near the question, the others with one each, far away."""
    entries = [
        Entry(
            CatalogItem(sku, sku, kind, image),
            Picture(image, hashed * 64, {}),
            Vector(angled(at), "fake-1"),
        )
        for sku, kind, image, hashed, at in (
            ("many", Category.HAT, "a.jpg", "a", 60),
            ("one", Category.BAG, "b.jpg", "b", 80),
            ("two", Category.HAT, "c.jpg", "c", 90),
        )
    ]
    with shop.database.writing() as session:
        CatalogWriter(session).upsert(entries)
        many = session.execute(select(ItemRow.key).where(ItemRow.sku == "many")).scalar_one()
        for position in range(1, 21):
            session.add(
                VectorRow(
                    item=many, position=position, id=uuid4(), image_hash="d" * 64,
                    fingerprint="fake-1", dim=DIM, data=pack(angled(position)),
                )
            )  # fmt: skip
    generations = shop.indexer().generations
    Publisher(shop.database, generations, "fake-1", DIM, DEFAULT, silent, shop.engine).publish()
    return shop


def test_an_item_with_several_pictures_answers_once_with_the_nearest(several: Shop) -> None:
    searcher = several.searcher()
    assert searcher.generation().manifest.count == 23
    found = searcher.nearest(angled(0), 3)
    assert [hit.item.sku for hit in found] == ["many", "one", "two"]
    assert found[0].score == pytest.approx(np.cos(np.radians(1)), abs=2e-3)
    together = searcher.nearest_all([Question(angled(at), 2) for at in (0, 90)])
    assert [[hit.item.sku for hit in ranking] for ranking in together] == [
        ["many", "one"],
        ["two", "one"],
    ]
    hats = Filters(categories=frozenset({Category.HAT}))
    assert [hit.item.sku for hit in searcher.nearest(angled(0), 2, hats)] == ["many", "two"]


def test_none_of_the_pictures_of_an_excluded_item_answers(several: Shop) -> None:
    found = several.searcher().nearest(angled(0), 2, Filters(exclude=frozenset({"many"})))
    assert [hit.item.sku for hit in found] == ["one", "two"]


def test_the_vector_of_an_item_is_its_main_pictures(several: Shop) -> None:
    np.testing.assert_allclose(several.searcher().vectors_of(["many"])[0], angled(60), atol=1e-3)
