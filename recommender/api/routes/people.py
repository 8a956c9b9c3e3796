"""The routes of personal style: a person's feedback, what follows from it, and forgetting.

An id is the client's own; whoever reaches this API may ask for any. Nothing is guessed of a person.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel

from recommender.api.http import people_serializers as serializers
from recommender.api.http.asked import asked_now
from recommender.api.http.backend import BackendOf
from recommender.api.http.bodies import JSON, read_body
from recommender.api.http.documents import problems
from recommender.wire import people_shapes as shapes
from recommender.wire.terms import Verdict

router = APIRouter(prefix="/v1/people", tags=["people"])

Person = Annotated[
    str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$", examples=["p-42"])
]


async def _word(request: Request) -> shapes.FeedbackBody:
    return (await read_body(request, shapes.FeedbackBody, 0)).query


async def _look(request: Request) -> shapes.LookBody:
    return (await read_body(request, shapes.LookBody, 0)).query


def _documented(model: type[BaseModel]) -> dict[str, Any]:
    content = {JSON: {"schema": model.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


@router.post(
    "/{person}/feedback",
    summary="Like or dislike",
    openapi_extra=_documented(shapes.FeedbackBody),
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
def feedback(
    person: Person, body: Annotated[shapes.FeedbackBody, Depends(_word)], backend: BackendOf
) -> shapes.Told:
    """Write down that a person likes or dislikes an item; the last word on an item counts."""
    return serializers.feedback_answer(
        backend.shop.people.tell(person, Verdict(body.verdict), [body.sku])
    )


@router.delete("/{person}/feedback/last", summary="Undo", responses=problems(422, 503))
def undo(person: Person, backend: BackendOf) -> shapes.Undone:
    """Take back a person's last feedback, be it of an item or of a look."""
    last = backend.shop.people.undo(person)
    return shapes.Undone(undone=None if last is None else serializers.feedback_answer(last))


@router.post(
    "/{person}/looks",
    summary="Save a look",
    openapi_extra=_documented(shapes.LookBody),
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
def save(
    person: Person, body: Annotated[shapes.LookBody, Depends(_look)], backend: BackendOf
) -> shapes.Told:
    """Write down that a person saved a look; each of its items counts as half a like.

    What its items cost today is kept with it, and what is `worn`, if the person agreed.
    """
    worn = backend.worn(body)
    return serializers.feedback_answer(
        backend.shop.people.tell(person, Verdict.SAVE, body.skus, worn)
    )


@router.get("/{person}", summary="What is believed of a person", responses=problems(422, 503))
def export(person: Person, backend: BackendOf) -> shapes.PersonAnswer:
    """Return all that is kept of a person, and what follows from it; empty for a stranger."""
    return serializers.person(backend.shop.people.export(person))


@router.delete("/{person}", summary="Forget a person", responses=problems(422, 503))
def forget(person: Person, backend: BackendOf) -> shapes.Forgotten:
    """Delete all of a person's feedback, for good; with a key to one catalogue, the feedback there."""
    asked = asked_now()
    here = bool(asked and asked.holder and asked.holder.catalogue)
    return shapes.Forgotten(forgotten=backend.shop.people.forget(person, here=here))
