"""Which format a feed has, by its content; `open_feed` is the door to all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from index.errors import FeedError
from index.feeds import folder, jsonl
from index.feeds.fields import FIELDS
from index.feeds.folder import FolderFeed
from index.feeds.jsonl import JsonlFeed
from index.feeds.rows import Feed, FeedOptions

FORMATS: Final = (folder.FORMAT, jsonl.FORMAT)
_DEFAULTS: Final = FeedOptions()


def open_feed(source: Path, options: FeedOptions = _DEFAULTS) -> Feed:
    """Return the feed at a path.

    Raises:
        FeedError: there is nothing there, its format is not known, or an option is wrong.
    """
    _check(options)
    if not source.exists():
        raise FeedError(
            "the feed is not there",
            got=str(source),
            expected="a folder of pictures or a JSONL file",
            next_step="Check the path.",
        )
    chosen = options.format or detect(source)
    if chosen == folder.FORMAT and source.is_dir():
        return FolderFeed(source)
    if chosen == jsonl.FORMAT and source.is_file():
        return JsonlFeed(source, options)
    raise FeedError(
        "the feed's format does not fit what is there",
        got=f"{chosen} and a {'folder' if source.is_dir() else 'file'}",
        expected="folder for a folder, jsonl for a file",
        next_step="Leave --format out, or choose another.",
    )


def detect(source: Path) -> str:
    """Return the format of a feed by its content.

    Raises:
        FeedError: it is none that is read here.
    """
    if source.is_dir():
        return folder.FORMAT
    try:
        with source.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        start = type(error).__name__.encode()
    if jsonl.looks_like(start):
        return jsonl.FORMAT
    if not start.strip():
        raise FeedError(
            "the feed is empty",
            got=f"nothing in {source.name}",
            expected="a row at least",
            next_step="Export the feed again; the copy may have been cut off.",
        )
    raise FeedError(
        "the feed's format is not known",
        got=f"{source.name}, which begins with {start[:20]!r}",
        expected=f"one of {', '.join(FORMATS)}",
        next_step="Convert the feed to JSONL, or name its format with --format.",
    )


def _check(options: FeedOptions) -> None:
    unknown = sorted(set(options.columns.values()) - set(FIELDS))
    if unknown:
        raise FeedError(
            "a column is mapped to a field that does not exist",
            got=", ".join(unknown),
            expected=f"one of {', '.join(FIELDS)}",
            next_step="Mend --map column=field.",
        )
    if options.format and options.format not in FORMATS:
        raise FeedError(
            "the feed's format is not known",
            got=options.format,
            expected=f"one of {', '.join(FORMATS)}",
            next_step="Leave --format out, or choose one of these.",
        )
    if options.currency and not (options.currency.isalpha() and len(options.currency) == 3):
        raise FeedError(
            "the currency is not one",
            got=options.currency,
            expected="three letters such as EUR",
            next_step="Mend --currency.",
        )
