"""Samples loaded ahead in worker processes, from which a refusal arrives as it was raised.

torch raises a worker's exception anew from its text alone, which no `Refusal` can be made from. So
the worker hands a refusal over in place of its batch, and it is raised here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import cv2
from torch.utils.data import DataLoader, Dataset

from segmentation.common.errors import Refusal

Row = TypeVar("Row")
Batch = TypeVar("Batch")


def loaded_ahead(
    rows: Dataset[Row],
    numbers: range,
    batch_size: int,
    collate: Callable[[list[Row]], Batch],
    *,
    ahead: int,
    workers: int = 1,
) -> Iterator[Batch]:
    """Yield batches of the numbered rows.

    Args:
        rows: number -> row.
        numbers: which rows, in order.
        batch_size: rows a batch.
        collate: makes a batch of its rows; called in the worker.
        ahead: batches that each worker makes before they are asked for.
        workers: how many processes make batches; the order is the same.

    Raises:
        Refusal: whatever the making of a row was refused with.
    """
    loader: DataLoader[Row | Refusal] = DataLoader(
        _Refusing(rows),
        batch_size=batch_size,
        sampler=numbers,
        num_workers=workers,
        collate_fn=_Collate(collate),
        worker_init_fn=_one_thread,
        prefetch_factor=ahead,
    )
    for batch in loader:
        if isinstance(batch, Refusal):
            raise batch
        yield batch


@dataclass(frozen=True)
class _Refusing(Dataset[Row | Refusal], Generic[Row]):
    rows: Dataset[Row]

    def __getitem__(self, number: int) -> Row | Refusal:
        try:
            return self.rows[number]
        except Refusal as refusal:
            return refusal


@dataclass(frozen=True)
class _Collate(Generic[Row, Batch]):
    collate: Callable[[list[Row]], Batch]

    def __call__(self, given: list[Row | Refusal]) -> Batch | Refusal:
        rows: list[Row] = []
        for row in given:
            if isinstance(row, Refusal):
                return row
            rows.append(row)
        return self.collate(rows)


def _one_thread(_worker: int) -> None:
    cv2.setNumThreads(0)  # torch sees to its own
