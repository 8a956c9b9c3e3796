"""What the recommender refuses beyond what the rooms below it do.

segmentation.common.errors.Refusal
├── RequestError            a request asks for what cannot be: no such garment, no words
├── LookNotFound            a person saved no look under a number
├── ImportNotFound          no import has a name, or no longer
├── KeyReused               an idempotency key came with another body
├── KeyUnderWay             what it came with is not answered yet
├── ImportFailed            an import was stopped, or met a fault of ours
├── ImportsFull             as many imports wait as may wait
├── EventsOff               clicks and purchases are not taken here
├── ShareNotFound           no look is shared under a token, or no longer
├── PhotoNotFound           no photo of this id is held, or no longer
├── PhotoNotFetched         a photo's address may not be read, or cannot be
├── SettingsError           settings are wrong; all of them are reported at once
├── IndexMissing            (index.errors)
│   └── CatalogMissing      there is no catalogue at all
└── ServiceNotReady         a server cannot be started, or ended
"""

from __future__ import annotations

from index.errors import IndexMissing
from segmentation.common.errors import Refusal


class RequestError(Refusal):
    """A request names something that is not there, or leaves out what it needs."""

    code = "request"


class PhotoNotFound(Refusal):
    """No photo of this id is held in memory, or no longer."""

    code = "photo-not-found"


class PhotoNotFetched(Refusal):
    """A photo's address may not be read from here, or there is no photo to be had there."""

    code = "photo-not-fetched"


class LookNotFound(Refusal):
    """A person saved no look under a number."""

    code = "look-not-found"


class ImportNotFound(Refusal):
    """No import has a name, or no longer."""

    code = "import-not-found"


class KeyReused(Refusal):
    """An idempotency key came before, with another body."""

    code = "key-reused"

    @classmethod
    def of(cls) -> KeyReused:
        """Return the refusal."""
        return cls(
            "this idempotency key belongs to another request",
            got="another body than the one it came with first",
            expected="the same body, or a new key",
            next_step="Send it with a new Idempotency-Key.",
        )


class KeyUnderWay(Refusal):
    """What an idempotency key came with is not answered yet."""

    code = "key-under-way"

    @classmethod
    def of(cls) -> KeyUnderWay:
        """Return the refusal."""
        return cls(
            "the request with this idempotency key is under way",
            got="the same key again before its answer",
            expected="to wait for the answer; one whose server died is free again after ten minutes",
            next_step="Send the same again in a moment.",
        )


class ImportFailed(Refusal):
    """An import was stopped, or met what nobody expected."""

    code = "import-failed"


class ImportsFull(Refusal):
    """As many imports wait as may wait."""

    code = "imports-full"


class EventsOff(Refusal):
    """What buyers did is not taken here."""

    code = "events-off"

    @classmethod
    def of(cls) -> EventsOff:
        """Return the refusal."""
        return cls(
            "clicks, carts and purchases are not taken here",
            got="events, which are switched off",
            expected="a server whose operator has switched them on",
            next_step="Start it with RECOMMENDER_EVENTS=true; docs/privacy.md says what is kept.",
        )


class ShareNotFound(Refusal):
    """No look is shared under a token, or no longer."""

    code = "share-not-found"


class SettingsError(Refusal):
    """Settings are wrong; the message holds all of them."""

    code = "settings"


class CatalogMissing(IndexMissing):
    """Nothing was ever imported here."""

    code = "catalogue-missing"


class ServiceNotReady(Refusal):
    """A server cannot be started, ended by itself, or does not answer."""

    code = "service"
