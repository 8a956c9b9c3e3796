"""http and https: one picture at a time, under every limit there is."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpcore
import httpx

from index.feeds.fetching.addresses import CheckedBackend, Network, Resolver, system, within
from index.feeds.fetching.answers import NOTHING, AddressRefused, Answer, FetchFailed, Validators
from index.feeds.fetching.rules import WEB, FetchRules, shown
from segmentation.common.photo import MAX_BYTES

REDIRECTS: Final = 3
CONNECTIONS: Final = 4
_MOVED: Final = (301, 302, 303, 307, 308)
_TRY_AGAIN: Final = (429, 500, 502, 503, 504)
_BROKEN: Final = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


@dataclass(frozen=True)
class FetchLimits:
    """How long and how often.

    Attributes:
        connect_s, read_s: for one connection, and for one read of it.
        total_s: for one attempt, from its first byte to its last, redirects included.
        max_bytes: of one picture.
        attempts: before giving up.
        first_wait_s: before the second attempt; doubled each time.
        longest_wait_s: whatever a server's Retry-After asks for.
        host_failures: connections to one host that may fail in a row; then it is not asked again.
    """

    connect_s: float = 5.0
    read_s: float = 10.0
    total_s: float = 30.0
    max_bytes: int = MAX_BYTES
    attempts: int = 3
    first_wait_s: float = 0.5
    longest_wait_s: float = 30.0
    host_failures: int = 9


DEFAULTS: Final = FetchLimits()


class _Again(Exception):  # noqa: N818  # it never leaves this module
    """An attempt failed in a way that may pass."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


class Web:
    """Reads pictures from the web. Safe to share between threads."""

    def __init__(
        self,
        rules: FetchRules,
        *,
        limits: FetchLimits = DEFAULTS,
        resolver: Resolver = system,
        allowed_networks: Sequence[Network] = (),
        tls: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take what may be read, and how.

        Args:
            rules: each redirect is held to them as well.
            limits: how long and how often.
            resolver: a host's name -> addresses.
            allowed_networks: reached although they are not public.
            tls: whom to trust; the public authorities where not given.
            sleep: waits before another attempt.
        """
        self._rules, self._limits, self._sleep = rules, limits, sleep
        self._failures: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(trust_env=False),
            max_connections=CONNECTIONS,
            keepalive_expiry=30,
            network_backend=CheckedBackend(resolver, allowed_networks),
        )

    def get(self, url: httpx.URL, known: Validators) -> Answer:
        """Return what lies at an address.

        Args:
            url: allowed by the rules.
            known: of what is had already; nothing for a picture that has to come whole.

        Raises:
            AddressRefused: it, or where it leads, may not be read.
            FetchFailed: it could not be had.
        """
        wait_s = self._limits.first_wait_s
        for attempt in range(1, self._limits.attempts + 1):
            if self._failures[url.host] >= self._limits.host_failures:
                raise FetchFailed(f"the host {url.host!r} failed again and again; it is left alone")
            try:
                with within(self._limits.total_s):
                    return self._attempt(url, known)
            except _Again as again:
                if attempt == self._limits.attempts:
                    raise FetchFailed(
                        f"picture {shown(str(url))}: {again}, {attempt} times"
                    ) from again
                asked_s = wait_s if again.wait_s is None else again.wait_s
                self._sleep(min(asked_s, self._limits.longest_wait_s))
                wait_s *= 2
        raise AssertionError("there is one attempt at least")

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _attempt(self, url: httpx.URL, known: Validators) -> Answer:
        for hop in range(REDIRECTS + 1):
            try:
                # what is remembered is of the first address; another may be older and yet be new
                found = self._ask(url, NOTHING if hop else known)
            except _BROKEN as error:
                self._count(url.host, failed=True)
                if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in error.args):
                    raise FetchFailed(f"{url.host!r} cannot prove who it is: {error}") from error
                raise _Again(str(error) or type(error).__name__) from error
            self._count(url.host, failed=False)
            if isinstance(found, Answer):
                return replace(found, validators=NOTHING) if hop else found
            url = self._rules.checked(found)
            if url.scheme not in WEB:
                raise AddressRefused(f"picture {shown(str(url))}: a redirect may not leave the web")
        raise FetchFailed(f"picture {shown(str(url))}: more than {REDIRECTS} redirects")

    def _ask(self, url: httpx.URL, known: Validators) -> Answer | str:
        """Return what one request is answered with: a picture, or another address."""
        limits = self._limits
        seconds = {"connect": limits.connect_s, "read": limits.read_s, "write": limits.read_s}
        with self._pool.stream(
            "GET",
            str(url),
            headers=_headers(known),
            extensions={"timeout": {**seconds, "pool": limits.total_s}},
        ) as response:
            headers = httpx.Headers(response.headers)
            if response.status in _MOVED and "location" in headers:
                return _joined(url, headers["location"])
            if response.status == 304 and known:
                return Answer(None, known)
            if response.status in _TRY_AGAIN:
                raise _Again(f"the server answered {response.status}", _retry_after(headers))
            if response.status != 200:
                raise FetchFailed(
                    f"picture {shown(str(url))}: the server answered {response.status}"
                )
            data = self._body(response, headers, url)
        return Answer(
            data, Validators.of(headers.get("etag", ""), headers.get("last-modified", ""))
        )

    def _body(self, response: httpcore.Response, headers: httpx.Headers, url: httpx.URL) -> bytes:
        """Return a picture's bytes; nothing is unpacked, and nothing is read past the cap."""
        if headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
            raise FetchFailed(f"picture {shown(str(url))} came compressed, which was not asked for")
        declared = headers.get("content-length", "0")
        size = int(declared) if declared.isdecimal() else 0
        parts = bytearray()
        for part in response.iter_stream() if size <= self._limits.max_bytes else ():
            parts += part
            size = max(size, len(parts))
            if size > self._limits.max_bytes:
                break
        if size > self._limits.max_bytes:
            raise FetchFailed(
                f"picture {shown(str(url))} has more than {self._limits.max_bytes} bytes"
            )
        return bytes(parts)

    def _count(self, host: str, *, failed: bool) -> None:
        with self._lock:
            self._failures[host] = self._failures[host] + 1 if failed else 0


def _headers(known: Validators) -> list[tuple[bytes | str, bytes | str]]:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return [
        ("User-Agent", "complete-the-look"),
        ("Accept", "image/*"),
        ("Accept-Encoding", "identity"),
        *((name, value) for name, value in asked.items() if value),
    ]


def _joined(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchFailed(f"picture {shown(str(url))} moved to what is no address") from error


def _retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds that a server asks to wait; None where it does not say."""
    header = headers.get("retry-after", "").strip()
    if header.isdecimal():
        return float(header[:9])
    try:
        when = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
