import time

import numpy as np
import pytest
from numpy.typing import NDArray

from segmentation.common.colours import PALETTE, lab_of, main_colours, nearest_colour
from segmentation.common.taxonomy import Category
from segmentation.rendering import render_garment, render_outfit, sample_garment, sample_outfit

SMALL_OR_MIXED = {Category.GLASSES, Category.WATCH, Category.UMBRELLA, Category.HAT}


def blocks(*colours: str, shares: tuple[float, ...] = (1.0,)) -> NDArray[np.uint8]:
    """Return a 60 x 100 picture with a column of pixels for each share."""
    picture = np.zeros((60, 100, 3), np.uint8)
    at = 0
    for colour, share in zip(colours, shares, strict=True):
        picture[:, at : at + round(100 * share)] = PALETTE[colour]
        at += round(100 * share)
    return picture


EVERYWHERE = np.ones((60, 100), np.bool_)


def test_an_empty_mask_has_no_colour() -> None:
    assert main_colours(blocks("red"), np.zeros((60, 100), np.bool_)) == ()


def test_one_pixel_has_a_colour() -> None:
    mask = np.zeros((60, 100), np.bool_)
    mask[3, 4] = True
    assert main_colours(blocks("teal"), mask) == ("teal",)


@pytest.mark.parametrize("name", PALETTE)
def test_every_name_names_its_own_colour(name: str) -> None:
    assert nearest_colour(PALETTE[name]) == name
    assert main_colours(blocks(name), EVERYWHERE) == (name,)


def test_names_are_apart_in_lab() -> None:
    lab = lab_of(np.array(list(PALETTE.values()), np.uint8))
    distance = np.linalg.norm(lab[:, None] - lab[None], axis=2) + 1e3 * np.eye(len(lab))
    assert distance.min() > 8


def test_white_is_100_bright_and_neutral() -> None:
    assert lab_of(np.array([[255, 255, 255]], np.uint8))[0] == pytest.approx([100, 0, 0], abs=0.2)


def test_the_second_colour_needs_its_share() -> None:
    picture = blocks("navy", "white", shares=(0.7, 0.3))
    assert main_colours(picture, EVERYWHERE) == ("navy", "white")
    assert main_colours(picture, EVERYWHERE, second_share=0.4) == ("navy",)
    assert main_colours(blocks("navy", "white", shares=(0.88, 0.12)), EVERYWHERE) == ("navy",)


def test_pixels_outside_the_mask_do_not_count() -> None:
    mask = EVERYWHERE.copy()
    mask[:, 50:] = False
    assert main_colours(blocks("green", "red", shares=(0.5, 0.5)), mask) == ("green",)


def test_the_blend_of_a_gingham_is_no_colour_of_its_own() -> None:
    navy, white = np.array(PALETTE["navy"]), np.array(PALETTE["white"])
    rows = (np.arange(60) // 5 % 2)[:, None, None]
    columns = (np.arange(100) // 5 % 2)[None, :, None]
    picture = (navy + (white - navy) * 0.5 * (rows + columns)).astype(np.uint8)
    assert set(main_colours(picture, EVERYWHERE)) == {"navy", "white"}


def test_light_falling_off_does_not_make_a_second_colour() -> None:
    light = np.linspace(0.75, 1.05, 100)[None, :, None]
    picture = np.clip(blocks("red") * light, 0, 255).astype(np.uint8)
    assert main_colours(picture, EVERYWHERE) == ("red",)


def test_plain_rendered_garments_are_named_as_specified() -> None:
    """Measured when written: 99 % of 158 product pictures, 99 % of 209 garments on figures."""
    right = total = 0
    for seed in range(50):
        spec = sample_garment(np.random.default_rng([seed, 5]))
        if (
            spec.pattern == "plain"
            and not spec.second_colour
            and spec.category not in SMALL_OR_MIXED
        ):
            rendering = render_garment(spec, (144, 192))
            right += main_colours(rendering.rgb, rendering.garments[0].mask)[0] == spec.colour
            total += 1
    for seed in range(4):
        worn = sample_outfit(np.random.default_rng(seed))
        rendering = render_outfit(worn, seed, (320, 480))
        for garment, spec in zip(rendering.garments, rendering.specs, strict=True):
            plain = spec.pattern == "plain" and not spec.second_colour
            if plain and spec.category not in SMALL_OR_MIXED and garment.mask.sum() > 400:
                right += main_colours(rendering.rgb, garment.mask)[0] == spec.colour
                total += 1
    assert total > 35
    assert right / total >= 0.92


def test_it_is_quick() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (608, 400, 3)).astype(np.uint8)
    mask = np.ones((608, 400), np.bool_)
    best = float("inf")
    for _ in range(9):
        start = time.thread_time()
        main_colours(picture, mask)
        best = min(best, time.thread_time() - start)
    assert best < 0.003  # of the processor's time; 1.3 ms where it was written
