"""Backup and restore: while others write, whole or not at all, and the same answers afterwards."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import threading
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.files.images import ImageStore
from index.files.manifest import FIELDS
from index.generations.generations import Generation, Generations
from index.safekeeping import copying
from index.stores.faiss import FaissEngine
from recommender.compatibility.field import NAME
from recommender.outfits.outfit import Outfit
from recommender.runtime import safekeeping
from recommender.runtime.safekeeping import Safekeeper
from recommender.runtime.wiring import Wiring
from recommender.settings import read_settings
from recommender.wire.terms import Verdict
from segmentation.common.taxonomy import Category
from tests.recommender.cli.conftest import ROWS, Shell
from tests.servers import PostgresServer

SCARF = Outfit(np.eye(1, 8, dtype=np.float32), (Category.SCARF,), ((),))
SKUS = sorted(row["sku"] for row in ROWS)


def answers(shell: Shell) -> list[Any]:
    asked = [shell.ok("similar", "--item", sku, "-k", "4") for sku in SKUS if sku != "cap"]
    return [*asked, shell.ok("catalog", "list"), shell.ok("style", "show", "p-1")]


@pytest.fixture
def full(stocked: Shell) -> Shell:
    stocked.ok("style", "like", "p-1", "boots")
    return stocked


def move(shell: Shell, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Begin a new home."""
    shell.home = shell.folder / name
    monkeypatch.setenv("RECOMMENDER_HOME", str(shell.home))


