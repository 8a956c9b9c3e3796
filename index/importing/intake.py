"""The pictures of a feed's row, distinguished: what is good, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeVar

from index.feeds.rows import FeedRow, PictureSource, Reject
from index.importing.findings.addresses import promised
from segmentation.common import photo
from segmentation.common.errors import PhotoError

S = TypeVar("S")
T = TypeVar("T")

AT_ONCE: Final = 4
"""Pictures that are read at the same time; reading waits for disks and networks."""


@dataclass(frozen=True)
class Shot:
    """One picture of a row.

    Attributes:
        image_hash: SHA-256 of the merchant's file, 64 hexadecimal digits.
        position: its place in the row, from 0.
        promised: it was taken for good and not read; its hash stands for the address alone.
    """

    image_hash: str
    position: int
    source: PictureSource
    promised: bool = False

    def read(self) -> bytes:
        """Return the merchant's file.

        Raises:
            OSError, ValueError: it cannot be had, or is another than it was a moment ago.
        """
        data = self.source.read()
        if self.source.digest() != self.image_hash:
            raise ValueError("the picture changed while it was imported; import the feed again")
        return data


@dataclass(frozen=True)
class CheckedRow:
    """A row with its pictures.

    Attributes:
        row: as the feed gave it.
        shots: its good pictures, the main one first, none twice; empty where the main one is bad.
        rejects: what is wrong with the main picture, if anything; the row is left out then.
        notes: what is wrong with further pictures; those alone are left out.
    """

    row: FeedRow
    shots: tuple[Shot, ...]
    rejects: tuple[Reject, ...] = ()
    notes: tuple[Reject, ...] = ()


@dataclass(frozen=True)
class Intake:
    """Looks at the pictures of rows, several at the same time. Close it when done."""

    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, "intake"), init=False
    )

    def take(
        self,
        rows: Sequence[FeedRow],
        known: Callable[[str], frozenset[str]] | None = None,
        trusts: Callable[[PictureSource], bool] | None = None,
    ) -> Iterator[CheckedRow]:
        """Yield rows with their pictures, in order.

        Args:
            rows: what to look at.
            known: the SHA-256 of pictures that are known to be good, by sku: the others are read to
                their end. Without it, none is.
            trusts: whether a picture is taken for good without being read, as a dry run may.
        """

        def one(row: FeedRow) -> CheckedRow:
            return self._one(row, None if known is None else known(row.item.sku), trusts)

        yield from ahead(self._pool, one, rows, AT_ONCE)

    def close(self) -> None:
        """Give the threads back."""
        self._pool.shutdown()

    def _one(
        self,
        row: FeedRow,
        known: frozenset[str] | None,
        trusts: Callable[[PictureSource], bool] | None,
    ) -> CheckedRow:
        shots: dict[str, Shot] = {}
        notes = []
        for position, source in enumerate(row.pictures):
            if trusts is not None and trusts(source):
                shot = Shot(promised(source), position, source, promised=True)
                shots.setdefault(shot.image_hash, shot)
                continue
            try:
                shot = self._shot(source, position, known)
            except (OSError, ValueError, PhotoError) as error:
                if position == 0:
                    return CheckedRow(row, (), (Reject(row.number, row.item.sku, str(error)),))
                notes.append(further(row, position, error))
                continue
            shots.setdefault(shot.image_hash, shot)
        return CheckedRow(row, tuple(shots.values()), notes=tuple(notes))

    def _shot(self, source: PictureSource, position: int, known: frozenset[str] | None) -> Shot:
        shot = Shot(source.digest(), position, source)
        if known is not None and shot.image_hash not in known:
            photo.check(source.read())
        return shot


def further(row: FeedRow, position: int, error: Exception) -> Reject:
    """Return the warning about a further picture that is left out."""
    return Reject(row.number, row.item.sku, f"picture {position + 1} was left out: {error}")


def ahead(
    pool: ThreadPoolExecutor, work: Callable[[S], T], values: Iterable[S], at_once: int
) -> Iterator[T]:
    """Yield the work on each value, in order, while a few more are worked on in the pool."""
    iterator = iter(values)
    waiting: list[Future[T]] = [pool.submit(work, value) for value in islice(iterator, at_once)]
    while waiting:
        done = waiting.pop(0).result()
        waiting += [pool.submit(work, value) for value in islice(iterator, 1)]
        yield done
