"""Which scope each route needs where keys are required; the door and the schema go by it.

A route that the table does not name needs `admin`; a test holds that it names all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI

from recommender.access.scope import Scope
from recommender.api.http.asked import NOWHERE, template
from recommender.api.http.documents import problems

OPEN: Final = None
METRICS: Final = "GET /metrics"
SCOPES: Final[Mapping[str, Scope | None]] = {
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /openapi.json": OPEN,
    "GET /v1/embed.js": OPEN,
    METRICS: Scope.ADMIN,
    "POST /v1/garments": Scope.READ,
    "POST /v1/complete": Scope.READ,
    "POST /v1/similar": Scope.READ,
    "POST /v1/lookup": Scope.READ,
    "POST /v1/photos": Scope.READ,
    "GET /v1/photos/{id}": Scope.READ,
    "DELETE /v1/photos/{id}": Scope.READ,
    "POST /v1/photos/{id}/garments": Scope.READ,
    "POST /v1/photos/{id}/kinds": Scope.READ,
    "PATCH /v1/photos/{id}/garments/{number}": Scope.READ,
    "DELETE /v1/photos/{id}/garments/{number}": Scope.READ,
    "GET /v1/items": Scope.READ,
    "GET /v1/items/{sku}": Scope.READ,
    "GET /v1/items/{sku}/image": Scope.READ,
    "GET /v1/items/{sku}/similar": Scope.READ,
    "GET /v1/items/{sku}/complete": Scope.READ,
    "GET /v1/facets": Scope.READ,
    "GET /v1/samples": Scope.READ,
    "GET /v1/samples/{name}": Scope.READ,
    "GET /v1/models": Scope.READ,
    "GET /v1/shares/{token}": Scope.READ,
    "POST /v1/looks/export": Scope.READ,
    "POST /v1/shares": Scope.WRITE,
    "DELETE /v1/shares/{token}": Scope.WRITE,
    "POST /v1/people/{person}/feedback": Scope.WRITE,
    "DELETE /v1/people/{person}/feedback/last": Scope.WRITE,
    "GET /v1/people/{person}/looks": Scope.WRITE,
    "POST /v1/people/{person}/looks": Scope.WRITE,
    "DELETE /v1/people/{person}/looks/{look}": Scope.WRITE,
    "GET /v1/people/{person}": Scope.WRITE,
    "DELETE /v1/people/{person}": Scope.WRITE,
    "POST /v1/events": Scope.WRITE,
    "GET /v1/events": Scope.ADMIN,
    "POST /v1/items/bulk": Scope.ADMIN,
    "PUT /v1/items/{sku}": Scope.ADMIN,
    "PATCH /v1/items/{sku}": Scope.ADMIN,
    "DELETE /v1/items/{sku}": Scope.ADMIN,
    "GET /v1/imports": Scope.ADMIN,
    "POST /v1/imports": Scope.ADMIN,
    "GET /v1/imports/{job}": Scope.ADMIN,
    "DELETE /v1/imports/{job}": Scope.ADMIN,
    "GET /v1/imports/{job}/rejects": Scope.ADMIN,
    "GET /v1/gaps": Scope.ADMIN,
    "GET /v1/stylist": Scope.ADMIN,
    "GET /v1/index": Scope.ADMIN,
    "POST /v1/index/rollback": Scope.ADMIN,
}

_SCHEMES: Final[Mapping[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key as `Authorization`."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "A key."},
}


def name_of(method: str, route: str) -> str:
    """Return a route's name in the table; HEAD asks what GET does."""
    return f"{'GET' if method == 'HEAD' else method} {route}"


def needed(name: str, routes: frozenset[str]) -> Scope | None:
    """Return the scope that a request needs, None where anyone may.

    Args:
        name: of its route and method.
        routes: all that the application has; what is none of them is answered by 404 or 405.
    """
    return SCOPES.get(name, Scope.ADMIN if name in routes else OPEN)


def routes_of(app: FastAPI) -> frozenset[str]:
    """Return the names of all routes of an application, those outside the schema too."""
    return frozenset(
        name_of(method, template(getattr(each, "path", NOWHERE)))
        for each in _flat(app.routes)
        for method in getattr(each, "methods", None) or ()
    )


def tell(schema: dict[str, Any], *, required: bool) -> None:
    """Write into the schema what each operation needs, and the problems that the door answers.

    Args:
        schema: to be extended.
        required: whether keys are.
    """
    schema["components"]["securitySchemes"] = dict(_SCHEMES)
    keys: list[dict[str, list[str]]] = [{name: []} for name in _SCHEMES]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            scope = needed(name := name_of(method.upper(), path), frozenset((name,)))
            operation["x-scope"] = scope.value if scope else "none"
            operation["security"] = (keys if required else [{}, *keys]) if scope else []
            if scope:
                refused = {str(status): entry for status, entry in problems(401, 403, 429).items()}
                operation["responses"] = refused | operation["responses"]


def _flat(routes: Any) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "effective_route_contexts", None)
        yield from inner() if callable(inner) else (route,)
