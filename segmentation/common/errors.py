"""What can be refused, and how a refusal reads.

    Refusal                     something the user can mend
    ├── PhotoError              the bytes are no photo we accept
    │   └── PhotoUnsupported    the format itself is refused
    ├── DatasetError            a folder is not in a layout we read
    ├── WeightsError            weights are missing, damaged or made for another model
    └── DeviceError             networks cannot run where they are to

`index` and `recommender` add their own branches to the same tree.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):  # noqa: N818  # it names what happens, as its whole family does
    """A request that cannot be served as it is, worded so that its sender can mend it.

    Args:
        what: what was refused, in one clause.
        got: what was found.
        expected: what would have been accepted.
        next_step: what the reader can do now.
    """

    code: ClassVar[str] = "refused"
    """Its name for programs; a class without its own answers to its parent's."""

    def __init__(self, what: str, *, got: str, expected: str, next_step: str) -> None:
        self.what, self.got, self.expected, self.next_step = what, got, expected, next_step
        super().__init__(f"{what}: got {got}; expected {expected}. {next_step}")

    def __reduce__(self) -> tuple[object, ...]:
        """Let a refusal cross a process boundary with its four parts."""
        return _rebuild, (type(self), self.what, self.got, self.expected, self.next_step)


def _rebuild(kind: type[Refusal], what: str, got: str, expected: str, next_step: str) -> Refusal:
    return kind(what, got=got, expected=expected, next_step=next_step)


class PhotoError(Refusal):
    """The bytes are not a photo that is accepted here."""

    code = "photo-unusable"


class PhotoUnsupported(PhotoError):  # noqa: N818  # a refusal, as its whole family
    """The bytes are in a format that is not on the allow-list."""

    code = "photo-unsupported"


class DatasetError(Refusal):
    """A data folder does not have the layout that its reader expects."""

    code = "dataset"


class WeightsError(Refusal):
    """Weights are missing, damaged, or belong to another architecture."""

    code = "weights"


class DeviceError(Refusal):
    """The device that networks are to run on is missing, or too small."""

    code = "device"
