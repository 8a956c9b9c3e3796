"""Google Merchant's XML: RSS 2.0 and Atom, with Google's names in the namespace `g:`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from index.errors import FeedError
from index.feeds.fields.columns import ColumnsRefused, layout
from index.feeds.formats.reading import row_from
from index.feeds.rows import FeedOptions, FeedRow, Reject

MAX_ITEM: Final = 2 << 20
"""Bytes between the ends of two items; more is no feed, and its elements would be held in memory: at
three bytes each the least, at a hundred and more of memory."""
ROOTS: Final = ("rss", "feed")
_ITEMS: Final = frozenset(("item", "entry", "product"))
_GOOGLE: Final = "http://base.google.com/ns/1.0"
_PLAIN: Final = ("", "http://www.w3.org/2005/Atom")


@dataclass(frozen=True)
class XmlFeed:
    """An RSS or Atom file; its pictures are paths relative to the folder it lies in."""

    path: Path
    options: FeedOptions = field(default_factory=FeedOptions)
    format: str = "google"

    def rows(self) -> Iterator[FeedRow | Reject]:
        """Yield a row an item, numbered from 1.

        Raises:
            FeedError: the file is no well-formed XML, is cut off, or declares a document type.
        """
        for number, element in enumerate(_items(self.path), start=1):
            children = _values(element)
            try:
                told = layout([name for name, _ in children], self.options.columns)
            except ColumnsRefused as error:
                yield Reject(number, dict(children).get("id", "")[:200], str(error))
                continue
            record = told.record([text for _, text in children])
            yield row_from(number, record, self.path.parent, self.options)


def root_of(path: Path) -> str:
    """Return the name of a file's outermost element, without namespace; nothing if it is no XML."""
    with path.open("rb") as file:
        try:
            for _, element in _events(_Metered(file), path):
                return _name(element)[1]
        except FeedError as error:
            if isinstance(error.__cause__, DefusedXmlException):
                raise
    return ""


class _Metered:
    """A file that refuses to be read on where no item ends for too long."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.since = file, 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, as of `BinaryIO.read`."""
        data = self.file.read(size)
        self.since += len(data)
        if self.since > MAX_ITEM:
            raise FeedError(
                "the feed has an item that is too large",
                got=f"more than {MAX_ITEM} bytes without the end of an item",
                expected="elements called item or entry",
                next_step="Check that this is a product feed, and export it again.",
            )
        return data


def _items(path: Path) -> Iterator[Element]:
    """Yield each item once it is whole; what was read before is forgotten."""
    with path.open("rb") as file:
        metered = _Metered(file)
        above: list[Element] = []
        inside = 0
        for event, element in _events(metered, path):
            if event == "start":
                above.append(element)
                if not inside and _name(element)[1] in _ITEMS:
                    inside = len(above)
                continue
            above.pop()
            if inside == len(above) + 1:
                inside, metered.since = 0, 0
                yield element
            if not inside and above:
                above[-1].remove(element)


def _events(file: _Metered, path: Path) -> Iterator[tuple[str, Element]]:
    try:
        yield from iterparse(file, events=("start", "end"), forbid_dtd=True)
    except ParseError as error:
        raise FeedError(
            "the feed is no well-formed XML",
            got=f"{error} in {path.name}",
            expected="a whole file, with & written as &amp;",
            next_step="Export the feed again; the copy may have been cut off.",
        ) from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise FeedError(
            "the feed's XML is refused",
            got=f"{type(error).__name__} in {path.name}",
            expected="no document type, no entities, and an encoding that is known",
            next_step="Export the feed as plain RSS or Atom.",
        ) from error


def _values(item: Element) -> list[tuple[str, str]]:
    """Return names and texts of an item's children; Google's own names hide RSS's and Atom's."""
    google, others = [], []
    for child in item:
        space, name = _name(child)
        if space == _GOOGLE:
            google.append((name, "".join(child.itertext())))
        elif space in _PLAIN:
            address = child.get("href", "") if child.get("rel") in (None, "alternate") else None
            if address is not None:
                others.append((name, "".join(child.itertext()).strip() or address))
    hidden = {name for name, _ in google}
    return google + [(name, text) for name, text in others if name not in hidden]


def _name(element: Element) -> tuple[str, str]:
    """Return an element's namespace and name."""
    space, _, name = element.tag.rpartition("}")
    return space.removeprefix("{"), name
