"""How routes document what they read and answer beyond what their signatures say."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel

from recommender.api.http.bodies import FIELD, JSON, MULTIPART, URLENCODED
from recommender.api.http.problems import MEDIA_TYPE
from recommender.wire.state_shapes import Problem

_REFERENCE = {"$ref": f"#/components/schemas/{Problem.__name__}"}
_EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "words": {"value": {"text": "red striped shirt", "k": 5, "colour": ["red"]}},
    "item": {"value": {"item": "B-0042"}},
    "refined": {"value": {"item": "B-0042", "but": "red"}},
    "held": {"value": {"photo_id": "dW5ndWVzc2FibGUtbmFtZQ"}},
    "address": {"value": {"url": "https://cdn.shop.example/outfit.jpg"}},
}
"""JSON bodies by what they are about."""


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
    found = {"description": "The picture", "content": {kind: binary for kind in kinds}}
    return {200: found} | unchanged("The picture that the client has is still right")


def unchanged(description: str) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entry of an answer that the client has already."""
    return {304: {"description": description}}


def csv_too() -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entry of an answer that may be a table instead of JSON."""
    return {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


def files(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entry of an answer that is a file of one of these kinds."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content: dict[str, Any] = {kind.split(";")[0]: binary for kind in kinds}
    if JSON in content:
        content[JSON] = {"schema": {"type": "object"}}
    return {200: {"description": "The file", "content": content}}


def documented(model: type[BaseModel], about: Sequence[str]) -> dict[str, Any]:
    """Return the OpenAPI entry for a body of these fields and perhaps a photo.

    Args:
        model: the fields.
        about: those of which exactly one must be given, `photo` among them.
    """
    schema = _inlined(model.model_json_schema())
    properties = schema.get("properties", {})
    upload = {
        "type": "string",
        "format": "binary",
        "description": "The photo: JPEG, PNG, WebP, HEIC or AVIF.",
    }
    rest = {"type": "object", "properties": properties}
    examples = {
        name: value for name, value in _EXAMPLES.items() if set(value["value"]) & set(about)
    }
    content = {
        MULTIPART: {"schema": {"type": "object", "properties": {FIELD: upload, **properties}}},
        URLENCODED: {"schema": rest},
        JSON: {"schema": rest, "examples": examples},
    }
    text = f"Give exactly one of {', '.join(about[:-1])} and {about[-1]}."
    said = {"description": text} if len(about) > 1 else {}
    return {"requestBody": {"required": True, **said, "content": content}}


def json_body(model: type[BaseModel]) -> dict[str, Any]:
    """Return the OpenAPI entry for a JSON object of these fields."""
    content = {JSON: {"schema": _inlined(model.model_json_schema())}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its enumerations in place of the references to them."""
    definitions = schema.pop("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return resolve(definitions[node["$ref"].rsplit("/", 1)[-1]])
            return {key: resolve(value) for key, value in node.items()}
        return [resolve(value) for value in node] if isinstance(node, list) else node

    resolved: dict[str, Any] = resolve(schema)
    return resolved
