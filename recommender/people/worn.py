"""A worn piece that goes along with a look, where the person agreed: cut out of their photo."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.common.taxonomy import Category


@dataclass(frozen=True)
class WornPiece:
    """A garment of somebody's photo, alone.

    Attributes:
        category: what it is.
        picture: WebP, see-through where the garment is not; no other pixel of the photo is in it.
    """

    category: Category
    picture: bytes
