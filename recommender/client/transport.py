"""Requests over HTTP and their answers as typed shapes; problems as exceptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from recommender.wire.state_shapes import Problem

UNREACHABLE: Final = Problem(
    type="urn:complete-the-look:problem:unreachable",
    title="The service does not answer",
    status=503,
    detail="The service that does the work cannot be reached.",
    what="the service that does the work does not answer",
    next_step="It may still be starting: try again in a moment.",
)
GARBLED: Final = Problem(
    type="urn:complete-the-look:problem:garbled",
    title="The service gave an answer that cannot be read",
    status=502,
    detail="The service gave an answer that cannot be read.",
    next_step="Try again; if it stays, the client and the service are of different versions.",
)

FIRST: Final = "/v1/"
OTHERS: Final = "/v1/catalogs/"
QUICK_S: Final = 10.0
"""So long a pause is waited through where nothing is computed."""

Answer = TypeVar("Answer", bound=BaseModel)


class ApiProblem(Exception):  # noqa: N818  # problem+json's own word
    """The API refused, or could not be reached."""

    def __init__(self, problem: Problem, retry_after_s: float | None = None) -> None:
        """Keep the problem, and when to try again where the API said so."""
        self.problem, self.retry_after_s = problem, retry_after_s
        super().__init__(problem.detail)


@dataclass(frozen=True)
class Transport:
    """Sends requests. Safe to share between threads.

    Attributes:
        http: what they are sent with.
        language: gives the language that answers are wanted in, for each request anew; empty for
            the API's own.
        catalog: which catalogue is asked; empty for the first.
    """

    http: httpx.Client
    language: Callable[[], str] = str
    catalog: str = ""

    def ask(self, method: str, path: str, shape: type[Answer], **parts: Any) -> Answer:
        """Return the answer as a shape.

        Raises:
            ApiProblem: it is a problem, or no such shape, or there is none.
        """
        answer = self.send(method, path, **parts)
        try:
            return shape.model_validate_json(answer.content)
        except ValidationError as error:
            raise ApiProblem(GARBLED) from error

    def ask_quickly(self, method: str, path: str, shape: type[Answer], **parts: Any) -> Answer:
        """Return the answer as a shape, of what takes no long work: a hanging API is noticed soon.

        Raises:
            ApiProblem: it is a problem, or no such shape, or there is none within `QUICK_S`.
        """
        timeout = httpx.Timeout(QUICK_S).as_dict()
        return self.ask(method, path, shape, extensions={"timeout": timeout}, **parts)

    def send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """Return the response to a request that was granted.

        Raises:
            ApiProblem: it was not, or there is no answer.
        """
        wanted = self.language()
        if self.catalog and path.startswith(FIRST) and not path.startswith(OTHERS):
            path = f"{OTHERS}{self.catalog}/{path.removeprefix(FIRST)}"
        headers = {**({"Accept-Language": wanted} if wanted else {}), **parts.pop("headers", {})}
        try:
            answer = self.http.request(method, path, headers=headers, **parts)
        except httpx.HTTPError as error:
            raise ApiProblem(UNREACHABLE) from error
        if answer.is_success:
            return answer
        try:
            problem = Problem.model_validate_json(answer.content)
        except ValidationError as error:
            raise ApiProblem(GARBLED) from error
        raise ApiProblem(problem, _seconds(answer.headers.get("retry-after", "")))


def fields_of(query: BaseModel | None) -> Mapping[str, Any]:
    """Return what a query sets, as parameters or as the fields of a form."""
    return {} if query is None else query.model_dump(mode="json", exclude_defaults=True)


def _seconds(header: str) -> float | None:
    return float(header) if header.isdecimal() else None
