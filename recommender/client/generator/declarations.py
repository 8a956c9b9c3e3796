"""An OpenAPI document -> TypeScript declarations: an interface a shape, an entry an operation.

What the API's documents use of JSON Schema is read; anything else is refused rather than guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
SPARSE: Final = frozenset(("Problem",))
"""Shapes that are sent without what they do not say; all others are sent whole."""
_JSON: Final = "application/json"
_MULTIPART: Final = "multipart/form-data"
_PLAIN: Final[Mapping[str, str]] = {
    "string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null",
}  # fmt: skip
_KNOWN: Final = frozenset(
    ("$ref", "anyOf", "enum", "const", "type", "format", "items", "properties", "required",
     "additionalProperties", "propertyNames", "title", "description", "default", "example", "examples",
     "minLength", "maxLength", "pattern", "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum",
     "exclusiveMaximum", "uniqueItems", "multipleOf")
)  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def declarations(document: Schema) -> str:
    """Return the declarations of a document's shapes and operations.

    Raises:
        ValueError: the document says something that these types do not express.
    """
    shapes: Mapping[str, Schema] = document["components"]["schemas"]
    types = Types({_words(each): name for name, each in shapes.items() if "enum" in each})
    parts = [
        "// Written by `make client` from docs/openapi.json: change the API, not this file.\n",
        *(_shape(name, schema, types) for name, schema in sorted(shapes.items())),
        "/** What can be asked, by method and path as docs/api.md names it. */",
        "export interface Operations {",
    ]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts.append(_operation(f"{method.upper()} {path}", operation, types))
    return "\n".join([*parts, "}", ""])


@dataclass(frozen=True)
class Types:
    """Says schemas as types.

    Attributes:
        named: the words of a closed list -> the name of the shape that has them.
    """

    named: Mapping[tuple[str, ...], str]

    def of(self, schema: Schema, depth: int = 0, *, whole: bool = False) -> str:
        """Return a schema's type.

        Args:
            schema: of the document.
            depth: how far its properties are indented.
            whole: whether properties with a default are always there, as in answers.
        """
        if unknown := set(schema) - _KNOWN:
            raise ValueError(f"got {sorted(unknown)} in a schema; expected what _KNOWN lists")
        if "$ref" in schema:
            return str(schema["$ref"]).rsplit("/", 1)[-1]
        if "anyOf" in schema:
            found = (self.of(each, depth, whole=whole) for each in schema["anyOf"])
            return " | ".join(dict.fromkeys(found))
        if "enum" in schema:
            words = _words(schema)
            return self.named.get(words) or " | ".join(map(_literal, schema["enum"]))
        if "const" in schema:
            return _literal(schema["const"])
        return self._by_type(schema, depth, whole=whole)

    def _by_type(self, schema: Schema, depth: int, *, whole: bool) -> str:
        kind = schema.get("type")
        if kind == "array":
            inner = self.of(schema.get("items", {}), depth, whole=whole)
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        if kind == "object":
            return self._object(schema, depth, whole=whole)
        if kind == "string" and schema.get("format") == "binary":
            return "Blob"
        return _PLAIN[kind] if kind else "unknown"

    def _object(self, schema: Schema, depth: int, *, whole: bool) -> str:
        if "properties" in schema:
            needed = frozenset(schema.get("required", ()))
            return self.fields(schema["properties"], needed, depth, whole=whole)
        more = schema.get("additionalProperties", {})
        value = self.of(more, depth, whole=whole) if isinstance(more, Mapping) else "unknown"
        if "propertyNames" not in schema:
            return f"Record<string, {value}>"
        return f"Partial<Record<{self.of(schema['propertyNames'], depth)}, {value}>>"

    def fields(
        self, of: Mapping[str, Schema], needed: frozenset[str], depth: int, *, whole: bool = False
    ) -> str:
        """Return an object of named fields, those that may be left out marked."""
        lines = ["{"]
        for name, schema in of.items():
            lines += _said(schema.get("description", ""), depth + 1)
            there = name in needed or (whole and "default" in schema)
            mark = "" if there else "?"
            type_ = self.of(schema, depth + 1, whole=whole)
            lines.append(f"{_indent(depth + 1)}{_key(name)}{mark}: {type_};")
        return "\n".join([*lines, f"{_indent(depth)}}}"])


def _shape(name: str, schema: Schema, types: Types) -> str:
    said = "".join(f"{line}\n" for line in _said(schema.get("description", ""), 0))
    if "enum" in schema:
        return f"{said}export type {name} = {' | '.join(map(_literal, schema['enum']))};\n"
    return f"{said}export interface {name} {types.of(schema, whole=name not in SPARSE)}\n"


def _operation(name: str, operation: Schema, types: Types) -> str:
    parts = [*_parameters(operation.get("parameters", ()), types)]
    if "requestBody" in operation:
        parts += _bodies(operation["requestBody"], types)
    parts.append(f"    answer: {_answer(operation['responses'], types)};")
    text = [operation["summary"], operation.get("description", "")]
    said = _said(": ".join(filter(None, text)), 1)
    return "\n".join([*said, f"  {_literal(name)}: {{", *parts, "  };"])


def _parameters(parameters: Sequence[Schema], types: Types) -> Iterator[str]:
    for place, field in (("path", "path"), ("query", "query"), ("header", "headers")):
        found = [each for each in parameters if each["in"] == place]
        if found:
            needed = frozenset(each["name"] for each in found if each.get("required"))
            fields = types.fields({each["name"]: each["schema"] for each in found}, needed, 2)
            yield f"    {field}{'' if needed else '?'}: {fields};"


def _bodies(body: Schema, types: Types) -> Iterator[str]:
    """Yield the bodies that a request may have: `json`, `form` or `text`, one of them."""
    content = body["content"]
    known = {_JSON: "json", _MULTIPART: "form", "text/plain": "text"}
    given = {kind: field for kind, field in known.items() if kind in content}
    if not given:
        raise ValueError(f"got a body of {', '.join(content)}; expected one of {', '.join(known)}")
    alone = len(given) == 1 and body.get("required", False)
    for kind, field in given.items():
        type_ = "string" if field == "text" else types.of(content[kind]["schema"], 2)
        yield f"    {field}{'' if alone else '?'}: {type_};"


def _answer(responses: Schema, types: Types) -> str:
    content = next(
        each.get("content", {}) for status, each in responses.items() if status[0] == "2"
    )
    found = [
        types.of(each["schema"], 2, whole=True) if kind == _JSON
        else "string" if kind.startswith("text/") else "Blob"
        for kind, each in content.items()
    ]  # fmt: skip
    return " | ".join(dict.fromkeys(found)) or "undefined"


def _words(schema: Schema) -> tuple[str, ...]:
    return tuple(sorted(map(str, schema["enum"])))


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _NAME.fullmatch(name) else _literal(name)


def _indent(depth: int) -> str:
    return "  " * depth


def _said(text: str, depth: int) -> list[str]:
    words = " ".join(text.split()).replace("*/", "* /")
    return [f"{_indent(depth)}/** {words} */"] if words else []
