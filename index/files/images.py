"""The catalogue's pictures: one file for each content, below `<home>/images`.

A picture lies at `ab/abcdef….jpg`, named by the SHA-256 of the file itself, so that one file
serves all items that show it and damage can be detected. What no item shows any more lies below
`unclaimed/` for a week: a database that is put back, or a feed, may show it again. Files that carry metadata (a phone writes where it was) are encoded
again without it; others are kept byte for byte.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from index.files import durable
from segmentation.common.garments import Photo

UNCLAIMED: Final = "unclaimed"
"""The folder of what is set aside."""
KEPT_FOR_S: Final = 7 * 24 * 3600.0
"""So long it is kept there."""
_NAME: Final = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}\.(jpg|png|webp)")
_SIGNATURES: Final = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
_METADATA: Final[dict[str, tuple[bytes, ...]]] = {
    "jpg": (b"Exif\0", b"http://ns.adobe.com/x", b"Photoshop 3.0", b"\xff\xfe"),
    "png": (b"eXIf", b"tEXt", b"iTXt", b"zTXt"),
    "webp": (b"EXIF", b"XMP "),
}
"""What gives metadata away. By accident it may stand in pixels too; that costs one encoding."""


@dataclass(frozen=True)
class Kept:
    """A picture as it is kept: its name, `ab/abcdef….jpg`, and the whole file."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Unclaimed:
    """A picture that no item shows, set aside `age_s` seconds ago."""

    name: str
    bytes: int
    age_s: float


@dataclass(frozen=True)
class ImageStore:
    """The folder of pictures, and of those that are set aside."""

    root: Path

    def store(self, data: bytes, photo: Photo) -> str:
        """Keep a picture without its metadata and return its name. See `kept` and `put`."""
        picture = kept(data, photo)
        self.put(picture)
        return picture.name

    def put(self, picture: Kept) -> None:
        """Keep a picture. It is not yet safe from a power cut: see `settle`."""
        path = self.path_of(picture.name)
        self.take_back([picture.name])
        if not path.is_file() or path.stat().st_size != len(picture.data):
            durable.write(path, picture.data, lasting=False)

    def holds(self, name: str) -> bool:
        """Return whether a picture lies there."""
        return self.path_of(name).is_file()

    def settle(self, names: Collection[str]) -> None:
        """Return when pictures would survive a power cut; call it before they are referred to."""
        durable.settle([self.path_of(name) for name in names])

    def path_of(self, name: str) -> Path:
        """Return where the picture called `CatalogItem.image` lies.

        Raises:
            ValueError: it is no name that `store` gave; nothing outside the folder is reachable.
        """
        if not is_name(name):
            raise ValueError(f"image: got {name!r}; expected 'ab/abcdef….jpg', '.png' or '.webp'")
        return self.root / name

    def set_aside(self, names: Iterable[str]) -> None:
        """Move pictures that no item shows to `unclaimed/`; those that are gone are no error.

        Raises:
            CatalogError: the folder may not be written to.
        """
        for name in names:
            path, aside = self.path_of(name), self._aside(name)
            with durable.disk_refusals(path), suppress(FileNotFoundError):
                os.utime(path)  # first: a kill between must not leave it looking like an old one
                aside.parent.mkdir(parents=True, exist_ok=True)
                path.replace(aside)

    def take_back(self, names: Iterable[str]) -> int:
        """Move pictures that were set aside back to their place, and return how many were."""
        count = 0
        for name in names:
            path, aside = self.path_of(name), self._aside(name)
            if not aside.is_file():
                continue
            with durable.disk_refusals(path):
                if path.is_file():
                    aside.unlink(missing_ok=True)
                    continue
                path.parent.mkdir(parents=True, exist_ok=True)
                aside.replace(path)
                count += 1
        return count

    def unclaimed(self) -> list[Unclaimed]:
        """Return what is set aside, the oldest first."""
        now, found = time.time(), []
        for name in self._names(self.root / UNCLAIMED):
            with suppress(FileNotFoundError):
                info = self._aside(name).stat()
                # a clock that was turned back makes it no older than new
                found.append(Unclaimed(name, info.st_size, max(0.0, now - info.st_mtime)))
        return sorted(found, key=lambda each: (-each.age_s, each.name))

    def delete_unclaimed(self, names: Iterable[str]) -> int:
        """Delete pictures that were set aside, for good, and return how many were there."""
        count = 0
        for name in names:
            aside = self._aside(name)
            with durable.disk_refusals(aside), suppress(FileNotFoundError):
                aside.unlink()
                count += 1
        return count

    def remove_halves(self, name: str) -> None:
        """Delete what a killed run left of a picture that it had not stored to its end."""
        path = self.path_of(name)
        for half in path.parent.glob(f".{path.name}.*.tmp"):
            half.unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """Yield every picture's name; what is set aside is not among them."""
        yield from self._names(self.root)

    def unchanged(self, names: Iterable[str], *, for_s: float = 3600.0) -> list[str]:
        """Return those of some pictures that were not stored just now."""
        limit = time.time() - for_s
        return [name for name in names if self.path_of(name).stat().st_mtime < limit]

    def _aside(self, name: str) -> Path:
        return self.root / UNCLAIMED / self.path_of(name).relative_to(self.root)

    @staticmethod
    def _names(root: Path) -> Iterator[str]:
        for path in root.glob("??/*"):
            name = f"{path.parent.name}/{path.name}"
            if _NAME.fullmatch(name):
                yield name


def is_name(name: str) -> bool:
    """Return whether this is a name that `kept` gives."""
    return _NAME.fullmatch(name) is not None


def kind_of(data: bytes) -> str | None:
    """Return `jpg`, `png` or `webp` by the file's first bytes; None for all else.

    >>> kind_of(b"RIFF....WEBPVP8 "), kind_of(b"GIF89a")
    ('webp', None)
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)


def kept(data: bytes, photo: Photo, digest: str = "") -> Kept:
    """Return a picture as it is kept, without its metadata.

    Args:
        data: the file as it came.
        photo: the same, decoded.
        digest: the file's SHA-256, where it is known.
    """
    kind = kind_of(data)
    if kind is None or any(mark in data for mark in _METADATA[kind]):
        (data, kind), digest = _encoded(photo), ""
    digest = digest or hashlib.sha256(data).hexdigest()
    return Kept(f"{digest[:2]}/{digest}.{kind}", data)


def _encoded(photo: Photo) -> tuple[bytes, str]:
    buffer = io.BytesIO()
    if photo.alpha is None:
        Image.fromarray(photo.rgb).save(buffer, "JPEG", quality=95, subsampling=0)
        return buffer.getvalue(), "jpg"
    share = np.maximum(photo.alpha, 1)[..., None].astype(np.float32) / 255
    rgb = np.clip(np.rint((photo.rgb - 255 * (1 - share)) / share), 0, 255)  # off its white ground
    rgba = np.concatenate([rgb.astype(np.uint8), photo.alpha[..., None]], axis=2)
    Image.fromarray(rgba).save(buffer, "WEBP", quality=95)
    return buffer.getvalue(), "webp"
