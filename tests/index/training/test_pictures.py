"""Views keep what makes a garment the garment, and repainting changes colour and pattern alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.training.examples.garments import STORED
from index.training.examples.repainting import (
    Paint,
    is_plain,
    jittered,
    patterned_look,
    plain_look,
    repainted,
)
from index.training.examples.views import view
from index.training.measuring.neighbours import colour_distance
from segmentation.common.colours import PALETTE, lab_of, main_colours, nearest_colour
from segmentation.common.cutouts import SIDE
from tests.index.training.pieces import INSIDE, square_garment


def test_a_view_differs_each_time_and_keeps_the_neutral_background() -> None:
    garment = square_garment(rgb=(200, 30, 30))
    views = [view(garment.rgb, np.random.default_rng(seed)) for seed in range(30)]
    assert views[0].shape == (SIDE, SIDE, 3) and not np.array_equal(views[0], views[1])
    corners = np.array([one[0, 0].astype(int) for one in views])
    assert np.median(np.abs(corners - 127)) <= 6


def test_a_view_of_an_outlined_garment_shows_its_box_and_at_times_another_ground() -> None:
    garment = square_garment(rgb=(200, 30, 30))
    views = [
        view(garment.rgb, np.random.default_rng(seed), mask=garment.mask, side=96)
        for seed in range(60)
    ]
    reddish = np.mean([(one[..., 0] > 110) & (one[..., 1] < 90) for one in views])
    assert views[0].shape == (96, 96, 3) and reddish > 0.4  # of the picture it is a quarter
    corners = [tuple(one[0, 0] // 16) for one in views]
    assert len(set(corners)) > 3


def test_nothing_changes_a_view_without_strength_but_the_mirror() -> None:
    garment = square_garment()
    still = view(garment.rgb, np.random.default_rng(1), strength=0.0, side=STORED)
    assert np.abs(still.astype(int) - garment.rgb).mean() < 2


def test_a_plain_garment_is_told_from_a_striped_one() -> None:
    garment = square_garment()
    look = patterned_look("navy", PALETTE["navy"], np.random.default_rng(0))
    assert is_plain(garment)
    assert not is_plain(replace(garment, rgb=repainted(garment, look)))
    assert not is_plain(replace(garment, mask=None))


@pytest.mark.parametrize("name", ["red", "white", "black", "mustard"])
def test_repainting_gives_the_colour_named_and_keeps_the_fold_and_the_rest(name: str) -> None:
    garment = square_garment()
    look = Paint((name,), PALETTE[name], PALETTE[name], "plain", 0)
    painted = repainted(garment, look)
    assert garment.mask is not None
    assert main_colours(painted, garment.mask)[0] == name
    assert painted[128, 128].sum() < painted[128, 80].sum()  # the fold
    assert np.array_equal(painted[:32], garment.rgb[:32])
    assert look.facts_of(garment.facts).colours == (name,)


def test_a_pattern_shows_both_its_colours() -> None:
    garment = square_garment()
    for seed in range(6):
        rng = np.random.default_rng(seed)
        look = patterned_look("white", PALETTE["white"], rng)
        painted = repainted(garment, look)[INSIDE, INSIDE].reshape(-1, 3)
        lab = lab_of(painted)
        for rgb in (look.rgb, look.second_rgb):
            wanted = lab_of(np.array([rgb], dtype=np.uint8))[0]
            assert (colour_distance(lab, wanted) < 20).mean() > 0.03, look


def test_a_new_look_is_of_another_colour_that_bears_its_name() -> None:
    facts = square_garment().facts
    for seed in range(40):
        look = plain_look(facts, np.random.default_rng(seed))
        assert look.colours[0] not in facts.colours
        assert nearest_colour(look.rgb) == look.colours[0]
        assert nearest_colour(jittered("teal", np.random.default_rng(seed))) == "teal"


def test_a_garment_without_a_mask_cannot_be_repainted() -> None:
    garment = replace(square_garment(), mask=None)
    with pytest.raises(ValueError, match="expected an outlined garment"):
        repainted(garment, plain_look(garment.facts, np.random.default_rng(0)))
