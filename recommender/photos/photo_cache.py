"""Photos that are held in memory for a visit: found by an unguessable id, gone some time after.

Nothing is written to a disk or a log. What is deleted or expired is let go of; a photo that is being
worked on at that moment is when that work ends.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import PhotoNotFound
from recommender.photos.photo_analysis import PhotoAnalysis, settled
from recommender.services import Services
from segmentation.common import masks
from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.taxonomy import Category

MOST: Final = 200
"""Photos held at once."""
MOST_BYTES: Final = 512 * 1024 * 1024
"""Of all of them: about eighty of the largest."""
_ID_BYTES: Final = 16


@dataclass(frozen=True, eq=False)
class HeldPhoto:
    """A photo as it is held.

    Attributes:
        id: names it; whoever knows it may use it.
        analysis: its garments as they stand.
        left_s: seconds until it is gone, unless it is used again.
    """

    id: str
    analysis: PhotoAnalysis
    left_s: float


class HeldPhotos:
    """The photos of all visits. Safe to share between threads.

    Where there are too many, those go first that were not used for the longest time.
    """

    def __init__(
        self,
        *,
        most: int = MOST,
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take how many photos and bytes are held, and what tells seconds."""
        self._most, self._most_bytes, self._clock = most, most_bytes, clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def nbytes(self) -> int:
        """Bytes of all photos, with their garments."""
        with self._lock:
            return sum(entry.packed.nbytes for entry in self._entries.values())

    def put(self, analysis: PhotoAnalysis, keep_s: float) -> HeldPhoto:
        """Hold a photo, all of its vectors encoded, until `keep_s` seconds after its last use."""
        analysis = settled(analysis)
        name, entry = secrets.token_urlsafe(_ID_BYTES), _Entry(_Packed.of(analysis), keep_s)
        with self._lock:
            self._entries[name] = entry
            self._used(name)
            self._make_room()
        return HeldPhoto(name, analysis, keep_s)

    def get(self, name: str) -> HeldPhoto:
        """Return a photo; that is a use of it.

        Raises:
            PhotoNotFound: there is none of this id, or no longer.
        """
        with self._lock:
            entry = self._used(name)
            packed = entry.packed
        return HeldPhoto(name, packed.unpacked(), entry.keep_s)

    def change(self, name: str, work: Callable[[PhotoAnalysis], PhotoAnalysis]) -> HeldPhoto:
        """Return a photo after a change; changes of one photo are made one after another.

        Raises:
            PhotoNotFound: there is none of this id, or no longer when the work is done.
        """
        with self._lock:
            entry = self._used(name)
        with entry.changing:
            analysis = settled(work(entry.packed.unpacked()))
            packed = _Packed.of(analysis)
            with self._lock:
                if self._used(name) is not entry:
                    raise _not_found()
                entry.packed = packed
                self._make_room()
        return HeldPhoto(name, analysis, entry.keep_s)

    def delete(self, name: str) -> bool:
        """Let go of a photo, and return whether there was one."""
        with self._lock:
            self._drop_expired()
            return self._entries.pop(name, None) is not None

    def sweep(self) -> None:
        """Let go of what has expired."""
        with self._lock:
            self._drop_expired()

    def clear(self) -> None:
        """Let go of all photos."""
        with self._lock:
            self._entries.clear()

    def _used(self, name: str) -> _Entry:
        """Return an entry, its time begun anew. The lock is held."""
        self._drop_expired()
        entry = self._entries.get(name)
        if entry is None:
            raise _not_found()
        entry.ends_s = self._clock() + entry.keep_s
        self._entries.move_to_end(name)
        return entry

    def _drop_expired(self) -> None:
        now = self._clock()
        for name in [name for name, entry in self._entries.items() if entry.ends_s <= now]:
            del self._entries[name]

    def _make_room(self) -> None:
        """Let go of the oldest; the one used last stays."""
        size = sum(entry.packed.nbytes for entry in self._entries.values())
        while len(self._entries) > 1 and (
            len(self._entries) > self._most or size > self._most_bytes
        ):
            _, oldest = self._entries.popitem(last=False)
            size -= oldest.packed.nbytes


@dataclass(eq=False)
class _Entry:
    packed: _Packed
    keep_s: float
    ends_s: float = float("inf")
    changing: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, eq=False)
class _Packed:
    """An analysis, its masks as run lengths: as they are, they take more room than the photo."""

    photo: Photo
    garments: tuple[_Flat, ...]
    services: Services
    encoded: Mapping[int | None, NDArray[np.float32]]
    everyone: bool

    @classmethod
    def of(cls, analysis: PhotoAnalysis) -> _Packed:
        flat = tuple(_Flat.of(garment) for garment in analysis.garments)
        everyone = analysis.everyone
        return cls(analysis.photo, flat, analysis.services, analysis.encoded, everyone)

    @property
    def nbytes(self) -> int:
        pixels = self.photo.rgb.nbytes + (
            0 if self.photo.alpha is None else self.photo.alpha.nbytes
        )
        outlines = sum(len(garment.mask["counts"]) for garment in self.garments)
        return pixels + outlines + sum(vector.nbytes for vector in self.encoded.values())

    def unpacked(self) -> PhotoAnalysis:
        items = tuple(garment.garment() for garment in self.garments)
        garments = Garments(self.photo.height, self.photo.width, items)
        known = dict(self.encoded)
        return PhotoAnalysis(
            self.photo, garments, self.services, encoded=known, everyone=self.everyone
        )


@dataclass(frozen=True, eq=False)
class _Flat:
    category: Category
    score: float
    box_xyxy: tuple[float, float, float, float]
    mask: masks.Rle
    attributes: Mapping[str, str]

    @classmethod
    def of(cls, garment: Garment) -> _Flat:
        rle = masks.encode(garment.mask)
        return cls(garment.category, garment.score, garment.box_xyxy, rle, garment.attributes)

    def garment(self) -> Garment:
        mask = masks.decode(self.mask)
        return Garment(self.category, self.score, self.box_xyxy, mask, self.attributes)


def _not_found() -> PhotoNotFound:
    """Return the refusal; it does not repeat the id, which is a key."""
    return PhotoNotFound(
        "there is no such photo",
        got="an id of none that is held",
        expected="the id of a photo that was sent, not deleted since, and used a short time ago",
        next_step="Send the photo again.",
    )
