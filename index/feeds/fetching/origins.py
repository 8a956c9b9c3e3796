"""What lies at an address, wherever that is: the web or a bucket. Nothing of it is kept."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence

import httpx

from index.feeds.fetching import buckets, web
from index.feeds.fetching.addresses import Network, Resolver, system
from index.feeds.fetching.answers import NOTHING, Answer, FetchFailed, Validators
from index.feeds.fetching.rules import BUCKETS, FetchRules


class Origins:
    """Reads pictures at addresses that are allowed. Safe to share between threads."""

    def __init__(
        self,
        rules: FetchRules,
        *,
        limits: web.FetchLimits = web.DEFAULTS,
        resolver: Resolver = system,
        allowed_networks: Sequence[Network] = (),
        tls: ssl.SSLContext | None = None,
        opener: buckets.Opener = buckets.open_filesystem,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take what may be read, and how.

        Args:
            rules: what may be read; each redirect is held to them as well.
            limits: how long, how often, how much.
            resolver: a host's name -> addresses.
            allowed_networks: reached although they are not public.
            tls: whom to trust; the public authorities where not given.
            opener: a bucket's scheme -> an fsspec file system.
            sleep: waits before another attempt.
        """
        self._rules = rules
        self._web = web.Web(
            rules,
            limits=limits,
            resolver=resolver,
            allowed_networks=allowed_networks,
            tls=tls,
            sleep=sleep,
        )
        self._buckets = buckets.Buckets(opener, max_bytes=limits.max_bytes)

    def get(self, address: str, known: Validators = NOTHING) -> Answer:
        """Return what lies at an address.

        Args:
            address: as it was given.
            known: of what is had already; nothing for a picture that has to come whole.

        Raises:
            AddressRefused, FetchFailed: it cannot be had; the text says why, for the merchant.
            FeedError: the package that reads such buckets is not installed.
        """
        url: httpx.URL = self._rules.checked(address)
        origin = self._buckets if url.scheme in BUCKETS else self._web
        answer = origin.get(url, known)
        if answer.data == b"":
            raise FetchFailed("the server sent a picture of no bytes")
        return answer

    def close(self) -> None:
        """Close all connections."""
        self._web.close()
