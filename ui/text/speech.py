"""The language that the app speaks: texts through gettext, chosen by the visitor or their browser.

Texts are written in English where they are used, `say("Find the look")`; what is put into them is
named, `say("{count} garments").format(count=3)`. Translations lie in `ui/locales`; tables of texts
that are said later mark them with `N_`.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

LOCALES: Final = Path(__file__).parents[1] / "locales"
DOMAIN: Final = "ui"
LANGUAGES: Final = {"en": "English", "de": "Deutsch"}
"""Language -> its own name."""
_KEY: Final = "language"


def language() -> str:
    """Return the language of this session: as chosen, else the browser's, else English."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return "en"  # a thread that belongs to no session
    wanted = str(chosen() or st.context.locale or "en").split("-")[0].lower()
    return wanted if wanted in LANGUAGES else "en"


def chosen() -> str:
    """Return the language that the visitor chose; empty where they chose none."""
    return str(st.session_state.get(_KEY, ""))


def choose(wanted: str) -> None:
    """Speak a language of `LANGUAGES` from the next run on; others are passed over."""
    if wanted in LANGUAGES:
        st.session_state[_KEY] = wanted


def say(text: str) -> str:
    """Return a text in this session's language."""
    return _translations(language()).gettext(text)


def say_many(one: str, many: str, count: int) -> str:
    """Return a text about `count` things in this session's language."""
    return _translations(language()).ngettext(one, many, count)


def N_(text: str) -> str:  # noqa: N802  # gettext's own name
    """Mark a text that is said later."""
    return text


@cache
def _translations(wanted: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, [wanted], fallback=True)
