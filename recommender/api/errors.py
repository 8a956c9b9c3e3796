"""What the API refuses before any verb is asked.

segmentation.errors.Refusal
└── ApiRefusal
    ├── BodyTooLarge        more bytes than are read
    ├── BodyUnsupported     a content type that is not read
    ├── BodyMalformed       bytes that are not what their content type says
    ├── SampleNotFound      no sample outfit has this name
    ├── PictureMissing      an item's picture is gone from the disk
    └── Busy                as many photos wait as may wait
"""

from __future__ import annotations

from segmentation.errors import Refusal


class ApiRefusal(Refusal):
    """A request that is turned away at the door."""


class BodyTooLarge(ApiRefusal):  # a refusal, as its whole family
    """The request or its photo has more bytes than are read."""

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


class BodyMalformed(ApiRefusal):
    """The request's bytes are not what its content type says."""

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


class PictureMissing(ApiRefusal):
    """An item's picture is gone from the disk."""


class Busy(ApiRefusal):
    """As many photos wait as may wait."""
