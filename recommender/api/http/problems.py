"""The one table from a refusal's code to problem+json (RFC 9457), and the handlers that write it.

No other module chooses a status; tests hold that every code of this project is named.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from recommender.api.http.asked import asked_now
from recommender.api.http.errors import KeyInvalid
from segmentation.common.errors import Refusal

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
TYPE: Final = "urn:complete-the-look:problem:"
RETRY_AFTER_S: Final = 5


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its stable name, its status, its title, and whether to try again."""

    name: str
    status: int
    title: str
    again: bool = False


INVALID: Final = Kind("invalid", 422, "Some values of the request are not allowed")
INTERNAL: Final = Kind("internal", 500, "Something went wrong on the server")

KINDS: Final = (
    Kind("refused", 422, "This cannot be done as asked"),
    Kind("photo-unusable", 422, "This photo cannot be used"),
    Kind("photo-unsupported", 415, "This picture format is not accepted"),
    Kind("weights", 503, "A model cannot be loaded"),
    Kind("device", 503, "The device that models are to run on cannot be used"),
    Kind("dataset", 422, "A data folder cannot be read"),
    Kind("catalogue", 503, "The catalogue cannot answer"),
    Kind("catalogue-busy", 503, "The catalogue is being written", True),
    Kind("out-of-memory", 503, "There is too little memory"),
    Kind("feed", 422, "A feed cannot be read"),
    Kind("feed-rejects", 422, "Too many rows of a feed are bad"),
    Kind("feed-addresses", 422, "A feed's pictures lie where nothing is fetched"),
    Kind("item-not-found", 404, "There is no such item"),
    Kind("database", 503, "The catalogue's database cannot be used"),
    Kind("database-busy", 503, "The database is locked", True),
    Kind("backup", 422, "The backup cannot be used"),
    Kind("loss-unconfirmed", 409, "This would take away more than half"),
    Kind("index-foreign", 503, "The index is of another database"),
    Kind("index", 503, "The index cannot be served"),
    Kind("index-missing", 503, "There is no index yet"),
    Kind("no-earlier-index", 409, "There is no earlier index"),
    Kind("index-mismatch", 503, "The index is of another encoder"),
    Kind("index-damaged", 503, "The index is damaged"),
    Kind("cluster", 503, "The machines that encode cannot be used"),
    Kind("index-unreachable", 503, "The index's server is away", True),
    Kind("request", 422, "This cannot be answered as asked"),
    Kind("photo-not-found", 404, "There is no such photo"),
    Kind("photo-not-fetched", 422, "The photo could not be fetched"),
    Kind("look-not-found", 404, "There is no such saved look"),
    Kind("import-not-found", 404, "There is no such import"),
    Kind("import-failed", 422, "The import failed"),
    Kind("key-reused", 422, "This idempotency key belongs to another request"),
    Kind("key-under-way", 409, "This request is under way already", True),
    Kind("imports-full", 503, "Too many imports are waiting", True),
    Kind("events-off", 403, "Events are switched off"),
    Kind("share-not-found", 404, "There is no such shared look"),
    Kind("catalogue-missing", 503, "There is no catalogue yet"),
    Kind("settings", 503, "The server's settings are wrong"),
    Kind("service", 503, "A server is not ready"),
    Kind("too-large", 413, "The upload is too large"),
    Kind("body-unsupported", 415, "This kind of body is not read"),
    Kind("body-malformed", 400, "The body cannot be read"),
    Kind("sample-not-found", 404, "There is no such sample outfit"),
    Kind("picture-missing", 404, "The item's picture is not there"),
    Kind("key-missing", 401, "A key is required"),
    Kind("key-invalid", 401, "This key is not valid"),
    Kind("scope", 403, "This is not allowed to you"),
    Kind("cross-site", 403, "Another website may not ask for this"),
    Kind("too-many-requests", 429, "There are too many requests", True),
    Kind("body-too-slow", 408, "The body took too long to come"),
    Kind("busy", 503, "Too many requests are waiting", True),
    Kind("gone", 499, "The client hung up"),
)
TABLE: Final[Mapping[str, Kind]] = {kind.name: kind for kind in KINDS}
"""A refusal's code -> its kind of problem."""


def kind_of(refusal: Refusal) -> Kind:
    """Return the kind of problem that a refusal is.

    >>> from index.errors import ItemNotFound
    >>> kind_of(ItemNotFound.of("s1")).status
    404
    """
    return TABLE[refusal.code]


def problem(kind: Kind, detail: str, **members: Any) -> dict[str, Any]:
    """Return a problem's JSON object; further members follow the standard ones."""
    standard = {"type": TYPE + kind.name, "title": kind.title, "status": kind.status}
    asked = asked_now()
    return standard | {"detail": detail} | members | ({"request_id": asked.id} if asked else {})


def of_refusal(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as a problem's JSON object, its four parts one by one."""
    parts = {
        "what": refusal.what,
        "got": refusal.got,
        "expected": refusal.expected,
        "next_step": refusal.next_step,
    }
    return problem(kind_of(refusal), str(refusal), **parts)


def respond(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return a problem as a response, in the language that all of them are in."""
    sent = {"Content-Language": "en", **(headers or {})}
    return JSONResponse(dict(body), status_code=body["status"], media_type=MEDIA_TYPE, headers=sent)


def install(app: FastAPI) -> None:
    """Make the application answer every error with problem+json."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def answer_to(refusal: Refusal) -> JSONResponse:
    """Return a refusal as a response."""
    body = of_refusal(refusal)
    if body["status"] >= 500:
        log.warning("%s", refusal)
    headers = {}
    if kind_of(refusal).again:
        headers["Retry-After"] = str(getattr(refusal, "retry_after_s", RETRY_AFTER_S))
    if body["status"] == HTTPStatus.UNAUTHORIZED:
        wrong = ', error="invalid_token"' if isinstance(refusal, KeyInvalid) else ""
        headers["WWW-Authenticate"] = f'Bearer realm="complete-the-look"{wrong}'
    return respond(body, headers)


def internal() -> JSONResponse:
    """Return the response to a fault of ours; an error's text may hold what is nobody's business."""
    return respond(problem(INTERNAL, "The server met an error it did not expect; its log has it."))


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)  # the handler is registered for nothing else
    return answer_to(error)


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return respond(of_invalid(error))


def of_invalid(error: RequestValidationError) -> dict[str, Any]:
    """Return fields that are missing, unknown or not allowed as a problem's JSON object."""
    wrong = [
        {"where": ".".join(str(part) for part in each["loc"][1:]), "message": each["msg"]}
        for each in error.errors()
    ]
    text = "; ".join(f"{each['where'] or 'body'}: {each['message']}" for each in wrong)
    return problem(INVALID, text, errors=wrong)


def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    kind = Kind(title.lower().replace(" ", "-"), error.status_code, title)
    return respond(problem(kind, str(error.detail)), error.headers)
