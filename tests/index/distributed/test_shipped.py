"""The command, with the shipped detector and encoder, on a Ray of one node on this machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from index.database.database import open_database
from index.model.vectors import unpack
from recommender.cli.app import app
from recommender.sample import BOUTIQUE
from tests.index.distributed.test_kills import vectors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")
ITEMS = 6
DIM = 256


def run_json(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def rows(home: Path) -> dict[str, tuple[str, NDArray[np.float32]]]:
    database = open_database(f"sqlite:///{home}/catalog.sqlite3")
    found = {sku: (name, unpack([data], DIM)[0]) for sku, name, *_, data in vectors(database)}
    database.close()
    return found


def test_ray_and_this_process_make_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOMMENDER_HOME", str(tmp_path / "home"))
    lines = (BOUTIQUE / "catalog.jsonl").read_text().splitlines()[:ITEMS]
    feed = tmp_path / "feed.jsonl"
    feed.write_text("\n".join(lines))
    shutil.copytree(BOUTIQUE / "images", tmp_path / "images")
    assert run_json("catalog", "import", str(feed), "--later")["encoded"] == 0

    by_ray = run_json("index", "build", "--engine", "ray", "--workers", "1")
    assert (by_ray["encoded"], by_ray["vectors"], by_ray["rejected"]) == (ITEMS, ITEMS, 0)
    made = rows(tmp_path / "home")
    here = run_json("index", "build", "--encode-again")
    assert here["encoded"] == ITEMS
    for sku, (name, unit) in rows(tmp_path / "home").items():
        assert made[sku][0] == name
        assert float(unit @ made[sku][1]) >= 0.999
    assert run_json("index", "verify")["intact"] is True
    assert run_json("index", "build", "--engine", "ray")["encoded"] == 0
