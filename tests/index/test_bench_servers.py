"""The measurement of servers, on a few vectors, and its place in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.bench import servers, servers_report

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"


def test_a_small_measurement_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    servers.main(["--sizes", "300", "--questions", "3"])
    out = capsys.readouterr().out
    assert "| pgvector | 300 | 1.000," in out
    assert "| milvus-lite | 300 | " in out


def test_figures_replace_what_stood_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "scale.md"
    page.write_text(PAGE.read_text())
    asked = {name: {"recall": 1.0, "qps": 5.0} for name in servers_report._FILTERS}
    row = {"name": "pgvector", "size": 10, "load_s": 2.0, "build_s": None, "bytes": 7.0, **asked}
    results = {"when": "today", "command": "c", "machine": "m", "rows": [row]}
    for _ in range(2):
        servers_report.write(results, page)
    text = page.read_text()
    assert text.count("| pgvector | 10 | 5 | while inserting | 7 |") == 1
    assert text.endswith(PAGE.read_text().partition(servers_report.END)[2])
    with pytest.raises(ValueError, match="no place"):
        servers_report.write(results, Path(__file__))
