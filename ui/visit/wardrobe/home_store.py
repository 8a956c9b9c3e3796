"""The home's own store, for the one person whose machine it is: a file a piece, readable by its owner alone.

No address of the service leads to it, and no backup holds it.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Final

from index.errors import CatalogError
from index.files import durable
from ui.visit import service, shopkeeper
from ui.visit.wardrobe import pieces
from ui.visit.wardrobe.pieces import Piece

HOME: Final = "RECOMMENDER_HOME"
NAME: Final = "wardrobe"


def folder() -> Path | None:
    """Return where pieces lie; None where others can reach the app, or where it is a shop's, with a key."""
    home = os.environ.get(HOME, "")
    is_own = home and shopkeeper.is_at_home() and not os.environ.get(service.KEY)
    return Path(home) / NAME if is_own else None


def read() -> list[Piece]:
    """Return the pieces, in the order in which they were kept; what cannot be read is left out."""
    there = folder()
    if there is None or not there.is_dir():
        return []
    found = []
    for path in sorted(there.glob("*.json"), key=lambda each: each.stat().st_mtime_ns):
        try:
            found.append(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError):
            continue
    return pieces.read(found)


def keep(piece: Piece) -> None:
    """Write a piece.

    Raises:
        Refusal: it cannot be written.
    """
    there = folder()
    if there is None:
        raise CatalogError(
            "nothing is kept in this home", got="an app that others can reach too",
            expected="one that this machine alone can reach", next_step="Keep it in the browser.",
        )  # fmt: skip
    with durable.disk_refusals(there):
        there.mkdir(mode=0o700, parents=True, exist_ok=True)  # others may not look into it
    durable.write(there / f"{piece.id}.json", piece.model_dump_json().encode())


def drop(piece: Piece) -> None:
    """Delete a piece, where it lies here."""
    there = folder()
    if there is not None:
        (there / f"{piece.id}.json").unlink(missing_ok=True)


def clear() -> None:
    """Delete all pieces at once, and their folder."""
    there = folder()
    if there is not None and there.is_dir():
        shutil.rmtree(there)
