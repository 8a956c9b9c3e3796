"""The real API over fake models, reached without a socket."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recommender.api.app import create_app
from recommender.client import Client
from tests.recommender.fake_shop import FakeShop, picture, street
from ui.visit import service, shopkeeper


def api_over(shop: FakeShop, folder: Path) -> Client:
    """Return a client of an API that offers two sample outfits: one with garments, one without."""
    outfits = {"city-walk": folder / "city-walk.png", "grey-wall": folder / "grey-wall.png"}
    outfits["city-walk"].write_bytes(street())
    outfits["grey-wall"].write_bytes(picture((120, 120, 120)))
    app = create_app(shop, outfits=outfits, warm=False)
    return Client.over(httpx.Client(transport=transport_to(app), base_url="http://shop"))


def serve(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the app ask through a client, the merchant's area too, and be out of others' reach."""
    monkeypatch.setattr(service, "api", lambda: client)
    monkeypatch.setattr(service, "anyone", lambda: client)
    monkeypatch.setattr(shopkeeper, "is_at_home", lambda: True)


def transport_to(app: FastAPI) -> httpx.MockTransport:
    """Return what lets an httpx client reach an application in this process."""
    server = TestClient(app, raise_server_exceptions=False)

    def handle(request: httpx.Request) -> httpx.Response:
        answer = server.request(
            request.method,
            str(request.url),
            content=request.read(),
            headers=dict(request.headers),
        )
        return httpx.Response(
            answer.status_code, headers=dict(answer.headers), content=answer.content
        )

    return httpx.MockTransport(handle)


def deaf_api() -> Client:
    """Return a client of an API that is not there."""

    def handle(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    return Client.over(httpx.Client(transport=httpx.MockTransport(handle), base_url="http://shop"))


def garbled_api() -> Client:
    """Return a client of something else that answers there."""

    def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="<html>")

    return Client.over(httpx.Client(transport=httpx.MockTransport(handle), base_url="http://shop"))
