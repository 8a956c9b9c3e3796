"""`python -m index.bench`: this project's stores beside hnswlib and usearch, in one run."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.bench import data, measuring, report, rivals

_QUESTIONS: Final = 500
_FILTERED: Final = 60
_TUNING: Final = 200
_SHARES: Final = (0.001, 0.01, 0.1, 0.5)
_KIND: Final = 0.04
"""The kind that serves as the category filter is the one nearest to this share."""
Asked = tuple[NDArray[np.float32], rivals.Answer]
_ROOT: Final = Path(__file__).resolve().parents[2]


def main() -> None:
    """Measure, print the tables, and with `--write` keep them."""
    parser = argparse.ArgumentParser(prog="python -m index.bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of vectors")
    parser.add_argument("--only", default="", help="names of rivals that contain this")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/")
    result = parser.parse_args()
    sizes = [int(size) for size in result.sizes.split(",")]
    rows = [row for size in sizes for row in measured(size, result.only)]
    results = {
        "when": datetime.now(UTC).date().isoformat(),
        "command": " ".join(["python -m index.bench", *sys.argv[1:]]),
        "machine": _machine(),
        "likeness": data.likeness(data.Catalogue.of(2765).draw(2765, 1).vectors),
        "real": data.REAL,
        "rows": rows,
    }
    if result.write:
        docs = _ROOT / "docs"
        report.write(results, docs / "results" / "bench-index.json", docs / "search.md")
    sys.stdout.write(report.tables(results) + "\n")


def measured(size: int, only: str = "") -> list[dict[str, Any]]:
    """Return one row of figures for each rival at one size."""
    _say(f"{size:,}: drawing and answering exactly")
    catalogue = data.Catalogue.of(size)
    stock = catalogue.draw(size, seed=1)
    questions = {
        "tune": catalogue.draw(_TUNING, seed=2), "ask": catalogue.draw(20 * _QUESTIONS, seed=3),
    }  # fmt: skip
    plain = [
        _asked(stock, questions[name].vectors[:n])
        for name, n in (("tune", _TUNING), ("ask", _QUESTIONS))
    ]
    filters = _filters(stock, questions)
    rows = []
    for make in rivals.rivals(size):
        rival = make()
        if only in rival.name:
            rows.append(_row(rival, size, stock, plain, filters))
    return rows


def _row(
    rival: rivals.Rival,
    size: int,
    stock: data.GarmentVectors,
    plain: list[Asked],
    filters: Mapping[str, tuple[NDArray[np.bool_], Asked, Asked]],
) -> dict[str, Any]:
    begun = time.perf_counter()
    cost = measuring.built(rival, stock.vectors)
    _say(f"{size:,} {rival.name}: built in {cost['build_s']} s")
    found = measuring.unfiltered(rival, plain[0], plain[1])
    _say(f"{size:,} {rival.name}: {found}")
    under = {}
    for name, (passing, tuning, asked) in filters.items():
        under[name] = measuring.filtered(rival, tuning, asked, passing)
        _say(f"{size:,} {rival.name}, {name}: {under[name]}")
    _say(f"{size:,} {rival.name}: {time.perf_counter() - begun:.0f} s in all")
    kind = rival.name.removeprefix("ours (").removesuffix(")")
    return {"name": rival.name, "kind": kind, "size": size, "cost": cost, "unfiltered": found, "filtered": under}  # fmt: skip


def _filters(
    stock: data.GarmentVectors, questions: Mapping[str, data.GarmentVectors]
) -> dict[str, tuple[NDArray[np.bool_], Asked, Asked]]:
    """Return name -> (rows that pass, questions to tune on, questions to measure)."""
    chance = np.random.default_rng(4)
    tune, ask = questions["tune"].vectors, questions["ask"].vectors
    found = {}
    for share in _SHARES:
        passing = chance.random(len(stock.kinds)) < share
        passing[:10] = True
        pair = [_asked(stock, q[:n], passing) for q, n in ((tune, 20), (ask, _FILTERED))]
        found[f"{share:.1%} at random"] = (passing, pair[0], pair[1])
    shares = np.bincount(stock.kinds, minlength=data.KINDS) / len(stock.kinds)
    kind = int(np.argmin(np.abs(shares - _KIND)))
    passing = stock.kinds == kind
    ours = questions["ask"].kinds == kind
    for name, mine in (("a category, asked from inside", ours), ("from outside", ~ours)):
        chosen = ask[mine]
        some = [_asked(stock, q, passing) for q in (chosen[:20], chosen[20 : 20 + _FILTERED])]
        found[f"{name} ({shares[kind]:.1%})"] = (passing, some[0], some[1])
    return found


def _asked(
    stock: data.GarmentVectors,
    queries: NDArray[np.float32],
    passing: NDArray[np.bool_] | None = None,
) -> Asked:
    return queries, measuring.truth(stock.vectors, queries, passing)


def _machine() -> str:
    names = ("faiss-cpu", "hnswlib", "usearch", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {versions}"


def _say(text: str) -> None:
    sys.stderr.write(f"[{time.strftime('%H:%M:%S')}] {text}\n")


if __name__ == "__main__":
    main()
