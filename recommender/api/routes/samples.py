"""The routes of the sample outfits, for those who have no photo at hand."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse

from recommender import serializers
from recommender.api.http.backend import BackendOf
from recommender.api.http.documents import picture as picture_responses
from recommender.api.http.documents import problems
from recommender.api.http.errors import SampleNotFound
from recommender.api.http.pictures import picture
from recommender.wire.shapes import Sample, SamplesAnswer

router = APIRouter(prefix="/v1/samples", tags=["samples"])


@router.get("", summary="Sample outfits", responses=problems())
def samples(backend: BackendOf) -> SamplesAnswer:
    """List the outfits to try."""
    return SamplesAnswer(
        samples=[
            Sample(name=name, title=titled(name), image=serializers.address_of(f"/samples/{name}"))
            for name in backend.samples
        ]
    )


@router.get(
    "/{name}",
    summary="A sample outfit's photo",
    response_class=FileResponse,
    responses=picture_responses() | problems(404, 422),
)
def sample(
    name: Annotated[str, Path(max_length=100, examples=["outfit-01"])],
    request: Request,
    backend: BackendOf,
) -> Response:
    """Return the photo of a sample outfit."""
    path = backend.samples.get(name)
    if path is None:
        raise SampleNotFound(
            "there is no such sample outfit",
            got=repr(name),
            expected="a name that /v1/samples lists",
            next_step="Ask /v1/samples.",
        )
    return picture(request, path, _tag(path), lasting=False)


def titled(name: str) -> str:
    """Return a name as a person reads it.

    >>> titled("city-rain_02")
    'City rain 02'
    """
    return name.replace("-", " ").replace("_", " ").strip().capitalize()


def _tag(path: FilePath) -> str:
    stat = path.stat()
    return f"{stat.st_size:x}-{int(stat.st_mtime):x}"
