"""`recommender style`, as a user runs it."""

from __future__ import annotations

import json

import pytest

from tests.recommender.cli.conftest import Shell


def test_like_dislike_save_show_undo_export_forget(stocked: Shell) -> None:
    [liked] = stocked.ok("style", "like", "p-1", "pumps")
    assert (liked["person"], liked["verdict"], liked["skus"]) == ("p-1", "like", ["pumps"])
    stocked.ok("style", "dislike", "p-1", "boots")
    [saved] = stocked.ok("style", "save", "p-1", "tote", "gown")
    assert (saved["verdict"], saved["skus"]) == ("save", ["tote", "gown"])
    [shown] = stocked.ok("style", "show", "p-1")
    assert shown["told"] == 3
    assert [each["sku"] for each in shown["slots"]["shoes"]["items"]] == ["pumps", "boots"]
    assert list(shown["colours"]) == ["red", "camel"]
    assert {each["category"] for each in shown["prices"]} == {"shoe", "bag", "dress"}
    [undone] = stocked.ok("style", "undo", "p-1")
    assert undone["undone"]["skus"] == ["tote", "gown"]
    exported = json.loads(stocked.run("style", "export", "p-1").stdout)
    assert [each["verdict"] for each in exported["told"]] == ["like", "dislike"]
    assert exported["style"]["told"] == 2
    assert stocked.ok("style", "forget", "p-1") == [{"forgotten": 2}]
    assert stocked.ok("style", "undo", "p-1") == [{"undone": None}]
    assert b"p-1" not in (stocked.home / "catalog.sqlite3").read_bytes()


def test_for_people_it_is_said_in_words(stocked: Shell) -> None:
    assert "noted: like pumps" in stocked.run("style", "like", "p-1", "pumps").stdout
    shown = stocked.run("style", "show", "p-1").stdout
    assert "pumps +1.00" in shown and "red +1.00" in shown and "EUR" in shown
    assert "undone: like pumps" in stocked.run("style", "undo", "p-1").stdout
    assert "nothing to undo" in stocked.run("style", "undo", "p-1").stdout
    assert "told nothing yet" in stocked.run("style", "show", "p-1").stderr
    assert "forgotten: 0" in stocked.run("style", "forget", "p-1").stdout


@pytest.mark.parametrize("words", [("like", "p-1", "nowhere"), ("save", "p-1", "tote", "nowhere")])
def test_an_unknown_item_is_refused(stocked: Shell, words: tuple[str, ...]) -> None:
    assert "no such item" in stocked.refused("style", *words)


def test_a_name_is_no_id(stocked: Shell) -> None:
    assert "neither a name nor an e-mail" in stocked.refused("style", "like", "a@b.c", "pumps")


def test_without_a_catalogue_it_is_refused(shell: Shell) -> None:
    assert "there is no catalogue" in shell.refused("style", "show", "p-1")


def test_purge_deletes_what_has_expired(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.ok("catalog", "import", shell.feed())
    assert shell.ok("purge") == [{"purged": 0, "events": 0, "pictures": 0}]
    monkeypatch.setattr("recommender.people.shares.Shares.purge", lambda _: 3)
    text = "purged: 3 shared looks that had expired, 0 old events, 0 pictures set aside\n"
    assert shell.run("purge").stdout == text
