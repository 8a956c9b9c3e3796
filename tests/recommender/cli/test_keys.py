"""`recommender keys`, as an operator runs it."""

from __future__ import annotations

import pytest

from recommender.access.keys import KeyRing, Keys
from tests.recommender.cli.conftest import Shell


def test_create_list_revoke(shell: Shell) -> None:
    """Before there is a catalogue as well: keys come first where a server is set up."""
    [made] = shell.ok("keys", "create", "storefront", "--scope", "write")
    assert set(made) == {"id", "name", "scope", "created_at", "catalogue", "key"}
    assert (made["name"], made["scope"]) == ("storefront", "write")
    assert made["key"].startswith(f"ctl_{made['id']}_")
    listed = shell.ok("keys", "list")
    assert listed == [
        {name: made[name] for name in ("id", "name", "scope", "created_at", "catalogue")}
    ]
    assert shell.ok("keys", "revoke", made["id"]) == [{"revoked": made["id"]}]
    assert shell.ok("keys", "list") == []
    assert "no such key" in shell.refused("keys", "revoke", made["id"])


def test_for_people_the_key_alone_is_on_stdout(shell: Shell) -> None:
    made = shell.run("keys", "create", "office", "--scope", "admin")
    key = made.stdout.strip()
    assert made.exit_code == 0 and key.startswith("ctl_") and " " not in key
    assert "not shown again" in made.stderr and key not in made.stderr
    listed = shell.run("keys", "list")
    assert "office" in listed.stdout and "admin" in listed.stdout
    assert key.split("_", 2)[2] not in listed.stdout + listed.stderr
    id = key.split("_")[1]
    assert f"revoked: {id}" in shell.run("keys", "revoke", id).stdout


@pytest.mark.parametrize("words", [("office",), ("office", "--scope", "root")])
def test_a_scope_must_be_told(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell.run("keys", "create", *words).exit_code == 2


def test_what_is_made_here_opens_the_api(shell: Shell) -> None:
    from index.database.database import open_database

    [made] = shell.ok("keys", "create", "app", "--scope", "read")
    keys = Keys(open_database(f"sqlite:///{shell.home / 'catalog.sqlite3'}"))
    opened = KeyRing(keys.lock).opened_by(made["key"])
    assert opened is not None and opened.id == made["id"]
