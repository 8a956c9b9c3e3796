"""Looks for the sample outfits, by the shipped models, from a part of the sample boutique."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recommender.bench.look_counts import Answered, answers, counted
from recommender.completion.asking import CompleteRequest
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import shipped
from recommender.runtime.wiring import Wiring
from recommender.sample import outfit_paths
from recommender.settings import Settings


@pytest.fixture(scope="module")
def answered(boutique: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Answered]:
    home = tmp_path_factory.mktemp("looks") / "home"
    shutil.copytree(boutique, home)
    wiring = Wiring(Settings(home=home))
    photos = [(path.stem, wiring.decode(path.read_bytes())) for path in outfit_paths()[::2]]
    return list(answers(photos, wiring, lambda _: CompleteRequest(looks=3)))


def test_looks_for_the_sample_outfits_break_no_rule(answered: list[Answered]) -> None:
    counts = counted(answered, Stylist(shipped()))
    assert counts.outfits == 12 and counts.looks >= 30
    assert (counts.below_three, counts.vetoed, counts.children) == (0, 0, 0)
    assert (counts.mixed, counts.twice) == (0, 0)
