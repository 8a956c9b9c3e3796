"""A title -> what it says the thing is, by the head of the phrase."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

from index.feeds.categories import foreign, words
from index.feeds.categories.tables import (
    FOREIGN,
    NEUTRAL,
    TABLES,
    KindMatch,
    Phrase,
    compounds,
    lookup,
    own,
    phrases,
    tokens,
)

_LONGEST: Final = 4
"""Words of the longest phrase in the tables."""
_SHORTEST_BEFORE: Final = 3
"""Letters that stand before the head of a German compound: `barock` is no skirt."""
_BREAK: Final = re.compile(r"\s[-–—]\s|[|,;:•()\[\]]")
_NOT_GERMAN: Final = frozenset(("shamrock", "bedrock", "hardrock", "punkrock"))


@dataclass(frozen=True)
class _Found:
    """A phrase of a table, in a row of words: from `start` up to and without `end`."""

    start: int
    end: int
    matched: KindMatch


def language_of(text: str) -> str:
    """Return the language that a text's small words, letters and garments hint at, else English.

    >>> language_of("Robe longue à fleurs"), language_of("Kleid mit Blumen"), language_of("Dress")
    ('french', 'german', 'english')
    """
    found, letters = tokens(text), set(text.casefold())
    hints: Counter[str] = Counter()
    for language in TABLES:
        hints[language] = len(letters.intersection(words.LETTERS.get(language, "")))
        hints[language] += sum(token in _telling(language) for token in found)
    hints["german"] += sum(_compound(token) is not None for token in found)
    best, count = hints.most_common(1)[0]
    return best if count > hints["english"] else "english"


def shows_none(text: str) -> bool:
    """Return whether nothing in a text hints at its language.

    >>> shows_none("Robes"), shows_none("Robe longue"), shows_none("Mens")
    (True, False, False)
    """
    found = tokens(text)
    letters = set(text.casefold()).intersection("".join(words.LETTERS.values()))
    hinted = any(token in _telling(language) for language in TABLES for token in found)
    return not (letters or hinted or any(_compound(token) for token in found))


@cache
def _telling(language: str) -> frozenset[str]:
    """Return small words of a language, and words for garments that no other language has."""
    others = {phrase for other in TABLES if other != language for phrase in own(other)}
    unique = {phrase[0] for phrase in own(language) if len(phrase) == 1 and phrase not in others}
    return frozenset(unique | {token for (token,) in phrases(words.HINTS[language])})


def match_title(text: str, language: str) -> KindMatch | None:
    """Return what the first part of a title that names anything says; None where none does."""
    for part in _BREAK.split(text):
        matched = _match_part(part, language)
        if matched is not None:
            return matched
    return None


def _match_part(part: str, language: str) -> KindMatch | None:
    """Return what a part says; `coats & jackets` says both, and coats the likelier."""
    joint = words.JOINING[language]
    said, together = [], list[str]()
    for token in (*tokens(re.sub("[&+]", f" {joint} ", part)), joint):
        if token != joint:
            together.append(token)
            continue
        said.append(_head(tuple(together), language))
        together = []
    named = [matched for matched in said if matched is not None]
    if not named:
        return None
    return KindMatch(frozenset().union(*(matched.kinds for matched in named)), named[0].likeliest)


def _head(row: Phrase, language: str) -> KindMatch | None:
    """Return what the head of a row of words says; None where no garment stands in it."""
    found = [each for each in _all(row, language) if each.matched is not NEUTRAL]
    if not found:
        return None
    head = found[0 if language in words.HEAD_FIRST else -1]
    before, after = row[max(head.start - 1, 0) : head.start], row[head.end : head.end + 1]
    spoilt = before in _spoilers_before() or after in _spoilers_after()
    return FOREIGN if spoilt else head.matched


def _all(row: Phrase, language: str) -> list[_Found]:
    """Return the phrases in a row of words, longest first at each place, up to a preposition."""
    found: list[_Found] = []
    at = 0
    while at < len(row):
        each = _at(row, at, language)
        if each is not None:
            found.append(each)
        elif (row[at],) in _prepositions() and any(f.matched is not NEUTRAL for f in found):
            break
        at = each.end if each else at + 1
    return found


def _at(row: Phrase, at: int, language: str) -> _Found | None:
    table = lookup(language)
    for end in range(min(len(row), at + _LONGEST), at, -1):
        matched = table.get(row[at:end])
        if matched is not None:
            return _Found(at, end, matched)
    matched = _compound(row[at])
    return _Found(at, at + 1, matched) if matched else None


@cache
def _compound(token: str) -> KindMatch | None:
    """Return what a German compound's last word says; the longest that fits."""
    if token in _NOT_GERMAN or (token,) in lookup("english"):
        return None
    for start in range(_SHORTEST_BEFORE, len(token) - 3):
        if (matched := compounds().get(token[start:])) is not None:
            return matched
    return None


@cache
def _prepositions() -> frozenset[Phrase]:
    return frozenset(phrases(words.AFTER_HEAD))


@cache
def _spoilers_before() -> frozenset[Phrase]:
    return frozenset(phrases(foreign.FOREIGN_BEFORE))


@cache
def _spoilers_after() -> frozenset[Phrase]:
    return frozenset(phrases(foreign.FOREIGN_AFTER))
