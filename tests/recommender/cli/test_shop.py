"""`recommender webhooks` and `recommender events`, as a user runs them."""

from __future__ import annotations

import pytest

from index.database.database import open_database
from recommender.events.events import Event, Events
from recommender.wire.terms import EventKind
from tests.recommender.cli.conftest import ROWS, Shell


def test_webhooks_are_added_listed_told_and_removed(
    stocked: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "RECOMMENDER_WEBHOOKS" in stocked.refused("webhooks", "add", "https://a.example/b")
    monkeypatch.setenv("RECOMMENDER_WEBHOOKS", "a.example")
    [made] = stocked.ok("webhooks", "add", "https://a.example/b", "--topic", "import.finished")
    assert made["secret"].startswith("whsec_") and made["topics"] == ["import.finished"]
    stocked.ok("catalog", "import", stocked.feed())
    stocked.ok("catalog", "remove", "cap")
    [listed] = stocked.ok("webhooks", "list")
    assert listed["waiting"] == 1 and "secret" not in listed
    shown = stocked.run("webhooks", "list").stdout
    assert "https://a.example/b" in shown and made["secret"] not in shown
    assert stocked.ok("webhooks", "remove", made["id"]) == [{"removed": made["id"]}]
    assert "webhooks list" in stocked.refused("webhooks", "remove", made["id"])


def test_events_are_exported_and_shown_where_they_count(
    stocked: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(f"sqlite:///{stocked.home / 'catalog.sqlite3'}")
    Events(database).tell([Event(EventKind.PURCHASE, "tote"), Event(EventKind.CLICK, "boots")])
    database.close()
    lines = stocked.run("events", "export").stdout.splitlines()
    assert len(lines) == 2 and '"sku": "tote"' in lines[0]
    assert "switched off" in stocked.run("events", "popular").stderr
    monkeypatch.setenv("RECOMMENDER_EVENTS", "true")
    first, second = stocked.ok("events", "popular")
    assert (first["sku"], second["sku"]) == ("tote", "boots")
    assert stocked.run("events", "popular", "-n", "1").stdout.count("0.1") == 1


def test_a_catalogue_is_named_before_the_command(stocked: Shell) -> None:
    stocked.ok("--catalog", "outlet", "catalog", "import", stocked.feed(ROWS[:2]))
    listed = stocked.ok("--catalog", "outlet", "catalog", "list")
    assert {row["sku"] for row in listed} == {"boots", "pumps"}
    assert len(stocked.skus()) == len(ROWS)  # the next command works on the usual one again
    assert "Outlet" in stocked.refused("--catalog", "Outlet", "catalog", "list")


def test_a_key_may_open_one_catalogue(stocked: Shell) -> None:
    [made] = stocked.ok("keys", "create", "shop", "--scope", "read", "--catalog", "outlet")
    assert made["catalogue"] == "outlet"
    stocked.ok("keys", "create", "office", "--scope", "admin")
    assert [each["catalogue"] for each in stocked.ok("keys", "list")] == ["outlet", None]
    assert "small letters" in stocked.refused(
        "keys", "create", "x", "--scope", "read", "--catalog", "A b"
    )
