"""The whole product on servers: imported, searched, changed, killed in mid-publication, opened again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.model.filters import Filters
from recommender.compatibility.model import SimilarityAndColour
from recommender.outfits.outfit import Outfit
from recommender.outfits.slots import kinds_for
from recommender.runtime.wiring import Wiring
from recommender.settings import read_settings
from recommender.similarity import retrieval
from recommender.similarity.retrieval import candidates, proposable
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.cli.conftest import ROWS, Shell, picture
from tests.servers import PASSWORD, PostgresServer

RED = (192, 40, 48)


@pytest.fixture(params=["pgvector", "milvus"])
def remote(
    shell: Shell,
    postgres: PostgresServer,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Shell:
    """A shop whose catalogue lies on PostgreSQL, and its vectors there or in Milvus."""
    monkeypatch.setenv("RECOMMENDER_DATABASE_URL", postgres.empty())
    monkeypatch.setenv("RECOMMENDER_STORE", request.param)
    if request.param == "milvus":
        monkeypatch.setenv("RECOMMENDER_MILVUS_URI", request.getfixturevalue("milvus"))
    return shell


KINDS = ("bag", "boots", "coat", "hat", "jacket", "scarf")
WORN = Outfit(np.eye(2, 8, dtype=np.float32), (Category.SHIRT, Category.SKIRT), ((), ()))


def nearest(shell: Shell, *words: str | Path) -> list[str]:
    [answer] = shell.ok("similar", *words)
    return [hit["sku"] for hit in answer["hits"]]


def test_a_shop_from_its_first_import_to_its_last_removal(remote: Shell) -> None:
    remote.ok("catalog", "import", remote.feed())
    assert remote.skus() == sorted(row["sku"] for row in ROWS)
    assert set(nearest(remote, "--item", "tote", "--category", "bag")) <= {"clutch"}
    photo = remote.file("photo.png", picture(RED))
    assert set(nearest(remote, "--text", "a bag", "--category", "bag")) == {"tote", "clutch"}
    assert remote.ok("complete", photo)[0]["look"]["picks"]
    changed = [{**row, "price": "1.00"} if row["sku"] == "tote" else row for row in ROWS[:-1]]
    [report] = remote.ok("catalog", "import", remote.feed(changed), "--remove-missing")
    assert (report["changed"], report["removed"], report["encoded"]) == (1, 1, 0)
    remote.ok("catalog", "remove", "clutch")
    assert "clutch" not in nearest(remote, "--text", "a bag", "--category", "bag", "-k", "5")
    [status] = remote.ok("index", "status")
    assert status["store"].startswith(("pgvector-", "milvus-"))
    assert (status["answers"], status["current"], status["vectors"]) == (True, True, 6)
    assert remote.ok("index", "verify")[0]["intact"]
    assert "keeps no earlier index" in remote.refused("index", "rollback")


def test_doctor_says_which_store_answers(
    remote: Shell, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    remote.ok("catalog", "import", remote.feed())

    def looks() -> dict[str, dict[str, Any]]:
        result = remote.run("doctor", "--json")
        assert PASSWORD not in result.output
        return {each["name"]: each for each in json.loads(result.stdout)["checks"]}

    found = looks()
    assert found["store"]["ok"]
    assert found["index"]["ok"]
    assert found["store"]["found"].startswith(("pgvector 0.", "Milvus "))
    monkeypatch.setenv("RECOMMENDER_MILVUS_URI", "http://127.0.0.1:1")
    monkeypatch.setenv("RECOMMENDER_DATABASE_URL", f"postgresql://a:{PASSWORD}@127.0.0.1:1/b")
    away = looks()["store"]
    assert not away["ok"]
    assert away["mend"]


@pytest.mark.parametrize(
    "statement", ["CREATE TEMPORARY TABLE incoming", "ANALYZE"], ids=["nothing", "all"]
)
def test_killed_in_mid_publication(
    shell: Shell, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    monkeypatch.setenv("RECOMMENDER_DATABASE_URL", postgres.empty())
    monkeypatch.setenv("RECOMMENDER_STORE", "pgvector")
    shell.ok("catalog", "import", shell.feed(ROWS[:6]))
    # killed when nothing is written yet, or when all is and only the commit is missing
    before = nearest(shell, "--item", "gown")
    command = [sys.executable, "-m", "tests.recommender.cli.killed_on_a_server", statement]
    command += ["catalog", "import", str(shell.feed(ROWS[1:])), "--remove-missing"]
    root = Path(__file__).parents[3]
    killed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    [status] = shell.ok("index", "status")
    assert (status["current"], status["answers"], status["vectors"]) == (False, True, 6)
    # the catalogue has moved on, the vectors have not: what was there answers, what is gone does not
    assert nearest(shell, "--item", "gown") == [sku for sku in before if sku != "boots"]
    [report] = shell.ok("catalog", "import", shell.feed(ROWS[1:]), "--remove-missing")
    assert (report["encoded"], report["unchanged"]) == (0, 7), "what was encoded is kept"
    [status] = shell.ok("index", "status")
    assert (status["current"], status["vectors"]) == (True, 7)
    assert "skirt" in nearest(shell, "--text", "a skirt", "--category", "skirt")


def proposed(shell: Shell) -> tuple[dict[Slot, tuple[str, ...]], Any]:
    """Return the candidates for an outfit, and all that is said of a photo but how long it took."""
    with closing(Wiring(read_settings())) as wiring:
        assert wiring.scorer.field is not None
        assert wiring.searcher.in_field(wiring.scorer.field, []) == [], "there is a field to ask"
        wanted = {
            slot: proposable(Filters(categories=frozenset(kinds_for(slot, WORN.categories))))
            for slot in (Slot.SHOES, Slot.BAG, Slot.OUTER, Slot.ACCESSORIES)
        }
        found = candidates(wiring.searcher, WORN, wanted, wiring.scorer)
        near = candidates(wiring.searcher, WORN, wanted, SimilarityAndColour())
    skus = {slot: tuple(item.sku for item in pool.items) for slot, pool in found.items()}
    assert all(near[slot].items != pool.items for slot, pool in found.items()), "and it is asked"
    [answer] = shell.ok("complete", shell.file("photo.png", picture(RED)))
    answer["look"].pop("ms")
    assert answer["look"]["picks"] and answer["look"]["alternatives"] and answer["slots"]["outer"]
    return skus, answer


@pytest.mark.usefixtures("network")
def test_looks_are_those_that_faiss_gives(remote: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, few in (("CANDIDATES", 8), ("FITTING", 4), ("NEAREST", 6)):
        monkeypatch.setattr(retrieval, name, few)
    rows = [
        {"sku": f"{kind}-{n:02d}", "title": "Thing", "category": kind, "price": f"{20 + n}.00"}
        for kind in KINDS
        for n in range(12)
    ]
    remote.ok("catalog", "import", remote.feed(rows))
    there = proposed(remote)
    monkeypatch.setenv("RECOMMENDER_STORE", "faiss")
    monkeypatch.setenv("RECOMMENDER_DATABASE_URL", "")
    monkeypatch.setenv("RECOMMENDER_HOME", str(remote.folder / "another"))
    remote.ok("catalog", "import", remote.feed(rows))
    assert there == proposed(remote)
