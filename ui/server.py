"""What Streamlit serves: the app, with what every answer says around it. Run by `recommender serve ui`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

UNFRAMED: Final = {"Content-Security-Policy": "frame-ancestors 'none'", "X-Frame-Options": "DENY"}
"""Another site's page could hold the app in a frame that nobody sees, and lead its visitor's clicks."""


class Unframed:
    """The application that it is around, in no frame."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(UNFRAMED)
            await send(message)

        await self._app(scope, receive, answer)


# Streamlit takes a folder `pages` beside its script for pages of the old kind until the script has run once: the first
# visitor who came by a link to a page would hear that there is none.
PagesManager.uses_pages_directory = False
app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(Unframed)])
