"""Training and measuring: the network learns what is worn together, and the exam is fair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.compatibility.ensembles import Question
from recommender.compatibility.training.ablations import control
from recommender.compatibility.training.asking import (
    asked_about,
    choices,
    outfits_and_fakes,
    pools,
    published,
)
from recommender.compatibility.training.baselines import (
    Cosine,
    HarmonyBaseline,
    Network,
    RandomBaseline,
)
from recommender.compatibility.training.evaluate import BOX, evaluate_compatibility, split_of
from recommender.compatibility.training.fit import Sight, Tables, fit
from recommender.compatibility.training.measuring import Marks, interval_of, right_first
from segmentation.common.errors import DatasetError
from tests.recommender.compatibility.pieces import DIM, KINDS, made_up


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.compatibility.training.fit.EACH", 16)


def test_the_network_learns_what_is_worn_together_and_nothing_where_there_is_nothing() -> None:
    shares = {}
    for style in (1.0, 0.0):
        trained, seen = made_up(150, 1, style=style), made_up(60, 2, style=style)
        network = fit(trained, Sight(), seed=0, steps=40)
        rng = np.random.default_rng(0)
        asking = asked_about(seen, *choices(seen, 1, 2, rng), rng)
        shares[style] = float(right_first(Network(network, Tables(seen)), asking).mean())
    assert shares[1.0] > 0.85
    assert 0.35 < shares[0.0] < 0.65


def test_training_is_a_function_of_its_seed() -> None:
    trained = made_up(30)
    one, again, other = (
        fit(trained, Sight(), seed=seed, steps=3).state_dict()["item.0.weight"].sum().item()
        for seed in (0, 0, 1)
    )
    assert one == again != other


def test_wrong_answers_are_of_the_kind_and_of_another_outfit_and_draws_are_disturbed() -> None:
    seen, rng = made_up(20), np.random.default_rng(0)
    about, answers = choices(seen, 3, 2, rng)
    assert len(about) == 2 * len(seen) and (answers[:, 0] == about).all()
    assert (seen.kinds[answers] == seen.kinds[about][:, None]).all()
    assert (seen.outfit[answers[:, 1:]] != seen.outfit[about][:, None]).all()
    assert all(len(set(row)) == 4 for row in answers.tolist())
    asking = asked_about(seen, about, answers, rng)
    assert asking.answer_draws.min() == 1 and asking.worn_draws.min() == 1
    assert (asking.worn[:, : len(KINDS) - 1] != about[:, None]).all()
    assert (asked_about(seen, about, answers, rng, draw=0).answer_draws == 0).all()


def test_pools_hold_the_slot_and_ask_about_held_out_outfits_alone() -> None:
    seen, rng = made_up(30), np.random.default_rng(0)
    more = seen.outfit >= 20
    about, answers = pools(seen, more, 15, rng)
    assert len(about) == 20 * len(KINDS) and not more[about].any() and more[answers].any()
    assert len(pools(seen, more, 30, rng)[0]) == 0, "a slot that cannot fill the pool is left out"


def test_a_fake_outfit_has_every_piece_exchanged_for_one_of_its_kind() -> None:
    seen = made_up(12)
    real, fake, owners = outfits_and_fakes(seen, np.random.default_rng(0))
    assert np.bincount(owners).tolist() == [len(KINDS)] * 12
    assert (seen.kinds[real.about] == seen.kinds[fake.about]).all()
    assert (seen.outfit[real.about] != seen.outfit[fake.about]).all()
    first = fake.worn[0][fake.worn[0] >= 0]
    assert set(first) == set(fake.about[owners == owners[0]][1:])


def test_published_questions_are_asked_as_published() -> None:
    seen, rng = made_up(3), np.random.default_rng(0)
    parts = [
        Question(("piece 0", "piece 1"), ("piece 6", "piece 2"), 1),
        Question(("piece 0",), ("piece 6", "a piece without a picture"), 0),
    ]
    asking = published(seen, parts, rng)
    assert asking is not None and asking.answers.tolist() == [[2, 6]]
    assert asking.worn[0].tolist() == [0, 1, *[-1] * 8] and asking.about.tolist() == [2]
    assert published(seen, parts[1:], rng) is None


def test_simple_judges_score_as_their_names_say() -> None:
    seen, rng = made_up(40), np.random.default_rng(0)
    asking = asked_about(seen, *choices(seen, 1, 5, rng), rng)
    assert right_first(RandomBaseline(0), asking).mean() == pytest.approx(0.5, abs=0.1)
    assert right_first(Cosine(seen.rows[..., :DIM]), asking).mean() > 0.9
    scores = HarmonyBaseline(seen, 0).scores(asking)
    assert scores.shape == asking.answers.shape and scores.min() >= 0.19


def test_an_interval_is_over_outfits_and_of_the_difference_where_asked() -> None:
    good, bad = Marks(), Marks()
    outfit = np.repeat(np.arange(50), 4)
    good.add("fitb", outfit, np.ones(200, dtype=np.float32))
    bad.add("fitb", outfit, (np.arange(200) % 2).astype(np.float32))
    assert interval_of(good, "fitb") == (1.0, (1.0, 1.0))
    mean, (low, high) = interval_of(good, "fitb", bad)
    assert mean == 0.5 and low == high == 0.5
    uneven = Marks()
    uneven.add("fitb", outfit, (outfit < 25).astype(np.float32))
    mean, (low, high) = interval_of(uneven, "fitb")
    assert mean == 0.5 and 0.3 < low < 0.45 < 0.55 < high < 0.7


def test_the_control_finds_traces_where_there_are_some() -> None:
    result = control(
        made_up(80, 1, style=0.0, traces=3.0), made_up(40, 2, style=0.0, traces=3.0), steps=30
    )
    assert result["around"]["binary_accuracy"] > 0.8
    assert result["border"]["binary_accuracy"] < 0.65
    where = [result[f"masks_where_around_is_{word}"]["questions"] for word in ("right", "wrong")]
    assert sum(where) == result["masks"]["questions"]


def test_the_table_holds_every_judge_with_its_interval() -> None:
    seen = made_up(200, 3)
    number = np.arange(200)
    split = split_of(seen, number < 30, (number >= 30) & (number < 110))
    result = evaluate_compatibility(split, report=lambda _line: None, seeds=1, steps=40)
    assert set(result["models"]) >= {
        "random",
        "popularity",
        "(a) rectangle, 7 x 7",
        "(b) masks",
        "(c) both",
    }
    for name, figures in result["models"].items():
        low, high = figures["binary_accuracy_ci"]
        assert 0 <= low <= figures["binary_accuracy"] <= high <= 1, name
        assert ("outfit_auc" in figures) == (name[:3] not in ("(a)", "(c)") and name != BOX)
    assert result["models"]["(b) masks"]["fitb"] > result["models"]["random"]["fitb"] + 0.2
    assert result["outfits"] == {"trained": 90, "asked": 30}


def test_the_box_alone_gives_an_answer_away_whose_shape_is_seen() -> None:
    seen = made_up(160, 3, style=0.0)
    shapes = seen.rows.copy()
    shapes[..., :4] += 6 * (seen.boxes - 0.5)
    number = np.arange(160)
    found = {}
    for name, each in (("shown", replace(seen, rows=shapes)), ("hidden", seen)):
        split = split_of(each, number < 30, (number >= 30) & (number < 50))
        models = evaluate_compatibility(split, report=lambda _line: None, seeds=1, steps=40)[
            "models"
        ]
        found[name] = models[BOX]["binary_accuracy"]
    assert found["shown"] > 0.75
    assert 0.35 < found["hidden"] < 0.65


def test_outfits_that_are_too_few_to_ask_about_are_refused() -> None:
    seen = made_up(12, 3)
    number = np.arange(12)
    split = split_of(seen, number < 1, (number >= 1) & (number < 6))
    with pytest.raises(DatasetError, match="too few outfits"):
        evaluate_compatibility(split, report=lambda _line: None, seeds=1, steps=1)
