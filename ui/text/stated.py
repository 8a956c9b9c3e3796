"""What words state of a garment: colours, patterns and cuts that filter, and what is not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from index.facts.kinds import fine_kinds
from recommender.wire.nouns import COLOURS, NAMED
from ui.text.words import spoken

_SHADES: Final[Mapping[str, tuple[str, ...]]] = {
    "blue": ("blue", "navy", "denim blue", "light blue"),
    "brown": ("brown", "tan", "camel"),
    "green": ("green", "olive", "mint"),
    "grey": ("grey", "light grey", "charcoal"),
    "pink": ("pink", "magenta"),
    "purple": ("purple", "lilac"),
    "red": ("red", "burgundy"),
    "white": ("white", "cream"),
    "yellow": ("yellow", "mustard"),
}
"""A colour that has shades of its own in the palette -> what counts as it."""
_ALSO: Final = {"gray": "grey", "navy blue": "navy", "dark blue": "navy", "maroon": "burgundy"}
_PATTERNS: Final = {
    "plain": "plain", "solid": "plain", "striped": "stripe", "stripes": "stripe",
    "stripe": "stripe", "pinstriped": "pinstripe", "pinstripes": "pinstripe", "checked": "check",
    "checks": "check", "plaid": "check", "tartan": "check", "gingham": "gingham",
    "dotted": "dots", "dots": "dots", "polka dots": "dots", "polka dot": "dots",
    "floral": "floral", "flowers": "floral", "flowery": "floral",
}  # fmt: skip
_CUTS: Final = {
    "long sleeves": ("sleeve", "long"), "long sleeved": ("sleeve", "long"),
    "short sleeves": ("sleeve", "short"), "short sleeved": ("sleeve", "short"),
    "sleeveless": ("sleeve", "sleeveless"), "mini": ("length", "mini"),
    "midi": ("length", "midi"), "maxi": ("length", "maxi"),
}  # fmt: skip
_NOT: Final = frozenset({"without", "not", "no"})
_SMALL: Final = frozenset(
    ["a", "an", "and", "any", "be", "but", "colour", "color", "for", "from", "in", "is", "it", "like", "more", "less", "length", "made", "of", "on", "one", "or", "please", "size", "something", "style", "that", "the", "this", "to", "with"]
) | _NOT  # fmt: skip
_DRESS: Final = frozenset(
    ["beach", "blouse", "boots", "breezy", "button", "buttons", "casual", "cheap", "cheaper", "chic", "classic", "cold", "cool", "cosy", "cotton", "cropped", "dark", "date", "denim", "dressy", "elegant", "evening", "everyday", "fabric", "festive", "fitted", "flared", "formal", "gym", "heel", "heels", "high", "hood", "hooded", "hot", "interview", "jeans", "knit", "knitted", "lace", "lapels", "leather", "light", "lighter", "linen", "long", "longer", "loose", "low", "modern", "neck", "night", "office", "oversized", "party", "pattern", "pocket", "pockets", "polo", "print", "puffy", "rain", "rainy", "ruffles", "sandals", "shiny", "short", "shorter", "silk", "skinny", "sleeve", "sleeves", "slim", "smart", "sneakers", "soft", "sport", "sporty", "spring", "straight", "suede", "summer", "tee", "thick", "thin", "tight", "trousers", "velvet", "vintage", "warm", "warmer", "wedding", "wide", "wider", "winter", "wool", "work", "zip", "autumn", "women", "men", "kids", "ladies"]
)  # fmt: skip
"""Words of dress that a picture may show; the encoder is asked about them."""
_LONGEST: Final = 2


@dataclass(frozen=True)
class Stated:
    """What words state.

    Attributes:
        filters: filter, as the API calls it -> values that hold.
        known: the words that are understood, as they were said; may be empty.
        unknown: those that are not, in order.
        describes: whether they say more than what is filtered by.
    """

    filters: Mapping[str, tuple[str, ...]]
    known: str
    unknown: tuple[str, ...]
    describes: bool

    def in_words(self) -> str:
        """Return what is filtered by, in the session's language: `navy, striped`."""
        shown = {name: values[:1] for name, values in self.filters.items()}
        return ", ".join(spoken(name, value) for name, all_ in shown.items() for value in all_)

    def without_unknown(self, said: str) -> str:
        """Return what was said without the words that are not understood."""
        if not self.unknown:
            return said
        words = "|".join(re.escape(word) for word in self.unknown)
        bare = re.sub(rf"\b(?:{words})\b", " ", said, flags=re.IGNORECASE)
        return re.sub(
            r"(?:[\s,]+(?:with|without|and|or|in|an?|the))*[\s,]*$", "", " ".join(bare.split())
        )


def stated(english: str) -> Stated:
    """Return what English words state.

    >>> stated("in navy, with stripes").filters
    {'colour': ('navy',), 'pattern': ('stripe',)}
    >>> stated("chocolate dog").unknown, stated("without stripes").filters
    (('chocolate', 'dog'), {'pattern': ('plain',)})
    """
    filters: dict[str, tuple[str, ...]] = {}
    known: list[str] = []
    unknown: list[str] = []
    describes = denied = False
    for words in _phrases(re.findall(r"[\w']+", english.lower())):
        found = _filter(words)
        if found is not None:
            name, values = found
            if not denied:
                filters[name] = tuple(dict.fromkeys((*filters.get(name, ()), *values)))
            elif name == "pattern":
                filters[name] = ("plain",)
            describes = describes or denied
        elif words in _SMALL:
            denied = words in _NOT or (denied and words in {"a", "an", "any", "the"})
            known.append(words)
            continue
        elif words == "pattern" and denied:
            filters["pattern"] = ("plain",)
        elif words.isdigit() or words in _of_dress():
            describes = True
        else:
            unknown.append(words)
            denied = False
            continue
        denied = False
        known.append(words)
    understood = any(word not in _SMALL for word in known)
    return Stated(filters, " ".join(known) if understood else "", tuple(unknown), describes)


def _filter(words: str) -> tuple[str, tuple[str, ...]] | None:
    colour = _ALSO.get(words, words)
    if colour in COLOURS:
        return "colour", _SHADES.get(colour, (colour,))
    if words in _PATTERNS:
        return "pattern", (_PATTERNS[words],)
    if words in _CUTS:
        name, value = _CUTS[words]
        return name, (value,)
    return None


def _phrases(parts: list[str]) -> Iterator[str]:
    """Return words, those of two that mean something together as one."""
    at = 0
    while at < len(parts):
        pair = " ".join(parts[at : at + _LONGEST])
        size = _LONGEST if " " in pair and _filter(pair) is not None else 1
        yield " ".join(parts[at : at + size])
        at += size


@cache
def _of_dress() -> frozenset[str]:
    names = [*NAMED.values(), *(kind.value for kind in NAMED), *fine_kinds()]
    words = {word for name in names for word in re.findall(r"\w+", name.lower())}
    return _DRESS | words | {f"{word}s" for word in words}
