"""What the routes of clicks, carts and purchases read and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from recommender.wire.people_shapes import Sku
from recommender.wire.shapes import example
from recommender.wire.terms import MAX_EVENTS, EventKind

KEPT_EXAMPLE: Final[dict[str, Any]] = {
    "number": 1,
    "kind": "purchase",
    "sku": "B-0042",
    "answer": "4f0c62d1a9e30b77",
    "person": "",
    "at": "2026-03-01T12:00:00Z",
}


class EventBody(BaseModel):
    """One thing that a buyer did with an item."""

    model_config = example({"kind": "click", "sku": "B-0042", "answer": "4f0c62d1a9e30b77"})
    kind: EventKind
    sku: Sku
    answer: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9._-]{0,64}$",
            description="The `X-Request-ID` of the answer that showed the item.",
        ),
    ] = ""
    person: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9_-]{0,64}$",
            description="Who, by an id as in `/v1/people/{person}`; best left out.",
        ),
    ] = ""


class EventsBody(BaseModel):
    """Many of them at once."""

    model_config = example({"events": [{"kind": "click", "sku": "B-0042"}]})
    events: Annotated[list[EventBody], Field(min_length=1, max_length=MAX_EVENTS)]


class Taken(BaseModel):
    """What became of them."""

    model_config = example({"taken": 2, "unknown": ["B-9999"]})
    taken: int
    unknown: Annotated[list[str], Field(description="Skus that the catalogue does not have.")]


class KeptEvent(BaseModel):
    """An event as it is kept."""

    model_config = example(KEPT_EXAMPLE)
    number: int
    kind: EventKind
    sku: str
    answer: str
    person: str
    at: datetime


class EventsAnswer(BaseModel):
    """A page of events, in the order they were sent in."""

    model_config = example({"events": [KEPT_EXAMPLE], "next_after": 1})
    events: list[KeptEvent]
    next_after: Annotated[
        int | None, Field(description="The next page's `after`; null on the last.")
    ]
