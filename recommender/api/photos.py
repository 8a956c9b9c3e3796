"""The routes that take a photo: its garments, what completes it, what is like one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request

from recommender import complete, reading, similar
from recommender.api import answers
from recommender.api.backend import Backend, BackendOf, Shop
from recommender.api.bodies import Body, invalid, no_photo, read_body
from recommender.api.documents import documented, problems
from recommender.api.queries import CompleteQuery, GarmentsQuery, SimilarQuery
from recommender.api.shapes import CompletionAnswer, GarmentsAnswer, SimilarAnswer
from recommender.timing import Stopwatch
from segmentation.garments import Photo

router = APIRouter(prefix="/v1", tags=["photos"])


@router.post(
    "/garments",
    summary="The garments of a photo",
    openapi_extra=documented(GarmentsQuery, "required"),
    responses=problems(400, 413, 415, 422, 503),
)
async def garments(request: Request, backend: BackendOf) -> GarmentsAnswer:
    """Find every garment of a photo with its mask and attributes. None found is an empty list."""
    body = await read_body(request, GarmentsQuery, backend.shop.settings.max_bytes)
    return await backend.gate.run(partial(_garments, backend.shop, _photo(body), body.query))


@router.post(
    "/complete",
    summary="What completes the outfit of a photo",
    openapi_extra=documented(CompleteQuery, "required"),
    responses=problems(400, 404, 413, 415, 422, 503),
)
async def complete_photo(request: Request, backend: BackendOf) -> CompletionAnswer:
    """Propose items for the slots that the outfit lacks, and whole looks made of them."""
    body = await read_body(request, CompleteQuery, backend.shop.settings.max_bytes)
    return await backend.gate.run(partial(_complete, backend.shop, _photo(body), body.query))


@router.post(
    "/similar",
    summary="Items like a photo's garment, an item or words",
    openapi_extra=documented(SimilarQuery, "optional"),
    responses=problems(400, 404, 413, 415, 422, 503),
)
async def similar_to(request: Request, backend: BackendOf) -> SimilarAnswer:
    """Find similar items. Send exactly one of `photo`, `item` and `text`."""
    body = await read_body(request, SimilarQuery, backend.shop.settings.max_bytes)
    return await backend.gate.run(_similar(backend, body))


def _photo(body: Body[GarmentsQuery] | Body[CompleteQuery]) -> bytes:
    if body.photo is None:
        raise no_photo()
    return body.photo


def _decoded(shop: Shop, data: bytes, watch: Stopwatch) -> Photo:
    with watch.stage("decode"):
        return shop.decode(data)


def _garments(shop: Shop, data: bytes, query: GarmentsQuery) -> GarmentsAnswer:
    watch = Stopwatch()
    photo = _decoded(shop, data, watch)
    seen = reading.segment(photo, shop, everyone=query.everyone, watch=watch)
    described = reading.with_attributes(photo, seen, shop, watch)
    return answers.garments(photo, described.garments, described.ms)


def _complete(shop: Shop, data: bytes, query: CompleteQuery) -> CompletionAnswer:
    watch = Stopwatch()
    photo = _decoded(shop, data, watch)
    done = complete.complete(photo, shop, query.request(), watch=watch)
    return answers.completion(done, photo)


def _check_together(body: Body[SimilarQuery]) -> None:
    query = body.query
    given = sum(part is not None for part in (body.photo, query.item, query.text))
    if given != 1:
        told = f"Give exactly one of photo, item and text, not {given}"
        raise invalid([{"type": "one_of", "loc": ("body",), "msg": told}])
    for name, asked_for, needed, there in (
        ("garment", query.garment is not None, "the photo", body.photo is not None),
        ("everyone", query.everyone, "the photo", body.photo is not None),
        ("but", query.but is not None, "the photo or an item", query.text is None),
    ):
        if asked_for and not there:
            told = f"{name} needs {needed}"
            raise invalid([{"type": "needs", "loc": ("body", name), "msg": told}])


def _similar(backend: Backend, body: Body[SimilarQuery]) -> Callable[[], SimilarAnswer]:
    """Return the work that a request asks for.

    Raises:
        RequestValidationError: it names none or several things to compare, or what does not go
            with the one that it names.
    """
    _check_together(body)
    query, shop = body.query, backend.shop

    def work() -> SimilarAnswer:
        asked = query.request()
        if query.item is not None:
            return answers.similars(similar.similar_to_item(query.item, shop, asked))
        if query.text is not None:
            return answers.similars(similar.similar_to_text(query.text, shop, asked))
        watch = Stopwatch()
        photo = _decoded(shop, body.photo or b"", watch)
        answer = similar.similar_to_photo(
            photo, shop, asked, garment=query.garment, everyone=query.everyone, watch=watch
        )
        return answers.similars(answer)

    return work
