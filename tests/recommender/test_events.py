"""Clicks, carts and purchases: taken, counted, exported, forgotten, and what they move."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import migrations
from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter, Entry
from index.database.database import open_database
from recommender.api.app import create_app
from recommender.completion.asking import CompleteRequest
from recommender.completion.complete import complete
from recommender.events.events import Event, Events
from recommender.events.popularity import FRESH_S, Popularity, Tally, popularity
from recommender.people.forgetting import forget_person
from recommender.photos.photo_analysis import analyse
from recommender.wire.terms import EventKind
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fake_shop import FakeShop, open_shop
from tests.recommender.fakes import (
    FakeDetector,
    FakeSearcher,
    FakeServices,
    item,
    photo,
)
from tests.recommender.test_scoring import Told
from tests.servers import PostgresServer

BUY, CLICK = EventKind.PURCHASE, EventKind.CLICK


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("events"), events=True)


@pytest.fixture
def api(stocked: FakeShop) -> TestClient:
    return TestClient(create_app(stocked, outfits={}, warm=False))


def test_they_are_taken_exported_and_forgotten_with_the_person(
    api: TestClient, stocked: FakeShop
) -> None:
    answer = [
        {"kind": "click", "sku": "shoe-1", "answer": "a-1", "person": "p-7"},
        {"kind": "purchase", "sku": "shoe-1"},
        {"kind": "cart", "sku": "nowhere"},
    ]
    assert api.post("/v1/events", json={"events": answer}).json() == {
        "taken": 2,
        "unknown": ["nowhere"],
    }
    page = api.get("/v1/events", params={"limit": 1}).json()
    assert (page["events"][0]["kind"], page["events"][0]["person"]) == ("click", "p-7")
    rest = api.get("/v1/events", params={"after": page["next_after"]}).json()
    assert [each["person"] for each in rest["events"]] == [""] and rest["next_after"] is None
    assert [each["sku"] for each in api.get("/v1/people/p-7").json()["did"]] == ["shoe-1"]
    assert api.delete("/v1/people/p-7").json() == {"forgotten": 1}
    assert [each.person for each in stocked.events.all()] == [""]
    file = stocked.settings.home / "catalog.sqlite3"
    assert b"p-7" not in file.read_bytes()


def test_a_batch_that_is_sent_again_under_its_key_counts_once(api: TestClient) -> None:
    body = {"events": [{"kind": "cart", "sku": "hat-1"}]}
    for _ in range(2):
        answer = api.post("/v1/events", json=body, headers={"Idempotency-Key": "batch-1"})
        assert answer.json()["taken"] == 1
    assert answer.headers["idempotent-replay"] == "true"
    kept = api.get("/v1/events", params={"limit": 1000}).json()["events"]
    assert [each["sku"] for each in kept].count("hat-1") == 1


def test_what_is_no_event_is_refused(api: TestClient) -> None:
    for event in ({"kind": "view", "sku": "a"}, {"kind": "click"}, {"kind": "click", "sku": "a", "x": 1},
                  {"kind": "click", "sku": "a", "person": "a@b.c"}):  # fmt: skip
        assert api.post("/v1/events", json={"events": [event]}).status_code == 422
    assert api.post("/v1/events", json={"events": []}).status_code == 422


def test_they_are_off_unless_switched_on(tmp_path: Path) -> None:
    off = open_shop(tmp_path)
    api = TestClient(create_app(off, outfits={}, warm=False))
    answer = api.post("/v1/events", json={"events": [{"kind": "click", "sku": "shoe-1"}]})
    assert (answer.status_code, answer.json()["type"].split(":")[-1]) == (403, "events-off")
    assert list(off.events.all()) == [] and off.events.popular() == {}


def test_what_one_answer_showed_counts_once_and_what_is_old_counts_less(
    stocked: FakeShop,
) -> None:
    now = datetime(2031, 5, 1, 12, tzinfo=UTC)
    book = Events(stocked.database, days=90, now=lambda: now)
    book.tell([Event(CLICK, "bag-1", "a")] * 50 + [Event(CLICK, "bag-2")] * 2)
    assert book.popular()["bag-1"] == popularity([Tally("bag-1", CLICK, 0, 1)], 0)["bag-1"]
    assert book.popular()["bag-2"] > book.popular()["bag-1"]
    later = Events(stocked.database, days=90, now=lambda: now + timedelta(days=28))
    assert later.popular()["bag-2"] < book.popular()["bag-2"] / 3
    gone = Events(stocked.database, days=90, now=lambda: now + timedelta(days=91))
    assert gone.popular() == {} and gone.purge() >= 52
    assert "bag-1" not in book.popular()


def test_a_server_counts_them_alike(postgres: PostgresServer) -> None:
    with closing(open_database(postgres.empty())) as database:
        migrations.upgrade(database.engine)
        book = Events(database)
        with database.writing() as session:
            CatalogWriter(session).upsert(
                [Entry(item("s", Category.HAT), Picture("s.jpg", "0", {}))]
            )
        book.tell([Event(CLICK, "s", "a", "p"), Event(CLICK, "s", "a"), Event(CLICK, "s")])
        assert book.popular() == popularity([Tally("s", CLICK, 0, 2)], 0)
        assert [each.person for each in book.page()] == ["p", "", ""]
        assert forget_person(database, "p") == 1 and len(book.page()) == 2


def test_one_more_adds_less_and_less() -> None:
    shares = [popularity([Tally("a", BUY, 0, n)], 0)["a"] for n in (1, 10, 100, 1000)]
    assert shares == sorted(shares) and 0 < shares[0] < 0.2 and shares[-1] < 1


def test_it_is_worked_out_once_a_minute() -> None:
    made, clock = Counter[str](), {"now": 0.0}

    def work_out() -> dict[str, float]:
        made["times"] += 1
        return {"a": made["times"] / 10}

    found = Popularity(work_out, lambda: clock["now"])
    assert found.now() == found.now() == {"a": 0.1}
    clock["now"] = FRESH_S + 1
    assert found.now() == {"a": 0.2} and made["times"] == 2


BAGS = [item(f"bag-{n}", Category.BAG) for n in range(40)] + [item("coat", Category.COAT)]


def proposed(
    popular: dict[str, float], slot: Slot, scores: dict[str, float], **how: Any
) -> Counter[str]:
    """Return how often each item is among the first three of a slot, and of the looks, of some outfits."""
    counts: Counter[str] = Counter()
    for shade in range(0, 240, 20):
        found = FakeDetector([(Category.DRESS, 0.9, (0.2, 0.1, 0.8, 0.8 - shade / 1000))])
        given = FakeServices(
            FakeSearcher(BAGS), found, scorer=Told(scores, least=0.7), popularity=popular
        )
        analysis = analyse(photo((shade, 90, 40)), given)
        answer = complete(analysis, given, CompleteRequest(slots=(slot,), k=3, looks=3, **how))
        counts.update(each.item.sku for each in answer.slots[slot])
        counts.update(pick.item.sku for look in answer.looks for pick in look.picks.values())
    return counts


def test_what_sells_is_proposed_more_often_where_items_fit_alike() -> None:
    alike = {f"bag-{n}": 0.8 for n in range(40)}
    plain = proposed({}, Slot.BAG, alike)
    moved = proposed({"bag-17": 0.8}, Slot.BAG, alike)
    assert moved["bag-17"] >= plain["bag-17"] + 6
    assert len(moved) > 10  # and the others have their turns all the same


def test_what_does_not_fit_stays_out_however_well_it_sells() -> None:
    scores = {f"bag-{n}": 0.8 for n in range(1, 40)} | {"bag-0": 0.69, "coat": 0.9}
    assert proposed({"bag-0": 1.0}, Slot.BAG, scores)["bag-0"] == 0
    assert proposed({"coat": 1.0}, Slot.OUTER, scores, temperature_c=5.0)["coat"] > 0
    # the stylist's table refuses a coat on a hot day
    assert proposed({"coat": 1.0}, Slot.OUTER, scores, temperature_c=33.0)["coat"] == 0
