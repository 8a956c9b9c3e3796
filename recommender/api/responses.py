"""How a route documents the problems that it answers with."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from recommender.api.problems import MEDIA_TYPE
from recommender.api.shapes import Problem

_REFERENCE = {"$ref": f"#/components/schemas/{Problem.__name__}"}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of some error statuses; 500 is always one of them."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": _REFERENCE}},
        }
        for status in (*statuses, 500)
    }


def picture() -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of an answer that is a picture."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    kinds = ("image/jpeg", "image/png", "image/webp")
    return {
        200: {"description": "The picture", "content": {kind: binary for kind in kinds}},
        304: {"description": "The picture that the client has is still right"},
    }
