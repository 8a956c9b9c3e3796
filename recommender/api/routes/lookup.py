"""The route of several questions at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import numpy as np
from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from recommender.api.http.backend import Backend, BackendOf, Shop
from recommender.api.http.bodies import Body, invalid, read_body, validated
from recommender.api.http.documents import json_body, problems
from recommender.api.http.problems import of_invalid, of_refusal
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
    asked = (await read_body(request, _Questions, 0)).query.queries
    return await backend.questions.run(partial(_looked_up, backend, list(map(_read, asked))))


class _Questions(BaseModel):
    """Questions that are not looked at yet: each is refused by itself."""

    model_config = ConfigDict(extra="forbid")

    queries: list[Any] = Field(min_length=1, max_length=50)


def _read(question: object) -> SimilarQuery | Problem:
    """Return a question, or why it is none."""
    try:
        query = validated(question, SimilarQuery)
        if query.url is not None:
            alone = "A photo at an address is asked about by itself"
            raise invalid([{"type": "alone", "loc": ("body", "url"), "msg": alone}])
        check_one(Body(None, query), KNOWN)
        check_together(Body(None, query))
    except RequestValidationError as error:
        return Problem(**of_invalid(error))
    except Refusal as refusal:
        return Problem(**of_refusal(refusal))
    return query


def _looked_up(backend: Backend, queries: list[SimilarQuery | Problem]) -> LookupAnswer:
    words = [query.text for query in queries if isinstance(query, SimilarQuery) and query.text]
    together = replace(backend, shop=cast(Shop, Spoken.of(backend.shop, words)))
    return LookupAnswer(answers=[_one(together, query) for query in queries])


def _one(backend: Backend, query: SimilarQuery | Problem) -> Looked:
    if isinstance(query, Problem):
        return Looked(answer=None, problem=query)
    try:
        return Looked(answer=similar_to_known(backend, query), problem=None)
    except Refusal as refusal:
        return Looked(answer=None, problem=Problem(**of_refusal(refusal)))


@dataclass(frozen=True)
class Spoken:
    """A shop whose encoder knows some words already: they went through it together."""

    shop: Shop
    encoder: Any

    @classmethod
    def of(cls, shop: Shop, texts: Sequence[str]) -> Spoken:
        """Return a shop that has encoded these texts, each once and all in one batch."""
        words = tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
        rows = shop.encoder.encode_texts(words) if len(words) > 1 else ()
        return cls(shop, _Said(shop.encoder, dict(zip(words, rows, strict=False))))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shop, name)


@dataclass(frozen=True)
class _Said:
    """An encoder beside the vectors of what was said before."""

    encoder: Any
    known: Mapping[str, NDArray[np.float32]]

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows; what is known is not encoded again."""
        if texts and all(text in self.known for text in texts):
            return np.stack([self.known[text] for text in texts])
        rows: NDArray[np.float32] = self.encoder.encode_texts(texts)
        return rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self.encoder, name)
