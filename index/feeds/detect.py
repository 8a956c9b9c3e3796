"""Which format a feed has, by its content; `open_feed` is the door to all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from index.errors import FeedError
from index.feeds.fields.columns import FIELDS
from index.feeds.fields.money import is_currency
from index.feeds.formats import folder, jsonl, parquet, shopify, tables, xml_feed
from index.feeds.formats.folder import FolderFeed
from index.feeds.formats.jsonl import JsonlFeed
from index.feeds.formats.parquet import ParquetFeed
from index.feeds.formats.reading import columns_of
from index.feeds.formats.shopify import ShopifyFeed
from index.feeds.formats.tables import TableFeed, header_of
from index.feeds.formats.texts import decoded
from index.feeds.formats.xml_feed import XmlFeed
from index.feeds.rows import Feed, FeedOptions

LOOKED_FOR: Final = {
    folder.FORMAT: "a folder of pictures",
    jsonl.FORMAT: "lines that begin with {",
    parquet.FORMAT: f"a file that begins with {parquet.MAGIC.decode()}",
    tables.GOOGLE: "RSS or Atom, or a tab-separated table with id, title, image_link",
    tables.META: "a comma-separated table with id, title, image_link or image[0].url",
    shopify.FORMAT: "a table with Handle, Title, Image Src",
    tables.OWN: "a table with sku, title, image",
}
"""What tells each format."""
FORMATS: Final = tuple(LOOKED_FOR)
_START: Final = 1 << 16
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
            expected="a folder of pictures or a file",
            next_step="Check the path.",
        )
    chosen = options.format
    if source.is_dir() and chosen in ("", folder.FORMAT):
        return FolderFeed(source)
    if source.is_file() and chosen != folder.FORMAT:
        return _open_file(source, options)
    what = "a folder" if source.is_dir() else "a file" if source.is_file() else "neither of them"
    raise FeedError(
        "the feed's format does not fit what is there",
        got=f"{chosen or 'no format'} and {what}",
        expected="folder for a folder, any other format for a file",
        next_step="Leave --format out, or choose another.",
    )


def detect(source: Path, options: FeedOptions = _DEFAULTS) -> str:
    """Return the format of a feed by its content.

    Raises:
        FeedError: it is none that is read here.
    """
    return open_feed(source, options).format


def _open_file(source: Path, options: FeedOptions) -> Feed:
    start = _start_of(source)
    text = decoded(start)
    chosen = options.format
    if chosen == parquet.FORMAT or (not chosen and start.startswith(parquet.MAGIC)):
        return ParquetFeed(source, options)
    if text.lstrip().startswith("<") and chosen in ("", tables.GOOGLE, tables.META):
        if chosen or xml_feed.root_of(source) in xml_feed.ROOTS:
            return XmlFeed(source, options, chosen or tables.GOOGLE)
        raise _unknown(source, text)
    if chosen == jsonl.FORMAT or (not chosen and jsonl.looks_like(text)):
        return JsonlFeed(source, options)
    return _open_table(source, options, text)


def _open_table(source: Path, options: FeedOptions, text: str) -> Feed:
    ours = tables.known_names(options)
    header = header_of(text, lambda names: max(ours(names), shopify.known(names)))
    if header is None:
        raise _unknown(source, text)
    format_ = options.format or (
        shopify.FORMAT if shopify.looks_like(header) else tables.kind_of(header, options)
    )
    if not format_:
        if options.columns:  # a mapping that does not fit is told of, rather than the format
            columns_of(header.names, options, source.name)
        raise _unknown(source, text)
    if format_ == shopify.FORMAT:
        return ShopifyFeed(source, header, options)
    return TableFeed(source, header, options, format_)


def _start_of(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            start = file.read(_START)
    except OSError as error:
        raise FeedError(
            "the feed cannot be read",
            got=f"{type(error).__name__} for {source.name}",
            expected="a file that may be read",
            next_step="Check who may read it.",
        ) from error
    if start.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return start
    raise FeedError(
        "the feed is empty",
        got=f"nothing in {source.name}",
        expected="a row at least",
        next_step="Export the feed again; the copy may have been cut off.",
    )


def _unknown(source: Path, text: str) -> FeedError:
    looked_for = "; ".join(f"{name}: {what}" for name, what in LOOKED_FOR.items())
    return FeedError(
        "the feed's format is not known",
        got=f"{source.name}, which begins with {text[:60]!r}",
        expected=f"one of these ({looked_for})",
        next_step="Name its columns with --map column=field, or its format with --format.",
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
    if options.currency and not is_currency(options.currency.upper()):
        raise FeedError(
            "the currency is not one",
            got=options.currency,
            expected="a code of ISO 4217 such as EUR",
            next_step="Mend --currency.",
        )
