"""On the wire: a photo that the service holds for a visit, and corrections of what was found in it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from recommender.wire.shapes import (
    GARMENT_EXAMPLE,
    MS_EXAMPLE,
    WEARER_EXAMPLE,
    GarmentsAnswer,
    example,
)
from segmentation.common.taxonomy import Category

PHOTO_EXAMPLE: Final[dict[str, Any]] = {
    "id": "dW5ndWVzc2FibGUtbmFtZQ",
    "expires_at": "2026-03-01T12:15:00Z",
    "width": 800,
    "height": 1200,
    "garments": [GARMENT_EXAMPLE],
    "wearers": [WEARER_EXAMPLE],
    "ms": MS_EXAMPLE,
}


Box = Annotated[
    list[float],
    Field(
        min_length=4, max_length=4, description="Left, top, right, bottom in the photo's pixels."
    ),
]


class PhotoAnswer(GarmentsAnswer):
    """A photo held in memory, with its garments as they stand: found, and corrected by hand."""

    model_config = example(PHOTO_EXAMPLE)
    id: Annotated[str, Field(description="Names the photo; whoever knows it may use it.")]
    expires_at: Annotated[datetime, Field(description="When it is gone unless it is used again.")]
    frame: Annotated[
        list[int] | None,
        Field(
            description="Where in a screenshot that was sent with `crop` the photo lies: left, top, "
            "right, bottom in pixels. All else is said in pixels of that photo. Null where it is all "
            "of what was sent."
        ),
    ] = None


class GarmentBody(BaseModel):
    """A garment that was missed."""

    model_config = example({"box": [112.0, 180.5, 398.0, 604.5], "category": "jacket"})
    box: Box
    category: Category


class BoxBody(BaseModel):
    """A box around a garment."""

    model_config = example({"box": [112.0, 180.5, 398.0, 604.5]})
    box: Box


class LikelyKind(BaseModel):
    """What the garment in a box may be."""

    model_config = example({"category": "jacket", "share": 0.81})
    category: Category
    share: Annotated[float, Field(ge=0, le=1, description="Those of all kinds add up to 1.")]


class KindsAnswer(BaseModel):
    """What the garment in a box may be."""

    model_config = example({"kinds": [{"category": "jacket", "share": 0.81}]})
    kinds: Annotated[list[LikelyKind], Field(description="All kinds, the likeliest first.")]


class KindBody(BaseModel):
    """What a garment is."""

    model_config = example({"category": "coat"})
    category: Category


class PhotoDeleted(BaseModel):
    """Whether there was such a photo; it is gone either way."""

    model_config = example({"deleted": True})
    deleted: bool
