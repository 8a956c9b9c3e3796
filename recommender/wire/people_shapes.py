"""What the routes of personal style read and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field, StringConstraints

from recommender.wire.queries import TEXT
from recommender.wire.shapes import Money, example
from recommender.wire.terms import MAX_LOOK, EventKind, Verdict
from recommender.wire.worn_shapes import Prices, WithWorn, Worn
from segmentation.common.taxonomy import Category, Slot

TOLD_EXAMPLE: Final[dict[str, Any]] = {
    "verdict": "like",
    "skus": ["B-0042"],
    "at": "2026-03-01T12:00:00Z",
    "prices": {},
    "worn": [],
}
PRICES_EXAMPLE: Final[dict[str, Any]] = {
    "category": "shoe",
    "currency": "EUR",
    "low": "71.40",
    "high": "158.90",
}
STYLE_EXAMPLE: Final[dict[str, Any]] = {
    "told": 1,
    "slots": {"shoes": {"sureness": 0.3333, "items": [{"sku": "B-0042", "weight": 1.0}]}},
    "colours": {"black": 1.0},
    "kinds": {"shoe": 1.0},
    "prices": [PRICES_EXAMPLE],
    "missing": [],
    "note": "",
}

Sku = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=TEXT)]


class FeedbackBody(BaseModel):
    """A word on one item."""

    model_config = example({"sku": "B-0042", "verdict": "like"})
    sku: Sku
    verdict: Literal["like", "dislike"]


class LookBody(WithWorn):
    """A look that is saved."""

    model_config = example({"skus": ["B-0042", "N-0002"]})
    skus: Annotated[list[Sku], Field(min_length=1, max_length=MAX_LOOK)]


class Told(BaseModel):
    """One feedback of a person."""

    model_config = example(TOLD_EXAMPLE)
    verdict: Verdict
    skus: list[str]
    at: datetime
    prices: Prices
    worn: Worn


class Undone(BaseModel):
    """What was taken back; null where there was nothing."""

    model_config = example({"undone": TOLD_EXAMPLE})
    undone: Told | None


class Forgotten(BaseModel):
    """How many feedbacks a person had given; none of them is kept."""

    model_config = example({"forgotten": 12})
    forgotten: int


class Pulling(BaseModel):
    """An item with feedback, and what time has left of it: likes above 0, dislikes below."""

    model_config = example({"sku": "B-0042", "weight": 0.5})
    sku: str
    weight: float


class BelievedSlot(BaseModel):
    """What is believed of one slot."""

    model_config = example(STYLE_EXAMPLE["slots"]["shoes"])
    sureness: Annotated[float, Field(ge=0, le=1, description="0 for a stranger, towards 1.")]
    items: Annotated[list[Pulling], Field(description="The strongest first.")]


class PriceRange(BaseModel):
    """What a person would pay for a kind."""

    model_config = example(PRICES_EXAMPLE)
    category: Category
    currency: str
    low: Money
    high: Money


class StyleAnswer(BaseModel):
    """What follows from feedback."""

    model_config = example(STYLE_EXAMPLE)
    told: int
    slots: dict[Slot, BelievedSlot]
    colours: Annotated[dict[str, float], Field(description="Of liked items, with their weights.")]
    kinds: dict[Category, float]
    prices: list[PriceRange]
    missing: Annotated[list[str], Field(description="Skus that the catalogue no longer has.")]
    note: str


class Did(BaseModel):
    """What a person did with an item, where the shop said so."""

    model_config = example({"kind": "cart", "sku": "B-0042", "at": "2026-03-01T12:00:00Z"})
    kind: EventKind
    sku: str
    at: datetime


class PersonAnswer(BaseModel):
    """All that is kept of a person, and what follows from it."""

    model_config = example(
        {"person": "p-42", "told": [TOLD_EXAMPLE], "did": [], "style": STYLE_EXAMPLE}
    )
    person: str
    told: list[Told]
    did: list[Did] = []
    style: StyleAnswer
