"""Tables of the report -> plots; a table without a plot of its own has none here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from segmentation.training.charts import COLOURS, svg
from segmentation.training.exploring.section import Cell, Section

MOST_BARS: Final = 30
"""More bars than this cannot be read: the longest are drawn."""
_SIZE_CELL: Final = 10
_PALE_TO_BLUE: Final[Colormap] = LinearSegmentedColormap.from_list("", ["#ffffff", COLOURS[0]], 10)
"""Ten steps: a continuous bar would be drawn as a picture."""


def plot(section: Section) -> str | None:
    """Return a section's plot as an `<svg>` element, None where it has none or nothing to draw."""
    drawing = _DRAWINGS.get(section.name)
    if drawing is None or not section.rows:
        return None
    draw, size_in = drawing
    height = size_in(min(len(section.rows), MOST_BARS))
    return svg(
        lambda axes: draw(axes, section),
        name=section.name,
        alt_text=f"{section.title}: the numbers stand in the table.",
        size_in=(7.0, height),
    )


def _fixed(_rows: int) -> float:
    return 3.4


def _tall(rows: int) -> float:
    return 1.1 + 0.22 * rows


def _square(rows: int) -> float:
    return max(3.0, 1.2 + 0.2 * rows)


def _column(section: Section, number: int) -> NDArray[np.float64]:
    return np.array([float(row[number]) for row in section.rows])


def _splits(axes: Axes, section: Section) -> None:
    photos, with_masks = _column(section, 1), _column(section, 2)
    _bars(axes, _words(section.rows), {"with masks": with_masks, "without": photos - with_masks})
    axes.set_xlabel("photos")


def _classes(axes: Axes, section: Section) -> None:
    masks, named = _column(section, 1), _column(section, 2)
    _bars(axes, _words(section.rows), {"masks": masks, "named without a mask": named})
    axes.set_xlabel("garments")


def _attributes(axes: Axes, section: Section) -> None:
    names = [f"{row[0]}: {row[1]}" for row in section.rows[:MOST_BARS]]
    _bars(axes, names, {"masks": _column(section, 2)})
    axes.set_xlabel("masks")


def _bars(axes: Axes, names: Sequence[str], parts: dict[str, NDArray[np.float64]]) -> None:
    """Draw one stacked bar a name, the first on top."""
    names = names[:MOST_BARS]
    start = np.zeros(len(names))
    for (word, values), colour in zip(parts.items(), COLOURS, strict=False):
        if values.any():
            long = values[: len(names)]
            axes.barh(range(len(names)), long, left=start, label=word, color=colour, height=0.75)
            start = start + long
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    if len(parts) > 1:
        axes.legend()


def _per_photo(axes: Axes, section: Section) -> None:
    start = np.zeros(len(section.rows))
    for number, split in enumerate(section.columns[1:], start=1):
        values = _column(section, number)
        axes.bar(_column(section, 0), values, bottom=start, label=split, width=0.8)
        start = start + values
    axes.set(xlabel="garments in a photo", ylabel="photos")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="x", visible=False)
    axes.legend()


def _sizes(axes: Axes, section: Section) -> None:
    """Draw a dot for each size, near ones together; its area tells how many photos have it."""
    cells: Counter[tuple[int, int]] = Counter()
    for width, height, count in section.rows:
        cells[round(float(width) / _SIZE_CELL), round(float(height) / _SIZE_CELL)] += int(count)
    at = np.array(list(cells), dtype=np.float64) * _SIZE_CELL
    counts = np.array(list(cells.values()), dtype=np.float64)
    axes.scatter(at[:, 0], at[:, 1], s=12 + 400 * counts / counts.sum(), alpha=0.6, linewidths=0)
    axes.margins(0.2)
    axes.set(xlabel="width, px", ylabel="height, px")


def _areas(axes: Axes, section: Section) -> None:
    places = range(len(section.rows))
    low, middle, high = (_column(section, number) for number in (2, 3, 4))
    axes.hlines(places, low, high, linewidth=3, alpha=0.45, label="nine in ten")
    axes.plot(middle, places, "o", markersize=4, color=COLOURS[1], label="median")
    axes.set_yticks(places, _words(section.rows))
    axes.set_ylim(len(section.rows) - 0.4, -0.6)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("share of the photo, % (each step ten times the one before)")
    axes.legend()


def _together(axes: Axes, section: Section) -> None:
    counts = np.array([[float(cell) for cell in row[1:]] for row in section.rows])
    shares = counts / counts.diagonal()[:, None]
    mesh = axes.pcolormesh(shares, cmap=_PALE_TO_BLUE, vmin=0, vmax=1, edgecolors="white", lw=0.5)
    ticks = np.arange(len(section.rows)) + 0.5
    axes.set_yticks(ticks, _words(section.rows))
    axes.set_xticks(ticks, section.columns[1:], rotation=90)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.invert_yaxis()
    axes.set_aspect("equal")
    bar = axes.figure.colorbar(mesh, ax=axes, shrink=0.7)
    bar.set_label("share of the row's photos")


def _words(rows: Sequence[tuple[Cell, ...]]) -> list[str]:
    return [str(row[0]) for row in rows]


_DRAWINGS: Final[dict[str, tuple[Callable[[Axes, Section], None], Callable[[int], float]]]] = {
    "splits": (_splits, _tall),
    "garments_per_photo": (_per_photo, _fixed),
    "classes": (_classes, _tall),
    "sizes": (_sizes, _fixed),
    "mask_areas": (_areas, _tall),
    "co_occurrence": (_together, _square),
    "attributes": (_attributes, _tall),
}
