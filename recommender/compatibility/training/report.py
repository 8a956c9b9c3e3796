"""`docs/complete-the-look.md`'s figures: `python -m recommender.compatibility.training.report` writes them.

`docs/results/compatibility.json` is what `recommender evaluate compatibility` printed, and
`compatibility-stretched.json` what it printed with `--stretched`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes

from segmentation.training.charts import COLOURS, svg

RESULTS: Final = Path("docs/results/compatibility.json")
HIDDEN: Final = Path("docs/results/compatibility-stretched.json")
PAGE: Final = Path("docs/complete-the-look.md")
PLOT: Final = Path("docs/results/compatibility.svg")
BEGIN, END = "<!-- figures: written by {} -->", "<!-- end of figures -->"
COMMAND: Final = "python -m recommender.compatibility.training.report"
FIGURES: Final = {
    "binary_accuracy": "binary accuracy",
    "fitb": "fill in the blank, of four",
    "recall_at_10": "recall@10, of 101",
}
CONTROL: Final = {
    "around": "probe: what is around each garment",
    "around_undisturbed": "the same, crops as they are",
    "border": "probe: each garment's own border",
    "border_undisturbed": "the same, crops as they are",
    "masks": "(b) masks",
    "masks_without_border": "the same network, every garment's border painted over",
    "masks_undisturbed": "(b) trained and asked on crops as they are",
    "masks_where_around_is_right": "(b) where the first probe is right",
    "masks_where_around_is_wrong": "(b) where the first probe is wrong",
}


def tables(figures: Mapping[str, Any], hidden: Mapping[str, Any]) -> str:
    """Return the page's tables, in Markdown.

    Args:
        figures: of `recommender evaluate compatibility`.
        hidden: of the same with `--stretched`.
    """
    models = [
        ["", *FIGURES.values(), "whole outfits, AUC"],
        *(
            [name, *(_figure(each, key) for key in FIGURES), _number(each.get("outfit_auc"))]
            for name, each in figures["models"].items()
        ),
    ]
    differences = [
        ["", *FIGURES.values()],
        *(
            [name, *(f"{each[key][0]:+.3f} ({_span(each[key][1])})" for key in FIGURES)]
            for name, each in figures["differences"].items()
        ),
    ]
    control = [
        ["", "binary accuracy", "questions"],
        *(
            [
                what,
                _figure(figures["control"][key], "binary_accuracy"),
                str(figures["control"][key]["questions"]),
            ]
            for key, what in CONTROL.items()
        ),
    ]
    counted = figures["outfits"]
    asked = figures["questions"]
    return "\n\n".join(
        [
            f"{counted['trained']:,} outfits to learn from, {counted['asked']} to be asked about; "
            f"{figures['seeds']} trainings, each with {asked['binary_accuracy']:,}, {asked['fitb']:,} and "
            f"{asked['recall_at_10']:,} questions. In brackets 95 % intervals over outfits.",
            _table(models),
            f"![Binary accuracy of each model with its interval](results/{PLOT.name})",
            "How far one is above another, on the same questions:",
            _table(differences),
            "The control:",
            _table(control),
            "The same where no cut-out shows its shape (each stretched until it fills its square, in training and in "
            "the questions):",
            _table(_beside(figures, hidden)),
        ]
    )


def _beside(figures: Mapping[str, Any], hidden: Mapping[str, Any]) -> list[list[str]]:
    """Return rows of what shapes may matter to, as they are and hidden."""
    shown = ("binary_accuracy", "fitb")
    names = [f"{FIGURES[key]}{of}" for key in shown for of in ("", ", shapes hidden")]
    both = (figures, hidden)
    rows = [
        [name, *(_figure(each["models"][name], key) for key in shown for each in both)]
        for name in hidden["models"]
        if name.startswith(("(", "control"))
    ]
    for name in figures["differences"]:
        pairs = [each["differences"][name][key] for key in shown for each in both]
        rows.append([name, *(f"{mean:+.3f} ({_span(span)})" for mean, span in pairs)])
    return [["", *names], *rows]


def plot(figures: Mapping[str, Any]) -> str:
    """Return the models' binary accuracy with intervals, as SVG."""
    names = list(figures["models"])[::-1]

    def draw(axes: Axes) -> None:
        for place, name in enumerate(names):
            each = figures["models"][name]
            low, high = each["binary_accuracy_ci"]
            colour = COLOURS[1] if name.startswith("(") else COLOURS[0]
            axes.plot([low, high], [place, place], color=colour, linewidth=2)
            axes.plot(each["binary_accuracy"], place, "o", color=colour)
        axes.axvline(0.5, color="#999999", linewidth=1)
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel("which of two garments of one kind was worn: share right (0.5 is chance)")

    text = "; ".join(f"{n} {figures['models'][n]['binary_accuracy']:.3f}" for n in names[::-1])
    return svg(draw, name="compatibility", alt_text=text)


def written(page: str, figures: Mapping[str, Any], hidden: Mapping[str, Any]) -> str:
    """Return the page with these figures between its two marks."""
    begin = BEGIN.format(COMMAND)
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(END)
    return f"{before}{begin}\n\n{tables(figures, hidden)}\n\n{END}{after}"


def _figure(each: Mapping[str, Any], key: str) -> str:
    return f"{each[key]:.3f} ({_span(each[key + '_ci'])})"


def _span(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.3f} to {interval[1]:.3f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _table(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


if __name__ == "__main__":
    results, stretched = (json.loads(file.read_text("utf-8")) for file in (RESULTS, HIDDEN))
    PAGE.write_text(written(PAGE.read_text("utf-8"), results, stretched), "utf-8")
    PLOT.write_text(plot(results), "utf-8")
