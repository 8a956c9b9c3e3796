"""Pictures without clothes, for training and apart from it, and masks of products on white."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from segmentation.common.errors import WeightsError
from segmentation.common.garments import Garments, Mask, Photo, Rgb
from segmentation.common.taxonomy import Category
from segmentation.datasets import read_folder
from segmentation.rendering.nothing import KINDS, draw_nothing
from segmentation.training.labelling.nothing import empty_corner, write_nothing
from segmentation.training.labelling.salient import SalientObject
from segmentation.training.labelling.shop import product_on_white
from segmentation.training.labelling.white import white_mask
from segmentation.training.robustness.__main__ import without_clothes
from segmentation.training.robustness.empty import FIGURES, empty_pictures, figure
from segmentation.training.runs.sources import sources_of
from segmentation.training.samples.harder import CHANGES, few_pixels, harder, smaller, torso
from tests.street import PANTS, write_street


def test_a_drawn_picture_is_a_function_of_chance_and_number() -> None:
    for number in range(len(KINDS)):
        one, again = (draw_nothing(np.random.default_rng(number), number) for _ in range(2))
        assert one.shape == (520, 360, 3) and one.dtype == np.uint8
        assert np.array_equal(one, again)
        assert not np.array_equal(one, draw_nothing(np.random.default_rng(99), number))


def test_the_largest_rectangle_without_a_mark_is_taken() -> None:
    marked = np.zeros((400, 300), dtype=np.bool_)
    marked[:, 150:] = True
    corner = empty_corner(marked, np.random.default_rng(0))
    assert corner is not None and corner[2] <= 150
    assert (corner[2] - corner[0]) * (corner[3] - corner[1]) >= 0.2 * marked.size
    assert empty_corner(np.ones((40, 30), dtype=np.bool_), np.random.default_rng(0)) is None


def test_pictures_of_nothing_are_a_source_of_training(tmp_path: Path) -> None:
    lines: list[str] = []
    count = write_nothing(
        tmp_path, drawn=3, street=None, shop=None, weights=tmp_path, seed=1, report=lines.append
    )
    assert count == 3 and f"{tmp_path}: 3 drawn" in lines
    kind, photos = read_folder(tmp_path, "train")
    assert kind == "nothing" and [photo.labels for photo in photos] == [{}] * 3
    [source] = sources_of([tmp_path], lines.append)
    assert not source.lends and not source.borrows and not source.adorns


class Square:
    """Finds a square of a picture outstanding."""

    def __init__(self, side: int) -> None:
        self.side = side

    def mask(self, rgb: Rgb) -> Mask:
        mask = np.zeros(rgb.shape[:2], dtype=np.bool_)
        mask[30 : 30 + self.side, 20 : 20 + self.side] = True
        return mask


def test_a_product_alone_on_white_is_what_differs_if_two_ways_agree() -> None:
    rgb = np.full((120, 90, 3), 252, dtype=np.uint8)
    assert white_mask(rgb) is None
    rgb[30:70, 20:60] = (120, 60, 30)
    mask = white_mask(rgb)
    assert mask is not None and mask.sum() == pytest.approx(1600, rel=0.1)
    assert product_on_white(rgb, Square(40)) is not None  # type: ignore[arg-type]
    assert product_on_white(rgb, Square(20)) is None  # type: ignore[arg-type]
    rgb[:, 20:60] = (120, 60, 30)
    rgb[30:70] = (120, 60, 30)
    assert white_mask(rgb) is None, "it reaches the picture's edge: somebody wears it"
    assert white_mask(np.full((120, 90, 3), 90, dtype=np.uint8)) is None


def test_a_network_that_is_missing_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="salient"):
        SalientObject(tmp_path / "u2netp.onnx")
    (tmp_path / "u2netp.onnx").write_bytes(b"no network")
    with pytest.raises(WeightsError, match="salient"):
        SalientObject(tmp_path / "u2netp.onnx")


def test_held_out_pictures_are_the_same_for_everyone_and_of_every_kind() -> None:
    pictures = empty_pictures(20)
    assert [kind for kind, _ in pictures] == ["photograph"] * 14 + ["figure"] * 6
    again = empty_pictures(20)
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(pictures, again, strict=True))
    assert all(rgb.ndim == 3 and rgb.dtype == np.uint8 for _, rgb in pictures)
    assert len({figure(n).tobytes() for n in range(len(FIGURES))}) == len(FIGURES)


class SeesHats:
    """Sees a hat wherever the first pixel is bright."""

    def segment(self, photo: Photo) -> Garments:
        from segmentation.common.garments import Garment

        if photo.rgb[0, 0].max() < 128:
            return Garments.empty(photo)
        mask = np.ones(photo.rgb.shape[:2], dtype=np.bool_)
        hat = Garment(Category.HAT, 0.9, (0.0, 0.0, photo.width, photo.height), mask)
        return Garments(photo.height, photo.width, (hat,))

    segment_all = segment


def test_what_is_seen_where_nothing_is_worn_is_counted() -> None:
    figures = without_clothes(SeesHats(), 20, None)
    bright = sum(int(rgb[0, 0].max() >= 128) for _, rgb in empty_pictures(20))
    assert figures["pictures"] == 20 and figures["found"] == bright == figures["named"]["hat"]
    assert 0 < bright < 20


def test_photos_become_harder_and_their_masks_with_them(tmp_path: Path) -> None:
    photo = read_folder(write_street(tmp_path / "street"), "train")[1][0]
    rgb, masks = photo.read()
    wide, moved = harder(photo, smaller).read()
    assert wide.shape[0] == 3 * rgb.shape[0]
    assert moved[PANTS].sum() == masks[PANTS].sum()
    assert wide[moved[PANTS]].mean(axis=0) == pytest.approx(rgb[masks[PANTS]].mean(axis=0), abs=2)
    few, shrunk = few_pixels(
        np.repeat(rgb, 3, 0).repeat(3, 1), {PANTS: np.repeat(masks[PANTS], 3, 0).repeat(3, 1)}, {}
    )
    assert max(few.shape) == 160 and shrunk[PANTS].mean() == pytest.approx(
        masks[PANTS].mean(), abs=0.01
    )
    assert harder(photo, torso).read()[0].shape == rgb.shape, "no top, no crop"
    labels = {**photo.labels, PANTS: Category.TOP}
    crop, cut = torso(rgb, masks, labels)
    assert crop.shape[0] < rgb.shape[0] and cut[PANTS].shape == crop.shape[:2]
    assert set(CHANGES) == {"torso crops", "people 3 x smaller", "160 pixels"}
