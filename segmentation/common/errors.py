"""What can be refused, and how a refusal reads.

    Refusal                     something the user can mend
    ├── PhotoError              the bytes are no photo we accept
    ├── DatasetError            a folder is not in a layout we read
    └── WeightsError            weights are missing, damaged or made for another model

`index` and `recommender` add their own branches to the same tree.
"""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  # it names what happens, as its whole family does
    """A request that cannot be served as it is, told so that its sender can mend it.

    Args:
        what: what was refused, in one clause.
        got: what was found.
        expected: what would have been accepted.
        next_step: what the reader can do now.
    """

    def __init__(self, what: str, *, got: str, expected: str, next_step: str) -> None:
        self.what, self.got, self.expected, self.next_step = what, got, expected, next_step
        super().__init__(f"{what}: got {got}; expected {expected}. {next_step}")

    def __reduce__(self) -> tuple[object, ...]:
        """Let a refusal cross a process boundary with its four parts."""
        return _rebuild, (type(self), self.what, self.got, self.expected, self.next_step)


def _rebuild(kind: type[Refusal], what: str, got: str, expected: str, next_step: str) -> Refusal:
    return kind(what, got=got, expected=expected, next_step=next_step)


class PhotoError(Refusal):
    """The bytes are not a photo that is accepted here.

    `unsupported` tells a format that is not on the allow-list (HTTP 415) from bytes of an
    accepted format that cannot be used (HTTP 422).
    """

    @property
    def unsupported(self) -> bool:
        """Whether the format itself is refused."""
        return self.what == UNSUPPORTED_FORMAT


UNSUPPORTED_FORMAT = "the picture's format is not accepted"


class DatasetError(Refusal):
    """A data folder does not have the layout that its reader expects."""


class WeightsError(Refusal):
    """Weights are missing, damaged, or belong to another architecture."""
