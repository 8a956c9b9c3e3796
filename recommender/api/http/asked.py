"""The request that is being answered, and what may be said of it in logs, errors and figures.

Paths hold ids of photos, tokens of shared looks and names of people; so what is logged is the route's
template, and never the path.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from prometheus_fastapi_instrumentator.routing import get_route_name
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from recommender.access.keys import ApiKey

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OTHER: Final = "OTHER"
NOWHERE: Final = "-"
HEADER: Final = "X-Request-ID"
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass
class RequestInfo:
    """One request.

    Attributes:
        id: the client's own where it is well-formed.
        method: in capitals; `OTHER` for one that HTTP does not know.
        route: the template, `-` where there is none.
        holder: whose key opened; None where none did.
    """

    id: str
    method: str
    route: str
    holder: ApiKey | None = None

    @property
    def key(self) -> str:
        """The public part of the key that opened; empty for none."""
        return self.holder.id if self.holder else ""


_now: ContextVar[RequestInfo | None] = ContextVar("asked", default=None)


def asked_now() -> RequestInfo | None:
    """Return the request that is being answered here, None outside of any."""
    return _now.get()


@contextmanager
def asking(scope: Scope) -> Iterator[RequestInfo]:
    """Make a request the one that is being answered, until the block is over."""
    result = Headers(scope=scope).get(HEADER, "")
    method = str(scope["method"]).upper()
    asked = RequestInfo(
        id=result if _WELL_FORMED.fullmatch(result) else secrets.token_hex(8),
        method=method if method in METHODS else OTHER,
        route=template(get_route_name(HTTPConnection(scope), should_include_root_path=False)),
    )
    token = _now.set(asked)
    try:
        yield asked
    finally:
        _now.reset(token)


def template(path: str | None) -> str:
    """Return a route's template as the schema writes it.

    >>> template("/v1/items/{sku:path}/image"), template(None)
    ('/v1/items/{sku}/image', '-')
    """
    return NOWHERE if path is None else re.sub(r":\w+}", "}", path)
