"""The route of the script with the elements for a shop's own pages."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from recommender.api.http.documents import problems, unchanged
from recommender.api.http.pictures import FIVE_MINUTES, FOREVER, has

router = APIRouter(prefix="/v1", tags=["embed"])

SCRIPT: Final = Path(__file__).parent / "embed.js"
KIND: Final = "text/javascript"
_ANYWHERE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""The script is the same for everyone, and pages that hold it to a checksum ask across origins."""


@router.get(
    "/embed.js",
    summary="The elements for a shop's own pages",
    response_class=Response,
    responses={
        200: {"description": "The script", "content": {KIND: {"schema": {"type": "string"}}}}
    }
    | unchanged("The script that the client has is still right")
    | problems(422),
)
def embed(
    request: Request,
    v: Annotated[str, Query(max_length=64, description="The `ETag`'s text.")] = "",
) -> Response:
    """Return the script with an ETag; with that as `v` it may be kept for good."""
    body, tag = _script()
    lasting = FOREVER if v == tag else FIVE_MINUTES
    headers = {"ETag": f'"{tag}"', "Cache-Control": f"public, {lasting}", **_ANYWHERE}
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=KIND, headers=headers)


@cache
def _script() -> tuple[bytes, str]:
    body = SCRIPT.read_bytes()
    return body, hashlib.sha256(body).hexdigest()[:16]
