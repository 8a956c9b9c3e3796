"""The language that reasons and notes are in: texts through gettext, English unless it was set.

Whoever serves a request sets its language (`speaking`); texts are written in English where they are
used and marked with `N_` where they are said later. Translations lie in `recommender/locales`.
Refusals stay English: they are for logs and for software, which knows them by their type.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from babel import numbers

LOCALES: Final = Path(__file__).parents[1] / "locales"
DOMAIN: Final = "recommender"
LANGUAGES: Final = ("en", "de")
_LANGUAGE: Final[ContextVar[str]] = ContextVar("language", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak one of `LANGUAGES` in this context, and in the threads that copy it."""
    before = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def preferred(accepted: str) -> str:
    """Return the language that an Accept-Language header likes best of `LANGUAGES`, else English.

    >>> preferred("de-AT,en;q=0.7"), preferred("fr, de;q=0.5, en;q=0.4"), preferred("fr")
    ('de', 'de', 'en')
    >>> preferred("de;q=0, *"), preferred(""), preferred("de;q=x")
    ('en', 'en', 'en')
    """
    liked: dict[str, float] = {}
    for each in accepted[:500].split(","):
        tag, _, weight = each.partition(";")
        name = tag.strip().lower().split("-")[0]
        if name in LANGUAGES:
            liked[name] = max(liked.get(name, 0.0), _weight(weight))
    best = max(liked, key=lambda name: liked[name], default="en")
    return best if liked.get(best, 0.0) > 0 else "en"


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" and 0 <= float(value) <= 1 else 0.0
    except ValueError:
        return 0.0


def say(text: str) -> str:
    """Return a text in the context's language."""
    return _translations(_LANGUAGE.get()).gettext(text)


def say_many(one: str, many: str, count: int) -> str:
    """Return a text about `count` things in the context's language."""
    return _translations(_LANGUAGE.get()).ngettext(one, many, count)


def say_as(place: str, text: str) -> str:
    """Return a text as it stands in a place of a sentence: languages bend words by it."""
    return _translations(_LANGUAGE.get()).pgettext(place, text)


def N_(text: str) -> str:  # noqa: N802  # gettext's own name
    """Mark a text that is said later."""
    return text


def P_(place: str, text: str) -> str:  # noqa: N802  # as N_
    """Mark a text that is said later in a place of a sentence."""
    del place
    return text


def number(value: float | Decimal, digits: int = 0) -> str:
    """Return a number as the context's language writes it, thousands apart.

    >>> number(1204), number(0.414, 2)
    ('1,204', '0.41')
    """
    form = "#,##0" + (f".{'0' * digits}" if digits else "")
    return numbers.format_decimal(f"{value:.{digits}f}", form, locale=_LANGUAGE.get())


@cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, [language], fallback=True)
