"""The routes of a photo that is held for a visit: send it once, correct what was found, delete it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Request

from recommender import serializers
from recommender.api.http.backend import Backend, BackendOf
from recommender.api.http.bodies import read_body
from recommender.api.http.documents import documented, json_body, problems
from recommender.api.http.sources import SENT, check_one, decoded, photo_of
from recommender.photos.photo_analysis import (
    PhotoAnalysis,
    analyse,
    kinds_in,
    with_garment,
    with_kind,
    without,
)
from recommender.photos.photo_cache import HeldPhoto, HeldPhotos
from recommender.photos.screenshots import cropped, photo_within
from recommender.runtime import allocator
from recommender.timing import Stopwatch
from recommender.wire.photo_shapes import (
    BoxBody,
    GarmentBody,
    KindBody,
    KindsAnswer,
    LikelyKind,
    PhotoAnswer,
    PhotoDeleted,
)
from recommender.wire.queries import PhotoId, PhotoQuery

SWEEP_S: Final = 10.0
"""So long after its time a photo may still be in memory."""


router = APIRouter(prefix="/v1/photos", tags=["photos"])

Name = Annotated[PhotoId, Path(alias="id", description="The photo's `id`.")]
Number = Annotated[int, Path(ge=0, le=1000, description="The garment's place in the list, from 0.")]


async def _garment(request: Request) -> GarmentBody:
    return (await read_body(request, GarmentBody, 0)).query


async def _box(request: Request) -> BoxBody:
    return (await read_body(request, BoxBody, 0)).query


async def _kind(request: Request) -> KindBody:
    return (await read_body(request, KindBody, 0)).query


@router.post(
    "",
    status_code=201,
    summary="Send a photo once",
    openapi_extra=documented(PhotoQuery, SENT),
    responses=problems(400, 408, 413, 415, 422, 503),
)
async def send(request: Request, backend: BackendOf) -> PhotoAnswer:
    """Find the garments of a photo and hold it in memory, for later requests to name by its id."""
    body = await read_body(request, PhotoQuery, backend.shop.settings.max_bytes)
    check_one(body, SENT)
    data = await photo_of(body, backend)
    return await backend.gate.run(partial(_sent, backend, data, body.query))


@router.get("/{id}", summary="A photo's garments as they stand", responses=problems(404, 422, 503))
async def show(name: Name, backend: BackendOf) -> PhotoAnswer:
    """Return what is known of a photo; it is held for longer then."""
    return await backend.gate.run(lambda: _answer(backend.held.get(name)))


@router.delete("/{id}", summary="Delete a photo", responses=problems(422))
async def delete(name: Name, backend: BackendOf) -> PhotoDeleted:
    """Let go of a photo at once, with all that was found in it."""
    return PhotoDeleted(deleted=backend.held.delete(name))


@router.post(
    "/{id}/garments",
    summary="Add a garment that was missed",
    openapi_extra=json_body(GarmentBody),
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
async def add(
    name: Name, body: Annotated[GarmentBody, Depends(_garment)], backend: BackendOf
) -> PhotoAnswer:
    """Outline what lies in a drawn box; garments made by hand come first, in their own order."""
    return await _changed(name, lambda each: with_garment(each, body.box, body.category), backend)


@router.post(
    "/{id}/kinds",
    summary="Guess what a box holds",
    openapi_extra=json_body(BoxBody),
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
async def kinds(
    name: Name, body: Annotated[BoxBody, Depends(_box)], backend: BackendOf
) -> KindsAnswer:
    """Return what the garment in a box may be; the photo stays as it is."""
    found = await backend.gate.run(lambda: kinds_in(backend.held.get(name).analysis, body.box))
    return KindsAnswer(
        kinds=[LikelyKind(category=kind, share=round(share, 4)) for kind, share in found]
    )


@router.patch(
    "/{id}/garments/{number}",
    summary="Say what a garment is",
    openapi_extra=json_body(KindBody),
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
async def rename(
    name: Name, number: Number, body: Annotated[KindBody, Depends(_kind)], backend: BackendOf
) -> PhotoAnswer:
    """Give a garment another kind, and with it another slot; its outline stays."""
    return await _changed(name, lambda each: with_kind(each, number, body.category), backend)


@router.delete(
    "/{id}/garments/{number}",
    summary="Take away what is no garment",
    responses=problems(404, 422, 503),
)
async def remove(name: Name, number: Number, backend: BackendOf) -> PhotoAnswer:
    """Take a garment out of the list; those after it move up by one."""
    return await _changed(name, lambda each: without(each, number), backend)


@asynccontextmanager
async def swept(held: HeldPhotos) -> AsyncIterator[None]:
    """Let go of photos as they expire while the block runs, and of all of them at its end.

    What memory is free then goes back to the system: that of photos, and of imports.
    """

    async def sweep() -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            held.sweep()
            await to_thread.run_sync(allocator.give_back)

    task = asyncio.create_task(sweep())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        held.clear()


def _sent(backend: Backend, data: bytes, query: PhotoQuery) -> PhotoAnswer:
    watch, shop = Stopwatch(), backend.shop
    photo = decoded(shop, data, watch)
    frame = photo_within(photo) if query.crop else None
    looked_at = photo if frame is None else cropped(photo, frame)
    analysis = analyse(looked_at, shop, everyone=query.everyone, watch=watch)
    analysis = replace(analysis, frame=frame)
    return _answer(backend.held.put(analysis, shop.settings.photo_minutes * 60))


async def _changed(
    name: str, work: Callable[[PhotoAnalysis], PhotoAnalysis], backend: Backend
) -> PhotoAnswer:
    return await backend.gate.run(lambda: _answer(backend.held.change(name, work)))


def _answer(held: HeldPhoto) -> PhotoAnswer:
    analysis = held.analysis
    found = serializers.garments(analysis.photo, analysis.garments, analysis.watch.ms)
    ends = datetime.now(UTC) + timedelta(seconds=held.left_s)
    return PhotoAnswer(
        id=held.id,
        frame=None if analysis.frame is None else list(analysis.frame),
        expires_at=ends.replace(microsecond=0),
        **{name: getattr(found, name) for name in type(found).model_fields},
    )
