"""HTML as shops write it -> plain text."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

_BREAKS: Final = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr")
)
_HIDDEN: Final = frozenset(("script", "style", "template"))


def text_of_html(html: str) -> str:
    r"""Return what a reader sees, a line a block, without blank lines.

    >>> text_of_html("<p>Soft &amp; warm.<br>Wool</p><script>x()</script><ul><li>A</li></ul>")
    'Soft & warm.\nWool\nA'
    """
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
        text = "".join(reader.parts)
    except (AssertionError, ValueError):  # what `html.parser` says of declarations it cannot read
        text = unescape(re.sub(r"<[^<>]*>", " ", html))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Keeps the texts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.hidden += tag in _HIDDEN
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in _HIDDEN))
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(" ".join(re.split(r"[\r\n]+", data)))
