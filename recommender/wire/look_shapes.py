"""On the wire: what completes an outfit, and looks that are shared, saved or taken along.

The latter are product ids, and what is worn if wished.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from index.model.items import Audience
from recommender.wire.queries import Sku
from recommender.wire.shapes import ITEM_EXAMPLE, Garment, Item, Milliseconds, Money, example
from recommender.wire.terms import MAX_LOOK, Fact, Gain, Idea, Occasion
from recommender.wire.worn_shapes import PRICE_EXAMPLE, WORN_EXAMPLE, Prices, WithWorn, Worn
from segmentation.common.taxonomy import Slot

PICK_EXAMPLE: Final[dict[str, Any]] = {
    "sku": "B-0042",
    "score": 0.7421,
    "why": [
        {"fact": "formality", "text": "as smart as your navy jacket"},
        {"fact": "price", "text": "99.00 EUR, down from 129.00"},
    ],
    "item": ITEM_EXAMPLE,
}
CHANGE_EXAMPLE: Final[dict[str, Any]] = {
    "gain": "dress_up",
    "replaced": [3],
    "replaced_skus": [],
    "by": ["shoes"],
    "text": "Leather ankle boots in place of the white shoes: smart enough for the evening.",
}
CONTEXT_EXAMPLE: Final[dict[str, Any]] = {
    "text": "work, mild day",
    "formality": 1.8,
    "temperature_c": 18.0,
    "occasion": "work",
    "audience": "women",
    "read": ["audience", "temperature_c"],
}
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


class Why(BaseModel):
    """One reason."""

    model_config = example({"fact": "formality", "text": "as smart as your navy jacket"})
    fact: Annotated[Fact, Field(description="What it is about.")]
    text: Annotated[str, Field(description="A clause as a person would say it.")]


class Suggestion(BaseModel):
    """An item for a slot, and why."""

    model_config = example(PICK_EXAMPLE)
    sku: str
    score: Annotated[float, Field(ge=0, le=1, description="Comparable within one slot only.")]
    why: Annotated[list[Why], Field(description="Reasons, the one that says most first.")]
    item: Item


class Change(BaseModel):
    """One or two pieces of an outfit replaced."""

    model_config = example(CHANGE_EXAMPLE)
    gain: Annotated[Gain, Field(description="What for.")]
    replaced: Annotated[list[int], Field(description="Numbers of the garments that go.")]
    replaced_skus: Annotated[list[str], Field(description="Of `picked`, those that go.")]
    by: Annotated[list[Slot], Field(description="Which of the look's picks take their place.")]
    text: Annotated[str, Field(description="What is replaced by what, and what is gained.")]


class LookAnswer(BaseModel):
    """An outfit: what is worn and stays, and what is proposed, chosen together."""

    model_config = example(
        {
            "picks": {"shoes": PICK_EXAMPLE},
            "score": 0.7421,
            "totals": {"EUR": "99.00"},
            "reason": "",
            "worn": [0],
            "idea": "neutral",
            "change": None,
        }
    )
    picks: dict[Slot, Suggestion]
    score: Annotated[float, Field(ge=0, le=1)]
    totals: Annotated[dict[str, Money], Field(description="Currency -> what the look costs.")]
    reason: Annotated[str, Field(description="Why there are no picks; empty where there are.")]
    worn: Annotated[list[int], Field(description="Numbers of the garments that stay.")] = []
    idea: Annotated[
        Idea | None, Field(description="What its new colours are about; null where nothing tells.")
    ] = None
    change: Annotated[
        Change | None, Field(description="What it replaces of an outfit; null where it adds.")
    ] = None


class ContextAnswer(BaseModel):
    """What the outfit is worn for."""

    model_config = example(CONTEXT_EXAMPLE)
    text: Annotated[str, Field(description="In words, such as `smart, mild day`.")]
    formality: Annotated[
        float, Field(description="The grade that new pieces should have: 0 sport to 3 formal.")
    ]
    temperature_c: Annotated[float, Field(description="Of the day.")]
    occasion: Annotated[Occasion | None, Field(description="As asked; null where nobody asked.")]
    audience: Annotated[
        Audience | None, Field(description="Whose items are proposed; null where it is open.")
    ]
    read: Annotated[
        list[str], Field(description="Which of these were read off the outfit, not asked for.")
    ]


class CompletionAnswer(BaseModel):
    """What completes an outfit: whole looks, and the suggestions of each slot."""

    model_config = ConfigDict(extra="forbid")
    width: Annotated[int | None, Field(description="Of the photo; null where there was none.")]
    height: int | None
    garments: list[Garment]
    looks: Annotated[list[LookAnswer], Field(description="Best first, at least one.", min_length=1)]
    slots: Annotated[
        dict[Slot, list[Suggestion]], Field(description="Wanted slot -> items, best first.")
    ]
    notes: Annotated[dict[Slot, str], Field(description="Wanted slot -> why it is empty.")]
    ms: Milliseconds
    context: Annotated[
        ContextAnswer | None, Field(description="What it is worn for; null without an outfit.")
    ] = None
    is_complete: Annotated[
        bool, Field(description="Nothing essential is missing, so the looks are changes.")
    ] = False
    told: Annotated[str, Field(description="What to know of the answer; often empty.")] = ""


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
