"""Texts, JSON and pictures of outfit data sets, each refused clearly where it is damaged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from segmentation.common.errors import DatasetError
from segmentation.common.garments import Rgb
from segmentation.datasets.labelled import UNREADABLE, unreadable

Kind = TypeVar("Kind", dict[str, Any], list[Any])


def read_text(path: Path) -> str:
    """Return what a file holds.

    Raises:
        DatasetError: there is no such file, or it is no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}", "text in UTF-8") from error


def read_json(
    path: Path, kind: type[Kind], hook: Callable[[dict[str, Any]], Any] | None = None
) -> Kind:
    """Return the object or the list that a JSON file holds.

    Args:
        path: the file.
        kind: `dict` or `list`.
        hook: is given every object in it, the innermost first, and returns what is kept of it.

    Raises:
        DatasetError: there is no such file, it is damaged, or holds something else.
    """
    expected = "a JSON object" if kind is dict else "a JSON list"
    try:
        content = json.loads(read_text(path), object_hook=hook)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, str(error), expected) from error
    if not isinstance(content, kind):
        raise _damaged(path, type(content).__name__, expected)
    return content


def read_rgb(path: Path) -> Rgb:
    """Return a picture as H x W x 3 uint8.

    Raises:
        DatasetError: it is missing or damaged.
    """
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGB"))
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def pictures_under(folder: Path) -> dict[str, Path]:
    """Return the path of every `<name>.jpg` at any depth, by name; of equal names the first path."""
    return {path.stem: path for path in sorted(folder.rglob("*.jpg"), key=str, reverse=True)}


def picture_of(name: str, pictures: Mapping[str, Path], record: str) -> Path:
    """Return where a picture lies.

    Args:
        name: without its ending.
        pictures: of `pictures_under`.
        record: what names it, for the message: "line 7 of fashion.json".

    Raises:
        DatasetError: it is nowhere.
    """
    if name not in pictures:
        raise cannot_use(record, f"no picture {name}.jpg", "every picture that the file names")
    return pictures[name]


def cannot_use(record: str, got: str, expected: str) -> DatasetError:
    """Return the refusal of a record: "line 7 of fashion.json"."""
    return DatasetError(
        f"{record} cannot be used",
        got=got,
        expected=expected,
        next_step="Restore the record and its pictures, or take the record out.",
    )


def _damaged(path: Path, got: str, expected: str) -> DatasetError:
    return DatasetError(
        f"{path.name} cannot be read",
        got=f"{path}: {got}",
        expected=f"{expected} as it was published",
        next_step="Put the published file there, or unpack it again.",
    )
