"""On the wire: what is worn with a look, and what its items cost when it was saved."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, Field, model_validator

from recommender.wire.queries import PhotoId
from recommender.wire.shapes import Money, example
from recommender.wire.terms import MAX_LOOK
from segmentation.common.taxonomy import Category, Slot

WORN_EXAMPLE: Final[dict[str, Any]] = {
    "category": "jacket",
    "slot": "outer",
    "image": "data:image/webp;base64,UklGRg==",
}
PRICE_EXAMPLE: Final[dict[str, Any]] = {"price": "59.00", "currency": "EUR"}


class WithWorn(BaseModel):
    """A request that may name what is worn with a look: only where the person agreed to have it kept."""

    photo_id: Annotated[
        PhotoId | None,
        Field(description="The photo that `/v1/photos` holds; needed where anything is `worn`."),
    ] = None
    worn: Annotated[
        list[Annotated[int, Field(ge=0, le=1000)]],
        Field(
            max_length=MAX_LOOK,
            description="Numbers of the photo's garments that go along as small pictures of their "
            "own: send them only if the person agreed. None unless given.",
        ),
    ] = []

    @model_validator(mode="after")
    def _of_a_photo(self) -> Self:
        if self.worn and self.photo_id is None:
            raise ValueError("photo_id: got none; expected the photo whose garments are worn")
        return self


class WornPiece(BaseModel):
    """A garment that is worn with a look, cut out of a photo."""

    model_config = example(WORN_EXAMPLE)
    category: Category
    slot: Slot
    image: Annotated[str, Field(description="WebP as a data URL, see-through around the garment.")]


class SavedPrice(BaseModel):
    """What an item cost when its look was saved."""

    model_config = example(PRICE_EXAMPLE)
    price: Money
    currency: str


Worn = Annotated[
    list[WornPiece], Field(description="What is worn with it, where the person agreed.")
]
Prices = Annotated[
    dict[str, SavedPrice], Field(description="Sku -> what it cost when the look was saved.")
]
