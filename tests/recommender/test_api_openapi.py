"""The OpenAPI document describes what is there, and its examples fit it."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from recommender.api.app import create_app
from recommender.api.http.documents import documented
from recommender.api.routes.photos import COMPARED
from recommender.wire import look_shapes, shapes
from recommender.wire.queries import SimilarQuery
from tests.recommender.fake_shop import bare_shop


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    record: dict[str, Any] = create_app(bare_shop(), outfits={}, warm=False).openapi()
    return record


def operations(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_routes(schema: dict[str, Any]) -> None:
    assert [name for name, _ in operations(schema)] == [
        "POST /v1/garments",
        "POST /v1/complete",
        "POST /v1/similar",
        "POST /v1/photos",
        "GET /v1/photos/{id}",
        "DELETE /v1/photos/{id}",
        "POST /v1/photos/{id}/garments",
        "POST /v1/photos/{id}/kinds",
        "PATCH /v1/photos/{id}/garments/{number}",
        "DELETE /v1/photos/{id}/garments/{number}",
        "GET /v1/items",
        "GET /v1/items/{sku}/similar",
        "GET /v1/items/{sku}/complete",
        "GET /v1/items/{sku}/image",
        "GET /v1/items/{sku}",
        "PUT /v1/items/{sku}",
        "PATCH /v1/items/{sku}",
        "DELETE /v1/items/{sku}",
        "POST /v1/lookup",
        "POST /v1/shares",
        "GET /v1/shares/{token}",
        "DELETE /v1/shares/{token}",
        "GET /v1/people/{person}/looks",
        "POST /v1/people/{person}/looks",
        "DELETE /v1/people/{person}/looks/{look}",
        "POST /v1/looks/export",
        "POST /v1/people/{person}/feedback",
        "DELETE /v1/people/{person}/feedback/last",
        "GET /v1/people/{person}",
        "DELETE /v1/people/{person}",
        "GET /v1/facets",
        "GET /v1/samples",
        "GET /v1/samples/{name}",
        "GET /healthz",
        "GET /readyz",
        "GET /v1/imports",
        "POST /v1/imports",
        "GET /v1/imports/{job}",
        "DELETE /v1/imports/{job}",
        "GET /v1/imports/{job}/rejects",
        "POST /v1/items/bulk",
        "GET /v1/index",
        "POST /v1/index/rollback",
        "GET /v1/gaps",
        "GET /v1/stylist",
        "GET /v1/models",
        "POST /v1/events",
        "GET /v1/events",
        "GET /v1/embed.js",
    ]


def test_every_error_is_documented_as_a_problem(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        statuses = set(operation["responses"])
        assert "500" in statuses, name
        for status in statuses - {"200", "201", "202", "304"}:
            content = operation["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], name


def test_whoever_sends_a_body_reads_that_it_may_be_too_slow(schema: dict[str, Any]) -> None:
    record = {name: "408" in each["responses"] for name, each in operations(schema)}
    assert record == {name: "requestBody" in each for name, each in operations(schema)}


def test_going_back_documents_no_problem_that_it_does_not_have(schema: dict[str, Any]) -> None:
    result = set(schema["paths"]["/v1/index/rollback"]["post"]["responses"])
    assert result == {"200", "401", "403", "409", "422", "429", "500", "503"}


def test_every_reference_resolves(schema: dict[str, Any]) -> None:
    known = set(schema["components"]["schemas"])

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                assert node["$ref"].removeprefix("#/components/schemas/") in known
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(schema)


def test_every_example_fits_its_schema(schema: dict[str, Any]) -> None:
    seen = 0
    for name, part in schema["components"]["schemas"].items():
        whole = {"$ref": f"#/components/schemas/{name}", "components": schema["components"]}
        for example in part.get("examples", []):
            Draft202012Validator(whole).validate(example)
            seen += 1
    assert seen >= 10
    body = documented(SimilarQuery, COMPARED)["requestBody"]["content"]["application/json"]
    for example in body["examples"].values():
        Draft202012Validator(body["schema"]).validate(example["value"])


def test_examples_are_of_the_models() -> None:
    shapes.Item.model_validate(shapes.ITEM_EXAMPLE)
    shapes.Garment.model_validate(shapes.GARMENT_EXAMPLE)
    look_shapes.Suggestion.model_validate(look_shapes.PICK_EXAMPLE)
