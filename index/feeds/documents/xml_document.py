"""XML: RSS and Atom with Google's names, and lists of products: Yandex, Skroutz, Heureka, Ceneo, any.

The parser recovers, expands no entity, loads no document type and opens no connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from lxml import etree

from index.errors import FeedError
from index.feeds.documents.mending import MARK, Mended
from index.feeds.documents.metered import Metered
from index.feeds.formats.cells import Cells
from index.feeds.formats.nested import flat
from index.feeds.systems.attributes import attribute_fields

GOOGLE: Final = "google"
FORMAT: Final = "xml"
MAX_ITEM: Final = 2 << 20
"""Bytes between the ends of two items; more is no feed, and its elements would be held in memory: at
three bytes each the least, at a hundred and more of memory."""
ROOTS: Final = ("rss", "feed", "rdf")
ITEMS: Final = frozenset(
    ("item", "entry", "product", "offer", "shopitem", "artikel", "article", "produkt", "produit", "producto", "prodotto",
     "row", "record", "good", "o", "listing", "proizvod", "tovar")
)  # fmt: skip
_GOOGLE: Final = "http://base.google.com/ns/1.0"
_PLAIN: Final = ("", "http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/")
_PAIRS: Final = ("param", "attribute", "property")
_GALLERIES: Final = ("imgs", "images", "pictures", "photos", "gallery")
_CATEGORIES: Final = 200_000
_START: Final = 1 << 16
MENDED: Final = "the row's XML was mended: a bare &, a name that XML lacks, or a control character"


@dataclass(frozen=True)
class Item:
    """One item of a document.

    Attributes:
        element: as the parser gave it; forgotten when the next is asked for.
        mended: whether something in it had to be.
        categories: what the document called its categories before, by their ids.
    """

    element: Any
    mended: bool
    categories: dict[str, str]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What its row's messages begin with."""
        return (MENDED,) if self.mended else ()


def root_of(path: Path) -> str:
    """Return the name of a file's outermost element, without namespace; nothing if it is no XML.

    Raises:
        FeedError: it declares entities, or an encoding that is not known.
    """
    for event, element in _events(path, None):
        if event == "start":
            return name_of(element)[1].lower()
    return ""


def has_items(path: Path) -> bool:
    """Return whether the beginning of a file has elements that are called as items are."""
    depth = 0
    for event, element in _events(path, None):
        depth += 1 if event == "start" else -1
        if event == "start" and depth > 1 and name_of(element)[1].lower() in ITEMS:
            return True
    return False


def google_cells(path: Path) -> Iterator[Cells]:
    """Yield the items of RSS or Atom; Google's own names hide RSS's and Atom's where they say anything.

    Raises:
        FeedError: the file is cut off, declares entities, or an item is too large.
    """
    for number, item in enumerate(items(path), start=1):
        google, others = [], []
        for child in _elements(item.element):
            space, name = name_of(child)
            text = text_of(child)
            if space == _GOOGLE:
                google.append((name, text))
            elif space in _PLAIN and child.get("rel") in (None, "alternate"):
                others.append((name, text.strip() or child.get("href", "") or child.get("url", "")))
        hidden = {name for name, text in google if text.strip()}
        pairs = [(name, text) for name, text in google if text.strip() or not _said(name, others)]
        pairs += [(name, text) for name, text in others if name not in hidden and text]
        yield Cells(
            number,
            "",
            tuple(name for name, _ in pairs),
            tuple(text for _, text in pairs),
            item.warnings,
        )


def _said(name: str, others: Iterable[tuple[str, str]]) -> bool:
    return any(other == name and text for other, text in others)


def cells(path: Path) -> Iterator[Cells]:
    """Yield a record an item, or one a variant where those stand in it; see `google_cells`."""
    number = 0
    for item in items(path):
        fields = _mapping(item.element)
        if (category := fields.pop("categoryId", None)) is not None:
            fields["category"] = item.categories.get(str(category).strip(), "") or fields.get(
                "category", ""
            )
        for each in flat(fields):
            number += 1
            yield Cells(number, "", tuple(each), tuple(each.values()), item.warnings)


def items(path: Path) -> Iterator[Item]:
    """Yield each item once it is whole; what was read before is forgotten.

    Raises:
        FeedError: the file is cut off, declares entities, or an item is too large.
    """
    with path.open("rb") as file:
        metered = Metered(file, MAX_ITEM, "elements called item, entry, product or offer")
        above: list[Any] = []
        inside = 0
        categories: dict[str, tuple[str, str]] = {}
        names: dict[str, str] = {}
        for event, element in _events(path, metered):
            name = name_of(element)[1].lower()
            if event == "start":
                above.append(element)
                if not inside and len(above) > 1 and name in ITEMS:
                    inside = len(above)
                    names = names or _paths(categories)
                continue
            above.pop()
            if inside == len(above) + 1:
                inside, metered.since = 0, 0
                yield Item(element, _is_mended(element), names)
            elif (
                not inside
                and name == "category"
                and element.get("id")
                and len(categories) < _CATEGORIES
            ):
                categories[element.get("id")] = (
                    text_of(element).strip(),
                    element.get("parentId", ""),
                )
                metered.since = 0
            if not inside and (parent := element.getparent()) is not None:
                parent.remove(element)


