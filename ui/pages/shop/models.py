"""The models: figures from their cards."""

from __future__ import annotations

import html
import re
from typing import Final

import streamlit as st
from markdown_it import MarkdownIt

from recommender.client import ApiProblem
from recommender.wire.catalogue_shapes import Model
from ui.text.speech import N_, say
from ui.visit import shopkeeper
from ui.visit.pipeline import tell

_MODELS: Final = {
    "segmentation": (
        N_("Finding garments"),
        N_("Finds every garment in your photo and draws its outline."),
    ),
    "encoder": (
        N_("Comparing garments"),
        N_("Turns each garment into numbers that can be compared with the shop's."),
    ),
    "compatibility": (
        N_("Judging what goes together"),
        N_("Judges what goes with what you wear, as people wear things together."),
    ),
}
"""A model -> how it is called, and what it does; to be said."""
_READING: Final = {
    "segmentation": N_(
        "AP, average precision, tells how well outlines fit and how few are false or missing: 1 is "
        "perfect. The other rows tell what a mere guess of the usual places would get."
    ),
    "encoder": N_(
        "Each figure is the share of questions that it answers rightly: 1 is all of them. Beside "
        "it stand simpler ways, on the same questions."
    ),
    "compatibility": N_(
        "Each figure is the share of questions that it answers rightly, such as which of two "
        "pieces was really worn with an outfit; guessing gets 0.5 of those. AUC is the share of "
        "pairs in which a real outfit is put before a false one."
    ),
}
"""A model -> how to read its figures; to be said."""
_IMAGE: Final = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK: Final = re.compile(r"\[([^\]]*)\]\((?!https://)[^)]*\)")
_TABLE: Final = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)


def show() -> None:
    """Show them."""
    st.header(say("Models"), anchor=False)
    st.markdown(
        say(
            "Three models do the work, one after the other, on the shop's own machine. These are "
            "the figures that they were measured with, weak ones included."
        )
    )
    try:
        models = shopkeeper.api().models()
    except ApiProblem as refused:
        tell(refused)
        return
    for model in models:
        _model(model)


def _model(model: Model) -> None:
    name, what = _MODELS[model.name]
    st.subheader(say(name), anchor=False)
    st.markdown(say(what))
    if not model.shipped:
        st.info(
            say(
                "This shop uses a model of its own here: the figures are of the one that it ships with."
            ),
            icon=":material/info:",
        )
    card = safe(model.card)
    st.caption(say(_READING[model.name]))
    _write(figures(card), say(name))
    with st.expander(say("The whole card (in English)"), icon=":material/description:"):
        _write(card.partition("\n")[2], say(name))


def _write(text: str, name: str) -> None:
    """Show a text; its tables, called by a name, scroll where they are wide, by keys too."""
    end = 0
    for found in _TABLE.finditer(text):
        _write_plain(text[end : found.start()])
        table = MarkdownIt("js-default").render(found.group())
        label = html.escape(name, quote=True)
        st.html(f"<div class='wide' role='group' tabindex='0' aria-label='{label}'>{table}</div>")
        end = found.end()
    _write_plain(text[end:])


def _write_plain(text: str) -> None:
    if text.strip():
        st.markdown(text)


def figures(card: str) -> str:
    r"""Return the first table below the heading on figures; where there is none, nothing.

    >>> figures("# A\n| x |\n\n## Figures\n\nSome.\n\n| a |\n|---|\n| 1 |\n\nMore.")
    '| a |\n|---|\n| 1 |\n'
    """
    heading = re.search(r"^#+ .*(?:[Ff]igures|[Mm]easured).*$", card, re.MULTILINE)
    if heading is None:
        return ""
    table = _TABLE.search(f"{card[heading.end() :]}\n")
    return table.group() if table else ""


def safe(card: str) -> str:
    """Return a card whose pictures and links into the repository are plain text.

    >>> safe("![plot](a.png) [docs](../x.md) [paper](https://arxiv.org/x)")
    'plot docs [paper](https://arxiv.org/x)'
    """
    without = re.sub(r"<!--.*?-->", "", _IMAGE.sub(r"\1", card), flags=re.DOTALL)
    return _LINK.sub(r"\1", without)
