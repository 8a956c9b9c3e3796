"""What happens to a photo, and where what is kept lies."""

from __future__ import annotations

import streamlit as st

from ui.text.speech import say


def show() -> None:
    """Show it."""
    st.title(say("What happens to your photo"), anchor=False)
    facts = (
        say("**It stays in memory.** It is written to no disk, and no log tells of it."),
        say(
            "**For minutes.** It is let go of a quarter of an hour after you used it last, "
            "and when the server stops."
        ),
        say(
            "**Until you take another.** Leaving your photo deletes it, and what was found in "
            "it, at once."
        ),
        say(
            "**Nothing is guessed of you.** Garments are found, with their colours, patterns "
            "and cuts; no face, age, gender or size."
        ),
        say("**Nothing leaves the shop's machine.** No other host is told of it."),
        say(
            "**What is kept** is what you tell: likes, dislikes and looks that you save or "
            "share, as article numbers. *Your style* shows and forgets it."
        ),
        say(
            "**Your wardrobe** is kept nowhere until you say so, then where you say: in this "
            "browser’s own storage or, if the app is your own, on this machine. It is the cut-out of "
            "each garment and its facts, no photo. *Your style* exports and deletes it."
        ),
    )
    st.markdown("\n".join(f"- {fact}" for fact in facts))
