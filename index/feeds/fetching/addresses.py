"""A host's name -> addresses of the public internet, and connections to just these.

The name is resolved once, each address is checked, and the socket is opened to the address that was
checked: a name that answers differently a moment later leads nowhere. TLS still asks for the name.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any, Final, TypeAlias

import httpcore

from index.feeds.fetching.answers import AddressRefused, FetchFailed
from index.feeds.fetching.special import is_public

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""A host and a port -> addresses as text, best first. Raises OSError."""
TRIED: Final = 3
"""Addresses of one host that are tried."""
_ENDS: ContextVar[float] = ContextVar("_ENDS")
"""When all that is read and written here has to be done, by the monotonic clock."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """End every read and write of this block after so many seconds together."""
    before = _ENDS.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ENDS.reset(before)


def system(host: str, port: int) -> list[str]:
    """Return a host's addresses as this machine knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(where[0]) for *_, where in found]


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses only."""

    def __init__(
        self, resolver: Resolver = system, allowed_networks: Sequence[Network] = ()
    ) -> None:
        """Take what resolves names, and networks that are allowed although they are not public."""
        self._resolver = resolver
        self._allowed = tuple(allowed_networks)
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first of a host's addresses that answers.

        Raises:
            AddressRefused: one of them is not public.
            FetchFailed: the host is not known.
        """
        failed: Exception | None = None
        for address in self._addresses(host, port)[:TRIED]:
            try:
                opened = self._sockets.connect_tcp(
                    address, port, _left(timeout), local_address, socket_options
                )
                return _Ending(opened)
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                failed = error
        raise failed or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(self, *_args: Any, **_options: Any) -> httpcore.NetworkStream:
        """Refuse: nothing on this machine is read so."""
        raise AddressRefused("a picture's address may not lead to a socket of this machine")

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = self._resolver(host, port)
            parsed = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
        except (OSError, UnicodeError, ValueError) as error:
            raise FetchFailed(f"the host {host!r} is not known: {error}") from error
        for address in parsed:
            if not is_public(address) and not any(address in each for each in self._allowed):
                raise AddressRefused(f"the host {host!r} leads to {address}, which is not public")
        return list(dict.fromkeys(map(str, parsed)))


class _Ending(httpcore.NetworkStream):
    """A connection whose reads and writes end with the block they are done in."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Ending(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float | None:
    """Return the seconds that a read may take.

    Raises:
        httpcore.ReadTimeout: none are left.
    """
    ends = _ENDS.get(None)
    if ends is None:
        return timeout
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for one picture is over")
    return left if timeout is None else min(timeout, left)
