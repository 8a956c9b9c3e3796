"""Pictures in which nothing is worn: rooms, things, phones in hands, faces, textures, pages, noise.

What a shopper's camera sees by mistake. A detector that never saw such pictures calls a phone a hat.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segmentation.common.garments import Rgb
from segmentation.rendering.paint.noise import noise
from segmentation.rendering.paint.pixels import Field, blur, floats
from segmentation.rendering.scenes import camera, random_ground

SIZE_WH: Final = (360, 520)
SKINS: Final = ((0.96, 0.82, 0.72), (0.87, 0.68, 0.55), (0.66, 0.46, 0.33), (0.4, 0.27, 0.2))


def draw_nothing(rng: np.random.Generator, number: int, size_wh: tuple[int, int] = SIZE_WH) -> Rgb:
    """Return an H x W x 3 picture without clothes; kinds take turns by `number`."""
    picture = KINDS[number % len(KINDS)](rng, size_wh)
    rgb = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return camera(rgb, rng) if rng.random() < 0.8 else rgb


def _place(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    return random_ground(rng, size_wh)


def _things(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    """Return a place with furniture, vessels, balls and books in it."""
    picture = random_ground(rng, size_wh)
    for _ in range(int(rng.integers(1, 7))):
        draw = (_box, _vessel, _ball, _plant)[int(rng.integers(4))]
        draw(picture, rng)
    return blur(picture, float(rng.uniform(0.3, 1.4)))


def _phone(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    """Return a place with a phone before it."""
    picture = random_ground(rng, size_wh)
    add_phone(picture, rng)
    return blur(picture, float(rng.uniform(0.3, 1.2)))


def add_phone(picture: Field, rng: np.random.Generator) -> None:
    """Paint a phone, dark, lit or seen from behind, mostly with a hand around it, into a picture.

    Args:
        picture: H x W x 3 float32, 0 to 1.
        rng: chance.
    """
    height, width = picture.shape[:2]
    size_wh = width, height
    tall = int(rng.uniform(0.12, 0.6) * height)
    wide = int(tall * rng.uniform(0.45, 0.55))
    tile = _phone_tile(rng, wide, tall)
    alpha = np.zeros(tile.shape[:2], np.float32)
    _rounded(alpha, (0, 0, wide - 1, tall - 1), max(2, wide // 8), 1.0)
    middle = rng.uniform(0.3, 0.7, 2) * (width, height)
    around = cv2.getRotationMatrix2D((wide / 2, tall / 2), float(rng.uniform(-40, 40)), 1.0)
    turn = np.asarray(around, dtype=np.float64)
    turn[:, 2] += middle - (wide / 2, tall / 2)
    skin = floats(SKINS[int(rng.integers(len(SKINS)))])
    held = rng.random() < 0.75
    if held:
        _arm(picture, rng, middle, wide, skin)
    alpha = floats(cv2.warpAffine(alpha, turn, size_wh))[..., None]
    picture[:] = (1 - alpha) * picture + alpha * floats(cv2.warpAffine(tile, turn, size_wh))
    if held:
        _fingers(picture, rng, turn, (wide, tall), skin)


def _phone_tile(rng: np.random.Generator, wide: int, tall: int) -> Field:
    tile = np.full((tall, wide, 3), rng.uniform(0.02, 0.15), np.float32)
    edge, kind = max(2, wide // 16), rng.random()
    if kind < 0.4:  # lit
        shown = wide - 2 * edge, tall - 4 * edge
        drawn = max(64, shown[0]), max(64, shown[1])  # a street needs room, a far phone has none
        screen = cv2.resize(floats(random_ground(rng, drawn)), shown, interpolation=cv2.INTER_AREA)
        tile[2 * edge : tall - 2 * edge, edge : wide - edge] = screen
    elif kind < 0.7:  # from behind
        tile[:] = _colour(rng)
        at = wide // 4, wide // 4
        _rounded(tile, (at[0] // 2, at[1] // 2, wide // 2, wide // 2), wide // 12, 0.1)
        cv2.circle(tile, at, max(2, wide // 12), (0.02,) * 3, -1)
    else:
        tile[2 * edge : tall - 2 * edge, edge : wide - edge] += floats(rng.uniform(0, 0.08))
    return tile


def _arm(
    picture: Field, rng: np.random.Generator, middle: NDArray[np.float64], wide: int, skin: Field
) -> None:
    height, width = picture.shape[:2]
    end = (int(rng.uniform(-0.2, 1.2) * width), height + wide)
    start = int(middle[0]), int(middle[1]) + wide // 2
    cv2.line(picture, start, end, _list(skin * rng.uniform(0.8, 1.0)), int(wide * 0.9))
    cv2.circle(picture, start, int(wide * 0.75), _list(skin), -1)


def _fingers(
    picture: Field,
    rng: np.random.Generator,
    turn: NDArray[np.float64],
    size_wh: tuple[int, int],
    skin: Field,
) -> None:
    wide, tall = size_wh
    for finger in range(4):
        y = tall * (0.45 + 0.13 * finger)
        for x0, x1 in ((wide * 1.05, wide * 0.8),) if finger else ((-0.05 * wide, 0.3 * wide),):
            points = [turn @ (x0, y, 1), turn @ (x1, y - 0.04 * tall, 1)]
            a, b = (tuple(int(v) for v in point) for point in points)
            cv2.line(picture, a, b, _list(skin * rng.uniform(0.85, 1)), max(2, wide // 6))


def _face(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    """Return a drawn face that fills the picture to its neck, with hair."""
    picture = random_ground(rng, size_wh)
    width, height = size_wh
    skin = floats(SKINS[int(rng.integers(len(SKINS)))])
    hair = floats(rng.uniform(0.03, 0.75) * floats([1, rng.uniform(0.6, 1), rng.uniform(0.3, 1)]))
    x, y = int(width * rng.uniform(0.35, 0.65)), int(height * rng.uniform(0.4, 0.6))
    wide = int(width * rng.uniform(0.18, 0.36))
    tall = int(wide * rng.uniform(1.25, 1.5))
    cv2.ellipse(
        picture, (x, y - tall // 5), (int(wide * 1.2), int(tall * 1.1)), 0, 0, 360, _list(hair), -1
    )
    if rng.random() < 0.5:
        cv2.rectangle(
            picture, (x - int(wide * 1.2), y), (x + int(wide * 1.2), y + tall), _list(hair), -1
        )
    cv2.rectangle(picture, (x - wide // 2, y), (x + wide // 2, height), _list(skin * 0.88), -1)
    cv2.ellipse(picture, (x, y), (wide, tall), 0, 0, 360, _list(skin), -1)
    for side in (-1, 1):
        eye = x + side * wide * 2 // 5, y - tall // 8
        cv2.ellipse(picture, eye, (wide // 6, max(2, wide // 12)), 0, 0, 360, (0.95,) * 3, -1)
        cv2.circle(picture, eye, max(2, wide // 13), (0.12, 0.1, 0.08), -1)
        brow = (eye[0] - wide // 5, eye[1] - wide // 4), (eye[0] + wide // 5, eye[1] - wide // 4)
        cv2.line(picture, *brow, _list(hair * 0.8), max(2, wide // 16))
    cv2.line(picture, (x, y), (x - wide // 9, y + tall // 4), _list(skin * 0.75), 3)
    cv2.ellipse(picture, (x, y + tall // 2), (wide // 3, wide // 9), 0, 0, 360, (0.7, 0.3, 0.3), -1)
    return blur(picture, float(rng.uniform(0.6, 2.0)))


def _texture(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    """Return stripes, checks, dots or waves all over: cloth, wallpaper, tiles."""
    width, height = size_wh
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle, period = rng.uniform(0, np.pi), rng.uniform(4, 60)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    u = u + 0.1 * period * noise(x, y, float(rng.uniform(0.1, 1)), int(rng.integers(90)))
    wave = np.sin(2 * np.pi * u / period)
    other = np.sin(2 * np.pi * v / (period * rng.uniform(0.5, 2)))
    form = (wave, wave + other, wave * other, np.sign(wave), np.sign(wave * other))
    weight = (form[int(rng.integers(len(form)))].clip(-1, 1)[..., None] + 1) / 2
    return floats(_colour(rng) * weight + _colour(rng) * (1 - weight))


def _noise(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    """Return noise of pixels, blots or blocks, in colours or grey, faint or strong."""
    width, height = size_wh
    grain = int(2 ** rng.uniform(0, 6))
    channels = 3 if rng.random() < 0.6 else 1
    small = rng.normal(rng.uniform(0.2, 0.8), rng.uniform(0.02, 0.4), (
        max(2, height // grain), max(2, width // grain), channels,
    ))  # fmt: skip
    how = cv2.INTER_NEAREST if rng.random() < 0.4 else cv2.INTER_CUBIC
    large = cv2.resize(
        np.broadcast_to(small, (*small.shape[:2], 3)).astype(np.float32), size_wh, interpolation=how
    )
    return floats(large)


def _page(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    """Return lines of text, a table or a chart: a photographed page, or a screen."""
    width, height = size_wh
    dark = rng.random() < 0.3
    picture = np.full((height, width, 3), 25 if dark else 240, np.uint8)
    ink = (215,) * 3 if dark else (25,) * 3
    step = int(rng.integers(12, 34))
    for y in range(step, height, step):
        if rng.random() < 0.15:
            continue
        text = "".join(chr(c) for c in rng.integers(97, 123, int(rng.integers(5, 50))))
        cv2.putText(picture, text, (int(rng.integers(4, 40)), y), 0, step / 45, ink, 1)
    for _ in range(int(rng.integers(0, 5))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        size = int(rng.integers(20, 140))
        colour = [255 * channel for channel in _list(_colour(rng))]
        cv2.rectangle(picture, (x, y), (x + size, y + size), colour, -1)
    return floats(picture / np.float32(255))


def _box(picture: Field, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    x, y = int(rng.integers(-20, width)), int(rng.integers(height // 4, height))
    w, h = int(rng.integers(20, width // 2)), int(rng.integers(15, height // 3))
    colour = _colour(rng)
    side = int(rng.integers(5, 40))
    top = np.array([(x, y), (x + side, y - side // 2), (x + w + side, y - side // 2), (x + w, y)])
    cv2.fillPoly(picture, [top], _list(np.clip(colour * 1.25, 0, 1)))
    cv2.rectangle(picture, (x, y), (x + w, y + h), _list(colour), -1)
    flank = [
        (x + w, y),
        (x + w + side, y - side // 2),
        (x + w + side, y + h - side // 2),
        (x + w, y + h),
    ]
    cv2.fillPoly(picture, [np.array(flank)], _list(colour * 0.7))


def _vessel(picture: Field, rng: np.random.Generator) -> None:
    """Paint a bottle, vase or cup: a turned outline, lit from one side."""
    height, width = picture.shape[:2]
    tall, wide = int(rng.integers(30, height // 2)), int(rng.integers(12, width // 5))
    knots = rng.uniform(0.3, 1, 5)
    radii = np.interp(np.linspace(0, 4, tall), range(5), knots) * wide
    x, y = int(rng.integers(wide, width - wide)), int(rng.integers(height // 4, height - tall // 2))
    colour = _colour(rng)
    for row, radius in enumerate(radii[: max(0, height - y)]):
        for part, light in ((1.0, 0.7), (0.75, 0.9), (0.4, 1.1)):
            r = int(radius * part)
            span = slice(max(0, x - r), min(width, x + r // 2 + r // 3 + 1))
            picture[y + row, span] = np.clip(colour * light, 0, 1)


def _ball(picture: Field, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    at = int(rng.integers(width)), int(rng.integers(height // 4, height))
    radius, colour = int(rng.integers(8, 80)), _colour(rng)
    for part in np.linspace(1, 0.2, 6):
        lit = np.clip(colour * (1.35 - 0.6 * part), 0, 1)
        shift = int(radius * (1 - part) * 0.4)
        cv2.circle(
            picture, (at[0] - shift, at[1] - shift), max(1, int(radius * part)), _list(lit), -1
        )


def _plant(picture: Field, rng: np.random.Generator) -> None:
    height, width = picture.shape[:2]
    root = np.array([rng.integers(width), rng.integers(height // 3, height)])
    green = floats([0.2, 0.45, 0.2]) * rng.uniform(0.6, 1.6)
    for _ in range(int(rng.integers(5, 26))):
        tip = root + rng.normal(0, 50, 2) - (0, 60)
        middle = tuple(int(v) for v in (root + tip) / 2)
        across, down = tip - root
        axes = max(2, int(np.hypot(across, down) / 2)), int(rng.integers(3, 14))
        leaf = _list(np.clip(green * rng.uniform(0.7, 1.3), 0, 1))
        cv2.ellipse(
            picture, middle, axes, float(np.degrees(np.arctan2(down, across))), 0, 360, leaf, -1
        )


def _rounded(picture: Field, box: tuple[int, int, int, int], radius: int, value: float) -> None:
    """Fill a rectangle with rounded corners; `box` is left, top, width and height."""
    left, top, width, height = box
    fill = (value,) * (picture.shape[2] if picture.ndim == 3 else 1)
    inner = max(1, width - 2 * radius), max(1, height - 2 * radius)
    cv2.rectangle(picture, (left + radius, top), (left + radius + inner[0], top + height), fill, -1)
    cv2.rectangle(picture, (left, top + radius), (left + width, top + radius + inner[1]), fill, -1)
    for x in (left + radius, left + width - radius):
        for y in (top + radius, top + height - radius):
            cv2.circle(picture, (x, y), radius, fill, -1)


def _colour(rng: np.random.Generator) -> Field:
    return np.clip(rng.uniform(0.05, 0.95) + rng.normal(0, 0.2, 3), 0, 1).astype(np.float32)


def _list(colour: Field) -> list[float]:
    return [float(c) for c in colour]


KINDS: Final[tuple[Callable[[np.random.Generator, tuple[int, int]], Field], ...]] = (
    _place, _things, _phone, _face, _texture, _noise, _page, _phone,
)  # fmt: skip
"""In turn; phones twice."""
