"""A folder of pictures: the sub-folder says what is in them (`dress/red.jpg`)."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from index.feeds.categories.matching import category_of, is_foreign
from index.feeds.fields.pictures import PathRefused, sources
from index.feeds.fields.records import NoGarment
from index.feeds.rows import FeedRow, Reject
from index.model.items import CatalogItem, Unplaced

FORMAT: Final = "folder"
_PICTURES: Final = frozenset(
    (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".gif", ".bmp", ".tif", ".tiff")
)
"""Endings that mean a picture, also those that will be refused: the merchant should hear of it."""
_NO_WORDS: Final = re.compile(r"(?:img|dsc|image|photo|pic)?[\s_-]*[0-9a-f\s_-]*", re.IGNORECASE)


@dataclass(frozen=True)
class FolderFeed:
    """Every picture below a folder, in order of path."""

    root: Path
    format: str = FORMAT

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield a row a picture. Other files, and those that begin with a dot, are passed over."""
        for number, path in enumerate(_pictures(self.root), start=1):
            name = path.relative_to(self.root).as_posix()
            try:
                yield self._row(number, name)
            except PathRefused as error:
                yield Reject(number, sku_of(name), str(error))
            except NoGarment as error:
                yield Reject(number, sku_of(name), str(error), passed_over=True)

    def _row(self, number: int, name: str) -> FeedRow:
        pictures = sources(self.root, (name,))
        folders = [folder.replace("_", " ") for folder in PurePosixPath(name).parent.parts]
        kinds = {folder: category for folder in folders if (category := category_of(folder))}
        word = next(iter(kinds), folders[-1] if folders else "")
        title = _title(PurePosixPath(name).stem)
        named = category_of(title)
        category = kinds.get(word) or named
        if category is None and is_foreign(word, title):
            raise NoGarment.of(word or title)
        fields: dict[str, Any] = {
            "title": title if named is not None else "",  # its picture tells how it is called
            "image": name,
            "merchant_category": word,
        }
        if category is None:
            return FeedRow(number, Unplaced(sku_of(name), fields), pictures)
        return FeedRow(number, CatalogItem(sku_of(name), category=category, **fields), pictures)


def sku_of(name: str) -> str:
    """Return a sku that a picture's path alone decides, readable and fit for a web address.

    >>> sku_of("dress/009b3c31-fb62-45c0.jpg"), sku_of("hat/Blue Summer Hat.JPG")
    ('dress-009b3c31-05c063d4', 'hat-blue-summer-hat-183f3bd3')
    """
    path = PurePosixPath(name)
    stem = path.stem[:8] if _NO_WORDS.fullmatch(path.stem) else path.stem
    words = re.sub(r"[^a-z0-9]+", "-", "-".join((*path.parent.parts, stem)).lower())
    digest = hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:8]
    return f"{words.strip('-')[:60].strip('-') or 'item'}-{digest}"


def _title(stem: str) -> str:
    return " ".join(re.split(r"[\s_-]+", stem)).strip().capitalize()


def _pictures(root: Path) -> Iterator[Path]:
    """Yield pictures in order of path, without following folders that are links."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix.lower() in _PICTURES and not name.startswith("."):
                yield path
