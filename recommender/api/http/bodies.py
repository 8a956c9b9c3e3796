"""A request's body -> its photo and its validated fields, in memory only.

The framework's own form reader writes uploads above 1 MB to a temporary file and has no limit of
its own; photos of people must never touch the disk, so bodies are read here: counted as they come
in, refused where they are too long. A form takes its place in the queue before it is read, so that
what is held of all bodies is bounded too.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import anyio
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from recommender.api.http.backend import backend_of
from recommender.api.http.errors import (
    BodyMalformed,
    BodyTooLarge,
    BodyTooSlow,
    BodyUnsupported,
    Busy,
    Gone,
)
from recommender.api.http.fields import MAX_FIELDS, from_json, gathered, urlencoded

FIELD: Final = "photo"
OVERHEAD: Final = 64 * 1024
"""What fields and boundaries may take besides the photo."""
SPARE_S: Final = 30.0
"""So long a body is waited for in all, besides what its bytes take at the least rate."""
LEAST_RATE: Final = 50_000
"""Bytes of a body that must come in a second."""
UNHELD_BYTES: Final = 64 * 2**20
"""What is read at most of a body that is refused, and let go of at once."""
UNHELD_S: Final = 10.0
MULTIPART: Final = "multipart/form-data"
URLENCODED: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"

Query = TypeVar("Query", bound=BaseModel)


@dataclass(frozen=True)
class Body(Generic[Query]):
    """What a request brought: the photo's bytes, if it brought one, and the rest."""

    photo: bytes | None
    query: Query


async def read_body(request: Request, model: type[Query], max_bytes: int) -> Body[Query]:
    """Return the body of a request.

    Args:
        request: not read yet.
        model: what its fields must be.
        max_bytes: the largest photo.

    Raises:
        Busy: it brings a photo, and as many photos are there as may wait.
        BodyTooLarge, BodyTooSlow, BodyUnsupported, BodyMalformed: it is not read.
        Gone: its client hung up.
        RequestValidationError: a field is missing, unknown or not allowed.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == MULTIPART:
        photo, fields = await _multipart(request, model, max_bytes)
    elif kind == URLENCODED:
        photo, fields = None, urlencoded(await _all(request, OVERHEAD), model)
    elif kind == JSON:
        photo, fields = None, from_json(await _all(request, OVERHEAD))
    else:
        raise BodyUnsupported(
            "this kind of body is not read",
            got=kind or "no content type",
            expected=f"{MULTIPART}, {URLENCODED} or {JSON}",
            next_step=f"Send the photo as the field `{FIELD}` of a form.",
        )
    return Body(photo, validated(fields, model))


def validated(fields: Any, model: type[Query]) -> Query:
    """Return fields as the model they must fit.

    Raises:
        RequestValidationError: they do not.
    """
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise invalid(
            [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        ) from error


def invalid(errors: list[dict[str, Any]]) -> RequestValidationError:
    """Return the error that the framework itself raises for parameters."""
    return RequestValidationError(errors)


def no_photo() -> RequestValidationError:
    """Return the error for a request that must bring a photo and does not."""
    return invalid([{"type": "missing", "loc": ("body", FIELD), "msg": "Field required"}])


class _InMemory(MultiPartParser):
    """Starlette's parser with uploads held in memory: the stream's cap keeps them small."""

    spool_max_size = 2**31


async def _multipart(
    request: Request, model: type[BaseModel], max_bytes: int
) -> tuple[bytes | None, dict[str, Any]]:
    allowed = f"a photo of at most {max_bytes / 2**20:.4g} MB"
    await _place(request)
    # read to its end first: a parser that is stopped halfway leaves its files open
    chunks = [chunk async for chunk in capped(request, max_bytes + OVERHEAD, allowed)]
    parser = _InMemory(
        request.headers,
        _handed_over(chunks),
        max_files=1,
        max_fields=MAX_FIELDS,
        max_part_size=8192,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise BodyMalformed.of(
            getattr(error, "message", "no boundary"), f"a form with one file, `{FIELD}`"
        ) from error
    try:
        photo = await _photo_of(form)
    finally:
        await form.close()
    if photo is not None and len(photo) > max_bytes:
        raise BodyTooLarge.of(f"{len(photo)} bytes", allowed)
    return photo, form_fields(form, model)


async def _handed_over(chunks: list[bytes]) -> AsyncGenerator[bytes, None]:
    """Yield chunks and let go of each, so that a photo is not held twice."""
    chunks.reverse()
    while chunks:
        yield chunks.pop()


async def _photo_of(form: FormData) -> bytes | None:
    photo = None
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if name != FIELD:
                raise invalid(
                    [{"type": "extra", "loc": ("body", name), "msg": f"Send it as `{FIELD}`"}]
                )
            photo = await value.read()
        elif name == FIELD:
            raise invalid([{"type": "file", "loc": ("body", name), "msg": "Must be a file"}])
    return photo


def form_fields(form: FormData, model: type[BaseModel]) -> dict[str, Any]:
    """Return the texts of a form, lists where the model has lists."""
    texts: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            texts.setdefault(name, []).append(value)
    return gathered(texts, model)


async def _all(request: Request, max_bytes: int) -> bytes:
    allowed = f"fields of at most {max_bytes} bytes"
    return b"".join([chunk async for chunk in capped(request, max_bytes, allowed)])


async def _place(request: Request) -> None:
    """Take the request's place in the queue, before any of its photo is held.

    Raises:
        Busy: there is none.
    """
    try:
        backend_of(request).gate.enter()
    except Busy:
        await _let_go_of(request)
        raise


async def capped(request: Request, cap: int, allowed: str) -> AsyncGenerator[bytes, None]:
    """Yield the body's chunks; stop as soon as it is, or says it will be, longer than the cap."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > cap:
        await _let_go_of(request)
        raise BodyTooLarge.of(f"{declared[:20]} bytes", allowed)
    seen = 0
    async for chunk in _chunks(request):
        seen += len(chunk)
        if seen > cap:
            raise BodyTooLarge.of(f"more than {cap} bytes", allowed)
        yield chunk


async def _chunks(request: Request) -> AsyncGenerator[bytes, None]:
    """Yield what comes; only the waiting counts, not what is done with the bytes meanwhile."""
    stream = request.stream()
    waited_s, seen = 0.0, 0
    while True:
        began = anyio.current_time()
        try:
            with anyio.fail_after(SPARE_S + seen / LEAST_RATE - waited_s):
                chunk = await anext(stream, None)
        except TimeoutError as error:
            raise BodyTooSlow(
                "the request's body does not come",
                got=f"{seen} bytes in {SPARE_S + seen / LEAST_RATE:.0f} s",
                expected=f"{LEAST_RATE // 1000} kB a second, besides {SPARE_S:.0f} s in all",
                next_step="Send it again over a faster line, or send a smaller one.",
            ) from error
        except ClientDisconnect as error:
            raise Gone.of() from error
        if chunk is None:
            return
        waited_s += anyio.current_time() - began
        seen += len(chunk)
        yield chunk


async def _let_go_of(request: Request) -> None:
    """Read a body that will not be used, within bounds, and hold nothing of it.

    A client that is cut off while it sends would hear of no answer.
    """
    left = UNHELD_BYTES
    with anyio.move_on_after(UNHELD_S):
        while left > 0:
            message = await request.receive()
            left -= len(message.get("body", b""))
            if not message.get("more_body"):
                return
