"""A shop's words -> facts: the fine kind by the head of the title, the rest by words that say it; and patterns.

A word that says a fact itself goes before what convention says of the kind: a "running jacket" is
sport though a jacket is casual.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from index.facts.kinds import fine_kinds
from index.feeds.categories import words
from index.feeds.categories.tables import Phrase, forms, phrases, tokens
from index.model.garment_facts import Audience, Formality, GarmentFacts, Warmth
from segmentation.common.taxonomy import Category

FILE: Final = Path(__file__).parent / "cues.toml"
REMEMBERED: Final = 20_000
"""Titles whose pattern is kept: the same items are asked about again and again."""
_LONGEST: Final = 5
"""Words of the longest phrase in the tables."""
_ENDING: Final = 4
"""Letters of the shortest German word that ends a longer one: `Sommerkleid`."""
_NONE: Final = "none"
_PLAIN: Final = frozenset(str(category) for category in Category)
"""Fine kinds that say no more than a category."""
_CHILDS_SIZE: Final = re.compile(
    r"\d{1,2}\s*[-/]?\s*\d{0,2}\s*(?:m|mo|mths?|months?|monate?|y|yrs?|years?|jahre?)"
    r"|[2-6]t|(?:age|alter)\s*\d{1,2}.*",
    re.IGNORECASE,
)
"""A size in months or years: `6-9M`, `3T`, `Age 5`, `10 years`."""


@dataclass(frozen=True)
class Worded:
    """What a shop writes of an item.

    Attributes:
        category: its kind.
        title: what it is called.
        merchant_category: its kind in the shop's words.
        material: what it is made of.
        sizes: in which it is sold.
        audience: as the shop says; `UNKNOWN` where it says nothing.
    """

    category: Category
    title: str
    merchant_category: str = ""
    material: str = ""
    sizes: Sequence[str] = ()
    audience: Audience = Audience.UNKNOWN


def facts_in(worded: Worded) -> GarmentFacts:
    """Return what a shop's words say; what they leave open is unknown.

    >>> facts_in(Worded(Category.PANTS, "Kids' fleece-lined gym trousers")).known()
    {'fine_kind': 'trousers', 'formality': 'sport', 'warmth': 'cold', 'audience': 'kids'}
    >>> facts_in(Worded(Category.DRESS, "Leichtes Sommerkleid, Damen")).known()
    {'fine_kind': 'sundress', 'formality': 'casual', 'warmth': 'hot', 'audience': 'women'}
    """
    rows = [tokens(worded.title), tokens(worded.merchant_category), tokens(worded.material)]
    name = fine_kind_in(worded.category, worded.title) or fine_kind_in(
        worded.category, worded.merchant_category
    )
    usual = fine_kinds()[name].facts(name) if name else GarmentFacts()
    said = {family: _cue(family, rows) for family in ("formality", "warmth", "audience")}
    return GarmentFacts(
        fine_kind=name,
        formality=Formality(said["formality"]) if said["formality"] else usual.formality,
        warmth=_warmth(Warmth(said["warmth"]) if said["warmth"] else None, usual.warmth),
        audience=_audience(worded, said["audience"]),
    )


@lru_cache(maxsize=REMEMBERED)
def pattern_in(title: str) -> str:
    """Return the pattern that a title says, `print` for a motif that has no name; empty where it says none.

    >>> pattern_in("Acme Men Stripes Maroon Shirt"), pattern_in("Kariertes Hemd"), pattern_in("Solid tee")
    ('stripe', 'check', 'plain')
    >>> pattern_in("Solid skirt with polka dot trim"), pattern_in("Printed dress"), pattern_in("Blue jeans")
    ('dots', 'print', '')
    """
    said = [answer for answer in _said(_cues("pattern"), tokens(title)) if answer != _NONE]
    return next((answer for answer in reversed(said) if answer != "plain"), "") or (
        "plain" if said else ""
    )


def _warmth(said: Warmth | None, usual: Warmth | None) -> Warmth | None:
    """Return what a word says, at most one grade from the usual: a wool T-shirt is for mild days."""
    if said is None or usual is None:
        return said or usual
    apart = max(-1, min(said.grade - usual.grade, 1))
    return list(Warmth)[usual.grade + apart]


def _audience(worded: Worded, cue: str) -> Audience | None:
    """Return the shop's own statement, but a child's thing is one whatever gender is stated."""
    childs = any(_CHILDS_SIZE.fullmatch(size.strip()) for size in worded.sizes)
    if childs or cue == Audience.KIDS:
        return Audience.KIDS
    if worded.audience is not Audience.UNKNOWN:
        return worded.audience
    return Audience(cue) if cue else None


def fine_kind_in(category: Category, text: str) -> str:
    """Return the fine kind of a category that a text names last before a preposition, or nothing.

    A category's plain name says no more than what is known, and gives way to a finer one before it.

    >>> fine_kind_in(Category.SHOE, "Suede ankle boots with block heel")
    'ankle boot'
    >>> fine_kind_in(Category.DRESS, "Shirt dress"), fine_kind_in(Category.BAG, "Zara 42")
    ('shirt dress', '')
    >>> fine_kind_in(Category.JACKET, "Grey blazer jacket")
    'blazer'
    """
    table, named = _kinds(category), ""
    row = tokens(text)
    at = 0
    while at < len(row):
        if named and (row[at],) in _prepositions():
            break
        for end in range(min(len(row), at + _LONGEST), at, -1):
            found = table.get(row[at:end]) or (_ending(table, row[at]) if end == at + 1 else "")
            if found:
                named = named if named and found in _PLAIN else found
                break
        at = end
    return named


@cache
def _kinds(category: Category) -> Mapping[Phrase, str]:
    """Return every phrase of the fine kinds that a category may be."""
    found: dict[Phrase, str] = {}
    usual_last = sorted(fine_kinds().items(), key=lambda each: each[1].category is category)
    for name, kind in usual_last:
        if category in kind.categories:
            spoken = (form for phrase in phrases(kind.english) for form in forms(phrase))
            found |= dict.fromkeys((*spoken, *phrases(kind.german)), name)
    return found


def _ending(table: Mapping[Phrase, str], word: str) -> str:
    """Return the fine kind whose German name ends a longer word, the longest such name."""
    for start in range(2, len(word) - _ENDING + 1):
        if (word[start:],) in table:
            return table[(word[start:],)]
    return ""


@cache
def _prepositions() -> frozenset[Phrase]:
    return frozenset(phrases(words.AFTER_HEAD))


@cache
def _cues(family: str) -> Mapping[Phrase, str]:
    """Return the phrases that say an answer of a family themselves."""
    value = tomllib.loads(FILE.read_text("utf-8"))[family]
    return {
        phrase: answer
        for answer, languages in value.items()
        for line in languages.values()
        for phrase in phrases(line)
    }


def _cue(family: str, rows: Sequence[Phrase]) -> str:
    """Return the answer that words say; the last one named first text goes before later texts."""
    for row in rows:
        said = [answer for answer in _said(_cues(family), row) if answer != _NONE]
        if said:
            return "kids" if "kids" in said else said[-1]
    return ""


def _said(table: Mapping[Phrase, str], row: Phrase) -> Iterator[str]:
    at = 0
    while at < len(row):
        for end in range(min(len(row), at + _LONGEST), at, -1):
            if row[at:end] in table:
                yield table[row[at:end]]
                break
        at = end
