"""The routes of clicks, carts and purchases: sent in batches, read as pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from recommender import serializers
from recommender.api.http.backend import BackendOf
from recommender.api.http.bodies import read_body
from recommender.api.http.documents import json_body, problems
from recommender.api.routes.shop.once import Key, once
from recommender.events.events import PAGE, Event
from recommender.wire.event_shapes import EventsAnswer, EventsBody, Taken

router = APIRouter(prefix="/v1/events", tags=["events"])


@router.post(
    "",
    summary="Tell clicks, carts and purchases",
    openapi_extra=json_body(EventsBody),
    response_model=Taken,
    responses=problems(400, 408, 409, 413, 415, 422, 503),
)
async def tell(request: Request, backend: BackendOf, key: Key = "") -> Response:
    """Write down what buyers did with items; those that the catalogue does not have are left out."""
    body = (await read_body(request, EventsBody, 0)).query
    events = [Event(each.kind, each.sku, each.answer, each.person) for each in body.events]

    def write() -> str:
        unknown = backend.shop.events.tell(events)
        taken = sum(each.sku not in unknown for each in events)
        return Taken(taken=taken, unknown=list(unknown)).model_dump_json()

    return await once(backend, key, body.model_dump_json().encode(), write)


@router.get("", summary="Clicks, carts and purchases", responses=problems(422, 503))
def events(
    backend: BackendOf,
    after: Annotated[int, Query(ge=0, le=2**62, description="Begin behind this number.")] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE, description="How many.")] = 100,
) -> EventsAnswer:
    """Return events in order, a page at a time."""
    found = backend.shop.events.page(after, limit)
    return EventsAnswer(
        events=[serializers.event(each) for each in found],
        next_after=found[-1].number if len(found) == limit else None,
    )
