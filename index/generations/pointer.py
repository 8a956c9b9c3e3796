"""The one file that says which generation is served, and what is said where it is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from index.errors import BUILD_COMMAND, IndexDamaged, IndexMissing
from index.files.checked import read_small

POINTER: Final = "current.json"


def pointer_to(number: int, digest: str) -> bytes:
    """Return the file that names a generation and the SHA-256 of its manifest."""
    return json.dumps({"generation": number, "manifest": digest}).encode()


def read_pointer(root: Path, numbers: Callable[[], list[int]]) -> tuple[int, str]:
    """Return the number of what is served, and the SHA-256 of its manifest.

    Args:
        root: where it lies.
        numbers: gives those of the generations that lie there.

    Raises:
        IndexMissing: nothing was published yet, or nothing says what is served.
        IndexDamaged: it is not what was written.
    """
    path = root / POINTER
    try:
        data = read_small(path)
    except FileNotFoundError as error:
        raise _missing(path, numbers()) from error
    try:
        record = json.loads(data)
        number, digest = record["generation"], record["manifest"]
        if data != pointer_to(int(number), str(digest)):
            raise ValueError("not as it is written")
        return int(number), str(digest)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise IndexDamaged.of(path, got=repr(data[:40]), expected="a pointer") from error


def _missing(path: Path, numbers: list[int]) -> IndexMissing:
    if numbers:
        return IndexMissing(
            "nothing says which index is served",
            got=f"generations {numbers} and no {path}",
            expected="the file that names one of them",
            next_step=f"Run `{BUILD_COMMAND}` (nothing is encoded again); if a first import "
            "was cut short, `recommender catalog import SOURCE` again.",
        )
    return IndexMissing(
        "there is no index yet",
        got=f"nothing in {path.parent}",
        expected="a published generation",
        next_step="Run `recommender catalog import SOURCE`.",
    )
