"""On the wire: looks that are shared, saved or taken along: product ids, and what is worn if wished."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field

from recommender.wire.queries import Sku
from recommender.wire.shapes import ITEM_EXAMPLE, Item, Money, example
from recommender.wire.terms import MAX_LOOK
from recommender.wire.worn_shapes import PRICE_EXAMPLE, WORN_EXAMPLE, Prices, WithWorn, Worn

SHARE_EXAMPLE: Final[dict[str, Any]] = {
    "token": "dW5ndWVzc2FibGUtdG9rZW4",
    "expires_at": "2026-03-31T12:00:00Z",
}
SAVED_EXAMPLE: Final[dict[str, Any]] = {
    "id": 12,
    "at": "2026-03-01T12:00:00Z",
    "items": [ITEM_EXAMPLE],
    "missing": [],
    "totals": {"EUR": "99.00"},
    "prices": {ITEM_EXAMPLE["sku"]: PRICE_EXAMPLE},
    "worn": [],
}

Look = Annotated[list[Sku], Field(min_length=1, max_length=MAX_LOOK, examples=[["B-0042"]])]
Missing = Annotated[list[str], Field(description="Skus that the catalogue no longer has.")]
Totals = Annotated[dict[str, Money], Field(description="Currency -> what its items cost today.")]


class ShareBody(WithWorn):
    """A look to share."""

    model_config = example({"skus": ["B-0042", "N-0002"]})
    skus: Look


class ShareAnswer(BaseModel):
    """A shared look: whoever knows the token sees its items until it expires."""

    model_config = example(SHARE_EXAMPLE)
    token: str
    expires_at: datetime


class SharedLook(BaseModel):
    """The items of a shared look as the catalogue has them now, in order."""

    model_config = example(
        {
            "items": [ITEM_EXAMPLE],
            "missing": [],
            "totals": {"EUR": "99.00"},
            "expires_at": SHARE_EXAMPLE["expires_at"],
            "worn": [WORN_EXAMPLE],
        }
    )
    items: list[Item]
    missing: Missing
    totals: Totals
    expires_at: datetime
    worn: Worn


class Unshared(BaseModel):
    """Whether there was such a share; it is gone either way."""

    model_config = example({"deleted": True})
    deleted: bool


class SavedLook(BaseModel):
    """A look that a person saved, with its items as the catalogue has them now."""

    model_config = example(SAVED_EXAMPLE)
    id: int
    at: datetime
    items: list[Item]
    missing: Missing
    totals: Totals
    prices: Prices
    worn: Worn


class SavedLooks(BaseModel):
    """A person's saved looks, the newest first."""

    model_config = example({"looks": [SAVED_EXAMPLE]})
    looks: list[SavedLook]


class ExportBody(WithWorn):
    """A look to take along."""

    model_config = example({"skus": ["B-0042", "N-0002"], "format": "csv"})
    skus: Look
    format: Annotated[
        Literal["csv", "json", "png"],
        Field(
            description="A table, one JSON object, or a collage of the pictures, which alone shows "
            "what is worn."
        ),
    ]
