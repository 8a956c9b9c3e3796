"""Words in the session's language as the encoder reads them: it knows English alone.

No translator: colours, patterns, cuts, kinds and a few more words of dress are known, bent or not;
all others are passed on as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ui.text import words
from ui.text.speech import N_, language, say

_MORE: Final = (
    N_("in black"), N_("in navy"), N_("in white"), N_("in red"), N_("longer"), N_("shorter"),
    N_("with short sleeves"), N_("with long sleeves"), N_("without a pattern"),
    N_("with stripes"), N_("without stripes"), N_("in"), N_("with"), N_("without"), N_("and"),
    N_("dark"), N_("light"), N_("stripes"), N_("dots"), N_("checks"), N_("flowers"),
    N_("leather"), N_("wool"), N_("cotton"), N_("linen"), N_("silk"), N_("denim"), N_("blouse"),
    N_("boots"), N_("sandals"), N_("sneakers"), N_("jeans"), N_("evening dress"), N_("for summer"),
    N_("for winter"),
)  # fmt: skip
_ENDINGS: Final = ("", "e", "n", "s", "en", "er", "es", "em")
_LONGEST: Final = 4


def english(text: str) -> str:
    """Return what was said, known words in English; the text itself where English is spoken."""
    if language() == "en":
        return text
    known = {say(each).lower(): each for each in (*words.vocabulary(), *_MORE)}
    parts = re.findall(r"[\w’'-]+|[^\w\s]", text.lower())
    return re.sub(r" ([,.;])", r"\1", " ".join(_words(parts, known)))


def _words(parts: list[str], known: Mapping[str, str]) -> Iterator[str]:
    at = 0
    while at < len(parts):
        for count in range(min(_LONGEST, len(parts) - at), 0, -1):
            found = _found(" ".join(parts[at : at + count]), known)
            if found:
                yield found
                at += count
                break
        else:
            yield parts[at]
            at += 1


def _found(phrase: str, known: Mapping[str, str]) -> str:
    for ending in _ENDINGS:
        if phrase.endswith(ending) and phrase.removesuffix(ending) in known:
            return known[phrase.removesuffix(ending)]
    return ""
