"""Random places and a random camera, so that a detector does not learn the studio."""

from __future__ import annotations

import cv2
import numpy as np

from segmentation.common.garments import Rgb
from segmentation.rendering.paint.noise import noise
from segmentation.rendering.paint.pixels import Field, blur, floats


def random_ground(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    """Return a background, H x W x 3 float32, 0 to 1: studio, wall and floor, street, or texture."""
    kind = rng.random()
    if kind < 0.22:
        picture = _gradient(rng, size_wh, pale=True)
    elif kind < 0.4:
        picture = _room(rng, size_wh)
    elif kind < 0.82:
        picture = _street(rng, size_wh)
    else:
        picture = _texture(rng, size_wh)
    return np.clip(picture, 0, 1).astype(np.float32)


def _colour(rng: np.random.Generator, low: float = 0.2, high: float = 0.9) -> Field:
    grey = rng.uniform(low, high)
    return np.clip(grey + rng.normal(0, 0.07, 3), 0, 1).astype(np.float32)


def _gradient(rng: np.random.Generator, size_wh: tuple[int, int], *, pale: bool = False) -> Field:
    width, height = size_wh
    low = 0.7 if pale else 0.15
    a, b = _colour(rng, low, 0.96), _colour(rng, low, 0.96)
    t = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    return np.broadcast_to(a * (1 - t) + b * t, (height, width, 3)).copy()


def _texture(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    width, height = size_wh
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    picture = _gradient(rng, size_wh)
    for frequency in (0.15, 0.6, 2.5):
        wave = noise(x, y * float(rng.uniform(0.3, 3)), frequency, int(rng.integers(90)))
        picture = picture + wave[..., None] * (
            rng.normal(0, 0.05) + rng.normal(0, 0.012, 3)
        ).astype(np.float32)
    return picture


def _room(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    width, height = size_wh
    picture = _texture(rng, size_wh) * 0.3 + _gradient(rng, size_wh) * 0.7
    floor = int(height * rng.uniform(0.74, 0.92))
    picture[floor:] = 0.6 * picture[floor:] + 0.4 * _colour(rng)
    if rng.random() < 0.5:  # bricks or boards
        step = int(rng.integers(14, 40))
        picture[:floor:step] *= 0.82
        picture[:floor, :: step * 2] *= 0.88
    if rng.random() < 0.6:
        cv2.line(picture, (0, floor), (width, floor), _list(_colour(rng)), int(rng.integers(2, 9)))
    return blur(picture, float(rng.uniform(0.3, 2)))


def _street(rng: np.random.Generator, size_wh: tuple[int, int]) -> Field:
    width, height = size_wh
    picture = _gradient(rng, size_wh)
    horizon = int(height * rng.uniform(0.45, 0.8))
    for _ in range(int(rng.integers(3, 9))):  # houses, windows, cars, trunks
        x, w = int(rng.integers(-60, width)), int(rng.integers(20, width // 2))
        top = int(rng.integers(0, horizon))
        colour = _colour(rng)
        cv2.rectangle(
            picture, (x, top), (x + w, horizon + int(rng.integers(0, 30))), _list(colour), -1
        )
        step = int(rng.integers(18, 50))
        if rng.random() < 0.6:
            pane = _list(np.clip(colour + rng.normal(0, 0.2), 0, 1).astype(np.float32))
            for wx in range(x + 6, x + w - step // 2, step):
                for wy in range(top + 8, horizon - step // 2, int(step * 1.4)):
                    cv2.rectangle(
                        picture, (wx, wy), (wx + step // 2, wy + int(step * 0.8)), pane, -1
                    )
    for _ in range(int(rng.integers(0, 9))):  # leaves, people far away, lights
        at = (int(rng.integers(width)), int(rng.integers(horizon)))
        axes = (int(rng.integers(5, 60)), int(rng.integers(5, 60)))
        cv2.ellipse(picture, at, axes, float(rng.uniform(0, 180)), 0, 360, _list(_leafy(rng)), -1)
    picture[horizon:] = _texture(rng, (width, height))[horizon:] * 0.4 + 0.6 * _colour(
        rng, 0.3, 0.8
    )
    return blur(picture, float(rng.uniform(0.8, 9)))


def _leafy(rng: np.random.Generator) -> Field:
    if rng.random() < 0.5:
        return floats(floats([0.3, 0.42, 0.22]) * rng.uniform(0.5, 1.6))
    return np.clip(rng.uniform(0.1, 0.9) + rng.normal(0, 0.14, 3), 0, 1).astype(np.float32)


def _list(colour: Field) -> list[float]:
    return [float(c) for c in colour]


def camera(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    """Return the picture as a camera might take it: light, colour, blur, noise. Geometry stays."""
    picture = floats(rgb.astype(np.float32) / 255)
    height, width = picture.shape[:2]
    if rng.random() < 0.6:  # light that falls off
        angle, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.3)
        y, x = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j].astype(np.float32)
        picture *= (1 + depth * (x * np.cos(angle) + y * np.sin(angle))).astype(np.float32)[
            ..., None
        ]
    picture *= rng.normal(1, 0.045, 3).astype(np.float32)
    picture = np.clip(picture, 0, 1) ** np.float32(rng.uniform(0.78, 1.3))
    if rng.random() < 0.5:
        picture = blur(picture, float(rng.uniform(0.3, 1.1)))
    if rng.random() < 0.6:
        picture = picture + rng.normal(0, rng.uniform(0.004, 0.03), picture.shape).astype(
            np.float32
        )
    return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
