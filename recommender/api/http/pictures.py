"""Answers that clients may keep, and ask whether they are still right: pictures and items."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from fastapi import Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel

from recommender.api.http.backend import backend_of

KINDS: Final = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
FOREVER: Final = "max-age=31536000, immutable"
FIVE_MINUTES: Final = "max-age=300"


def picture(request: Request, path: Path, tag: str, *, lasting: bool) -> Response:
    """Return a picture, or 304 where the client has it already.

    Args:
        request: what was asked.
        path: an existing file.
        tag: names its content.
        lasting: whether the address names the content too, so that it may be kept for good.
    """
    # what a key opened is not for the caches that others share
    whose = "private" if backend_of(request).shop.settings.require_keys else "public"
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": f"{whose}, {FOREVER if lasting else FIVE_MINUTES}",
    }
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=KINDS[path.suffix], headers=headers)


def checked(request: Request, answer: BaseModel) -> Response:
    """Return an answer that is asked for anew each time, or 304 where the client has it already."""
    body = answer.model_dump_json().encode()
    tag = hashlib.sha256(body).hexdigest()[:16]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def has(request: Request, tag: str) -> bool:
    """Return whether the client says that it holds what a tag names."""
    held = request.headers.get("if-none-match", "")
    return held.strip() == "*" or tag in {
        each.strip().removeprefix("W/").strip('"') for each in held.split(",")
    }
