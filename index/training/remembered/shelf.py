"""Garments with the rows of their features, kept in shards beside the encoder's fingerprint."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.files import durable
from index.training.examples.facts import Facts
from segmentation.common.errors import DatasetError, WeightsError
from segmentation.common.taxonomy import Category

Features = NDArray[np.float16]
"""(n, d) float16, pooled and not normalised."""
SHARDS: Final = "*.npz"


@dataclass(frozen=True)
class Look:
    """A garment as it is, or repainted.

    Attributes:
        facts: what is known of it in this look.
        served: the row of the picture as it is served; None where that was not remembered.
        changed: rows of random views.
    """

    facts: Facts
    served: int | None
    changed: tuple[int, ...]


@dataclass(frozen=True)
class Remembered:
    """One garment.

    Attributes:
        id, source, group: as of its `Example`.
        reserved: kept from training.
        looks: its own first, then repainted ones.
    """

    id: str
    source: str
    group: str
    reserved: bool
    looks: tuple[Look, ...]


@dataclass(frozen=True, eq=False)
class Shelf:
    """All that was remembered.

    Attributes:
        garments: in the order of their shards.
        features: that their rows count in.
    """

    garments: Sequence[Remembered]
    features: Features

    def learned(self) -> list[Remembered]:
        """Return the garments that may be learned from."""
        return [garment for garment in self.garments if not garment.reserved]


def write(path: Path, garments: Sequence[Remembered], features: Features, fingerprint: str) -> None:
    """Write one shard; its rows count from zero."""
    record = json.dumps({"fingerprint": fingerprint, "garments": [asdict(g) for g in garments]})
    file = io.BytesIO()
    np.savez(file, features=features, record=np.array(record))
    durable.write(path, file.getvalue(), lasting=False)


def known(folder: Path, fingerprint: str) -> set[str]:
    """Return the ids of the garments that are remembered already.

    Raises:
        WeightsError: another encoder's trunk saw them.
    """
    return {g.id for path in sorted(folder.glob(SHARDS)) for g in _garments(path, fingerprint)}


def read(folder: Path, fingerprint: str) -> Shelf:
    """Return everything that is remembered in a folder.

    Raises:
        DatasetError: nothing is.
        WeightsError: another encoder's trunk saw it.
    """
    garments: list[Remembered] = []
    parts: list[Features] = []
    first = 0
    for path in sorted(folder.glob(SHARDS)):
        garments += [_moved(garment, first) for garment in _garments(path, fingerprint)]
        with np.load(path) as file:
            parts.append(file["features"])
        first += len(parts[-1])
    if not garments:
        raise DatasetError(
            "no features are remembered here",
            got=str(folder),
            expected="a folder that `python -m index.training.remembered collect` wrote",
            next_step="Run that first, with the folders of the data.",
        )
    return Shelf(garments, np.concatenate(parts))


def _garments(path: Path, fingerprint: str) -> Iterator[Remembered]:
    with np.load(path) as file:
        record = json.loads(str(file["record"]))
    if record["fingerprint"] != fingerprint:
        raise WeightsError(
            "these features are of another encoder",
            got=f"{path}: {record['fingerprint']}",
            expected=fingerprint,
            next_step="Collect them into an empty folder.",
        )
    for garment in record["garments"]:
        looks = tuple(_look(look) for look in garment.pop("looks"))
        yield Remembered(**garment, looks=looks)


def _look(record: dict[str, Any]) -> Look:
    facts = record["facts"]
    lists = {name: tuple(facts[name]) for name in ("colours", "words")}
    known_facts = Facts(**{**facts, **lists, "category": Category(facts["category"])})
    return Look(known_facts, record["served"], tuple(record["changed"]))


def _moved(garment: Remembered, first: int) -> Remembered:
    looks = tuple(
        Look(
            look.facts,
            None if look.served is None else look.served + first,
            tuple(row + first for row in look.changed),
        )
        for look in garment.looks
    )
    return Remembered(garment.id, garment.source, garment.group, garment.reserved, looks)
