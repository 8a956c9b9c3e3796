"""A model's calibration, a JSON file beside its weights -> its record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from segmentation.common.errors import WeightsError

Record = TypeVar("Record")


def folder_of(encoder: str) -> Path:
    """Return where the files of an encoder by this name lie, whether or not it is a folder."""
    return Path(encoder.removeprefix("local-dir:")).expanduser()


@dataclass(frozen=True)
class CalibrationFile(Generic[Record]):
    """How one kind of calibration file is read, and refused.

    Attributes:
        parse: a file's bytes -> its record, or pydantic's `ValidationError`.
        what: what is refused where it cannot be read.
        expected: what it should hold.
        next_step: what mends it; `{name}` and `{folder}` stand for the file's.
    """

    parse: Callable[[bytes], Record]
    what: str
    expected: str
    next_step: str

    def read(self, path: Path) -> Record | None:
        """Return what a file holds; None where there is none.

        Raises:
            WeightsError: the file is damaged.
        """
        try:
            return self.parse(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self.refused(path, error.strerror or str(error)) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"] if part != "[key]")
            raise self.refused(path, f"{where or 'the file'}: {first['msg']}") from error

    def read_for(self, path: Path, fingerprint: str) -> Record | None:
        """Return what a file holds for an encoder; None where there is none.

        Raises:
            WeightsError: the file is damaged, or was made for another encoder.
        """
        found = self.read(path)
        made_for = getattr(found, "fingerprint", "")
        if found is not None and made_for != fingerprint:
            raise self.refused(path, f"made for {made_for or 'no encoder'}, not for {fingerprint}")
        return found

    def refused(self, path: Path, got: str) -> WeightsError:
        """Return the refusal of a file, with what was found in it."""
        return WeightsError(
            self.what,
            got=f"{path}: {got}",
            expected=self.expected,
            next_step=self.next_step.format(name=path.name, folder=path.parent),
        )
