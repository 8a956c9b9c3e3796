"""On the wire: how the service is, and what is wrong with a request."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from recommender.wire.shapes import example


class Health(BaseModel):
    """The process answers."""

    model_config = example({"status": "ok", "version": "0.1.0"})
    status: str
    version: str


class Check(BaseModel):
    """One thing that must be ready."""

    model_config = example(
        {
            "name": "index",
            "ready": False,
            "detail": "there is no catalogue",
            "next_step": "Run `recommender catalog import SOURCE`.",
        }
    )
    name: str
    ready: bool
    detail: str
    next_step: Annotated[str, Field(description="How to mend it; empty where it is ready.")]


class Readiness(BaseModel):
    """Whether photos can be answered."""

    ready: bool
    checks: list[Check]


class Invalid(BaseModel):
    """One value that is not allowed."""

    where: str
    message: str


class Problem(BaseModel):
    """An error, RFC 9457. Refusals tell what, got, expected and next step one by one as well."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:complete-the-look:problem:photo-unsupported",
                    "title": "This picture format is not accepted",
                    "status": 415,
                    "detail": "the picture's format is not accepted: got 43 bytes that begin "
                    "with b'GIF89a'; expected a JPEG, PNG, WebP, HEIC or AVIF picture. Export the "
                    "photo as JPEG and try again.",
                    "what": "the picture's format is not accepted",
                    "got": "43 bytes that begin with b'GIF89a'",
                    "expected": "a JPEG, PNG, WebP, HEIC or AVIF picture",
                    "next_step": "Export the photo as JPEG and try again.",
                }
            ]
        },
    )
    type: str
    title: str
    status: int
    detail: str
    what: str | None = None
    got: str | None = None
    expected: str | None = None
    next_step: str | None = None
    errors: list[Invalid] | None = None
    checks: list[Check] | None = None
    request_id: Annotated[
        str | None, Field(description="What the server's log knows the request by.")
    ] = None
