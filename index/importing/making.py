"""Pictures -> cut-outs -> vectors, each picture once for each kind that it is cut out for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from index.catalogue.embeddings import Key, Made
from index.catalogue.entries import Vector
from index.catalogue.records import Picture
from index.files.images import Kept, kept
from index.importing.encoding import CutOut, Workbench
from index.importing.intake import ahead
from index.model.items import Pictures
from segmentation.common.errors import PhotoError
from segmentation.common.garments import Rgb
from segmentation.common.photo import decode
from segmentation.common.taxonomy import Category

_WORKERS: Final = max(2, min(8, os.cpu_count() or 2))
"""Photos that are decoded and cut out at the same time; each may take 8 MB."""


@dataclass(frozen=True, eq=False)
class Wish:
    """A picture that is wanted.

    Attributes:
        key: its SHA-256 and the category that it is cut out for.
        read: returns the file; raises as `PictureSource.read`.
        whole: what can be measured is wanted too.
        name: our file of it, where it is stored already.
        vector: what the encoder made of it, where that is known.
    """

    key: Key
    read: Callable[[], bytes]
    whole: bool = True
    name: str = ""
    vector: Vector | None = None


class WantedPictures:
    """Pictures that are wanted and not known yet, each once, in order."""

    def __init__(self, known: Mapping[Key, Made]) -> None:
        self._known = known
        self._wishes: dict[Key, Wish] = {}

    def add(
        self, key: Key, read: Callable[[], bytes], *, whole: bool = True, name: str = ""
    ) -> None:
        """Wish for a picture, unless enough is known of it. See `Wish`."""
        made = self._known.get(key)
        if made is not None and (made.whole or not whole):
            return
        before = self._wishes.get(key)
        if before is None:
            self._wishes[key] = Wish(key, read, whole, name, None if made is None else made.vector)
        elif whole:
            self._wishes[key] = replace(before, whole=True)

    def __iter__(self) -> Iterator[Wish]:
        return iter(list(self._wishes.values()))


@dataclass(eq=False)
class Fresh:
    """A picture on its way: to be stored, encoded and measured, as far as it has those parts.

    Attributes:
        wish: what it was made for.
        kept: the file as it will be stored.
        cutout_rgb: as the cutter gave it; None where it is only stored.
        vector: as the encoder gave it.
        measured: what was measured on it: by the cutter, then by all that measure.
    """

    wish: Wish
    kept: Kept
    cutout_rgb: Rgb | None = None
    vector: Vector | None = None
    measured: Mapping[str, str] = field(default_factory=dict)

    @property
    def made(self) -> Made:
        """What is known of the picture now."""
        picture = Picture(self.kept.name, self.wish.key[0], self.measured)
        return Made(self.vector, picture, whole=self.wish.whole)

    def placed(self, category: Category) -> Fresh:
        """Return it, cut out for no category, as one of a category."""
        return replace(self, wish=replace(self.wish, key=(self.wish.key[0], category.value)))


_Cutting: TypeAlias = "Future[tuple[Wish, Fresh | Exception]]"
Begun: TypeAlias = Mapping[Key, _Cutting]
"""Pictures that are being read and cut out."""


@dataclass(frozen=True)
class Maker:
    """Makes what is wished for.

    Attributes:
        workbench: cuts out and encodes.
        pictures: what the shop's pictures show.
        cuts: pictures are cut out; else they are only read, to be stored.
        failed: why pictures could not be made.
    """

    workbench: Workbench
    pictures: Pictures = Pictures.AUTO
    cuts: bool = True
    failed: dict[Key, Exception] = field(default_factory=dict, init=False)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_WORKERS, "cut"), init=False
    )

    def begin(self, wishes: Iterable[Wish]) -> Begun:
        """Begin to read and cut out what will be wished for; nothing is waited for."""
        return {wish.key: self._pool.submit(self._cut, wish) for wish in wishes}

    def cut(self, wishes: Iterable[Wish], begun: Begun | None = None) -> list[Fresh]:
        """Return wishes read and cut out, in order; those that fail are left out.

        Args:
            wishes: what is wanted.
            begun: what `begin` gave. What came to nothing there is tried once more.
        """

        def one(wish: Wish) -> tuple[Wish, Fresh | Exception]:
            return _as_wished(wish, (begun or {}).get(wish.key)) or self._cut(wish)

        found = []
        for wish, made in ahead(self._pool, one, wishes, _WORKERS + 1):
            if isinstance(made, Fresh):
                found.append(made)
            else:
                self.failed[wish.key] = made
        return found

    def encode_soon(self, fresh: Iterable[Fresh]) -> Future[int]:
        """Do as `encode` does, in a thread of those that cut out, before what is begun after it."""
        return self._pool.submit(self.encode, list(fresh))

    def encode(self, fresh: Iterable[Fresh]) -> int:
        """Give a vector to those that lack one, and return how many went through the encoder."""
        waiting = [each for each in fresh if each.cutout_rgb is not None and each.vector is None]
        cutouts = [each.cutout_rgb for each in waiting if each.cutout_rgb is not None]
        for each, vector in zip(waiting, self.workbench.vectors(cutouts), strict=True):
            each.vector = vector
        return len(waiting)

    def measure(self, fresh: Iterable[Fresh]) -> None:
        """Read attributes off those of which they are wanted."""
        wanted, pieces, vectors = [], [], []
        for each in fresh:
            kind = each.wish.key[1]
            if not each.wish.whole:
                each.measured = {}
            elif kind and each.cutout_rgb is not None and each.vector is not None:
                wanted.append(each)
                vectors.append(each.vector)
                pieces.append(CutOut(each.cutout_rgb, Category(kind), each.measured))
        for each, entry in zip(wanted, self.workbench.measured(pieces, vectors), strict=True):
            each.measured = entry

    def close(self) -> None:
        """Give the threads back; what was begun and is not wanted any more is let go."""
        self._pool.shutdown(cancel_futures=True)

    def _cut(self, wish: Wish) -> tuple[Wish, Fresh | Exception]:
        try:
            data = wish.read()
            photo = decode(data)
        except (OSError, ValueError, PhotoError) as error:
            return wish, error
        fresh = Fresh(wish, Kept(wish.name, data) if wish.name else kept(data, photo, wish.key[0]))
        kind = wish.key[1]
        if self.cuts or kind is None:
            fresh.vector = wish.vector
            category = None if kind is None else Category(kind)
            fresh.cutout_rgb, fresh.measured = self.workbench.cutter(photo, category, self.pictures)
        return wish, fresh


def _as_wished(wish: Wish, begun: _Cutting | None) -> tuple[Wish, Fresh] | None:
    """Return what was begun for a wish as the wish wants it; nothing where it failed or never was."""
    if begun is None or begun.exception() is not None:
        return None
    made = begun.result()[1]
    if not isinstance(made, Fresh):
        return None
    return wish, replace(made, wish=wish, vector=wish.vector)
