"""Measurements -> JSON, and the tables of docs/search.md."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

BEGIN: Final = "<!-- bench-index: begin -->"
END: Final = "<!-- bench-index: end -->"
LARGE: Final = 10_000_000
Row = Mapping[str, Any]


def write(results: Mapping[str, Any], json_path: Path, page: Path) -> None:
    """Write results as JSON, and their tables between the page's two marks."""
    json_path.parent.mkdir(parents=True, exist_ok=True)
    json_path.write_text(json.dumps(results, indent=1) + "\n")
    text = page.read_text()
    before, rest = text.split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{tables(results)}\n{END}{rest.split(END)[1]}")


def tables(results: Mapping[str, Any]) -> str:
    """Return everything as Markdown."""
    rows: Sequence[Row] = results["rows"]
    parts = [
        f"Measured {results['when']} with `{results['command']}`: {results['machine']}. "
        f"Medians of {results['runs']} runs in which all took turns; ± is half of what lies between "
        "the least and the greatest."
    ]
    for size in sorted({row["size"] for row in rows}):
        of_size = [row for row in rows if row["size"] == size]
        parts += [f"### {size:,} vectors", _costs(of_size), _filters(of_size)]
    parts += ["### Growth", _growth(rows), f"### What {LARGE:,} need", _large(rows)]
    return "\n\n".join(parts)


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return b of cost = a * size ** b through (size, cost), by least squares of the logarithms.

    >>> round(exponent([(10, 3), (100, 30), (1000, 300)]), 3)
    1.0
    """
    xs, ys = ([math.log(max(value, 1e-9)) for value in axis] for axis in zip(*points, strict=True))
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - mean_x) ** 2 for x in xs)


def _costs(rows: Sequence[Row]) -> str:
    heads = [
        "", "recall@10", "1 client", "2 clients", "batch, 1 thread", "batch, 2 threads",
        "build s", "load s", "memory B", "disk B",
    ]  # fmt: skip
    keys = ("qps_1", "qps_2", "qps_batch_1", "qps_batch_2")
    lines = []
    for row in rows:
        asked, cost = row["unfiltered"], row["cost"]
        rates = [_rate(asked, key) for key in keys]
        sizes = [f"{cost[f'{what}_bytes_a_vector']:,}" for what in ("memory", "disk")]
        seconds = [f"{cost['build_s']:,.1f}", f"{cost['load_s']:,.1f}"]
        lines.append([row["name"], f"{asked['recall']:.3f}", *rates, *seconds, *sizes])
    return "Questions a second, seconds, and bytes a vector:\n\n" + _table(heads, lines)


def _filters(rows: Sequence[Row]) -> str:
    names = list(rows[0]["filtered"])
    lines = []
    for row in rows:
        cells = (row["filtered"][name] for name in names)
        lines.append([row["name"], *(f"{_rate(c, 'qps_1')} ({c['recall']:.3f})" for c in cells)])
    head = "Questions a second on one thread under a filter (recall@10):"
    return f"{head}\n\n{_table(['', *names], lines)}"


def _rate(asked: Row, key: str) -> str:
    """Return questions a second, and how far runs lay apart.

    >>> _rate({"qps_1": 2000.4, "spread": {"qps_1": [1900.0, 2100.0]}}, "qps_1")
    '2,000 ± 5 %'
    """
    low, high = asked["spread"][key]
    return f"{asked[key]:,.0f} ± {100 * (high - low) / 2 / max(asked[key], 1e-9):.0f} %"


def _growth(rows: Sequence[Row]) -> str:
    lines = []
    for name, points in _by_kind(rows).items():
        if len(points) < 2:
            continue
        first, last = points[-2]["size"], points[-1]["size"]
        build, ask = _slopes(points)
        lines.append([name, f"{first:,} to {last:,}", f"n^{build:.2f}", f"n^{ask:.2f}"])
    if not lines:
        return "One size tells no growth."
    return _table(["", "between", "build time", "time of one question"], lines)


def _large(rows: Sequence[Row]) -> str:
    lines = []
    for name, points in _by_kind(rows).items():
        if len(points) < 2:
            continue
        build, ask = _slopes(points)
        last = points[-1]
        times = LARGE / last["size"]
        cost = last["cost"]
        lines.append(
            [
                name,
                f"{LARGE * cost['memory_bytes_a_vector'] / 1e9:.1f} GB",
                f"{LARGE * cost['disk_bytes_a_vector'] / 1e9:.1f} GB",
                f"{cost['build_s'] * times**build / 60:,.0f} min",
                f"{1000 / last['unfiltered']['qps_1'] * times**ask:.1f} ms",
            ]
        )
    note = "Arithmetic from the growth above; nothing of this size was run."
    heads = ["", "memory", "disk", "build, 2 cores", "one question, one core"]
    return f"{note}\n\n{_table(heads, lines)}" if lines else note


def _by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["size"]):
        found.setdefault(row["kind"], []).append(row)
    return found


def _slopes(points: Sequence[Row]) -> tuple[float, float]:
    """Return how build time and time of a question grow, between the two largest sizes.

    Smaller ones would flatter: what costs the same at any size is most of their cost.
    """
    points = points[-2:]
    build = exponent([(row["size"], row["cost"]["build_s"]) for row in points])
    return build, exponent([(row["size"], 1 / row["unfiltered"]["qps_1"]) for row in points])


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [heads, ["---", *["---:"] * (len(heads) - 1)], *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
