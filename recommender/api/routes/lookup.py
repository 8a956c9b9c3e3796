"""The route of several questions at once."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request

from recommender.api.http.backend import Backend, BackendOf
from recommender.api.http.bodies import Body, invalid, read_body
from recommender.api.http.documents import json_body, problems
from recommender.api.http.problems import of_refusal
from recommender.api.http.sources import check_one
from recommender.api.routes.photos import check_together, similar_to_known
from recommender.wire.catalogue_shapes import Looked, LookupAnswer, LookupBody
from recommender.wire.queries import SimilarQuery
from recommender.wire.state_shapes import Problem
from segmentation.common.errors import Refusal

router = APIRouter(prefix="/v1", tags=["items"])

KNOWN = ("item", "text", "photo_id")


@router.post(
    "/lookup",
    summary="Several questions at once",
    openapi_extra=json_body(LookupBody),
    responses=problems(400, 408, 413, 415, 422, 503),
)
async def lookup(request: Request, backend: BackendOf) -> LookupAnswer:
    """Answer up to 50 questions, each as `/v1/similar` does; one that fails spoils no other."""
    queries = (await read_body(request, LookupBody, 0)).query.queries
    for query in queries:
        if query.url is not None:
            told = "A photo at an address is asked about by itself"
            raise invalid([{"type": "alone", "loc": ("body", "queries", "url"), "msg": told}])
        check_one(Body(None, query), KNOWN)
        check_together(Body(None, query))
    return await backend.questions.run(partial(_looked_up, backend, queries))


def _looked_up(backend: Backend, queries: list[SimilarQuery]) -> LookupAnswer:
    return LookupAnswer(answers=[_one(backend, query) for query in queries])


def _one(backend: Backend, query: SimilarQuery) -> Looked:
    try:
        return Looked(answer=similar_to_known(backend, query), problem=None)
    except Refusal as refusal:
        return Looked(answer=None, problem=Problem(**of_refusal(refusal)))
