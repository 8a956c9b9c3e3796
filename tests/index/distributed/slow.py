"""A workbench that takes its time and leaves marks, for workers in other processes."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.importing.encoding import Workbench
from segmentation.common.garments import Rgb
from tests.fakes import FakeCutter, FakeEncoder


@dataclass
class SlowEncoder(FakeEncoder):
    """Marks where a batch is begun and ended, and sleeps in between."""

    marks: Path = field(default=Path())
    seconds: float = 0.0

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        import ray

        node = ray.get_runtime_context().get_node_id()
        mark = self.marks / f"{node}-{os.getpid()}-{uuid.uuid4().hex}"
        mark.touch()
        time.sleep(self.seconds)
        rows = super().encode_images(images_rgb)
        mark.rename(mark.with_suffix(".ended"))
        return rows


@dataclass(frozen=True)
class SlowRecipe:
    """Makes it. `marks` is a folder that the test and all local nodes see."""

    marks: Path
    seconds: float = 0.3
    fingerprint: str = "fake-1"

    def __call__(self) -> Workbench:
        encoder = SlowEncoder(self.fingerprint, marks=self.marks, seconds=self.seconds)
        return Workbench(FakeCutter(), encoder)


def begun(marks: Path, node: str) -> list[str]:
    """Return the marks of batches that a node began and has not ended."""
    return sorted(p.name for p in marks.glob(f"{node}-*") if p.suffix != ".ended")


def ended(marks: Path, node: str = "*") -> list[str]:
    """Return the marks of batches that a node ended."""
    return sorted(path.name for path in marks.glob(f"{node}-*.ended"))
