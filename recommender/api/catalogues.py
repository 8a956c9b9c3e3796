"""Several catalogues in one server: what is asked under `/v1/catalogs/NAME/` is that catalogue's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from recommender import serializers

PATH: Final = "/v1/catalogs/"


class ByCatalogue:
    """Sends a request to the application of the catalogue that its path names.

    Everything under `/v1/` of a catalogue lies under its own path too; one that is not served is answered as any path
    that there is not.
    """

    def __init__(self, app: ASGIApp, own: str, others: Mapping[str, ASGIApp]) -> None:
        """Take what serves each catalogue.

        Args:
            app: the server's own application.
            own: its catalogue's name.
            others: by name.
        """
        self._app, self._apps = app, {own: app, **others}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        name, _, rest = str(scope.get("path", "")).removeprefix(PATH).partition("/")
        asked = scope["type"] == "http" and scope["path"].startswith(PATH)
        app = self._apps.get(name) if asked and rest else None
        if app is None:
            await self._app(scope, receive, send)
            return
        path = f"/v1/{rest}"
        token = serializers.BASE.set(f"{PATH}{name}")
        try:
            await app({**scope, "path": path, "raw_path": quote(path).encode()}, receive, send)
        finally:
            serializers.BASE.reset(token)
