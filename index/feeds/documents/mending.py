r"""XML as shops write it -> XML that a parser reads: a bare `&`, `&eacute;`, control characters.

What a document type declares is never expanded: one with entities is refused, and any other is
taken out before a parser sees it. What cannot be mended here is left to the parser, which recovers.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import Final

from index.errors import FeedError
from index.feeds.documents.metered import Metered

_CHUNK: Final = 1 << 16
_OPEN: Final = re.compile(r"<!\[CDATA\[|<!DOCTYPE|<!--", re.IGNORECASE)
_KEPT_BACK: Final = 80
"""Characters at a chunk's end that may be the beginning of something."""
_ENDS: Final = {"<![CDATA[": "]]>", "<!--": "-->"}
_PREDEFINED: Final = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WRONG: Final = re.compile(
    r"&(?:#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]{1,31};)?|" + _NO_XML.pattern
)
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODING: Final = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""")
_TAIL: Final = 1000
_MAX_TYPE: Final = 1 << 16
MARK: Final = "mended"
"""The processing instruction that stands where something was mended, for the row's warning."""
_MARKED: Final = f"<?{MARK}?>"


class Mended:
    """A file of XML, read as UTF-8 with what can be mended mended.

    Attributes:
        mended: how often something was.
        tail: the last of what was read.
    """

    def __init__(self, file: Metered, start: bytes) -> None:
        """Take the file and its first bytes, which say the encoding.

        Raises:
            FeedError: the encoding is not known.
        """
        self.file, self.mended = file, 0
        self._decoder = codecs.getincrementaldecoder(encoding_of(start))(errors="replace")
        self._text, self._until, self._first, self._over = "", "", True, False
        self._in_tag = False
        self.tail = ""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes as UTF-8; see `BinaryIO.read`.

        Raises:
            FeedError: a document type declares entities.
        """
        while not self._over:
            data = self.file.read(_CHUNK if size < 0 else min(max(size, 1024), _CHUNK))
            self._text += self._decoder.decode(data, final=not data)
            if self._first and self._text:
                self._text = _ENCODING.sub(r"\1", self._text.lstrip("\ufeff \t\r\n"), count=1)
                self._first = not self._text
            self._over = not data
            if done := self._take():
                self.tail = (self.tail + done)[-_TAIL:]
                return done.encode()
        return b""

    def _take(self) -> str:
        """Return what can be given of the text that was read so far."""
        done: list[str] = []
        while self._text:
            if self._until:
                end = self._text.find(self._until)
                if end < 0:
                    cut = (
                        len(self._text)
                        if self._over
                        else max(0, len(self._text) - len(self._until))
                    )
                    done.append(self._plain(self._text[:cut]))
                    self._text = self._text[cut:]
                    break
                end += len(self._until)
                done.append(self._plain(self._text[:end]))
                self._text, self._until = self._text[end:], ""
                continue
            found = _OPEN.search(self._text)
            if found is None:
                cut = len(self._text) if self._over else self._safe_end()
                done.append(self._outside(self._text[:cut]))
                self._text = self._text[cut:]
                break
            done.append(self._outside(self._text[: found.start()]))
            self._text = self._text[found.start() :]
            if found[0].upper() == "<!DOCTYPE":
                if not self._drop_type():
                    break
                continue
            done.append(found[0])
            self._text, self._until = (
                self._text[len(found[0]) :],
                _ENDS[found[0].upper() if "CDATA" in found[0].upper() else found[0]],
            )
        return "".join(done)

    def _safe_end(self) -> int:
        """Return how much of the text surely holds no half of anything."""
        tail = max(0, len(self._text) - _KEPT_BACK)
        marks = [at for sign in "&<" if (at := self._text.rfind(sign, tail)) >= 0]
        return min([*marks, len(self._text)])

    def _drop_type(self) -> bool:
        """Take a document type out; return whether it was there to its end."""
        inside = self._text.find("[")
        end = self._text.find(">")
        if 0 <= inside < end or (inside >= 0 and end < 0):
            close = re.search(r"\]\s*>", self._text)
            end = close.end() - 1 if close else -1
        if "<!entity" in self._text[: end + 1 if end >= 0 else None].lower():
            raise FeedError(
                "the feed's XML is refused",
                got="a document type that declares entities",
                expected="no entities of its own, and an encoding that is known",
                next_step="Export the feed as plain RSS, Atom or a list of products.",
            )
        if end < 0:
            if len(self._text) > _MAX_TYPE or self._over:
                self._text = "" if self._over else self._text
                raise _endless()
            return False
        self._text = self._text[end + 1 :]
        self.mended += 1
        return True

    def _plain(self, text: str) -> str:
        """Return the inside of a CDATA section or a remark: only what no XML can hold is taken out."""
        clean, count = _NO_XML.subn(" ", text)
        self.mended += count
        return clean

    def _outside(self, text: str) -> str:
        """Return text with its tags, mended, a mark behind each mend that is in no tag."""
        done = _WRONG.sub(self._mend, text)
        last = max(text.rfind("<"), text.rfind(">"))
        if last >= 0:
            self._in_tag = text[last] == "<"
        return done

    def _mend(self, found: re.Match[str]) -> str:
        meant = _meant(found[0])
        if meant == found[0]:
            return meant
        self.mended += 1
        before = found.string[: found.start()]
        last = max(before.rfind("<"), before.rfind(">"))
        in_tag = before[last] == "<" if last >= 0 else self._in_tag
        return meant if in_tag else f"{meant}{_MARKED}"


def _meant(sign: str) -> str:
    r"""Return what a reference, a bare `&` or a control character should have been written as.

    >>> [_meant(sign) for sign in ("&", "&amp;", "&eacute;", "&nosuch;", "&#1;", "&#233;", "\x01")]
    ['&amp;', '&amp;', 'é', '&amp;nosuch;', ' ', '&#233;', ' ']
    """
    if sign[0] != "&":
        return " "
    name = sign[1:]
    if not name:
        return "&amp;"
    if name in _PREDEFINED:
        return sign
    if name[0] != "#":
        character = html5.get(name)
        return (
            f"&amp;{name}"
            if character is None
            else character.replace("&", "&amp;").replace("<", "&lt;")
        )
    number = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
    legal = number in (9, 10, 13) or (32 <= number <= 0x10FFFF and not _NO_XML.match(chr(number)))
    return sign if legal else " "


def encoding_of(start: bytes) -> str:
    """Return the encoding of XML by its mark, its declaration, or whether it is UTF-8.

    Raises:
        FeedError: it declares one that is not known.
    """
    from index.feeds.formats import texts

    marked = texts.encoding_of(start)
    if marked != "utf-8":
        return marked
    declared = _DECLARED.match(start)
    name = declared[1].decode() if declared else "utf-8"
    try:
        known = codecs.lookup(name).name
        if not getattr(codecs.lookup(name), "_is_text_encoding", True) or known.startswith(
            ("utf-16", "utf-32")
        ):
            raise LookupError(name)
    except LookupError as error:
        raise FeedError(
            "the feed's XML is refused",
            got=f"the encoding {name!r}",
            expected="no entities of its own, and an encoding that is known",
            next_step="Export the feed in UTF-8.",
        ) from error
    if known == "utf-8":
        try:
            codecs.getincrementaldecoder("utf-8")().decode(start)
        except UnicodeDecodeError:
            return "cp1252"
    return {"iso8859-1": "cp1252"}.get(known, known)


def _endless() -> FeedError:
    return FeedError(
        "the feed's XML is refused",
        got="a document type without end",
        expected="no entities of its own, and an encoding that is known",
        next_step="Export the feed as plain RSS, Atom or a list of products.",
    )
