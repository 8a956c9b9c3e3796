"""A photo is found in a screenshot, and nowhere else."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from recommender.api.app import create_app
from recommender.photos.screenshots import cropped, photo_within
from recommender.sample import BOUTIQUE
from segmentation.common import photo
from segmentation.common.garments import Photo, Rgb
from tests.recommender.fake_shop import open_shop


def textured(width: int, height: int) -> Rgb:
    """Return what varies as a photo does."""
    noise = np.random.default_rng(0).integers(40, 215, (height, width, 3))
    return np.asarray(noise, np.uint8)


def screenshot(inside: Rgb, page: int) -> Photo:
    """Return a page of text with a photo over its whole width."""
    height, width = inside.shape[:2]
    picture = Image.new("RGB", (width, height * 2), (page,) * 3)
    picture.paste(Image.fromarray(inside), (0, 100))
    pen = ImageDraw.Draw(picture)
    for line in range(4):
        pen.text((10, height + 120 + 20 * line), "so many people like this", (128,) * 3)
    return Photo(np.asarray(picture))


@pytest.mark.parametrize("page", [255, 18])
def test_the_photo_of_a_screenshot_is_found(page: int) -> None:
    inside = textured(300, 400)
    shot = screenshot(inside, page)
    frame = photo_within(shot)
    assert frame == (0, 100, 300, 500)
    assert np.array_equal(cropped(shot, frame).rgb, inside)


def test_what_is_no_screenshot_stays_as_it_is() -> None:
    assert photo_within(Photo(textured(300, 400))) is None
    assert photo_within(Photo(np.full((300, 200, 3), 255, np.uint8))) is None
    drop = np.full((600, 400, 3), 255, np.uint8)  # a round thing on white is no photo on a page
    rows, columns = np.ogrid[:600, :400]
    drop[(rows - 300) ** 2 + (columns - 200) ** 2 < 150**2] = (30, 40, 90)
    assert photo_within(Photo(drop)) is None
    for path in sorted((BOUTIQUE / "outfits").iterdir())[:4]:
        assert photo_within(photo.decode(path.read_bytes())) is None


def test_a_screenshot_is_cropped_only_where_that_is_asked_for(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(screenshot(textured(300, 400), 255).rgb).save(buffer, "PNG")
    with TestClient(create_app(open_shop(tmp_path), outfits={}, warm=False)) as api:

        def sent(**fields: str) -> tuple[int, int, list[int] | None]:
            files = {"photo": ("shot.png", buffer.getvalue())}
            answer = api.post("/v1/photos", files=files, data=fields).json()
            return answer["width"], answer["height"], answer["frame"]

        assert sent() == (300, 800, None)
        assert sent(crop="true") == (300, 400, [0, 100, 300, 500])
