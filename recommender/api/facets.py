"""The route that says what the shop's items can be filtered by."""

from __future__ import annotations

from fastapi import APIRouter

from recommender.api.backend import BackendOf
from recommender.api.documents import problems
from recommender.api.shapes import FacetsAnswer

router = APIRouter(prefix="/v1", tags=["items"])


@router.get("/facets", summary="What items can be filtered by", responses=problems(503))
def facets(backend: BackendOf) -> FacetsAnswer:
    """Count the items by colour, pattern, sleeve, length and more."""
    return FacetsAnswer(facets=backend.shop.facets())
