"""Words of others, a shop's above all, as Markdown that draws them to the letter."""

from __future__ import annotations

import re
from typing import Final

from recommender.wire.state_shapes import Problem
from ui.text import words

_SIGNS: Final = re.compile(r"([\\`*_\[\]<>$~#]|[&:@](?=\S))")
_LISTED: Final = re.compile(r"(?=[-+]|\d+[.)])")
"""A line that would be of a list, or a rule."""
_BEGINS: Final = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)", re.IGNORECASE)
"""Where Streamlit finds icons, emoji and addresses though their signs are escaped."""
_ARROWS: Final = re.compile(r"(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)")
_JOINER: Final = "\N{WORD JOINER}"
"""Has no width, and no line breaks at it."""
_CODE: Final = re.compile(r"(`[^`]+`)")


def plain(text: str, *, code: bool = False) -> str:
    r"""Return a text as Markdown in which nothing is bold, a link, a picture, a formula or an icon.

    Args:
        text: of anybody.
        code: whether what stands between backticks stays a command to type.

    >>> plain("2 for $10, 3 for $12"), plain("Navy bag")
    ('2 for \\$10, 3 for \\$12', 'Navy bag')
    >>> plain("Run `make train`, or *wait*.", code=True)
    'Run `make train`, or \\*wait\\*.'
    """
    if code:
        parts = _CODE.split(" ".join(text.split()))
        return "".join(each if at % 2 else _part(each) for at, each in enumerate(parts))
    return _part(" ".join(text.split()))


def problem(answer: Problem) -> str:
    """Return a problem as Markdown: what is wrong, strongly, and what to do next."""
    what, then = words.problem(answer)
    return f"**{plain(what, code=True)}** {plain(then, code=True)}"


def _part(text: str) -> str:
    begun = f"{_JOINER}{text}" if _LISTED.match(text) else text
    apart = _ARROWS.sub(lambda found: found[1][0] + _JOINER + found[1][1:], begun)
    return _BEGINS.sub(_JOINER, _SIGNS.sub(r"\\\1", apart))
