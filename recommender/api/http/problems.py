"""The one table error class -> problem+json (RFC 9457), and the handlers that write it.

No other module chooses a status. A class that the table does not name answers as its nearest
ancestor does; tests hold that every refusal of this project is named.
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

from index import errors as index_errors
from recommender import errors as recommender_errors
from recommender.api.http import errors as api_errors
from recommender.api.http.asked import asked_now
from segmentation.common.errors import DatasetError, PhotoError, Refusal, WeightsError

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


UNSUPPORTED_PHOTO: Final = Kind("photo-unsupported", 415, "This picture format is not accepted")
INVALID: Final = Kind("invalid", 422, "Some values of the request are not allowed")
INTERNAL: Final = Kind("internal", 500, "Something went wrong on the server")

TABLE: Final[Mapping[type[Refusal], Kind]] = {
    Refusal: Kind("refused", 422, "This cannot be done as asked"),
    PhotoError: Kind("photo-unusable", 422, "This photo cannot be used"),
    WeightsError: Kind("weights", 503, "A model cannot be loaded"),
    DatasetError: Kind("dataset", 422, "A data folder cannot be read"),
    index_errors.CatalogError: Kind("catalogue", 503, "The catalogue cannot answer"),
    index_errors.CatalogBusy: Kind("catalogue-busy", 503, "The catalogue is being written", True),
    index_errors.OutOfMemory: Kind("out-of-memory", 503, "There is too little memory"),
    index_errors.FeedError: Kind("feed", 422, "A feed cannot be read"),
    index_errors.ItemNotFound: Kind("item-not-found", 404, "There is no such item"),
    index_errors.DatabaseError: Kind("database", 503, "The catalogue's database cannot be used"),
    index_errors.DatabaseBusy: Kind("database-busy", 503, "The database is locked", True),
    index_errors.DatabaseUnfit: Kind("database", 503, "The catalogue's database cannot be used"),
    index_errors.BackupError: Kind("backup", 422, "The backup cannot be used"),
    index_errors.LossUnconfirmed: Kind(
        "loss-unconfirmed", 409, "This would take away more than half"
    ),
    index_errors.IndexForeign: Kind("index-foreign", 503, "The index is of another database"),
    index_errors.IndexRefusal: Kind("index", 503, "The index cannot be served"),
    index_errors.IndexMissing: Kind("index-missing", 503, "There is no index yet"),
    index_errors.NoEarlierIndex: Kind("no-earlier-index", 409, "There is no earlier index"),
    index_errors.IndexMismatch: Kind("index-mismatch", 503, "The index is of another encoder"),
    index_errors.IndexDamaged: Kind("index-damaged", 503, "The index is damaged"),
    index_errors.ClusterError: Kind("cluster", 503, "The machines that encode cannot be used"),
    index_errors.IndexUnreachable: Kind(
        "index-unreachable", 503, "The index's server is away", True
    ),
    recommender_errors.RequestError: Kind("request", 422, "This cannot be answered as asked"),
    recommender_errors.PhotoNotFound: Kind("photo-not-found", 404, "There is no such photo"),
    recommender_errors.PhotoNotFetched: Kind(
        "photo-not-fetched", 422, "The photo could not be fetched"
    ),
    recommender_errors.LookNotFound: Kind("look-not-found", 404, "There is no such saved look"),
    recommender_errors.ImportNotFound: Kind("import-not-found", 404, "There is no such import"),
    recommender_errors.ImportsFull: Kind("imports-full", 503, "Too many imports are waiting", True),
    recommender_errors.ShareNotFound: Kind("share-not-found", 404, "There is no such shared look"),
    recommender_errors.CatalogMissing: Kind("catalogue-missing", 503, "There is no catalogue yet"),
    recommender_errors.SettingsError: Kind("settings", 503, "The server's settings are wrong"),
    recommender_errors.ServiceNotReady: Kind("service", 503, "A server is not ready"),
    api_errors.ApiRefusal: Kind("refused", 422, "This cannot be done as asked"),
    api_errors.BodyTooLarge: Kind("too-large", 413, "The upload is too large"),
    api_errors.BodyUnsupported: Kind("body-unsupported", 415, "This kind of body is not read"),
    api_errors.BodyMalformed: Kind("body-malformed", 400, "The body cannot be read"),
    api_errors.SampleNotFound: Kind("sample-not-found", 404, "There is no such sample outfit"),
    api_errors.PictureMissing: Kind("picture-missing", 404, "The item's picture is not there"),
    api_errors.KeyMissing: Kind("key-missing", 401, "A key is required"),
    api_errors.KeyInvalid: Kind("key-invalid", 401, "This key is not valid"),
    api_errors.ScopeMissing: Kind("scope", 403, "This is not allowed to you"),
    api_errors.CrossSite: Kind("cross-site", 403, "Another website may not ask for this"),
    api_errors.TooManyRequests: Kind("too-many-requests", 429, "There are too many requests", True),
    api_errors.BodyTooSlow: Kind("body-too-slow", 408, "The body took too long to come"),
    api_errors.Busy: Kind("busy", 503, "Too many requests are waiting", True),
    api_errors.Gone: Kind("gone", 499, "The client hung up"),
}


def kind_of(refusal: Refusal) -> Kind:
    """Return the kind of problem that a refusal is.

    >>> kind_of(index_errors.ItemNotFound.of("s1")).status
    404
    """
    if isinstance(refusal, PhotoError) and refusal.unsupported:
        return UNSUPPORTED_PHOTO
    return next(TABLE[ancestor] for ancestor in type(refusal).__mro__ if ancestor in TABLE)


def problem(kind: Kind, detail: str, **members: Any) -> dict[str, Any]:
    """Return a problem's JSON object; further members follow the standard ones."""
    standard = {"type": TYPE + kind.name, "title": kind.title, "status": kind.status}
    asked = asked_now()
    return standard | {"detail": detail} | members | ({"request_id": asked.id} if asked else {})


def of_refusal(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as a problem's JSON object, its four parts told one by one."""
    parts = {
        "what": refusal.what,
        "got": refusal.got,
        "expected": refusal.expected,
        "next_step": refusal.next_step,
    }
    return problem(kind_of(refusal), str(refusal), **parts)


def respond(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return a problem as a response."""
    return JSONResponse(
        dict(body), status_code=body["status"], media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


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
        wrong = ', error="invalid_token"' if isinstance(refusal, api_errors.KeyInvalid) else ""
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
    wrong = [
        {"where": ".".join(str(part) for part in each["loc"][1:]), "message": each["msg"]}
        for each in error.errors()
    ]
    told = "; ".join(f"{each['where'] or 'body'}: {each['message']}" for each in wrong)
    return respond(problem(INVALID, told, errors=wrong))


def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    kind = Kind(title.lower().replace(" ", "-"), error.status_code, title)
    return respond(problem(kind, str(error.detail)), error.headers)
