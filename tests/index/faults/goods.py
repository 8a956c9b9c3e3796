"""A feed of many small pictures that can be distinguished, and what a catalogue must be like after it."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from index.catalogue.catalog import Catalog
from index.database.database import open_database
from index.files.images import ImageStore
from index.files.manifest import MANIFEST_NAME, FileRecord, check_folder
from index.generations.generations import KEPT, Generations
from index.generations.inspection import inspect
from index.model.questions import Question
from index.search import Searcher
from index.stores.faiss import FaissEngine
from tests.fakes import FakeEncoder

Shades = Mapping[str, int]
"""What a catalogue shows: sku -> number of its picture's colour, below 512."""


def rgb(shade: int) -> tuple[int, int, int]:
    """Return one of 512 colours, each far from all others."""
    return shade % 8 * 32 + 16, shade // 8 % 8 * 32 + 16, shade // 64 * 32 + 16


def picture(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), rgb(shade)).save(buffer, "PNG")
    return buffer.getvalue()


def write_feed(feed: Path, shades: Shades, prices: Mapping[str, str] | None = None) -> None:
    """Write a JSONL feed and its pictures."""
    feed.parent.mkdir(exist_ok=True)
    rows = []
    for sku, shade in shades.items():
        name = f"{shade}.png"
        if not (feed.parent / name).exists():
            (feed.parent / name).write_bytes(picture(shade))
        price = (prices or {}).get(sku, "10.00")
        row = {"sku": sku, "title": sku, "category": "dress", "image": name, "price": price}
        rows.append(json.dumps({**row, "currency": "EUR"}))
    feed.write_text("\n".join(rows) + "\n")


def vectors(shades: Iterable[int]) -> NDArray[np.float32]:
    """Return the unit vectors of pictures."""
    images = [np.full((8, 8, 3), rgb(shade), np.uint8) for shade in shades]
    return FakeEncoder().encode_images(images)


@dataclass(frozen=True)
class Home:
    """A catalogue's folder, looked at from outside."""

    path: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}/catalog.sqlite3"

    @property
    def generations(self) -> Generations:
        return Generations(self.path / "index")

    @staticmethod
    def records(generation: Path) -> dict[str, dict[str, Any]]:
        """Return what a manifest would say of the files as they lie there."""
        files = (path for path in generation.iterdir() if path.name != MANIFEST_NAME)
        return {path.name: asdict(FileRecord.of(path)) for path in files}

    def searcher(self) -> Searcher:
        fake = FakeEncoder()
        return Searcher(
            open_database(self.url),
            self.generations,
            FaissEngine(),
            fingerprint=fake.fingerprint,
            dim=fake.dim,
        )

    def require_served(self, searcher: Searcher, shades: Shades) -> int:
        """Check that each item is found by its picture; return the generation that answered."""
        if shades:
            found = searcher.nearest_all([Question(row, 1) for row in vectors(shades.values())])
            assert [ranking[0].item.sku for ranking in found] == list(shades)
            assert min(ranking[0].score for ranking in found) > 0.999
        return searcher.generation().number

    def require_whole(self, shades: Shades) -> None:
        """Check that the catalogue is just what its feed says, and that nothing else lies about."""
        self.require_sound()
        database = open_database(self.url)
        with database.reading() as session:
            catalog = Catalog(session)
            assert sorted(catalog.skus()) == sorted(shades), "each item once"
            shown = catalog.images()
        found = inspect(
            database,
            self.generations,
            ImageStore(self.path / "images"),
            FaissEngine(),
            contents=True,
        )
        assert (found.trouble, found.current) == (None, True)
        assert (found.missing, found.stale, found.compared) == (0, 0, len(shades))
        searcher = self.searcher()
        assert self.require_served(searcher, shades) == found.generation.number
        self.require_tidy(shown)
        database.close()

    def require_sound(self) -> None:
        """Check the database itself."""
        with self.connected() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []

    def connected(self) -> closing[sqlite3.Connection]:
        """Return a connection to the database, closed on leaving."""
        return closing(sqlite3.connect(self.path / "catalog.sqlite3"))

    def require_tidy(self, shown: Collection[str]) -> None:
        """Check that every file has its reason, and that the generations kept are whole."""
        generations = self.generations
        expected = {"catalog.sqlite3", "writer.lock", "index/current.json"}
        expected |= {f"images/{name}" for name in shown}
        numbers = generations.numbers()
        assert len(numbers) <= KEPT + 1
        for number in numbers:
            generation = generations._open(number, generations._digest(number))
            check_folder(generation.folder, generation.manifest)
            files = (MANIFEST_NAME, *generation.manifest.files)
            expected |= {f"index/generations/{number}/{name}" for name in files}
        found = {str(p.relative_to(self.path)) for p in self.path.rglob("*") if not p.is_dir()}
        aside = {name for name in found if name.startswith("images/unclaimed/")}
        assert aside.isdisjoint(f"images/unclaimed/{name}" for name in shown), "taken back"
        found -= aside
        # SQLite's own: of a transaction that had changed nothing yet, and used again at the next one
        found.discard("catalog.sqlite3-journal")
        # no stray pictures, no temporary files, no entries of a journal
        odd = sorted(found - expected), sorted(expected - found)
        assert odd == ([], []), f"too many and missing: {odd}"
