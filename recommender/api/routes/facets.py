"""The route that says what the shop's items can be filtered by."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from recommender.api.http import requests
from recommender.api.http.backend import BackendOf
from recommender.api.http.documents import problems, unchanged
from recommender.api.http.pictures import checked
from recommender.similarity.retrieval import proposable
from recommender.wire.queries import FacetsQuery
from recommender.wire.shapes import Drop, FacetsAnswer

router = APIRouter(prefix="/v1", tags=["items"])


@router.get(
    "/facets",
    summary="What items can be filtered by",
    response_model=FacetsAnswer,
    responses=unchanged("The counts that the client has are still right") | problems(422, 503),
)
def facets(
    query: Annotated[FacetsQuery, Query()], request: Request, backend: BackendOf
) -> Response:
    """Count the items by each filter's values, and say which filter to drop."""
    filters = requests.filters(query)
    counts = backend.shop.browsing.counts(proposable(filters) if query.proposable else filters)
    asked = query.in_use()
    answer = FacetsAnswer(
        facets={name: dict(values) for name, values in counts.facets.items()},
        passing=counts.passing,
        drop=[
            Drop(filter=name, passing=number)
            for name, number in counts.dropped.items()
            if name in asked
        ],
    )
    return checked(request, answer)
