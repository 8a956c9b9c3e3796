"""From outfits to arrays: what is cut, disturbed and encoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encoders.encoder import OpenClipEncoder
from recommender.compatibility.ensembles import Ensemble, EnsembleFile, OutfitPiece
from recommender.compatibility.training.encoded.crops import (
    DRAWS,
    crops_of,
    disturbed,
    filled,
    rectangle_beside,
)
from recommender.compatibility.training.encoded.encoding import see
from segmentation.common.cutouts import NEUTRAL
from segmentation.common.taxonomy import Category
from tests.tiny_encoder import write_encoder


def piece(
    name: str, colour: tuple[int, int, int], box: tuple[float, float, float, float]
) -> OutfitPiece:
    rgb = np.full((224, 224, 3), NEUTRAL, dtype=np.uint8)
    rgb[40:180, 60:160] = colour
    return OutfitPiece(name, Category.SHIRT, rgb, box)


def ensemble(scene: bool = True) -> Ensemble:
    photo = np.full((300, 200, 3), (40, 160, 60), dtype=np.uint8)
    photo[20:120, 60:140], photo[150:280, 70:130] = (200, 30, 40), (30, 40, 90)
    pieces = (
        piece("a", (200, 30, 40), (60, 20, 140, 120)),
        piece("b", (30, 40, 90), (70, 150, 130, 280)),
    )
    return Ensemble("one", pieces, photo if scene else None)


def test_the_rectangle_is_the_largest_that_does_not_touch_the_box() -> None:
    assert rectangle_beside((60, 20, 140, 120), (200, 300)) == (0, 120, 200, 300)
    assert rectangle_beside((0, 0, 50, 300), (200, 300)) == (50, 0, 200, 300)
    assert rectangle_beside((-5, -5, 400, 400), (200, 300))[2:] != (400, 400)


def test_each_crop_is_disturbed_on_its_own_and_the_ground_stays_neutral() -> None:
    rng = np.random.default_rng(0)
    one, other = (disturbed(ensemble().pieces[0].rgb, rng) for _ in range(2))
    assert not np.array_equal(one, other)
    assert (one[0, 0] == NEUTRAL).all()
    crops = crops_of(ensemble(), 1, scenes=True)
    assert len(crops.pieces) == 2 * (1 + DRAWS) == len(crops.colours)
    assert np.array_equal(crops.pieces[0], ensemble().pieces[0].rgb), "draw 0 is as served"
    assert crops.colours[:2] == [("red",), ("navy",)]
    assert len(crops.scenes) == 2 * DRAWS and len(crops.shrunk) == 2
    again = crops_of(ensemble(), 1, scenes=True)
    assert all(np.array_equal(a, b) for a, b in zip(crops.pieces, again.pieces, strict=True))


def test_a_stretched_cut_out_does_not_tell_its_shape() -> None:
    plain = ensemble().pieces[0].rgb
    assert (filled(plain) == (200, 30, 40)).all()
    nothing = np.full_like(plain, NEUTRAL)
    assert np.array_equal(filled(nothing), nothing)
    left = plain.copy()
    left[40:180, 60:110] = (10, 200, 30)  # half of the garment stays half of it
    assert (filled(left)[:, :108] == (10, 200, 30)).all()
    assert (filled(left)[:, 116:] == (200, 30, 40)).all()


def test_the_probes_see_the_surroundings_and_the_border() -> None:
    crops = crops_of(ensemble(), 1, scenes=False)
    lightness, green = crops.around[0, 0, 0], crops.around[0, 0, 1]
    assert 0.9 < lightness < 1.3 and green < -0.5, "the lawn"
    red = crops.border[0, 0, 1]
    assert red > 0.5 and crops.around.shape == crops.border.shape == (1 + DRAWS, 2, 8)
    assert not crops_of(ensemble(scene=False), 1, scenes=True).scenes


def test_outfits_become_aligned_arrays(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path)
    encoder = OpenClipEncoder.load(folder)
    nothing = EnsembleFile("nothing", lambda: Ensemble("nothing", ()))
    files = [EnsembleFile("one", ensemble), nothing, EnsembleFile("two", ensemble)]
    seen = see(files, encoder, str(folder), compared=False, report=lambda _line: None)
    assert seen.outfit.tolist() == [0, 0, 1, 1] and seen.names == ("one", "one")
    assert seen.rows.shape[:2] == (1 + DRAWS, 4) and seen.regions is None
    assert np.array_equal(seen.rows[0, 0], seen.rows[0, 2]), "the same picture gives the same row"
    assert not np.array_equal(seen.rows[1, 0], seen.rows[2, 0])
    assert seen.colours[0, 1] == ("navy",)
    assert seen.boxes[2].tolist() == pytest.approx([0.3, 20 / 300, 0.7, 0.4])
    stretched = see(
        files, encoder, str(folder), compared=False, stretched=True, report=lambda _line: None
    )
    assert not np.array_equal(stretched.rows[0], seen.rows[0])
    part = seen.of(np.array([False, True]))
    assert np.array_equal(part.boxes, seen.boxes[2:])
    assert len(part) == 2 and part.outfit.tolist() == [0, 0] and part.names == ("one",)
