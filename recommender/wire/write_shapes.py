"""Items as a shop writes them one by one, and what became of each."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from recommender.wire.shapes import Item
from recommender.wire.state_shapes import Problem

MAX_LINES: Final = 1000
MAX_BULK_MB: Final = 8
Text = Annotated[str, Field(max_length=2000)]
Money = Annotated[str | Decimal | int, Field(description="As in a feed: `49.90`, `49,90 €`.")]


class ItemChange(BaseModel):
    """Fields of an item that change; an empty text empties its field."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"price": "39.90", "availability": "in stock"}},
    )

    title: Annotated[str, Field(max_length=500)] | None = None
    description: Annotated[str, Field(max_length=100_000)] | None = None
    brand: Text | None = None
    price: Money | None = None
    currency: Annotated[str, Field(max_length=20)] | None = None
    sale_price: Money | None = None
    availability: (
        Annotated[
            str | int | bool,
            Field(description="A word, a number of pieces, or whether it is there."),
        ]
        | None
    ) = None
    audience: Text | None = None
    colour: Text | None = None
    second_colour: Text | None = None
    pattern: Text | None = None
    material: Text | None = None
    sleeve: Text | None = None
    length: Text | None = None
    sizes: Annotated[list[Text], Field(max_length=100)] | None = None
    link: Text | None = None
    group: Text | None = None

    def sent_fields(self) -> dict[str, Any]:
        """Return the fields that were sent, as a feed would have them."""
        fields = self.model_dump(exclude_unset=True)
        return {name: _plain(value) for name, value in fields.items()}


class ItemWrite(ItemChange):
    """A whole item; what is not sent is empty."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "title": "Linen dress", "category": "dress", "price": "89.90", "currency": "EUR",
                "image": "https://cdn.shop.example/linen-dress.jpg",
            }
        },
    )  # fmt: skip

    category: (
        Annotated[
            str, Field(max_length=1000, description="The garment, or a path that ends with it.")
        ]
        | None
    ) = None
    image: (
        Annotated[
            str,
            Field(max_length=2000, description="The picture's address, where fetching is allowed."),
        ]
        | None
    ) = None
    more_images: Annotated[list[Text], Field(max_length=20)] | None = None


class Written(BaseModel):
    """What became of an item that was written."""

    sku: str
    result: Annotated[
        Literal["added", "changed", "unchanged", "removed", "refused"],
        Field(description="In a dry run, what would become of it."),
    ]
    item: Annotated[Item | None, Field(description="As the catalogue has it now.")] = None
    warnings: Annotated[list[str], Field(description="What was left out or read otherwise.")] = []
    problem: Problem | None = None


class BulkAnswer(BaseModel):
    """One entry a line, in order."""

    results: list[Written]
    dry_run: bool = False


class RemovedAnswer(BaseModel):
    """What was taken out."""

    removed: list[str]
    dry_run: bool = False


def _plain(value: Any) -> Any:
    """Return a value as a feed has it: truth values are words."""
    return str(value).lower() if isinstance(value, bool) else value
