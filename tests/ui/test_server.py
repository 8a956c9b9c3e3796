"""The app as it is served: what every answer says, whatever is asked for."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from recommender.cli.commands.serving import ui_command
from recommender.settings import Settings


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("ui") / "log"
    command = ui_command(Settings(home=log.parent), "127.0.0.1", port)
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=Path(__file__).parents[2])
    try:
        yield _answering(f"http://127.0.0.1:{port}", process, log)
    finally:
        process.terminate()
        process.wait(20)


def _answering(url: str, process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/_stcore/health", timeout=5)
            return url
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))


@pytest.mark.parametrize(
    "path",
    ["/", "/catalogue", "/_stcore/health", "/_stcore/host-config", "/static/none.js", "/media/none", "/none/none.png", "/_stcore/none"],
)  # fmt: skip
def test_no_answer_of_the_app_can_be_framed(address: str, path: str) -> None:
    for answer in (httpx.get(address + path), httpx.post(address + path)):
        assert answer.headers.get_list("content-security-policy") == ["frame-ancestors 'none'"]
        assert answer.headers.get_list("x-frame-options") == ["DENY"]


def test_a_visit_is_for_the_apps_own_pages(address: str) -> None:
    """What a visitor does comes through a socket: it opens for no other site's page, and by no other name."""
    assert "text/html" in httpx.get(address).headers["content-type"]
    own = address.removeprefix("http://")
    assert _handshake(own, Host=own, Origin=address) == 101
    assert _handshake(own, Host=own, Origin="https://evil.example") != 101
    assert _handshake(own, Host="evil.example", Origin="http://evil.example") != 101


def _handshake(own: str, **headers: str) -> int:
    """Return the status with which a web socket is opened, or not."""
    told = {
        **headers,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    lines = ["GET /_stcore/stream HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    host, port = own.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(wire.recv(64).split()[1])
