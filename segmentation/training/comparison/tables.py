"""Results -> Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence

from segmentation.training.comparison.results import Result, by_model


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table.

    >>> print(markdown(("a", "b"), [("1", "2")]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [columns, ["---"] * len(columns), *rows]
    drawn = [f"| {' | '.join(cells)} |" for cells in lines]
    return "\n".join([drawn[0], drawn[1].replace(" ", ""), *drawn[2:]])


def models(results: Sequence[Result]) -> str:
    """Return what each model reaches at each size, and what it costs."""
    rows = [
        (
            result.title,
            f"{result.size[0]} x {result.size[1]}",
            *(f"{result.figures[name]:.3f}" for name in ("ap", "ap50", "ap75", "miou", "slot_iou")),
            f"{result.figures['ms_per_photo']:.0f}",
            f"{result.weights['parameters'] / 1e6:.1f}",
        )
        for result in results
    ]
    head = ("model", "size", "AP", "AP50", "AP75", "mIoU", "slot IoU", "ms", "million parameters")
    return markdown(head, rows)


def papers(results: Sequence[Result]) -> str:
    """Return the table that the paper left empty, each model at its better size by mIoU."""
    best = [
        max(each, key=lambda r: float(r.figures["miou"])) for each in by_model(results).values()
    ]
    rows = [
        (
            result.title,
            _or_dash(result.training.get("epochs")),
            _or_dash(result.training.get("steps")),
            _or_dash(result.training.get("minutes")),
            f"{sum(result.training['final_losses'].values()):.3f}"
            if result.training.get("final_losses")
            else "-",
            f"{result.train['pixel_accuracy']:.3f}",
            f"{result.figures['pixel_accuracy']:.3f}",
            f"{result.figures['miou']:.3f}",
        )
        for result in best
    ]
    rows.append(("everything is background", "-", "-", "-", "-", *_nothing(best), "-"))
    head = (
        "model", "epochs", "steps", "minutes", "final loss", "pixel accuracy, train",
        "pixel accuracy, val", "mIoU, val",
    )  # fmt: skip
    return markdown(head, rows)


def _nothing(results: Sequence[Result]) -> tuple[str, str]:
    first = results[0]
    return (
        f"{first.train['background_accuracy']:.3f}",
        f"{first.figures['background_accuracy']:.3f}",
    )


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def per_class(results: Sequence[Result]) -> str:
    """Return every category's AP for each model, at its size of the higher AP."""
    best = [max(each, key=lambda r: float(r.figures["ap"])) for each in by_model(results).values()]
    kinds = sorted(best[0].figures["per_class"], key=lambda k: -best[0].figures["per_class"][k])
    rows = [
        (kind, *(f"{result.figures['per_class'].get(kind, 0.0):.2f}" for result in best))
        for kind in kinds
    ]
    return markdown(("category", *(result.title for result in best)), rows)


def commands(results: Sequence[Result]) -> str:
    """Return the commands that measured, each once, and the machine."""
    lines = dict.fromkeys(result.command for result in results)
    machine = results[0].machine
    text = f"{machine['processor']}, {machine['threads']} threads, {machine['dtype']}"
    return "\n".join(["```sh", *lines, "```", "", f"Machine: {text}, torch {machine['torch']}."])
