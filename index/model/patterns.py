"""Patterns by one vocabulary: the renderer's, the sample boutique's, and what filters compare.

`stripe` holds `pinstripe` and `check` holds `gingham`: asking for the wider finds the narrower.
Other words are left as a shop writes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

PATTERNS: Final = ("plain", "stripe", "pinstripe", "check", "gingham", "dots", "floral")
"""The names that this project writes."""
_SAME: Final = {
    **dict.fromkeys(("solid", "solid colour", "solid color", "unpatterned"), "plain"),
    **dict.fromkeys(("striped", "stripes", "stripy", "breton"), "stripe"),
    **dict.fromkeys(("pinstriped", "pinstripes", "pin stripe"), "pinstripe"),
    **dict.fromkeys(("checked", "checks", "checkered", "chequered", "plaid", "tartan"), "check"),
    **dict.fromkeys(("dot", "dotted", "spotted", "polka dot", "polka dots"), "dots"),
    **dict.fromkeys(("flowers", "flowery", "flower print", "floral print"), "floral"),
}
_NARROWER: Final = {"stripe": ("pinstripe",), "check": ("gingham",)}


def pattern_key(word: str) -> str:
    """Return the form in which patterns are compared: the vocabulary's name where it has one.

    >>> pattern_key(" Striped "), pattern_key("Polka-dot"), pattern_key("Paisley"), pattern_key("")
    ('stripe', 'dots', 'paisley', '')
    """
    plain = word.strip().casefold()
    return _SAME.get(plain.replace("-", " "), plain)


def allowed_by(words: Iterable[str]) -> frozenset[str]:
    """Return the keys of all patterns that a filter lets through.

    >>> sorted(allowed_by(["striped", "floral"]))
    ['floral', 'pinstripe', 'stripe']
    """
    keys = frozenset(pattern_key(word) for word in words)
    return keys.union(*(_NARROWER.get(key, ()) for key in keys))
