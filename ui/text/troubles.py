"""What is wrong, for a person: the frequent problems in the session's language, others as the service says them."""

from __future__ import annotations

from typing import Final

from recommender.wire.state_shapes import Problem
from ui.text.speech import N_, language, say

_TYPE: Final = "urn:complete-the-look:problem:"
_AGAIN: Final = N_("Please try again in a moment.")
_ADMIN: Final = N_("Ask whoever runs this shop for it.")
_OTHER_PHOTO: Final = N_("Please choose another one, such as a JPEG.")
_MENDED: Final = N_("Whoever runs this shop has to mend it.")

_SAID: Final[dict[str, tuple[str, str]]] = {
    "photo-unsupported": (N_("This picture format is not accepted."), _OTHER_PHOTO),
    "photo-unusable": (N_("This photo cannot be used."), _OTHER_PHOTO),
    "photo-not-found": (
        N_("Your photo is no longer held: it is kept for minutes only."),
        N_("Please choose it again."),
    ),
    "photo-not-fetched": (
        N_("The photo could not be fetched from there."),
        N_("Save it and choose the file."),
    ),
    "too-large": (
        N_("The file is too large."),
        N_("Save it smaller, for example as a JPEG of 2000 pixels."),
    ),
    "busy": (N_("Many photos are being looked at just now."), _AGAIN),
    "too-many-requests": (N_("These were many questions in a short time."), _AGAIN),
    "body-too-slow": (N_("The upload took too long."), _AGAIN),
    "unreachable": (N_("The service that does the work does not answer."), _AGAIN),
    "garbled": (
        N_("The service gave an answer that cannot be read."),
        N_("Please try again; if it stays, app and service are of different versions."),
    ),
    "catalogue-busy": (N_("The catalogue is being written just now."), _AGAIN),
    "catalogue-missing": (
        N_("The shop has no catalogue yet."),
        N_("Import a feed on the catalogue page."),
    ),
    "index-missing": (
        N_("The shop's catalogue cannot be searched yet."),
        N_("Import a feed on the catalogue page."),
    ),
    "index-mismatch": (
        N_("The shop's catalogue was prepared with another model."),
        _MENDED,
    ),
    "index-foreign": (
        N_("The shop's catalogue and its index do not belong together."),
        N_("Please tell whoever runs this app: `recommender doctor` says how to mend it."),
    ),
    "database-busy": (N_("The catalogue is being written just now."), _AGAIN),
    "index-unreachable": (N_("The shop's catalogue is away for the moment."), _AGAIN),
    "item-not-found": (
        N_("The shop no longer has this item."),
        N_("Please choose another one."),
    ),
    "index-damaged": (
        N_("The shop's catalogue cannot be searched: its index is damaged."),
        _MENDED,
    ),
    "import-not-found": (N_("This import is no longer known."), N_("Reload the page.")),
    "imports-full": (N_("Several imports are waiting already."), _AGAIN),
    "look-not-found": (N_("This look is no longer saved."), N_("Reload the page.")),
    "share-not-found": (
        N_("This look is no longer shared."),
        N_("Shared looks expire after a while, and whoever shared one can take it back."),
    ),
    "key-missing": (N_("This needs a key that the app does not have."), _ADMIN),
    "key-invalid": (N_("The app's key is not accepted."), _ADMIN),
    "scope": (N_("The app's key does not allow this."), _ADMIN),
    "internal": (N_("Something went wrong on the server."), _AGAIN),
}
"""The problem's name -> what is wrong, and what to do next; to be said."""
_PLAINER: Final = frozenset(
    {"photo-not-found", "item-not-found", "share-not-found", "key-missing", "key-invalid", "scope"}
)
"""Problems whose own words speak to whoever writes software."""


def problem(answer: Problem) -> tuple[str, str]:
    """Return a problem for a person: what is wrong, and what to do next.

    Where English is spoken, what the service says is shown: it is more exact.
    """
    name = answer.type.removeprefix(_TYPE)
    if name in _SAID and (language() != "en" or name in _PLAINER):
        what, then = _SAID[name]
        return say(what), say(then)
    if name == "feed-rejects":
        then = say("Mend the rows, or tick “{box}”.")
        return say("Too many rows of the feed are bad; none was imported."), then.format(
            box=say("Go on however many rows have to be left out")
        )
    if answer.errors:
        return answer.title, "; ".join(each.message for each in answer.errors)
    wanted = f"It has to be {answer.expected}. " if answer.status in {413, 415} else ""
    return _sentence(answer.what or answer.title), f"{wanted}{answer.next_step or answer.detail}"


def _sentence(text: str) -> str:
    text = text.strip()
    whole = f"{text[:1].upper()}{text[1:]}"
    return whole if not whole or whole[-1] in ".!?" else f"{whole}."
