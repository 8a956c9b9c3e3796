"""The routes that write items one by one or many at once."""

from __future__ import annotations

import json
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from recommender import serializers
from recommender.api.http.backend import Backend, BackendOf
from recommender.api.http.bodies import Body, capped, invalid, read_body
from recommender.api.http.documents import documented, json_body, problems
from recommender.api.http.errors import BodyMalformed
from recommender.api.http.problems import of_refusal
from recommender.api.routes.items import Sku
from recommender.api.routes.shop.once import Key, once
from recommender.jobs.item_writes import DELETE, REMOVED, Outcome
from recommender.wire.state_shapes import Problem
from recommender.wire.write_shapes import (
    MAX_BULK_MB,
    MAX_LINES,
    BulkAnswer,
    ItemChange,
    ItemWrite,
    RemovedAnswer,
    Written,
)

router = APIRouter(prefix="/v1/items", tags=["items"])

DryRun = Annotated[bool, Query(description="Only say what would become of it.")]


@router.post(
    "/bulk",
    summary="Many items at once",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/plain": {
                    "schema": {"type": "string", "description": "A JSON object a line."},
                    "example": '{"sku": "B-1", "price": "39.90"}\n{"sku": "B-2", "delete": true}\n',
                }
            },
        }
    },
    response_model=BulkAnswer,
    responses=problems(400, 408, 409, 413, 422, 503),
)
async def bulk(
    request: Request, backend: BackendOf, dry_run: DryRun = False, key: Key = ""
) -> Response:
    """Write items a line each: `delete` takes one out, `image` writes a whole one, others change fields."""
    allowed = f"{MAX_BULK_MB} MB of lines"
    data = b"".join([part async for part in capped(request, MAX_BULK_MB << 20, allowed)])
    write = partial(_bulk, backend, _lines(data), dry_run)
    return await once(backend, key, data + (b"?" if dry_run else b"!"), write)


def _lines(data: bytes) -> list[dict[str, Any] | str]:
    """Return the objects of a body; a line that is none is its reason.

    Raises:
        BodyMalformed: there are none, or too many.
    """
    found: list[dict[str, Any] | str] = []
    for line in data.splitlines():
        if not line.strip():
            continue
        if len(found) >= MAX_LINES:
            raise BodyMalformed.of(f"more than {MAX_LINES} lines", f"{MAX_LINES} at most")
        found.append(_line(line))
    if not found:
        raise BodyMalformed.of("no lines", "a JSON object a line")
    return found


def _line(line: bytes) -> dict[str, Any] | str:
    try:
        record = json.loads(line)
        if not isinstance(record, dict):
            return "expected a JSON object"
        sku, gone = record.pop("sku", ""), record.pop(DELETE, False)
        fields = ItemWrite.model_validate(record).sent_fields()
        return {**fields, "sku": sku if isinstance(sku, str) else "", DELETE: gone is True}
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except (ValueError, RecursionError) as error:
        return f"no JSON object ({error})"


def _bulk(backend: Backend, lines: list[dict[str, Any] | str], dry_run: bool) -> str:
    good = [line for line in lines if isinstance(line, dict)]
    outcomes = iter(backend.shop.writes.bulk(good, dry_run=dry_run))
    results = [
        _written(backend, next(outcomes), dry_run) if isinstance(line, dict) else _malformed(line)
        for line in lines
    ]
    return BulkAnswer(results=results, dry_run=dry_run).model_dump_json()


def _malformed(reason: str) -> Written:
    answer = of_refusal(BodyMalformed.of(reason, "an item's fields, its sku among them"))
    return Written(sku="", result="refused", problem=Problem(**answer))


@router.put(
    "/{sku:path}",
    summary="Write an item",
    openapi_extra=documented(ItemWrite, ("photo",)),
    responses=problems(400, 408, 413, 415, 422, 503),
)
async def put(sku: Sku, request: Request, backend: BackendOf, dry_run: DryRun = False) -> Written:
    """Write a whole item, new or there already; its picture by upload (`photo`) or address (`image`)."""
    body = await read_body(request, ItemWrite, backend.shop.settings.max_bytes)
    return await to_thread.run_sync(partial(_put, backend, sku, body, dry_run))


def _put(backend: Backend, sku: str, body: Body[ItemWrite], dry_run: bool) -> Written:
    outcome = backend.shop.writes.put(sku, body.query.sent_fields(), body.photo, dry_run=dry_run)
    return _written(backend, outcome, dry_run)


@router.patch(
    "/{sku:path}",
    summary="Change an item",
    openapi_extra=json_body(ItemChange),
    responses=problems(400, 404, 408, 413, 415, 422, 503),
)
async def patch(sku: Sku, request: Request, backend: BackendOf, dry_run: DryRun = False) -> Written:
    """Change price, stock and other fields of an item; nothing is encoded."""
    body = await read_body(request, ItemChange, 0)
    fields = body.query.sent_fields()
    if not fields:
        raise invalid([{"type": "missing", "loc": ("body",), "msg": "Send a field at least"}])
    work = partial(backend.shop.writes.change, sku, fields, dry_run=dry_run)
    outcome = await to_thread.run_sync(work)
    return await to_thread.run_sync(partial(_written, backend, outcome, dry_run))


@router.delete("/{sku:path}", summary="Take an item out", responses=problems(404, 422, 503))
def delete(sku: Sku, backend: BackendOf, dry_run: DryRun = False) -> RemovedAnswer:
    """Take an item out: row, vector, and picture unless another item shows it."""
    outcome = backend.shop.writes.remove(sku, dry_run=dry_run)
    return RemovedAnswer(removed=[outcome.sku], dry_run=dry_run)


def _written(backend: Backend, outcome: Outcome, dry_run: bool) -> Written:
    refused = outcome.refused
    shown = refused is None and outcome.result != REMOVED and not dry_run
    return Written.model_validate(
        {
            "sku": outcome.sku,
            "result": outcome.result,
            "item": serializers.item(backend.shop.item(outcome.sku)) if shown else None,
            "warnings": list(outcome.warnings),
            "problem": None if refused is None else Problem(**of_refusal(refused)),
        }
    )
