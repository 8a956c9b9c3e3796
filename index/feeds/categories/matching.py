"""A merchant's words for what an item is -> one of the taxonomy's categories.

A title is read by its head: in English and German the last garment that is named before a
preposition (`shirt dress with belt` is a dress), in French, Spanish and Italian the first (`robe
chemise`). A path is read from its leaf to its root. What no table knows is left to the encoder.

categories_words.py categories_google.py   the tables
categories_tables.py                       the same, ready for look-up
categories_titles.py                       the head of a title
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from index.feeds.categories.tables import (
    FOREIGN,
    NEUTRAL,
    KindMatch,
    by_number,
    coarse,
    departments,
    tokens,
)
from index.feeds.categories.titles import language_of, match_title, shows_none
from segmentation.common.taxonomy import Category, parse_category

_READ: Final = 500
"""Characters that are read of one text."""
_NUMBER: Final = re.compile(r"\s*(\d{1,6})\s*(?:-.*)?")
_STEP: Final = re.compile(r"\s*(?:>|»|/|\\|::)\s*")
_FILED_ELSEWHERE: Final = frozenset((Category.WATCH, Category.SOCK, Category.TIGHTS))
"""Kinds of ours that shops file under jewellery and underwear."""


def category_of(*texts: str) -> Category | None:
    """Return the kind that a merchant's words name, or None.

    Args:
        texts: most trusted first: `google_product_category` (an id or a path), the merchant's own
            type, and last the title. A department of several kinds is distinguished by later texts.

    >>> category_of("Belted shirt dress"), category_of("Apparel & Accessories > Shoes")
    (<Category.DRESS: 'dress'>, <Category.SHOE: 'shoe'>)
    >>> category_of("5598", "Women", "Trench coat")
    <Category.COAT: 'coat'>
    >>> category_of("Laptop bag sleeve") is None
    True
    """
    return _together(texts).likeliest


def is_foreign(*texts: str) -> bool:
    """Return whether the words name something that is no garment of ours: a ring, a towel.

    Its picture should not be asked either: the encoder knows nothing but garments.

    >>> is_foreign("Gold ring"), is_foreign("Model 501"), is_foreign("Belt")
    (True, False, False)
    """
    return not _together(texts).kinds


def _together(texts: Iterable[str]) -> KindMatch:
    """Return what several texts say together; a later one never contradicts an earlier."""
    so_far, read = NEUTRAL, [text[:_READ] for text in texts]
    joint = language_of(" ".join(read)[:_READ])
    for text in read:
        matched = _match(text, joint)
        if matched == FOREIGN and so_far.likeliest is None:
            return FOREIGN
        kinds = so_far.kinds & matched.kinds if matched else frozenset[Category]()
        if matched is None or not kinds:
            continue
        likeliest = matched.likeliest if matched.likeliest in kinds else so_far.likeliest
        so_far = KindMatch(kinds, likeliest if likeliest in kinds else None)
    return so_far


def _match(text: str, joint: str) -> KindMatch | None:
    """Return what one text says; None for nothing.

    Args:
        text: the text.
        joint: the language of all the texts, for one that shows none: `Robes` beside `Robe longue`.
    """
    numbered = _NUMBER.fullmatch(text)
    if numbered is not None:
        return by_number().get(int(numbered[1]))
    named = parse_category(text)
    exact = coarse().get(tokens(text)) or (KindMatch(frozenset((named,)), named) if named else None)
    if exact is not None:
        return exact
    language = joint if shows_none(text) else language_of(text)
    steps = [step for step in _STEP.split(text) if step]
    for depth in reversed(range(len(steps))):
        matched = coarse().get(tokens(steps[depth])) or match_title(steps[depth], language)
        if matched is None:
            continue
        above = {tokens(step) for step in steps[:depth]}
        return (
            FOREIGN if above & departments() and not matched.kinds & _FILED_ELSEWHERE else matched
        )
    return None
