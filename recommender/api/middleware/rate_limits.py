"""How often one caller may ask: a window that moves, in memory.

Several processes count apart, and a restart forgets.
"""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass
from typing import Final

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from recommender.api.http.errors import TooManyRequests

MOST_CALLERS: Final = 100_000
"""Maximum number of callers that are counted; then all begin anew, so that memory stays bounded."""


@dataclass(frozen=True)
class Left:
    """What a caller has left.

    Attributes:
        limit: requests in the window.
        remaining: of them.
        reset_s: seconds until the oldest request leaves the window.
        over: whether this request is one too many.
    """

    limit: int
    remaining: int
    reset_s: int
    over: bool

    @property
    def headers(self) -> dict[str, str]:
        """What the answer tells of it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_s),
        }

    def check(self) -> None:
        """Let the request pass.

        Raises:
            TooManyRequests: it is one too many.
        """
        if self.over:
            raise TooManyRequests.of(self.limit, self.reset_s)


class RateLimits:
    """Counts the requests of each caller. Safe to share between threads."""

    def __init__(self, rate: str) -> None:
        """Take a rate as `Settings.rate_limit` has it, such as 600/minute."""
        self._rate = parse(rate)
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    def left(self, caller: str) -> Left:
        """Return what a caller has left before a request that is not counted yet."""
        free = self._limiter.test(self._rate, caller)
        return self._left(caller, over=not free)

    def take(self, caller: str) -> Left:
        """Count a request, and return what its caller has left."""
        if len(self._storage.events) >= MOST_CALLERS:
            self._storage.reset()
        let_in = self._limiter.hit(self._rate, caller)
        return self._left(caller, over=not let_in)

    def _left(self, caller: str, *, over: bool) -> Left:
        window = self._limiter.get_window_stats(self._rate, caller)
        wait_s = max(1, math.ceil(window.reset_time - time.time()))
        return Left(self._rate.amount, window.remaining, wait_s, over)


def caller_at(address: str) -> str:
    """Return who asks from an address; one who has IPv6 has 2^64 addresses, and is one caller.

    >>> caller_at("2001:db8::1:2"), caller_at("192.0.2.7")
    ('2001:db8::/64', '192.0.2.7')
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return address
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip.packed, 64), strict=False))
