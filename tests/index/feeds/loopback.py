"""A web server on loopback that answers as it is told, well or badly, and counts what it was asked."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from index.feeds.fetching.addresses import Network
from index.feeds.fetching.fetcher import RemoteFetcher
from index.feeds.fetching.rules import FetchRules
from index.feeds.fetching.web import FetchLimits

LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"),)
QUICK = FetchLimits(
    connect_s=1, read_s=0.4, total_s=1.0, max_bytes=20_000, attempts=3, first_wait_s=0.1
)

Answer = Callable[[BaseHTTPRequestHandler], None]


class Shop:
    """What the server answers by path, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.names: list[str | None] = []

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def count(self, path: str) -> int:
        return self.asked.count(path)


def sent(data: bytes, status: int = 200, **headers: str) -> Answer:
    """Return an answer of some bytes; `content_length` may lie."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        named = {"content_length": str(len(data)), **headers}
        handler.send_response(status)
        for name, value in named.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def moved(to: str, status: int = 302) -> Answer:
    return sent(b"", status, location=to)


@contextmanager
def open_shop(tls: ssl.SSLContext | None = None) -> Iterator[Shop]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shop.asked.append(self.path)
            shop.headers.append({name.lower(): value for name, value in self.headers.items()})
            with suppress(OSError):  # whoever asked has gone
                shop.answers.get(self.path, sent(b"", 404))(self)
            self.close_connection = True

        def log_message(self, *_words: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_what: Any) -> None:
            pass  # a client that refuses the certificate

    server = Server(("127.0.0.1", 0), Handler)
    shop = Shop(server.server_port)
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: shop.names.append(name)
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def fetching(
    home: Path, shop: Shop, *more: str, networks: tuple[Network, ...] = LOOPBACK, **options: Any
) -> Iterator[RemoteFetcher]:
    """Yield a fetcher that may read the shop, by its numbers and as shop.test, and what else is told."""
    hosts = ("127.0.0.1", "localhost", "shop.test", "[::1]", "169.254.169.254")
    rules = FetchRules.of([*(f"http://{host}:{shop.port}" for host in hosts), *more])
    options = {"limits": QUICK, "sleep": lambda _seconds: None, **options}
    fetcher = RemoteFetcher(home, rules, allowed_networks=networks, **options)
    try:
        yield fetcher
    finally:
        fetcher.close()
