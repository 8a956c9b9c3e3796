"""A real garment in another colour or pattern: its folds and shading stay, so the drape is real.

The cloth of `segmentation.rendering.paint.fabrics` is laid over the garment's mask and multiplied by the
garment's own shading. This gives exact labels of colour and pattern where nobody wrote any down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from index.training.examples.facts import Facts, colours_alike
from index.training.examples.garments import Example
from segmentation.common.colours import PALETTE, lab_of, nearest_colour
from segmentation.common.garments import Mask, Rgb
from segmentation.common.taxonomy import Category
from segmentation.rendering.paint.fabrics import Colour, Fabric, weave

WEAVES: Final = {
    "stripe": ("stripe",), "pinstripe": ("pinstripe",), "check": ("check", "gingham"),
    "dots": ("dots",), "floral": ("floral",),
}  # fmt: skip
"""Pattern -> what the renderer calls it."""
SOLID_KINDS: Final = frozenset(
    {Category.SHOE, Category.GLASSES, Category.WATCH, Category.BELT, Category.GLOVE}
)
"""Kinds that take another colour, but no pattern."""
FINEST, COARSEST = 0.7, 2.2
"""Pattern units a pixel: a stripe and its gap are 23 units."""
CALM, ONE_HUE = 4.5, 9.0
"""Largest deviation of lightness after folds are taken out, and of a and b, in plain cloth."""


@dataclass(frozen=True)
class Paint:
    """What a garment is repainted with.

    Attributes:
        colours: palette names; the second one is a pattern's.
        rgb, second_rgb: the very colours, sRGB 0 to 255.
        pattern: plain, or a key of `WEAVES`.
        seed: of the pattern's turn, size and place.
    """

    colours: tuple[str, ...]
    rgb: Colour
    second_rgb: Colour
    pattern: str
    seed: int

    def facts_of(self, facts: Facts) -> Facts:
        """Return what is known of a garment after repainting."""
        return replace(facts, colours=self.colours, pattern=self.pattern, words=())


def is_plain(example: Example) -> bool:
    """Whether a garment is outlined and of one even colour, so that it can be repainted."""
    if example.mask is None or len(example.facts.colours) != 1 or example.lab is None:
        return False
    inside = cv2.erode(example.mask.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    if inside.sum() < 600:
        return False
    lab = lab_of(example.rgb.reshape(-1, 3)).reshape(example.rgb.shape)
    folds = _within(lab[..., 0], example.mask, 4.0)
    grain = (lab[..., 0] - folds)[inside].std()
    hue = lab[inside][:, 1:].std(axis=0).max()
    return bool(grain < CALM and hue < ONE_HUE)


def any_look(facts: Facts, rng: np.random.Generator) -> Paint:
    """Return a random look in another colour, half of them patterned where the kind may be."""
    plain = plain_look(facts, rng)
    if facts.category in SOLID_KINDS or rng.random() < 0.5:
        return plain
    return patterned_look(plain.colours[0], plain.rgb, rng)


def plain_look(facts: Facts, rng: np.random.Generator) -> Paint:
    """Return a random look of one colour that is none of the garment's."""
    name = _pick([one for one in PALETTE if one not in facts.colours], rng)
    rgb = jittered(name, rng)
    return Paint((name,), rgb, rgb, "plain", int(rng.integers(2**31)))


def patterned_look(name: str, rgb: Colour, rng: np.random.Generator) -> Paint:
    """Return a random pattern on a ground of the named colour."""
    second = _pick([one for one in PALETTE if not colours_alike(one, name)], rng)
    pattern, seed = _pick(list(WEAVES), rng), int(rng.integers(2**31))
    return Paint((name, second), rgb, jittered(second, rng), pattern, seed)


def _pick(words: list[str], rng: np.random.Generator) -> str:
    return words[int(rng.integers(len(words)))]


def jittered(name: str, rng: np.random.Generator) -> Colour:
    """Return a colour near a palette colour that still bears its name."""
    lab = lab_of(np.array([PALETTE[name]], dtype=np.uint8))
    for _ in range(5):
        moved = lab + rng.normal(0, (6, 4, 4), 3).astype(np.float32)
        rgb = cv2.cvtColor(moved.reshape(1, 1, 3).astype(np.float32), cv2.COLOR_LAB2RGB)
        red, green, blue = np.clip(rgb.reshape(3) * 255, 0, 255).round().astype(int).tolist()
        if nearest_colour((red, green, blue)) == name:
            return red, green, blue
    return PALETTE[name]


def repainted(example: Example, look: Paint) -> Rgb:
    """Return the garment's picture with another cloth, its surroundings as they were."""
    if example.mask is None:
        raise ValueError(f"mask: got none for {example.id}; expected an outlined garment")
    linear = np.square(example.rgb.astype(np.float32) / 255)  # near enough to sRGB's curve
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
    shading = _shading(luminance, example.mask)
    cloth = np.square(_cloth(look, shading, example.rgb.shape[:2]))
    painted = np.sqrt(np.clip(cloth * shading[..., None], 0, 1)) * 255
    edge = cv2.GaussianBlur(example.mask.astype(np.float32), (0, 0), 0.8)[..., None]
    mixed = example.rgb * (1 - edge) + painted * edge
    return np.asarray(mixed.round(), dtype=np.uint8)


def _shading(luminance: NDArray[np.float32], mask: Mask) -> NDArray[np.float32]:
    """Return light and folds as factors around 1; noise of dark cloth is held down."""
    typical = float(np.median(luminance[mask]))
    lift = 0.015  # black cloth: its noise is no folds
    factor = (luminance + lift) / (typical + lift)
    return np.asarray(np.clip(factor, 0.2, 1.9), dtype=np.float32)


def _cloth(
    look: Paint, shading: NDArray[np.float32], size_hw: tuple[int, int]
) -> NDArray[np.float32]:
    """Return H x W x 3 unlit cloth, 0 to 1 sRGB; a pattern bends with the folds."""
    if look.pattern == "plain":
        flat = np.array(look.rgb, dtype=np.float32) / 255
        return np.broadcast_to(flat, (*size_hw, 3))
    rng = np.random.default_rng(look.seed)
    unit = float(np.exp(rng.uniform(np.log(FINEST), np.log(COARSEST))))
    angle = rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi)], p=[0.4, 0.3, 0.3])
    down, across = np.mgrid[: size_hw[0], : size_hw[1]].astype(np.float32)
    folds = cv2.GaussianBlur(shading, (0, 0), 5.0)
    across = across + 6 * np.gradient(folds, axis=1) * 5
    down = down + 6 * np.gradient(folds, axis=0) * 5
    u = unit * (np.cos(angle) * across - np.sin(angle) * down) + rng.uniform(0, 128)
    v = unit * (np.sin(angle) * across + np.cos(angle) * down) + rng.uniform(0, 128)
    name = _pick(list(WEAVES[look.pattern]), rng)
    fabric = Fabric(look.rgb, look.second_rgb, name, "silk", seed=int(rng.integers(4)))
    return weave(fabric, u.astype(np.float32), v.astype(np.float32), unit)


def _within(values: NDArray[np.float32], mask: Mask, sigma: float) -> NDArray[np.float32]:
    """Return a blur of the values inside a mask that nothing outside it enters."""
    weight = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma)
    blurred = cv2.GaussianBlur(np.where(mask, values, 0).astype(np.float32), (0, 0), sigma)
    return np.asarray(blurred / np.maximum(weight, 1e-3), dtype=np.float32)
