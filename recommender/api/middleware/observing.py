"""Around everything: an id for each request, its line in the log, the headers that all answers have.

An error that nobody expected ends here: the log has it with the request's id, the answer the id alone.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recommender.api.http import problems
from recommender.api.http.asked import HEADER, RequestInfo, asking

REQUESTS: Final = logging.getLogger("recommender.requests")
"""One record a request, its figures in `request`; `recommender.api.middleware.logs` writes them."""
log = logging.getLogger(__name__)

UNFRAMED: Final = "frame-ancestors 'none'"
"""No page may show an answer in a frame, where clicks could be led to it unseen."""
UNHEARD: Final = 499
"""What is written down where a client hung up before its answer began."""


class Observed:
    """The application that it is around, watched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, started = UNHEARD, time.perf_counter()
        with asking(scope) as asked:

            async def answer(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    _dress(MutableHeaders(scope=message), asked)
                await send(message)

            try:
                await self._app(scope, receive, answer)
            except Exception:
                log.exception("a request met an error that was not expected")
                if status == UNHEARD:
                    await problems.internal()(scope, receive, answer)
            finally:
                _write_down(asked, status, (time.perf_counter() - started) * 1000)


def _dress(headers: MutableHeaders, asked: RequestInfo) -> None:
    headers[HEADER] = asked.id
    headers["X-Content-Type-Options"] = "nosniff"
    if "Content-Security-Policy" not in headers:  # what may be framed says so itself
        headers["Content-Security-Policy"] = UNFRAMED
        headers["X-Frame-Options"] = "DENY"
    headers.setdefault("Cache-Control", "no-store")


def _write_down(asked: RequestInfo, status: int, ms: float) -> None:
    record = {
        "method": asked.method,
        "route": asked.route,
        "status": status,
        "ms": round(ms, 1),
        "request_id": asked.id,
        "key": asked.key,
    }
    REQUESTS.info("%(method)s %(route)s %(status)d %(ms).1f ms", record, extra={"request": record})
