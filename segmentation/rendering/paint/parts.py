"""What a garment is painted from: parts of cloth, skin or hair, and the marks on them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from segmentation.rendering.paint.curves import Points
from segmentation.rendering.paint.fabrics import Colour, Fabric, shade


@dataclass(frozen=True)
class Mark:
    """A line or dot on a part: a seam, stitching, a button.

    Attributes:
        outline: closed outline, in units.
        colour: sRGB; None darkens the cloth instead, by `strength`.
        strength: opacity, 0 to 1.
        relief: whether it stands out from the cloth with a small shadow, as a button does.
    """

    outline: Points
    colour: Colour | None = None
    strength: float = 0.35
    relief: bool = False


@dataclass(frozen=True)
class Part:
    """One piece of cloth, skin or hair.

    Attributes:
        outline: closed outline in units.
        fabric: what it is made of.
        z: parts are painted in rising order.
        puff: units from the edge over which it rounds off.
        depth: how strongly it is rounded, 0 flat to about 1.
        folds: closed outlines that are raised, or pressed in where the number is negative.
        rumple: strength of irregular soft folds.
        grain_turn: angle of the cloth's thread, radians; sleeves turn with the arm.
        shadow: strength of the contact shadow on what lies beneath.
        opacity: 1 is opaque; sheer tights have less.
        label: 0 for what is no garment, else the number of the garment.
        clip: closed outline outside which nothing of the part is painted, or None.
    """

    outline: Points
    fabric: Fabric
    z: float = 0.0
    puff: float = 16.0
    depth: float = 0.55
    folds: tuple[tuple[Points, float], ...] = ()
    rumple: float = 0.5
    marks: tuple[Mark, ...] = ()
    grain_turn: float = 0.0
    shadow: float = 0.35
    opacity: float = 1.0
    label: int = 0
    clip: Points | None = None


def moved(part: Part, by: tuple[float, float], z: float) -> Part:
    """Return a part moved by `by`, its z shrunk to a hundredth above `z`."""
    step = np.array(by)
    marks = tuple(replace(mark, outline=mark.outline + step) for mark in part.marks)
    folds = tuple((fold + step, amount) for fold, amount in part.folds)
    return replace(part, outline=part.outline + step, z=part.z * 0.01 + z, marks=marks, folds=folds)


def darker(part: Part, factor: float) -> Part:
    """Return a part whose cloth is darkened, as for what stands further back."""
    return replace(part, fabric=replace(part.fabric, colour=shade(part.fabric.colour, factor)))
