"""What the API refuses before any verb is asked.

segmentation.common.errors.Refusal
└── ApiRefusal
    ├── BodyTooLarge        more bytes than are read
    ├── BodyUnsupported     a content type that is not read
    ├── BodyMalformed       bytes that are not what their content type says
    ├── SampleNotFound      no sample outfit has this name
    ├── PictureMissing      an item's picture is gone from the disk
    ├── KeyMissing          keys are required, and none is presented
    ├── KeyInvalid          what is presented is no key, or no longer
    ├── ScopeMissing        the key, or who has none, may not do this
    ├── CrossSite           a page of another website asks for more than to read
    ├── TooManyRequests     the caller asks more often than anyone may
    ├── BodyTooSlow         it comes more slowly than any line that can be used
    ├── Busy                as many photos wait as may wait
    └── Gone                the client hung up; nobody hears this one
"""

from __future__ import annotations

from segmentation.common.errors import Refusal


class ApiRefusal(Refusal):
    """A request that is turned away at the door."""


class BodyTooLarge(ApiRefusal):  # a refusal, as its whole family
    """The request or its photo has more bytes than are read."""

    code = "too-large"

    @classmethod
    def of(cls, got: str, expected: str) -> BodyTooLarge:
        """Return the refusal for one size."""
        return cls(
            "the upload is too large",
            got=got,
            expected=expected,
            next_step="Save the photo smaller, for example as a JPEG of 2000 pixels.",
        )


class BodyUnsupported(ApiRefusal):
    """The request's content type is not read."""

    code = "body-unsupported"


class BodyMalformed(ApiRefusal):
    """The request's bytes are not what its content type says."""

    code = "body-malformed"

    @classmethod
    def of(cls, got: str, expected: str) -> BodyMalformed:
        """Return the refusal for a body that cannot be taken apart."""
        return cls(
            "the request's body cannot be read",
            got=got,
            expected=expected,
            next_step="See the examples in docs/api.md.",
        )


class SampleNotFound(ApiRefusal):
    """No sample outfit has this name."""

    code = "sample-not-found"


class PictureMissing(ApiRefusal):
    """An item's picture is gone from the disk."""

    code = "picture-missing"


class KeyMissing(ApiRefusal):
    """Keys are required, and none is presented."""

    code = "key-missing"

    @classmethod
    def of(cls) -> KeyMissing:
        """Return the refusal."""
        return cls(
            "a key is required",
            got="none",
            expected="the header `Authorization: Bearer KEY` or `X-API-Key: KEY`",
            next_step="Ask whoever runs the server for a key.",
        )


class KeyInvalid(ApiRefusal):
    """What is presented is no key, or no longer. The answer does not say which: nobody is to learn ids."""

    code = "key-invalid"

    @classmethod
    def of(cls) -> KeyInvalid:
        """Return the refusal; what was presented is not in it."""
        return cls(
            "the key is not valid",
            got="a key that is unknown, incomplete or revoked",
            expected="a key as `recommender keys create` printed it",
            next_step="Ask whoever runs the server for another.",
        )


class ScopeMissing(ApiRefusal):
    """The key does not allow this, or who has none may not do it from where they are."""

    code = "scope"


class CrossSite(ApiRefusal):
    """A browser says that a page of another website asks for more than to read."""

    code = "cross-site"

    @classmethod
    def of(cls, got: str) -> CrossSite:
        """Return the refusal; `got` is what the browser sent."""
        return cls(
            "pages of other websites may change nothing here",
            got=got,
            expected="a request from this server's own pages, or from a program that is no browser",
            next_step="Let the server of your website ask, not the page in a visitor's browser.",
        )


class TooManyRequests(ApiRefusal):
    """The caller asks more often than anyone may.

    Attributes:
        retry_after_s: seconds until the next request is let in.
    """

    code = "too-many-requests"

    retry_after_s: int = 1

    @classmethod
    def of(cls, limit: int, retry_after_s: int) -> TooManyRequests:
        """Return the refusal of a request beyond `limit`."""
        result = cls(
            "there are too many requests",
            got=f"more than {limit} in the time they are counted for",
            expected=f"at most {limit}",
            next_step=f"Try again in {retry_after_s} seconds.",
        )
        result.retry_after_s = retry_after_s
        return result


class BodyTooSlow(ApiRefusal):
    """A request's body comes too slowly, as a whole."""

    code = "body-too-slow"


class Busy(ApiRefusal):
    """As many requests wait as may wait.

    Attributes:
        retry_after_s: seconds until there is likely to be room.
    """

    code = "busy"

    retry_after_s: int = 1

    @classmethod
    def of(cls, before: int, room: int, retry_after_s: int) -> Busy:
        """Return the refusal where all `room` places are taken."""
        busy = cls(
            "too many requests are waiting",
            got=f"{before} before this one",
            expected=f"fewer than {room}",
            next_step=f"Try again in {retry_after_s} seconds.",
        )
        busy.retry_after_s = retry_after_s
        return busy


class Gone(ApiRefusal):
    """The client hung up before its request was worked on."""

    code = "gone"

    @classmethod
    def of(cls) -> Gone:
        """Return the refusal; it ends the work, and is written to nobody."""
        return cls(
            "the client is gone",
            got="a closed connection",
            expected="one that is held until the answer",
            next_step="Ask again.",
        )