def test_in_an_empty_home_the_same_questions_have_the_same_answers(
    full: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOMMENDER_CATALOGUE", "kids")
    full.ok("catalog", "import", full.feed(ROWS[:3]))
    monkeypatch.delenv("RECOMMENDER_CATALOGUE")
    before, file = answers(full), full.folder / "shop.zip"
    value = full.ok("backup", file)[0]
    assert (value["items"], value["vectors"], value["pictures"]) == (11, 11, 8)
    assert value["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o077 == 0, "what people told is for nobody else"
    assert [path.name for path in full.folder.glob(".*")] == [], "nothing is left beside it"
    move(full, monkeypatch, "another")
    assert full.ok("restore", file)[0]["items"] == 11
    assert answers(full) == before
    for catalogue in ("default", "kids"):
        monkeypatch.setenv("RECOMMENDER_CATALOGUE", catalogue)
        assert full.ok("index", "verify", "--pictures")[0]["intact"]
    full.ok("restore", file)  # the same again is nothing new


@pytest.mark.parametrize("there_and_back", [("sqlite", "server"), ("server", "sqlite")])
def test_from_one_engine_to_the_other(
    shell: Shell, there_and_back: tuple[str, str], postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def use(kind: str) -> None:
        url = postgres.empty() if kind == "server" else ""
        monkeypatch.setenv("RECOMMENDER_DATABASE_URL", url)

    use(there_and_back[0])
    shell.ok("catalog", "import", shell.feed())
    shell.ok("style", "like", "p-1", "boots")
    before = answers(shell)
    shell.ok("backup", shell.folder / "shop.zip")
    move(shell, monkeypatch, "another")
    use(there_and_back[1])
    shell.ok("restore", shell.folder / "shop.zip")
    assert answers(shell) == before
    assert shell.ok("index", "verify", "--pictures")[0]["intact"]


def test_a_full_home_is_not_replaced_unasked(full: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    file = full.folder / "shop.zip"
    full.ok("backup", file)
    assert "is there already" in full.refused("backup", file)
    full.ok("backup", file, "--yes")
    move(full, monkeypatch, "another")
    full.ok("catalog", "import", full.feed(ROWS[:2]))
    result = full.refused("restore", file)
    assert "2 items" in result
    assert "--yes" in result
    assert len(full.skus()) == 2
    full.ok("restore", file, "--yes")
    assert full.skus() == SKUS
    assert full.ok("index", "verify")[0]["intact"]


def test_what_was_liked_since_is_not_replaced_unasked(full: Shell) -> None:
    full.ok("backup", full.folder / "shop.zip")
    full.ok("style", "like", "p-2", "tote")
    assert "2 feedback" in full.refused("restore", full.folder / "shop.zip")


def test_damage_is_found_before_anything_is_changed(
    full: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = full.folder / "shop.zip"
    full.ok("backup", file)
    data, drawn = file.read_bytes(), random.Random(1)
    move(full, monkeypatch, "another")
    places = [drawn.randrange(len(data)) for _ in range(30)]
    broken = [data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :] for at in places]
    broken += [data[: len(data) * part // 5] for part in range(5)]
    harmless = 0
    for each in broken:
        bad = full.file("bad.zip", each)
        result = full.run("restore", bad)
        if result.exit_code == 0:  # a byte that says nothing of what is in it, such as a time
            harmless += 1
            assert full.skus() == SKUS
            shutil.rmtree(full.home)
            continue
        assert "the backup cannot be used" in result.output
        assert "Traceback" not in result.output
        assert not (full.home / "catalog.sqlite3").exists()
    assert harmless < len(broken) / 5
    assert "no such file" in full.refused("restore", full.folder / "none.zip")
    assert not full.home.exists()


def rewritten(file: Path, changes: dict[str, bytes], packed: int = zipfile.ZIP_STORED) -> Path:
    """Return another zip with files changed or added."""
    made = file.with_name("made.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", packed) as new:
        files = {name: old.read(name) for name in old.namelist()} | changes
        for name, data in files.items():
            new.writestr(name, data)
    return made


def test_what_has_no_place_in_a_backup(full: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    file = full.folder / "shop.zip"
    full.ok("backup", file)
    with zipfile.ZipFile(file) as packed:
        record = json.loads(packed.read("backup.json"))
        image = next(name for name in packed.namelist() if name.startswith("images/"))
    move(full, monkeypatch, "another")
    outside = {**record, "files": {**record["files"], "../outside": "0" * 64}}
    bad = [
        rewritten(file, {"../outside": b"x"}),
        rewritten(file, {"../outside": b"x", "backup.json": json.dumps(outside).encode()}),
        rewritten(file, {image: b"another picture"}),
        rewritten(file, {"backup.json": b"[]"}),
        rewritten(file, {"backup.json": json.dumps({**record, "format": 2}).encode()}),
        rewritten(file, {"backup.json": json.dumps({**record, "pictures": 1}).encode()}),
        rewritten(file, {"images/extra": b"x"}),
    ]
    for each in bad:
        assert "cannot be used" in full.refused("restore", each)
    assert "packed" in full.refused("restore", rewritten(file, {}, zipfile.ZIP_DEFLATED))
    assert not full.home.exists()


FIELD = Path(FIELDS) / NAME


def field_answers(generation: Generation) -> tuple[list[list[int]], list[list[float]]]:
    """Return the keys and scores that a generation's field gives to each kind's question of a scarf."""
    with closing(Wiring(read_settings())) as wiring:
        asks = wiring.scorer.asks(SCARF, [*Category])
        store = FaissEngine().open(generation.folder / FIELD, generation.manifest.fields[NAME])
        assert asks is not None and wiring.scorer.field is not None
        assert store.dim == wiring.scorer.field.dim
        found = store.search(asks, len(ROWS))
    return found.keys.tolist(), found.scores.tolist()


def field_files(generation: Generation) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (generation.folder / FIELD).iterdir()}


@pytest.mark.usefixtures("network")
def test_a_field_comes_back_with_its_index(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    file, before = stocked.folder / "shop.zip", Generations.of(stocked.home).current()
    held, answered = field_files(before), field_answers(before)
    assert held and {len(set(keys)) for keys in answered[0]} == {len(ROWS)}
    stocked.ok("backup", file)
    move(stocked, monkeypatch, "another")
    stocked.ok("restore", file)
    after = Generations.of(stocked.home).current()
    assert after.manifest == before.manifest
    assert field_files(after) == held and field_answers(after) == answered
    assert stocked.ok("index", "verify")[0]["intact"]
    name = next(name for name in held if name.endswith(".faiss"))
    damaged = after.folder / FIELD / name
    damaged.write_bytes(held[name][:-1] + bytes([held[name][-1] ^ 0xFF]))
    assert str(damaged) in stocked.refused("index", "verify")
    damaged.unlink()
    lacking = stocked.refused("index", "verify")
    assert str(damaged.parent) in lacking and name in lacking
    stocked.ok("restore", file)
    assert stocked.ok("index", "verify")[0]["intact"]


PLACES = [
    (ImageStore, "settle"),
    (Generations, "adopt"),
    (safekeeping, "copy_rows"),
    (copying, "sums"),
    (Generations, "serve"),
    (Generations, "_prune"),
]


@pytest.mark.parametrize(("owner", "name"), PLACES, ids=[name for _, name in PLACES])
def test_killed_anywhere_it_is_run_again(
    full: Shell, owner: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, file = answers(full), full.folder / "shop.zip"
    full.ok("backup", file)
    move(full, monkeypatch, "another")

    def kill(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, kill)
        assert full.run("restore", file).exit_code == 130
    full.ok("restore", file)
    assert answers(full) == before
    assert full.ok("index", "verify", "--pictures")[0]["intact"]
    assert not (full.home / ".restoring").exists()


def test_while_others_write(full: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Feedback goes on; what is in the backup is one moment of it."""
    stop, result = threading.Event(), threading.Event()
    people = Wiring(read_settings()).people

    def like() -> None:
        for number in itertools.count(2):
            people.tell(f"p-{number}", Verdict.LIKE, ["boots"])
            result.set()
            if stop.is_set():
                return

    thread = threading.Thread(target=like)
    thread.start()
    try:
        assert result.wait(60)
        full.ok("backup", full.folder / "shop.zip")
    finally:
        stop.set()
        thread.join()
    move(full, monkeypatch, "another")
    full.ok("restore", full.folder / "shop.zip")
    assert full.ok("index", "verify", "--pictures")[0]["intact"]
    assert full.ok("style", "show", "p-2")[0]["told"] == 1


def test_a_picture_that_is_not_there_is_told(full: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = sorted((full.home / "images").rglob("*.png"))
    pictures[0].unlink()
    pictures[1].write_bytes(b"spoilt")
    file = full.folder / "shop.zip"
    result = full.run("backup", file, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["pictures_missing"] == 2
    assert "2 missing or damaged" in result.stderr
    move(full, monkeypatch, "another")
    assert full.run("restore", file).exit_code == 1
    assert full.skus() == SKUS
    assert "missing" in full.refused("index", "verify")


def test_a_disk_that_is_full_leaves_no_half(full: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("index.safekeeping.archive.os.fsync", refuse)
        assert "No space left" in full.refused("backup", full.folder / "shop.zip")
    assert list(full.folder.glob("*shop.zip*")) + list(full.folder.glob(".*")) == []


def test_a_safekeeper_of_an_empty_database_has_an_empty_backup(tmp_path: Path) -> None:
    """The control: `backup` refuses it on the command line, since there is nothing to save."""
    keeper = Safekeeper(tmp_path / "home", f"sqlite:///{tmp_path}/empty.sqlite3")
    assert keeper.backup(tmp_path / "file.zip").tables == {}
