"""The texts and bytes of a body -> the fields that a model checks."""

from __future__ import annotations

import json
from typing import Any, Final, get_origin
from urllib.parse import parse_qs

from pydantic import BaseModel

from recommender.api.http.errors import BodyMalformed

MAX_FIELDS: Final = 180


def gathered(texts: dict[str, list[str]], model: type[BaseModel]) -> dict[str, Any]:
    """Return lists where the model has lists; elsewhere the value, if it was given just once."""
    return {
        name: values if len(values) > 1 or _is_list(model, name) else values[0]
        for name, values in texts.items()
    }


def _is_list(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and get_origin(field.annotation) is list


def urlencoded(data: bytes, model: type[BaseModel]) -> dict[str, Any]:
    """Return the fields of an encoded form.

    Raises:
        BodyMalformed: it is none, or has too many.
    """
    try:
        texts = parse_qs(
            data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise BodyMalformed.of(str(error), "an encoded form of a few fields") from error
    return gathered(texts, model)


def from_json(data: bytes) -> dict[str, Any]:
    """Return the fields of a JSON object.

    Raises:
        BodyMalformed: it is none.
    """
    expected = "one JSON object"
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BodyMalformed.of(str(error), expected) from error
    if not isinstance(fields, dict):
        raise BodyMalformed.of(f"a {type(fields).__name__}", expected)
    return fields
