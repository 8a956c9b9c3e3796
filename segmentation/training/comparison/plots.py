"""Results -> plots: learning curves, and precision at each recall."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from segmentation.training.charts import svg
from segmentation.training.comparison.results import Result, by_model


def learning(results: Sequence[Result]) -> str:
    """Return the summed training loss of every model over its minutes, as an `<svg>`."""

    def draw(axes: Axes) -> None:
        for each in by_model(results).values():
            points = each[0].training["points"]
            minutes = [point["seconds"] / 60 for point in points]
            axes.plot(minutes, [sum(p["losses"].values()) for p in points], label=each[0].title)
        axes.set(xlabel="minutes of training", ylabel="sum of the losses")
        axes.set_yscale("log")
        axes.legend()

    return svg(
        draw,
        name="learning",
        alt_text="Training losses by minutes; the losses of two models do not compare.",
    )


def precision(results: Sequence[Result]) -> str:
    """Return precision over recall for masks that overlap by half, as an `<svg>`."""

    def draw(axes: Axes) -> None:
        for each in by_model(results).values():
            best = max(each, key=lambda result: float(result.figures["ap50"]))
            label = (
                f"{best.title}, {best.size[0]} x {best.size[1]}: AP50 {best.figures['ap50']:.2f}"
            )
            axes.plot(best.curve["recall"], best.curve["overall"], label=label)
        axes.set(
            xlabel="recall", ylabel="precision, mean of the categories", xlim=(0, 1), ylim=(0, 1)
        )
        axes.legend()

    return svg(
        draw,
        name="precision",
        alt_text="Precision over recall at IoU 0.5; AP50 stands in the table.",
    )
