"""A shop in a temporary folder: its database, its feed, and what indexes and searches it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import migrations
from index.build import Indexer
from index.catalogue.catalog import Catalog
from index.database.database import Database, open_database
from index.encoders.attributes import AttributeReader
from index.generations.generations import Generation
from index.generations.rollback import roll_back
from index.importing.reports import ImportOptions, ImportReport
from index.model.items import CatalogItem
from index.model.progress import Progress, silent
from index.search import Searcher
from index.stores import Engine
from index.stores.faiss import FaissEngine
from tests.fakes import FakeCutter, FakeEncoder

Colour = tuple[int, int, int]


def picture(colour: Colour, *, size: int = 8, kind: str = "PNG", **options: Any) -> bytes:
    """Return a picture of one colour, encoded."""
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(buffer, kind, **options)
    return buffer.getvalue()


def colour_of(number: int) -> Colour:
    """Return one of many colours, each far enough from the others to be distinguished."""
    return (number * 53) % 256, (number * 97 + 40) % 256, (number * 151 + 90) % 256


@dataclass
class Shop:
    """Everything that a test of the catalogue touches."""

    home: Path
    source: Path
    database: Database
    encoder: FakeEncoder = field(default_factory=FakeEncoder)
    cutter: FakeCutter = field(default_factory=FakeCutter)
    reader: AttributeReader | None = None
    engine: Engine = field(default_factory=FaissEngine)

    @classmethod
    def opened(cls, folder: Path, migrated: Path) -> AbstractContextManager[Self]:
        """Open an empty shop below a folder, with a copy of a migrated database."""
        (folder / "home").mkdir(parents=True)
        shutil.copy(migrated, folder / "home")
        return cls.at(folder, f"sqlite:///{folder}/home/catalog.sqlite3")

    @classmethod
    @contextmanager
    def at(cls, folder: Path, url: str) -> Iterator[Self]:
        """Open an empty shop below a folder, with the database at a URL."""
        home, source = folder / "home", folder / "feed"
        home.mkdir(parents=True, exist_ok=True)
        source.mkdir()
        database = open_database(url)
        try:
            yield cls(home, source, database)
        finally:
            database.close()

    @property
    def feed(self) -> Path:
        return self.source / "feed.jsonl"

    def row(self, number: int, **fields: Any) -> dict[str, Any]:
        """Return a row for the feed and put its picture beside it."""
        name = f"p{number}.png"
        (self.source / name).write_bytes(picture(colour_of(number)))
        row = {"sku": f"s{number}", "title": f"Thing {number}", "category": "dress", "image": name}
        return {**row, "price": "10.00", "currency": "EUR", **fields}

    def write(self, *rows: dict[str, Any] | str) -> None:
        lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        self.feed.write_text("\n".join(lines) + "\n")

    def indexer(self, progress: Progress = silent, **changes: Any) -> Indexer:
        parts: dict[str, Any] = {"encoder": self.encoder, "cutter": self.cutter}
        parts["engine"] = self.engine
        parts |= {"reader": self.reader, **changes}
        return Indexer(self.database, self.home, batch_size=4, progress=progress, **parts)

    def run(self, progress: Progress = silent, **options: Any) -> ImportReport:
        """Import the feed."""
        return self.indexer(progress).import_feed(self.feed, ImportOptions(**options))

    def rollback(self, *, confirmed: bool = False, **changes: Any) -> Generation:
        """Go back to the index before."""
        generations = self.indexer(**changes).generations
        return roll_back(self.home, self.database, self.engine, generations, confirmed=confirmed)

    def searcher(self) -> Searcher:
        return Searcher(
            self.database,
            self.indexer().generations,
            self.engine,
            fingerprint=self.encoder.fingerprint,
            dim=self.encoder.dim,
        )

    def query(self, number: int) -> NDArray[np.float32]:
        """Return the vector of the picture that `row(number)` makes."""
        image = np.full((8, 8, 3), colour_of(number), np.uint8)
        encoder = FakeEncoder(self.encoder.fingerprint, self.encoder.dim)
        return np.asarray(encoder.encode_images([image])[0], np.float32)

    def skus(self) -> list[str]:
        with self.database.reading() as session:
            return list(Catalog(session).skus())

    def item(self, sku: str) -> CatalogItem:
        with self.database.reading() as session:
            return Catalog(session).get(sku)

    def pictures(self) -> list[str]:
        return sorted(self.indexer().images.names())


def write_migrated(folder: Path) -> Path:
    """Write an empty database that the migrations built, and return it."""
    path = folder / "catalog.sqlite3"
    database = open_database(f"sqlite:///{path}")
    migrations.upgrade(database.engine)
    database.close()
    return path


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty database that the migrations built, to be copied."""
    return write_migrated(tmp_path_factory.mktemp("migrated"))


DATABASES = ("sqlite", "postgresql")
"""What `shop` can keep its catalogue in: `parametrize("shop", DATABASES, indirect=True)`."""


@pytest.fixture
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Shop]:
    if getattr(request, "param", "sqlite") == "sqlite":
        opened = Shop.opened(tmp_path, request.getfixturevalue("migrated"))
    else:
        opened = Shop.at(tmp_path, request.getfixturevalue("postgres").migrated())
    with opened as shop:
        yield shop
