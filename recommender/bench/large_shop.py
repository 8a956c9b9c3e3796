"""A shop of any size out of the sample boutique, for measuring: its items again and again, with made-up vectors.

Rows are written as they would be after an import; nothing is encoded. Vectors lie as the shipped encoder's do
(`index.bench.data`), those of a kind together.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Final, cast

import numpy as np
from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from index.bench.data import KINDS, Catalogue, GarmentVectors
from index.database.lock import writer
from index.database.tables import CatalogueRow, ItemRow, VectorRow
from index.generations.publishing import Publisher
from index.model.vectors import pack
from recommender.runtime.wiring import Wiring
from recommender.sample import BOUTIQUE

_BLOCK: Final = 5_000


def fill(wiring: Wiring, count: int) -> None:
    """Index the boutique and add to it until the catalogue has `count` items, then publish."""
    indexer = wiring.indexer()
    indexer.import_feed(BOUTIQUE / "catalog.jsonl")
    with writer(indexer.home, indexer.database):
        with indexer.database.writing() as session:
            there = session.execute(select(func.count()).select_from(ItemRow)).scalar_one()
            made = Catalogue.of(count).draw(max(count - there, 0), seed=1)
            _add(session, made)
            grown = CatalogueRow.vector_revision + 1
            session.execute(update(CatalogueRow).values(vector_revision=grown))
        Publisher(
            indexer.database, indexer.generations, indexer.encoder.fingerprint, indexer.encoder.dim,
            indexer.catalogue, indexer.progress, indexer.engine, field_maker=indexer.field_maker,
        ).publish()  # fmt: skip


def _add(session: Session, made: GarmentVectors) -> None:
    items, vectors = cast(Table, ItemRow.__table__), cast(Table, VectorRow.__table__)
    rows = [dict(row) for row in session.execute(select(items)).mappings()]
    like = dict(session.execute(select(vectors).limit(1)).mappings().one())
    keys = [
        session.execute(select(func.max(table.c.key))).scalar_one() for table in (items, vectors)
    ]
    for block in _blocks(rows, made, *keys):
        session.execute(insert(items), [item for item, _ in block])
        session.execute(insert(vectors), [{**like, **vector} for _, vector in block])


def _blocks(
    rows: list[dict[str, Any]], made: GarmentVectors, last_item: int, last_vector: int
) -> Iterator[list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Yield pairs of an item's row and its vector's, those of one made-up kind like items of one category."""
    categories = sorted({row["category"] for row in rows})
    of_kind = [
        [row for row in rows if row["category"] == categories[kind % len(categories)]]
        for kind in range(KINDS)
    ]
    chance = np.random.default_rng(7)
    for begin in range(0, len(made.vectors), _BLOCK):
        block = []
        for number in range(begin, min(begin + _BLOCK, len(made.vectors))):
            alike = of_kind[made.kinds[number]]
            key = last_item + 1 + number
            copied, like = divmod(number, len(alike))
            item = {**alike[like], "key": key, "sku": f"L{number:07d}"}
            # a product of its own: a shop has few of anything
            digest = f"{number:064x}"
            item |= {"image_hash": digest, "image": f"{digest[:2]}/{digest}.jpg"}
            item["group_key"] = item["group_key"] and f"{item['group_key']}-{copied}"
            vector = {
                "key": last_vector + 1 + number,
                "item": key,
                "id": uuid.UUID(bytes=chance.bytes(16), version=4),
                "image_hash": item["image_hash"],
                "data": pack(made.vectors[number]),
            }
            block.append((item, vector))
        yield block
