"""Which format a feed has, by its content; `open_feed` is the door to all of them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from index.errors import FeedError
from index.feeds.documents import json_document, workbook, xml_document
from index.feeds.fields.columns import FIELDS
from index.feeds.fields.money import is_currency
from index.feeds.formats import folder, jsonl, parquet, tables
from index.feeds.formats.cells import Source
from index.feeds.formats.folder import FolderFeed
from index.feeds.formats.parquet import ParquetFeed
from index.feeds.formats.reading import columns_of
from index.feeds.formats.table_cells import table_cells
from index.feeds.formats.tables import TableFeed, header_of
from index.feeds.formats.texts import decoded
from index.feeds.rows import Feed, FeedOptions
from index.feeds.systems import choosing, shopify
from index.feeds.systems.named import SystemFeed, by_names, each_by_names, good
from index.feeds.systems.shopify import ShopifyFeed
from index.feeds.unpacking import GZIP, ZIP, PackedFeed, unpack, unpack_gzip

LOOKED_FOR: Final = {
    folder.FORMAT: "a folder of pictures",
    jsonl.FORMAT: "lines that begin with {",
    json_document.FORMAT: "a list of products, or an object with one",
    parquet.FORMAT: f"a file that begins with {parquet.MAGIC.decode()}",
    workbook.FORMAT: "a workbook of Excel",
    tables.GOOGLE: "RSS or Atom, or a tab-separated table with id, title, image_link",
    tables.META: "a comma-separated table with id, title, image_link or image[0].url",
    xml_document.FORMAT: "elements called product, item, offer or entry",
    shopify.FORMAT: "a table with Handle, Title, Image Src, or its products as JSON",
    **dict.fromkeys(choosing.SYSTEMS, "its export of products"),
    tables.OWN: "a table with columns for sku, title and image in one of five languages",
}
"""What tells each format."""
FORMATS: Final = tuple(LOOKED_FOR)
_START: Final = 1 << 16
_DEFAULTS: Final = FeedOptions()
_TABLES: Final = (tables.GOOGLE, tables.META, tables.OWN, shopify.FORMAT)
_XML: Final = (tables.GOOGLE, tables.META, xml_document.FORMAT)
_JSON: Final = (json_document.FORMAT, shopify.FORMAT, "woocommerce")
_DEEPEST: Final = 2
"""Archives inside one another."""


def open_feed(source: Path, options: FeedOptions = _DEFAULTS) -> Feed:
    """Return the feed at a path; what is packed by gzip or zip is unpacked for as long as it is read.

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


def _open_file(source: Path, options: FeedOptions, depth: int = 0) -> Feed:
    start = _start_of(source)
    if (zipped := start.startswith(ZIP)) or start.startswith(GZIP):
        if zipped and workbook.is_workbook(source):
            return _open_workbook(source, options)
        if depth < _DEEPEST:
            return _open_packed(source, options, depth, zipped=zipped)
    return _open_document(source, options, start) or _open_table(source, options, decoded(start))


def _open_document(source: Path, options: FeedOptions, start: bytes) -> Feed | None:
    """Return a feed that is no table; None where it seems to be one."""
    chosen, text = options.format, decoded(start)
    if chosen == parquet.FORMAT or (not chosen and start.startswith(parquet.MAGIC)):
        return ParquetFeed(source, options)
    if text.lstrip().startswith("<") and chosen in ("", *_XML):
        return _open_xml(source, options, text)
    if chosen in ("", *_JSON) and json_document.looks_like(text):
        found = _open_json(source, options)
        if found is not None:
            return found
    if chosen == jsonl.FORMAT or (not chosen and jsonl.looks_like(text)):
        return _open_lines(source, options)
    return None


def _open_packed(source: Path, options: FeedOptions, depth: int, *, zipped: bool) -> Feed:
    folder_ = Path(tempfile.mkdtemp(prefix="feed-"))
    try:
        return PackedFeed(_unpacked(source, folder_, options, depth, zipped=zipped), folder_)
    except BaseException:
        shutil.rmtree(folder_, ignore_errors=True)
        raise


