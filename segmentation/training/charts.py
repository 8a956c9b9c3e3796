"""Plots as SVG text: vectors only, words as text, and the same input gives the same bytes."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

if TYPE_CHECKING:  # a name of the type checker's alone
    from matplotlib.typing import RcKeyType

COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4d4d4d")
"""Told apart by colour-blind readers too. Source: Okabe and Ito, Color Universal Design, 2008."""
_STYLE: Final[dict[RcKeyType, Any]] = {
    "svg.fonttype": "none",  # words stay words: they can be searched, read aloud and copied
    "text.parse_math": False,  # a name with dollar signs is no formula
    "font.family": "sans-serif",
    "font.sans-serif": [
        "DejaVu Sans"
    ],  # comes with matplotlib, so that no machine lays out otherwise
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#999999",
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "legend.frameon": False,
    "axes.prop_cycle": cycler(color=COLOURS),
}


def svg(
    draw: Callable[[Axes], None],
    *,
    name: str,
    alt_text: str,
    size_in: tuple[float, float] = (7, 3.6),
) -> str:
    """Return a plot as one `<svg>` element, which is a complete file as well.

    Args:
        draw: draws on empty axes.
        name: unique within a page, so that no two plots share an id.
        alt_text: what the plot shows, for those who do not see it.
        size_in: width and height in inches of 72 points.
    """
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=size_in, layout="constrained", facecolor="white")
        FigureCanvasSVG(figure)
        draw(figure.subplots())
        file = io.BytesIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(file, format="svg", metadata=nothing)
    text = file.getvalue().decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r'<g id="[^"]*"', "<g", text)  # figure_1, axes_1: twice on a page of two plots
    text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL)  # each word once more, unescaped
    label = html.escape(alt_text, quote=True)
    return text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1).rstrip() + "\n"
