"""What can be measured: anything that finds garments in a photo."""

from __future__ import annotations

from typing import Protocol

from segmentation.common.garments import Garments, Photo


class Segmenter(Protocol):
    """Whatever finds garments in a photo."""

    def segment(self, photo: Photo) -> Garments:
        """Return the garments worth reporting: what a user would see."""

    def segment_all(self, photo: Photo) -> Garments:
        """Return every guess with its score, however low."""