def _paths(categories: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Return the path of each category from its root: `Women > Dresses`."""
    paths = {}
    for each, (name, parent) in categories.items():
        steps, seen = [name], {each}
        while parent in categories and parent not in seen and len(steps) < 10:
            seen.add(parent)
            steps.append(categories[parent][0])
            parent = categories[parent][1]
        paths[each] = " > ".join(reversed(steps))
    return paths


def _events(path: Path, metered: Metered | None) -> Iterator[tuple[str, Any]]:
    """Yield the parser's events; without a meter only those of the file's beginning.

    Raises:
        FeedError: as of `items`; the beginning alone is not refused for being cut off.
    """
    with path.open("rb") as file:
        start = file.read(_START)
        file.seek(0)
        mended = Mended(metered or Metered(file, 1 << 24, "a product feed"), start)
        parser = etree.iterparse(
            mended, events=("start", "end"), recover=True, resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True,
        )  # fmt: skip
        root = ""
        try:
            for event, element in parser:
                if isinstance(element.tag, str):
                    root = root or _written(element)
                    yield event, element
        except etree.XMLSyntaxError as error:
            if metered is not None:
                raise _broken(path, str(error)) from error
            return
        if metered is None:
            return
        wrong = [entry for entry in parser.error_log if entry.type_name in _CUT_OFF]
        if wrong:
            raise _broken(path, f"{wrong[0].message.strip()}: line {wrong[0].line}")
        if not re.search(
            rf"(?:</{re.escape(root)}\s*|/)>(?:\s|<!--.*?-->)*$", mended.tail, re.DOTALL
        ):
            raise _broken(path, f"no end of {root or 'anything'}")


_CUT_OFF: Final = frozenset(
    ("ERR_TAG_NOT_FINISHED", "ERR_TAG_NAME_MISMATCH", "ERR_DOCUMENT_END", "ERR_DOCUMENT_EMPTY", "ERR_CDATA_NOT_FINISHED",
     "ERR_COMMENT_NOT_FINISHED", "ERR_LTSLASH_REQUIRED", "ERR_GT_REQUIRED", "ERR_RESOURCE_LIMIT")
)  # fmt: skip
"""Errors after which elements stand where they were not written: nothing of such a file is guessed."""


def _broken(path: Path, got: str) -> FeedError:
    return FeedError(
        "the feed is no well-formed XML",
        got=f"{got} in {path.name}",
        expected="a whole file, each element closed",
        next_step="Export the feed again; the copy may have been cut off.",
    )


def _written(element: Any) -> str:
    """Return an element's name as the file has it."""
    name = str(element.tag.rpartition("}")[2])
    return f"{element.prefix}:{name}" if element.prefix else name


def _elements(element: Any) -> Iterator[Any]:
    return (child for child in element if isinstance(child.tag, str))


def _is_mended(element: Any) -> bool:
    return any(node.target == MARK for node in element.iter(etree.PI))


def text_of(element: Any) -> str:
    """Return all text inside an element; elements in it part words, remarks do not."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(f" {text_of(child)} ")
        parts.append(child.tail or "")
    return "".join(parts)


def name_of(element: Any) -> tuple[str, str]:
    """Return an element's namespace and name; `g:` is Google's where nobody declared it."""
    space, _, name = element.tag.rpartition("}")
    prefix, colon, rest = name.rpartition(":")
    if colon:
        return (_GOOGLE if prefix == "g" else f"undeclared:{prefix}"), rest
    return space.removeprefix("{"), name


def _mapping(element: Any) -> dict[str, Any]:
    """Return an element as JSON would have it: names of parameters are names, repeated ones lists."""
    fields: dict[str, Any] = {}
    for child in _elements(element):
        name, value = _value(child)
        if name not in fields:
            fields[name] = value
        elif value not in ("", None):
            held = fields[name] if isinstance(fields[name], list) else [fields[name]]
            fields[name] = [each for each in held if each not in ("", None)] + [value]
    for name, value in element.attrib.items():
        fields.setdefault(name.rpartition("}")[2], value)
    return fields


def _value(element: Any) -> tuple[str, Any]:
    """Return what a child is called, and its text, or what stands in it."""
    name = name_of(element)[1]
    if not list(_elements(element)):
        return _leaf(element, name)
    inner = _mapping(element)
    plain = {key.lower(): value for key, value in inner.items()}
    label = plain.get("param_name") or (plain.get("name") if name.lower() in _PAIRS else None)
    if label and (said := plain.get("val") or plain.get("value")):
        return _called(str(label), said), said
    if name.lower() in _GALLERIES or (len(inner) == 1 and not element.attrib):
        parts = (value if isinstance(value, list) else [value] for value in inner.values())
        return name, list(chain(*parts))  # <images><image/><image/></images>
    return name, inner


def _leaf(element: Any, name: str) -> tuple[str, Any]:
    """Return the name and the text of a child without children; an amount keeps its currency."""
    text, named = text_of(element).strip(), element.get("name")
    if named and name.lower() in (*_PAIRS, "a", "spec"):
        return _called(named, text), text
    currency = element.get("currency") or element.get("currencyId")
    if currency and text:
        return name, {"amount": text, "currency": currency}
    return name, text or element.get("url") or element.get("href") or element.get("value") or ""


def _called(label: str, said: object) -> str:
    """Return our field for the name of a parameter; the name itself where it is none of ours."""
    return next(iter(attribute_fields([(label, said)])), label)
