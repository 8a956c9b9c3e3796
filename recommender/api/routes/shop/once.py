"""A write whose answer is repeated where the same comes again under its idempotency key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import Header, Response

from recommender.api.http.asked import asked_now
from recommender.api.http.backend import Backend
from recommender.api.http.bodies import JSON

Key = Annotated[
    str, Header(alias="Idempotency-Key", max_length=200, description="The same twice is done once.")
]


async def once(backend: Backend, key: str, body: bytes, write: Callable[[], str]) -> Response:
    """Return the answer of a write, in a thread: done now, or repeated.

    Args:
        backend: what the application holds.
        key: the caller's; empty for a write that is done each time.
        body: what is written, with all that decides what becomes of it.
        write: writes, and returns its answer as JSON.

    Raises:
        KeyReused: the key came with another body.
        KeyUnderWay: what it came with is not answered yet.
    """
    if not key:
        return Response(await to_thread.run_sync(write), media_type=JSON)
    asked, shop = asked_now(), backend.shop
    whose = f"{shop.settings.catalogue} {asked.key if asked else ''} {asked.route if asked else ''} {key}"
    text, again = await to_thread.run_sync(lambda: shop.answered.once(whose, body, write))
    return Response(text, media_type=JSON, headers={"Idempotent-Replay": "true"} if again else {})
