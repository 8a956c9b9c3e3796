"""What fetching answers, and how it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_LONGEST: Final = 500
"""Characters of a validator that is worth keeping."""


class AddressRefused(ValueError):  # noqa: N818  # becomes a reject's reason
    """An address may not be read; the text says why, for the merchant."""


class FetchFailed(OSError):  # noqa: N818  # becomes a reject's reason
    """A picture could not be had; the text says why, for the merchant."""


@dataclass(frozen=True)
class Validators:
    """What a server gives to ask it later whether anything has changed; empty where it gave none."""

    etag: str = ""
    modified: str = ""

    @classmethod
    def of(cls, etag: str, modified: str) -> Validators:
        """Return those of a server's that can be sent back to it.

        >>> Validators.of("abc" * 1000, "Tue")
        Validators(etag='', modified='Tue')
        """
        usable = (value if _sendable(value) else "" for value in (etag, modified))
        return cls(*usable)

    def __bool__(self) -> bool:
        return bool(self.etag or self.modified)


NOTHING: Final = Validators()
"""Of a picture of which nothing is had."""


@dataclass(frozen=True)
class Answer:
    """What lies at an address.

    Attributes:
        data: the picture's bytes; None where it is unchanged.
        validators: to be given the next time.
    """

    data: bytes | None
    validators: Validators


def _sendable(value: str) -> bool:
    return len(value) <= _LONGEST and value.isascii() and value.isprintable()
