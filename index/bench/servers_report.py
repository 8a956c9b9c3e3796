"""The figures of `index.bench.servers` as tables, and their place in docs/scale.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

BEGIN: Final = "<!-- figures of python -m index.bench.servers: written, not edited -->"
END: Final = "<!-- end of figures -->"
_FILTERS: Final = ("all", "0.1%", "1.0%", "10.0%", "50.0%")


def tables(results: Mapping[str, Any]) -> str:
    """Return two tables in Markdown: what it costs to have the vectors there, and to ask."""
    text = f"{results['when']}, `{results['command']}`, {results['machine']}. One client; both on one machine."
    costs = ["| store | vectors | insert/s | graph, s | bytes a vector |", "|---|---|---|---|---|"]
    asked = [
        "| recall@10, questions/s | vectors | no filter | 0.1 % | 1 % | 10 % | 50 % |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in results["rows"]:
        built = "while inserting" if row["build_s"] is None else f"{row['build_s']:.1f}"
        rate = row["size"] / row["load_s"]
        costs.append(
            f"| {row['name']} | {row['size']:,} | {rate:,.0f} | {built} | {row['bytes']:,.0f} |"
        )
        cells = [f"{row[name]['recall']:.3f}, {row[name]['qps']:,.0f}" for name in _FILTERS]
        asked.append(f"| {row['name']} | {row['size']:,} | {' | '.join(cells)} |")
    return "\n".join([text, "", *costs, "", *asked])


def write(results: Mapping[str, Any], page: Path) -> None:
    """Put the tables between the two marks of a page.

    Raises:
        ValueError: the page has no such marks.
    """
    before, found, rest = page.read_text().partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"{page}: got no place for the figures; expected {BEGIN} ... {END}")
    page.write_text(f"{before}{BEGIN}\n\n{tables(results)}\n\n{END}{after}")
