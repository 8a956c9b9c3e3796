"""What is asked for by its keys is found by them: no question about a few items reads the whole catalogue."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from index.catalogue.catalog import Catalog
from index.catalogue.embeddings import Embeddings
from index.catalogue.groups import Groups
from index.database.database import Database
from index.model.filters import Filters
from tests.index.conftest import Shop

MANY = 40
SKUS = [f"s{number}" for number in range(MANY)]
HASHES = [f"{number:064x}" for number in range(MANY)]

QUESTIONS: dict[str, Callable[[Session], object]] = {
    "items by keys": lambda s: Catalog(s).by_keys(range(1, MANY)),
    "keys by skus": lambda s: Catalog(s).keys_of(SKUS),
    "an item": lambda s: Catalog(s).get("s1"),
    "what an import knows": lambda s: Catalog(s).held(SKUS),
    "a page": lambda s: Catalog(s).page(after="s1"),
    "variants": lambda s: Groups(s).items([f"g{number}" for number in range(MANY)]),
    "vectors by keys": lambda s: Embeddings(s).of_keys(range(1, MANY), "fake-1", 8),
    "what was encoded": lambda s: Embeddings(s).reusable(HASHES, "fake-1", 8),
    "pictures that are known": lambda s: Embeddings(s).known(HASHES, "fake-1"),
    "a page of what was seen": lambda s: Embeddings(s).seen("fake-1", 8, after="s1"),
    "a page of what is due": lambda s: Embeddings(s).foreign("fake-2", after="s1"),
}
WHOLE = ("SCAN items", "SCAN vectors", "SCAN pictures", "(catalogue=?)", "(fingerprint=?)")
"""Steps of a plan that read all rows, or all of one catalogue or encoder: nearly all."""


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    shop.write(*(shop.row(number) for number in range(6)))
    shop.run()
    return shop


@contextmanager
def plans(database: Database) -> Iterator[list[str]]:
    """Give the plan of each question that is asked meanwhile, a line a step."""
    steps: list[str] = []

    def explain(_: Any, cursor: sqlite3.Cursor, statement: str, given: Any, *__: Any) -> None:
        if statement.startswith("SELECT"):
            found = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            steps.extend(row[3] for row in found)

    event.listen(database.engine, "before_cursor_execute", explain)
    yield steps
    event.remove(database.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_about_a_few_items_reads_a_few(stocked: Shop, name: str) -> None:
    with stocked.database.reading() as session, plans(stocked.database) as steps:
        QUESTIONS[name](session)
    assert steps
    assert [step for step in steps if any(whole in step for whole in WHOLE)] == []


def test_a_plan_that_reads_everything_is_noticed(stocked: Shop) -> None:
    with stocked.database.reading() as session, plans(stocked.database) as steps:
        Catalog(session).count(Filters(brands=frozenset({"x"})))
    assert any(whole in step for step in steps for whole in WHOLE)
