"""What `make bench-steady` tells and serves; how long anything takes is not tested here."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from sqlalchemy import func, select

from index.catalogue.catalog import Catalog
from index.database.tables import VectorRow
from recommender.bench.large_shop import fill
from recommender.bench.steady import Answer, Steady, new_photos, plot, steady, table
from recommender.client import ApiProblem
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings
from recommender.wire.state_shapes import Problem


def test_questions_come_at_their_pace_and_refusals_are_counted() -> None:
    def ask(number: int) -> str:
        time.sleep(0.2 if number == 0 else 0.0)  # nobody waits for the first
        if number == 3:
            raise ApiProblem(Problem(type="urn:x", title="Busy", status=503, detail="busy"))
        return "even" if number % 2 == 0 else "odd"

    done = steady("made-up", 100, 0.2, ask)
    assert [each.kind for each in done.answers][:5] == ["even", "odd", "even", "", "even"]
    assert dict(done.refused) == {503: 1} and len(done.answers) == 20
    assert done.answers[0].ms >= 200 and done.percentile(50) < 150


def test_the_tail_says_what_it_is_made_of() -> None:
    quick = [Answer("words", 5.0, 0.0, 200)] * 198
    slow = [Answer("three questions", 100.0, 50.0, 200)]
    done = Steady("made-up", 10, (*quick[:99], *slow, *quick[99:], *slow))
    assert done.tail() == {
        "kinds": "three questions 2",
        "in": "2 bursts a second or more apart",
        "waited to be asked": "50% of their time",
    }
    assert table([done]).row_count == 1
    assert "1,000 items: 5 and 5 ms" in plot([1000], [done])


def test_photos_differ() -> None:
    assert len(set(new_photos(30))) == 30


def test_a_shop_is_filled_up_without_encoding(boutique: Path, tmp_path: Path) -> None:
    shutil.copytree(boutique, tmp_path / "home")
    wiring = Wiring(Settings(home=tmp_path / "home"))
    fill(wiring, 600)
    indexer = wiring.indexer()
    with indexer.database.reading() as session:
        assert Catalog(session).count() == 600
        assert session.execute(select(func.count()).select_from(VectorRow)).scalar_one() >= 600
    assert indexer.generations.verify().manifest.count >= 600
    wiring.close()
