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
_UNITS: Final = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16")
"""What Linux calls the units that make a difference here."""
Asked = tuple[NDArray[np.float32], rivals.Answer]
_ROOT: Final = Path(__file__).resolve().parents[2]


def main() -> None:
    """Measure, print the tables, and with `--write` keep them."""
    parser = argparse.ArgumentParser(prog="python -m index.bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of vectors")
    parser.add_argument("--only", default="", help="names of rivals that contain this")
    parser.add_argument("--runs", type=int, default=3, help="runs; medians and spread are told")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/")
    result = parser.parse_args()
    sizes = [int(size) for size in result.sizes.split(",")]
    rows = [row for size in sizes for row in measured(size, result.only, result.runs)]
    results = {
        "when": datetime.now(UTC).date().isoformat(),
        "command": " ".join(["python -m index.bench", *sys.argv[1:]]),
        "machine": _machine(),
        "runs": result.runs,
        "likeness": data.likeness(data.Catalogue.of(2765).draw(2765, 1).vectors),
        "real": data.REAL,
        "rows": rows,
    }
    if result.write:
        docs = _ROOT / "docs"
        report.write(results, docs / "results" / "bench-index.json", docs / "search.md")
    sys.stdout.write(report.tables(results) + "\n")


def measured(size: int, only: str = "", runs: int = 3) -> list[dict[str, Any]]:
    """Return one row of figures for each rival at one size."""
    _say(f"{size:,}: drawing and answering exactly")
    catalogue = data.Catalogue.of(size)
    stock = catalogue.draw(size, seed=1)
    questions = {
        "tune": catalogue.draw(_TUNING, seed=2), "ask": catalogue.draw(20 * _QUESTIONS, seed=3),
    }  # fmt: skip
    tuning, asked = (
        _asked(stock, questions[name].vectors[:n])
        for name, n in (("tune", _TUNING), ("ask", _QUESTIONS))
    )
    held = [rival for rival in (make() for make in rivals.rivals(size)) if only in rival.name]
    rows = [_built(rival, size, stock) for rival in held]
    for row, found in zip(rows, measuring.unfiltered(held, tuning, asked, runs), strict=True):
        row["unfiltered"] = found
        _say(f"{size:,} {row['name']}: {found}")
    for name, (passing, tuning, asked) in _filters(stock, questions).items():
        under = measuring.filtered(held, tuning, asked, passing, runs)
        for row, found in zip(rows, under, strict=True):
            row["filtered"][name] = found
            _say(f"{size:,} {row['name']}, {name}: {found}")
    return rows


def _built(rival: rivals.Rival, size: int, stock: data.GarmentVectors) -> dict[str, Any]:
    cost = measuring.built(rival, stock.vectors)
    _say(f"{size:,} {rival.name}: built in {cost['build_s']} s")
    kind = rival.name.removeprefix("ours (").removesuffix(")")
    return {"name": rival.name, "kind": kind, "size": size, "cost": cost, "filtered": {}}


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
    """Return processor, its units for short numbers, and versions."""
    names = ("faiss-cpu", "hnswlib", "usearch", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, units {_units()}, "
        f"Python {platform.python_version()}, {versions}"
    )


def _units() -> str:
    try:
        flags = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return "not told by this system"
    return ", ".join(flag for flag in _UNITS if flag in flags) or "none of " + ", ".join(_UNITS)


def _say(text: str) -> None:
    sys.stderr.write(f"[{time.strftime('%H:%M:%S')}] {text}\n")


if __name__ == "__main__":
    main()