def _unpacked(
    source: Path, folder_: Path, options: FeedOptions, depth: int, *, zipped: bool
) -> Feed:
    if not zipped:  # its pictures lie beside it, not where it is unpacked
        beside = replace(options, root=options.root or source.parent)
        return _open_file(unpack_gzip(source, folder_), beside, depth + 1)
    found = unpack(source, folder_ / "unpacked")
    return FolderFeed(found) if found.is_dir() else _open_file(found, options, depth + 1)


def _open_xml(source: Path, options: FeedOptions, text: str) -> Feed:
    chosen = options.format
    root = xml_document.root_of(source)
    if (root in xml_document.ROOTS and chosen != xml_document.FORMAT) or chosen in (
        tables.GOOGLE,
        tables.META,
    ):
        cells = partial(xml_document.google_cells, source)
        return SystemFeed(source, chosen or tables.GOOGLE, cells, each_by_names, options)
    if not root or (not chosen and not xml_document.has_items(source)):
        raise _unknown(source, text)
    cells = partial(xml_document.cells, source)
    return SystemFeed(source, xml_document.FORMAT, cells, each_by_names, options)


def _open_json(source: Path, options: FeedOptions) -> Feed | None:
    """Return a document of JSON; None where it holds no list of objects, as JSON lines do."""
    if json_document.is_lines(source) or json_document.prefix_of(source) is None:
        return None
    raw = partial(json_document.raw_cells, source)
    found = _of_a_system(source, raw, options)
    cells = partial(json_document.cells, source)
    return found or SystemFeed(source, json_document.FORMAT, cells, by_names, options)


def _open_lines(source: Path, options: FeedOptions) -> Feed:
    raw = partial(jsonl.raw_cells, source)
    found = None if options.format else _of_a_system(source, raw, options)
    cells = partial(jsonl.cells, source)
    return found or SystemFeed(source, jsonl.FORMAT, cells, each_by_names, options)


def _of_a_system(source: Path, raw: Source, options: FeedOptions) -> Feed | None:
    """Return the feed of a shop system whose objects these are; None where they are no one's."""
    first = next(good(islice(raw(), 1)), None)
    system = choosing.of_objects(first.names) if first is not None else None
    if system is None:
        return None
    name, reader = system
    return SystemFeed(source, name, raw, reader, options)


def _open_workbook(source: Path, options: FeedOptions) -> Feed:
    ours = _known(options)
    cells = partial(workbook.cells, source, ours)
    first = next(good(islice(cells(), 1)), None)
    system = choosing.of_table(first.names, source.parent) if first is not None else None
    reader = by_names if system is None else system[1]
    return SystemFeed(source, workbook.FORMAT, cells, reader, options)


def _known(options: FeedOptions):  # type: ignore[no-untyped-def]
    ours = tables.known_names(options)

    def count(names: Sequence[str]) -> int:
        return max(ours(names), shopify.known(names), choosing.known(names))

    return count


def _open_table(source: Path, options: FeedOptions, text: str) -> Feed:
    header = header_of(text, _known(options))
    if header is None:
        raise _unknown(source, text)
    chosen = options.format
    if chosen in ("", *choosing.SYSTEMS):
        system = choosing.of_table(header.names, options.root or source.parent)
        if system is not None and chosen in ("", system[0]):
            cells = partial(table_cells, source, header)
            return SystemFeed(source, system[0], cells, system[1], options)
    format_ = chosen or (
        shopify.FORMAT if shopify.looks_like(header) else tables.kind_of(header, options)
    )
    if format_ not in _TABLES:
        if options.columns:  # a mapping that does not fit is reported, rather than the format
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
        next_step="See what its columns may mean with --suggest-map, then name them with "
        "--map column=field.",
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
