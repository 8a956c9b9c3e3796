"""The names of pictures in a record -> one list, the main picture first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from index.feeds.fields.field_texts import FieldRefused, text_of
from index.feeds.fields.pictures import MAX_PICTURES

_JSON: Final = ("[", "{")
_BETWEEN_ADDRESSES: Final = re.compile(r"[,|;~\s]+(?=(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)")
_BETWEEN_FILES: Final = re.compile(r"\s*[,|;]\s*")
_PICTURE: Final = re.compile(r".+\.(?:jpe?g|png|webp|gif|avif|heic|bmp|tiff?)", re.IGNORECASE)
_KEYS: Final = (
    "url", "src", "href", "image_url", "hi_res", "large", "full", "original", "link", "thumb",
)  # fmt: skip
_LONGEST: Final = 2000


def named_in(record: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of a record's pictures, the main one first, each once.

    Raises:
        FieldRefused: there is none, or one is no text.
    """
    more = record.get("more_images")
    main = record.get("image")
    columns = [main, *(more if isinstance(more, list) else [more])]
    names = tuple(dict.fromkeys(name for each in columns for name in _named(each) if name))
    if not names:
        raise FieldRefused("image: got nothing; expected a value")
    return names[:MAX_PICTURES]


def _named(value: object, depth: int = 4) -> Iterator[str]:
    """Yield the names in a value: a text, a list, `{"url": ...}`, or either of these as JSON."""
    if isinstance(value, str) and value.lstrip().startswith(_JSON):
        with suppress(ValueError, RecursionError):
            value = json.loads(value)
    if isinstance(value, list | dict) and depth:
        if isinstance(value, dict):
            value = [next((value[key] for key in _KEYS if value.get(key)), None)]
        for part in value:
            yield from _named(part, depth - 1)
    elif isinstance(value, str):
        for name in _split(value):
            yield _https(text_of({"image": name}, "image", _LONGEST))
    else:
        yield text_of({"image": value}, "image", _LONGEST)


def _split(cell: str) -> list[str]:
    """Return the names in a cell; an address may have commas of its own, and so may a file.

    >>> _split("a.png, b.png"), _split("a,b.png"), _split("https://x/w_1,h_2/a.jpg;https://x/b.jpg")
    (['a.png', 'b.png'], ['a,b.png'], ['https://x/w_1,h_2/a.jpg', 'https://x/b.jpg'])
    """
    if cell.lstrip().startswith("["):  # a list as Python writes it
        cell = re.sub(r"[\[\]'\"]", "", cell)
    if "//" in cell:
        return [part.strip(" ,|;") for part in _BETWEEN_ADDRESSES.split(cell.strip())]
    parts = [part for part in _BETWEEN_FILES.split(cell.strip()) if part]
    return parts if len(parts) > 1 and all(map(_PICTURE.fullmatch, parts)) else [cell]


def _https(name: str) -> str:
    """Return an address with its scheme: `//cdn.example/a.jpg` is read as a page of https would."""
    return f"https:{name}" if name.startswith("//") else name
