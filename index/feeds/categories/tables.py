"""The tables of words, made ready for look-up: folded, with their plurals, one for each language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from index.feeds.categories import foreign, google, words
from segmentation.common.taxonomy import Category

TABLES: Final = {
    "english": words.ENGLISH, "german": words.GERMAN, "french": words.FRENCH,
    "spanish": words.SPANISH, "italian": words.ITALIAN,
}  # fmt: skip
_REGULAR: Final = frozenset(("english", "french", "spanish"))
"""Languages whose plurals are made here; the others' stand in their tables."""


@dataclass(frozen=True)
class KindMatch:
    """What a text says: kinds that it may be, and which is meant where nothing else says.

    No kinds at all is something that is no garment of ours.
    """

    kinds: frozenset[Category] = frozenset()
    likeliest: Category | None = None


FOREIGN: Final = KindMatch()
NEUTRAL: Final = KindMatch(frozenset(Category))
"""A phrase that describes, and names nothing."""
Phrase: TypeAlias = tuple[str, ...]


def tokens(text: str) -> Phrase:
    """Return a text's words, folded: lower case, no accents.

    >>> tokens("T-Shirt für Mädchen")
    ('t', 'shirt', 'fur', 'madchen')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return tuple(re.findall(r"[^\W_]+", plain))


def phrases(text: str) -> Iterator[Phrase]:
    """Yield the phrases of a table's line, parted by commas."""
    return (tokens(phrase) for phrase in text.split(",") if phrase.strip())


@cache
def lookup(language: str) -> Mapping[Phrase, KindMatch]:
    """Return every phrase with its meaning; the given language's own meaning goes first.

    English goes before the others, of which the merchants' English is full.
    """
    merged: dict[Phrase, KindMatch] = {}
    others = [other for other in TABLES if other not in (language, "english")]
    for each in [*others, "english", language]:
        merged |= own(each)
    merged |= dict.fromkeys(phrases(words.NEUTRAL), NEUTRAL)
    return merged


@cache
def own(language: str) -> Mapping[Phrase, KindMatch]:
    """Return one language's phrases with their plurals."""
    plural = language in _REGULAR
    found = {
        form: KindMatch(frozenset((kind,)), kind)
        for kind, line in TABLES[language].items()
        for phrase in phrases(line)
        for form in (forms(phrase) if plural else (phrase,))
    }
    for phrase in phrases(foreign.FOREIGN[language]):
        found |= dict.fromkeys(forms(phrase) if plural else (phrase,), FOREIGN)
    return found


def forms(phrase: Phrase) -> Iterable[Phrase]:
    """Return a phrase in its singular and its regular plural."""
    *first, last = phrase
    if last.endswith(("s", "x", "z", "ch", "sh")):
        endings = [last, f"{last}es"]
    elif last.endswith("y"):
        endings = [last, f"{last[:-1]}ies", f"{last}s"]
    elif last.endswith("f"):
        endings = [last, f"{last}s", f"{last[:-1]}ves"]
    else:
        endings = [last, f"{last}s"]
    return [(*first, ending) for ending in endings]


@cache
def compounds() -> Mapping[str, KindMatch]:
    """Return German words of four letters or more, which end longer ones: `Sommerkleid`."""
    return {p[0]: matched for p, matched in own("german").items() if len(p) == 1 and len(p[0]) >= 4}


@cache
def coarse() -> Mapping[Phrase, KindMatch]:
    """Return departments that hold several kinds."""
    return {
        tokens(name): KindMatch(frozenset((*others, *([kind] if kind else ()))), kind)
        for name, (kind, others) in words.COARSE.items()
    }


@cache
def departments() -> frozenset[Phrase]:
    """Return departments whose wares are no garments of ours."""
    return frozenset(phrases(foreign.DEPARTMENTS))


@cache
def by_number() -> Mapping[int, KindMatch]:
    """Return what Google's ids say."""
    matches = dict.fromkeys(google.FOREIGN, FOREIGN)
    for kind, numbers in google.KINDS.items():
        matches |= dict.fromkeys(numbers, KindMatch(frozenset((kind,)), kind))
    for number, (likeliest, others) in google.COARSE.items():
        matches[number] = KindMatch(
            frozenset((*others, *([likeliest] if likeliest else ()))), likeliest
        )
    return matches
