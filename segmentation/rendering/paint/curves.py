"""Outlines as point lists: smooth curves through points, tubes along them, spindles and ellipses.

Points are float64 arrays of shape (n, 2), x to the right and y down, in units of one thousandth of
a figure's height.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
"""(n, 2) float64: x, y."""
PointsLike: TypeAlias = Points | Sequence[Sequence[float]]


def points(values: PointsLike) -> Points:
    """Return (n, 2) float64 points."""
    return np.asarray(values, dtype=np.float64).reshape(-1, 2)


def smooth(values: PointsLike, steps: int = 8, *, closed: bool = False) -> Points:
    """Return a Catmull-Rom curve through the points, `steps` samples to each span.

    >>> smooth([(0, 0), (2, 0)], steps=2).tolist()
    [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]
    """
    p = points(values)
    if len(p) < 3 and not closed:
        t = np.linspace(0.0, 1.0, steps + 1)[:, None]
        return np.asarray(p[0] * (1 - t) + p[-1] * t)
    ends = (p[-1:], p[:2]) if closed else (2 * p[:1] - p[1:2], 2 * p[-1:] - p[-2:-1])
    q = np.concatenate([ends[0], p, ends[1]])
    t = (np.arange(steps) / steps)[None, :, None]
    a, b, c, d = (q[i : len(q) - 3 + i][:, None, :] for i in range(4))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    flat = curve.reshape(-1, 2)
    return flat if closed else np.concatenate([flat, p[-1:]])


def path(*segments: PointsLike) -> Points:
    """Return smooth segments joined end to end, with a corner at each join."""
    return np.concatenate([smooth(segment) for segment in segments])


def mirror(values: PointsLike) -> Points:
    """Return the points mirrored in x = 0, in reverse order."""
    return points(values)[::-1] * (-1.0, 1.0)


def ellipse(centre: Sequence[float], radii: Sequence[float], turn: float = 0.0) -> Points:
    """Return an ellipse of 40 points; `turn` in radians."""
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    x, y = radii[0] * np.cos(angle), radii[1] * np.sin(angle)
    cos, sin = np.cos(turn), np.sin(turn)
    return np.stack([centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos], axis=1)


def resample(values: PointsLike, count: int) -> Points:
    """Return `count` points at equal arc length along a polyline."""
    p = points(values)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(p, axis=0).T))])
    at = np.linspace(0.0, length[-1], count)
    return np.stack([np.interp(at, length, p[:, 0]), np.interp(at, length, p[:, 1])], axis=1)


def normals(values: Points) -> Points:
    """Return unit normals of a polyline, to the right of its direction of travel seen y-down."""
    tangent = np.gradient(values, axis=0)
    tangent /= np.maximum(np.hypot(tangent[:, 0], tangent[:, 1])[:, None], 1e-9)
    return np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)


def tube(
    centre: PointsLike,
    half_widths: Sequence[float] | Sequence[tuple[float, float]],
    count: int = 28,
) -> Points:
    """Return the outline of a tube along a curve.

    Args:
        centre: points of the centre line; it is smoothed.
        half_widths: half-widths at equal arc lengths, or (fraction of length, half-width) pairs.
        count: samples along the line.
    """
    line = resample(smooth(centre), count)
    table = np.asarray(half_widths, dtype=np.float64)
    at = np.linspace(0.0, 1.0, count)
    if table.ndim == 1:
        width = np.interp(at, np.linspace(0.0, 1.0, len(table)), table)
    else:
        width = np.interp(at, table[:, 0], table[:, 1])
    offset = normals(line) * width[:, None]
    return np.concatenate([line + offset, (line - offset)[::-1]])


def stroke(centre: PointsLike, width: float, count: int = 28) -> Points:
    """Return the outline of a line of even width."""
    return tube(centre, [width / 2, width / 2], count)


def spindle(
    start: Sequence[float] | Points, end: Sequence[float] | Points, width: float, bend: float = 0.0
) -> Points:
    """Return a lens that tapers to both ends; `bend` pushes its middle sideways, in units."""
    a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    across = np.array([-(b - a)[1], (b - a)[0]]) / max(float(np.hypot(*(b - a))), 1e-9)
    return tube(np.stack([a, (a + b) / 2 + across * bend, b]), [0.1, width / 2, 0.1], 13)


def along(values: Points, start: float, end: float, count: int = 16) -> Points:
    """Return the part of a polyline between two fractions of its length."""
    whole = resample(values, 101)
    return resample(
        whole[round(start * 100) : max(round(end * 100), round(start * 100) + 1) + 1], count
    )
