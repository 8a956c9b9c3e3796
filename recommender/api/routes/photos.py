"""The routes that take a photo: its garments, what completes it, what is like one of them."""

from __future__ import annotations

from functools import partial
from typing import Final

from fastapi import APIRouter, Request

from recommender import serializers
from recommender.api.http import requests
from recommender.api.http.backend import Backend, BackendOf, Shop
from recommender.api.http.bodies import Body, invalid, read_body
from recommender.api.http.documents import documented, problems
from recommender.api.http.sources import HELD, SENT, check_one, decoded, photo_of
from recommender.api.middleware.auth_middleware import check_person
from recommender.completion import complete
from recommender.photos.photo_analysis import PhotoAnalysis, analyse
from recommender.photos.wearers import of_wearer
from recommender.similarity import similarity_search
from recommender.timing import Stopwatch
from recommender.wire.look_shapes import CompletionAnswer
from recommender.wire.queries import CompleteQuery, GarmentsQuery, SimilarQuery
from recommender.wire.shapes import GarmentsAnswer, SimilarAnswer

router = APIRouter(prefix="/v1", tags=["photos"])

COMPLETED: Final = (*SENT, HELD)
COMPARED: Final = (*COMPLETED, "item", "text")


@router.post(
    "/garments",
    summary="The garments of a photo",
    openapi_extra=documented(GarmentsQuery, SENT),
    responses=problems(400, 408, 413, 415, 422, 503),
)
async def garments(request: Request, backend: BackendOf) -> GarmentsAnswer:
    """Find every garment of a photo with its mask and attributes. None found is an empty list."""
    body = await read_body(request, GarmentsQuery, backend.shop.settings.max_bytes)
    check_one(body, SENT)
    data = await photo_of(body, backend)
    return await backend.gate.run(partial(_garments, backend.shop, data, body.query))


@router.post(
    "/complete",
    summary="What completes the outfit of a photo",
    openapi_extra=documented(CompleteQuery, COMPLETED),
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
async def complete_photo(request: Request, backend: BackendOf) -> CompletionAnswer:
    """Propose items for the slots that the outfit lacks, and whole looks made of them."""
    body = await read_body(request, CompleteQuery, backend.shop.settings.max_bytes)
    check_one(body, COMPLETED)
    check_person(body.query.person)
    name = body.query.photo_id
    if name is not None:
        return await backend.gate.run(partial(_complete_held, backend, name, body.query))
    data = await photo_of(body, backend)
    return await backend.gate.run(partial(_complete, backend.shop, data, body.query))


@router.post(
    "/similar",
    summary="Items like a photo's garment, an item or words",
    openapi_extra=documented(SimilarQuery, COMPARED),
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
async def similar_to(request: Request, backend: BackendOf) -> SimilarAnswer:
    """Find similar items. Send exactly one of `photo`, `url`, `photo_id`, `item` and `text`."""
    body = await read_body(request, SimilarQuery, backend.shop.settings.max_bytes)
    check_one(body, COMPARED)
    check_together(body)
    if body.photo is None and body.query.url is None:
        gate = backend.questions if body.query.photo_id is None else backend.gate
        return await gate.run(partial(similar_to_known, backend, body.query))
    data = await photo_of(body, backend)
    return await backend.gate.run(partial(_similar_to_photo, backend.shop, data, body.query))


def _garments(shop: Shop, data: bytes, query: GarmentsQuery) -> GarmentsAnswer:
    analysis = _analysed(shop, data, everyone=query.everyone)
    return serializers.garments(analysis.photo, analysis.garments, analysis.watch.ms)


def _complete(shop: Shop, data: bytes, query: CompleteQuery) -> CompletionAnswer:
    return _completed(_analysed(shop, data, everyone=query.wearer is not None), shop, query)


def _complete_held(backend: Backend, name: str, query: CompleteQuery) -> CompletionAnswer:
    return _completed(backend.held.get(name).analysis, backend.shop, query)


def _completed(analysis: PhotoAnalysis, shop: Shop, query: CompleteQuery) -> CompletionAnswer:
    theirs = of_wearer(analysis, query.wearer)
    done = complete.complete(theirs, shop, requests.complete(query))
    return serializers.completion(done, analysis.photo)


def _analysed(shop: Shop, data: bytes, *, everyone: bool = False) -> PhotoAnalysis:
    watch = Stopwatch()
    return analyse(decoded(shop, data, watch), shop, everyone=everyone, watch=watch)


def check_together(body: Body[SimilarQuery]) -> None:
    """Refuse what does not go with the thing that is compared.

    Raises:
        RequestValidationError: something does not.
    """
    query = body.query
    new = body.photo is not None or query.url is not None
    held = "a photo that is sent now: the garments of one that is held are settled"
    for name, asked_for, needed, there in (
        ("garment", query.garment is not None, "the photo", new or query.photo_id is not None),
        ("everyone", query.everyone, held if query.photo_id is not None else "the photo", new),
        ("but", query.but is not None, "the photo or an item", query.text is None),
    ):
        if asked_for and not there:
            rule = f"{name} needs {needed}"
            raise invalid([{"type": "needs", "loc": ("body", name), "msg": rule}])


def similar_to_known(backend: Backend, query: SimilarQuery) -> SimilarAnswer:
    """Return what is like something that was there before: a photo that is held, an item, words."""
    shop, asked = backend.shop, requests.similar(query)
    if query.photo_id is not None:
        held = backend.held.get(query.photo_id).analysis
        answer = similarity_search.similar_to_photo(held, shop, asked, garment=query.garment)
    elif query.item is not None:
        answer = similarity_search.similar_to_item(query.item, shop, asked)
    else:
        answer = similarity_search.similar_to_text(query.text or "", shop, asked)
    return serializers.similars(answer)


def _similar_to_photo(shop: Shop, data: bytes, query: SimilarQuery) -> SimilarAnswer:
    analysis, asked = _analysed(shop, data, everyone=query.everyone), requests.similar(query)
    answer = similarity_search.similar_to_photo(analysis, shop, asked, garment=query.garment)
    return serializers.similars(answer)
