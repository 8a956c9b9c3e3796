"""The API over HTTP, answers as typed shapes. Knows no screen and holds no state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from recommender.api.shapes import (
    CompletionAnswer,
    FacetsAnswer,
    GarmentsAnswer,
    SamplesAnswer,
    SimilarAnswer,
)
from recommender.api.state_shapes import Problem

TIMEOUT_S: Final = 60.0
UNREACHABLE: Final = Problem(
    type="about:blank",
    title="The service does not answer",
    status=503,
    detail="The app cannot reach the service that does the work.",
    what="the service that does the work does not answer",
    next_step="It may still be starting: try again in a moment.",
)
GARBLED: Final = Problem(
    type="about:blank",
    title="The service gave an answer that cannot be read",
    status=502,
    detail="The service gave an answer that cannot be read.",
    next_step="Try again; if it stays, the app and the service are of different versions.",
)

Answer = TypeVar("Answer", bound=BaseModel)


class ApiProblem(Exception):  # noqa: N818  # problem+json's own word
    """The API refused, or could not be reached."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail)


@dataclass(frozen=True)
class Api:
    """The API's calls that the app makes. Safe to share between sessions.

    Every call raises `ApiProblem`.
    """

    http: httpx.Client

    @classmethod
    def at(cls, url: str) -> Api:
        """Return a client for the API at an address; the environment's proxies are not used."""
        return cls(httpx.Client(base_url=url, timeout=TIMEOUT_S, trust_env=False))

    def samples(self) -> SamplesAnswer:
        """Return the outfits to try."""
        return self._ask("GET", "/v1/samples", SamplesAnswer)

    def facets(self) -> FacetsAnswer:
        """Return what the shop's items can be filtered by."""
        return self._ask("GET", "/v1/facets", FacetsAnswer)

    def garments(self, photo: bytes) -> GarmentsAnswer:
        """Return the garments of a photo."""
        return self._ask("POST", "/v1/garments", GarmentsAnswer, photo=photo)

    def complete(self, photo: bytes, fields: Mapping[str, Any]) -> CompletionAnswer:
        """Return what completes the outfit of a photo."""
        return self._ask("POST", "/v1/complete", CompletionAnswer, photo=photo, fields=fields)

    def similar(self, photo: bytes, fields: Mapping[str, Any]) -> SimilarAnswer:
        """Return items like a garment of a photo."""
        return self._ask("POST", "/v1/similar", SimilarAnswer, photo=photo, fields=fields)

    def similar_items(self, sku: str, fields: Mapping[str, Any]) -> SimilarAnswer:
        """Return items like an item."""
        path = f"/v1/items/{quote(sku, safe='')}/similar"
        return self._ask("GET", path, SimilarAnswer, fields=fields)

    def picture(self, address: str) -> bytes:
        """Return the picture at an address that an answer gave."""
        return self._send("GET", address).content

    def _ask(
        self,
        method: str,
        path: str,
        shape: type[Answer],
        *,
        photo: bytes | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> Answer:
        if photo is None:
            answer = self._send(method, path, params=fields)
        else:
            files = {"photo": ("photo", photo, "application/octet-stream")}
            answer = self._send(method, path, files=files, data=fields)
        try:
            return shape.model_validate_json(answer.content)
        except ValidationError as error:
            raise ApiProblem(GARBLED) from error

    def _send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            answer = self.http.request(method, path, **parts)
        except httpx.HTTPError as error:
            raise ApiProblem(UNREACHABLE) from error
        if answer.is_success:
            return answer
        try:
            raise ApiProblem(Problem.model_validate_json(answer.content))
        except ValidationError as error:
            raise ApiProblem(GARBLED) from error
