"""One delivery over the web: one request to a public address, or to a network that the operator allows."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Mapping, Sequence
from typing import Final

import httpcore
import httpx

from index.errors import FeedError
from index.feeds.fetching.addresses import CheckedBackend, Network, Resolver, system, within
from index.feeds.fetching.answers import AddressRefused, FetchFailed
from index.feeds.fetching.rules import WEB, FetchRules, parsed
from recommender.errors import RequestError, SettingsError

TOTAL_S: Final = 10.0
"""For one delivery, from its first byte to the status of its answer."""
_TIMEOUTS: Final = {"connect": 5.0, "read": TOTAL_S, "write": TOTAL_S, "pool": TOTAL_S}
_BROKEN: Final = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


class NotDelivered(Exception):  # noqa: N818  # it says what happened
    """A delivery did not arrive; the text says why, for whoever set its address."""


class Sender:
    """Sends deliveries. Safe to share between threads; `close` it."""

    def __init__(
        self,
        rules: FetchRules,
        networks: Sequence[Network] = (),
        *,
        resolver: Resolver = system,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Take where deliveries may go.

        Args:
            rules: which addresses.
            networks: reached although they are not public.
            resolver: a host's name -> addresses.
            tls: whom to trust; the public authorities where not given.
        """
        self._rules = rules
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(trust_env=False),
            keepalive_expiry=30,
            network_backend=CheckedBackend(resolver, networks),
        )

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Send a body once; a redirect is not followed.

        Raises:
            NotDelivered: it did not arrive, or was not taken.
        """
        if not allowed(self._rules, url):
            raise NotDelivered("RECOMMENDER_WEBHOOKS no longer allows this address")
        headers_sent = [("User-Agent", "complete-the-look"), ("Content-Type", "application/json")]
        try:
            with (
                within(TOTAL_S),
                self._pool.stream(
                    "POST",
                    url,
                    headers=[*headers_sent, *headers.items()],
                    content=body,
                    extensions={"timeout": _TIMEOUTS},
                ) as answer,
            ):
                status = answer.status
        except (AddressRefused, FetchFailed) as error:
            raise NotDelivered(str(error)) from error
        except _BROKEN as error:
            raise NotDelivered(str(error) or type(error).__name__) from error
        if not 200 <= status < 300:
            raise NotDelivered(f"the server answered {status}")

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def rules_of(setting: str) -> FetchRules:
    """Return where deliveries may go.

    Args:
        setting: of `RECOMMENDER_WEBHOOKS`.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        return FetchRules.of(setting.split(","))
    except FeedError as error:
        raise SettingsError(
            "where webhooks may be sent to cannot be read",
            got=error.got,
            expected="https, or a host such as hooks.shop.example",
            next_step="Mend RECOMMENDER_WEBHOOKS.",
        ) from error


def networks_of(setting: str) -> tuple[Network, ...]:
    """Return the networks that are reached although they are not public.

    Args:
        setting: of `RECOMMENDER_WEBHOOK_NETWORKS`.

    Raises:
        SettingsError: it cannot be read.
    """
    words = [word.strip() for word in setting.split(",") if word.strip()]
    try:
        return tuple(ipaddress.ip_network(word) for word in words)
    except ValueError as error:
        raise SettingsError(
            "a network of webhooks cannot be read",
            got=str(error),
            expected="networks such as 10.0.0.0/8, commas between them",
            next_step="Mend RECOMMENDER_WEBHOOK_NETWORKS.",
        ) from error


def check_address(rules: FetchRules, url: str) -> str:
    """Return an address that deliveries may go to.

    Raises:
        RequestError: they may not.
    """
    if allowed(rules, url):
        return url
    raise RequestError(
        "webhooks may not be sent to this address",
        got=repr(url[:200]),
        expected="an address of the web, without user and password, that RECOMMENDER_WEBHOOKS allows",
        next_step="Set RECOMMENDER_WEBHOOKS to its host, such as hooks.shop.example, for the command "
        "and for the server.",
    )


def allowed(rules: FetchRules, url: str) -> bool:
    """Return whether an address may be sent to; where it leads is looked at when it is."""
    try:
        target = parsed(url)
    except AddressRefused:
        return False
    return target.scheme in WEB and any(rule.allows(target) for rule in rules.rules)
