"""What `make bench-start` tells; how long anything takes is not tested here."""

from __future__ import annotations

import io
import os
import time

from rich.console import Console

from recommender.bench.starting import (
    LOOK,
    READY,
    REST,
    Start,
    by_package,
    cpu_s,
    resident_mb,
    table,
    table_of_imports,
)


def shown(*tables: object) -> str:
    console = Console(width=140, record=True, file=io.StringIO())
    for each in tables:
        console.print(each)
    return " ".join(console.export_text().split())


def test_a_start_is_told_by_its_median_and_its_spread_beside_what_is_asked() -> None:
    starts = [
        Start(
            {READY: 2 + more, LOOK: 3 + more, REST: 14 + more},
            {READY: 1.5, LOOK: 2 + more, REST: 2.5},
            {READY: 500, LOOK: 600, REST: 700 + more},
        )
        for more in (0.0, 0.5, 2.0)
    ]
    text = shown(table(starts))
    look = "3.50 s (3.00 to 5.00) │ 2.50 s (2.00 to 4.00) │ 600 MB (600 to 600) │ 4 s"
    assert look in text
    assert "│ 700 MB (700 to 702) │ 900 MB" in text


def test_imports_are_added_up_by_package_the_dearest_first() -> None:
    lines = [
        "import time: self [us] | cumulative | imported package",
        "import time:    250000 |     900000 | torch",
        "import time:    500000 |     500000 |   torch.nn",
        "import time:    125000 |     125000 |   json.decoder",
        "import time:     31250 |      31250 | numpy",
        "a server's own line",
    ]
    seconds = by_package(lines)
    assert seconds == {"torch": 0.75, "python": 0.125, "numpy": 0.03125}
    text = shown(table_of_imports(seconds))
    assert "0.91 s" in text and text.index("torch") < text.index("python") < text.index("numpy")


def test_the_memory_and_the_time_of_a_process_are_read_from_the_system() -> None:
    assert 10 < resident_mb(os.getpid()) < 50_000
    assert 0 < cpu_s(os.getpid()) <= time.process_time() + 0.1
