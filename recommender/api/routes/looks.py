"""The routes of looks that are shared, saved or taken along: product ids, and what is worn if wished."""

from __future__ import annotations

import io
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response
from PIL import Image

from index.model.items import CatalogItem
from recommender import serializers
from recommender.api.http import people_serializers
from recommender.api.http.backend import Backend, BackendOf
from recommender.api.http.bodies import read_body
from recommender.api.http.documents import files, json_body, problems
from recommender.api.routes.people import Person
from recommender.outfits import exporting
from recommender.outfits.look import totals
from recommender.outfits.speech import say
from recommender.people import shares
from recommender.wire import look_shapes as shapes
from recommender.wire import people_shapes
from recommender.wire.nouns import NAMED

router = APIRouter(prefix="/v1", tags=["looks"])

KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
}

Token = Annotated[
    str,
    Path(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        examples=[shapes.SHARE_EXAMPLE["token"]],
    ),
]
Number = Annotated[int, Path(ge=1, le=2**53, examples=[12])]


async def _share(request: Request) -> shapes.ShareBody:
    return (await read_body(request, shapes.ShareBody, 0)).query


async def _export(request: Request) -> shapes.ExportBody:
    return (await read_body(request, shapes.ExportBody, 0)).query


@router.post(
    "/shares",
    summary="Share a look",
    status_code=201,
    openapi_extra=json_body(shapes.ShareBody),
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
def share(
    body: Annotated[shapes.ShareBody, Depends(_share)], backend: BackendOf
) -> shapes.ShareAnswer:
    """Put a look behind a token; whoever knows it sees the items until it expires."""
    made = backend.shop.shares.share(body.skus, backend.worn(body))
    return shapes.ShareAnswer(token=made.token, expires_at=made.expires_at)


@router.get("/shares/{token}", summary="A shared look", responses=problems(404, 422, 503))
def shared(token: Token, backend: BackendOf) -> shapes.SharedLook:
    """Return the items of a shared look as the catalogue has them now."""
    found = backend.shop.shares.show(token)
    return shapes.SharedLook(
        items=[serializers.item(item) for item in found.items],
        missing=list(found.missing),
        totals=totals(found.items),
        expires_at=found.expires_at,
        worn=people_serializers.worn(found.worn),
    )


@router.delete("/shares/{token}", summary="Stop sharing a look", responses=problems(422, 503))
def unshare(token: Token, backend: BackendOf) -> shapes.Unshared:
    """Delete a shared look for good."""
    return shapes.Unshared(deleted=backend.shop.shares.unshare(token))


@router.get(
    "/people/{person}/looks", summary="The looks a person saved", responses=problems(422, 503)
)
def saved(person: Person, backend: BackendOf) -> shapes.SavedLooks:
    """Return a person's saved looks, the newest first, as the catalogue has their items now."""
    return shapes.SavedLooks(
        looks=[
            shapes.SavedLook(
                id=look.number,
                at=look.at,
                items=[serializers.item(item) for item in look.items],
                missing=list(look.missing),
                totals=totals(look.items),
                prices=people_serializers.prices(look.feedback),
                worn=people_serializers.worn(look.feedback.worn),
            )
            for look in backend.shop.people.looks(person)
        ]
    )


@router.delete(
    "/people/{person}/looks/{look}",
    summary="Delete a saved look",
    responses=problems(404, 422, 503),
)
def unsave(person: Person, look: Number, backend: BackendOf) -> people_shapes.Undone:
    """Delete a look that a person saved; their style follows."""
    return people_shapes.Undone(
        undone=people_serializers.feedback_answer(backend.shop.people.unsave(person, look))
    )


@router.post(
    "/looks/export",
    summary="A look as a file",
    response_class=Response,
    openapi_extra=json_body(shapes.ExportBody),
    responses=files(*KINDS.values()) | problems(400, 404, 408, 413, 415, 422, 503),
)
async def export(
    body: Annotated[shapes.ExportBody, Depends(_export)], backend: BackendOf
) -> Response:
    """Return a look as a table, as JSON or as a collage of its pictures."""
    return await backend.questions.run(partial(_exported, body, backend))


def _exported(body: shapes.ExportBody, backend: Backend) -> Response:
    items = [backend.shop.item(sku) for sku in shares.checked(body.skus)]
    return Response(
        _file(body, items, backend),
        media_type=KINDS[body.format],
        headers={"Content-Disposition": f'attachment; filename="look.{body.format}"'},
    )


def _file(body: shapes.ExportBody, items: list[CatalogItem], backend: Backend) -> bytes:
    rows = [serializers.item(item) for item in items]
    if body.format == "csv":
        return exporting.as_csv(rows)
    if body.format == "json":
        return exporting.as_json(rows)
    worn = [
        (say(NAMED[each.category]).capitalize(), Image.open(io.BytesIO(each.picture)))
        for each in backend.worn(body)
    ]
    return exporting.as_png(rows, _pictures(items, backend), worn)


def _pictures(items: list[CatalogItem], backend: Backend) -> dict[str, Image.Image]:
    """Return the pictures that are there; our own files, written by an import."""
    found: dict[str, Image.Image] = {}
    for item in items:
        path = backend.shop.images.path_of(item.image)
        if path.is_file():
            found[item.sku] = Image.open(io.BytesIO(path.read_bytes()))
    return found
