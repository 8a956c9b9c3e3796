"""Pictures at addresses: which hosts would have to be allowed, and which pictures a dry run looks at."""

from __future__ import annotations

import hashlib
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from index.errors import PicturesElsewhere
from index.feeds.fields.pictures import host_of
from index.feeds.rows import Elsewhere, PictureSource

SAMPLED: Final = 5
"""Pictures of a host that a dry run looks at; the others are taken for good."""


@dataclass
class Hosts:
    """Pictures that lie elsewhere, by host.

    Attributes:
        closed: how many lie at each host that nothing is fetched from.
    """

    closed: Counter[str] = field(default_factory=Counter)

    def count(self, pictures: Iterable[PictureSource]) -> None:
        """Count those of a row."""
        self.closed.update(each.host for each in pictures if isinstance(each, Elsewhere))


@dataclass
class AddressSample:
    """Which pictures a dry run takes for good without looking at them."""

    _seen: Counter[str] = field(default_factory=Counter)

    def trusts(self, picture: PictureSource) -> bool:
        """Return whether a picture is taken for good: it is closed off, or enough of its host were read."""
        if isinstance(picture, Elsewhere):
            return True
        address = getattr(picture, "address", "")
        if not address:
            return False
        host = host_of(address)
        self._seen[host] += 1
        return self._seen[host] > SAMPLED


def promised(picture: PictureSource) -> str:
    """Return what stands for the SHA-256 of a picture that was not read, 64 hexadecimal digits."""
    return hashlib.sha256(f"unread {getattr(picture, 'address', '')}".encode()).hexdigest()


def allowing(source: str, hosts: Mapping[str, int], extra: str = "") -> str:
    """Return the command that lets the pictures in, its hosts filled in.

    >>> allowing("my feed.csv", {"cdn.shop.example": 3})
    "recommender catalog import 'my feed.csv' --fetch cdn.shop.example"
    """
    words = ["recommender", "catalog", "import", source]
    for host in sorted(hosts, key=lambda host: (-hosts[host], host)):
        words += ["--fetch", host]
    return f"{shlex.join(words)}{extra}"


def pictures(count: int) -> str:
    """Return a number of pictures in words.

    >>> pictures(1), pictures(3)
    ('1 picture', '3 pictures')
    """
    return f"{count} picture{'' if count == 1 else 's'}"


def host_list(hosts: Mapping[str, int], most: int = 5) -> str:
    """Return hosts with their numbers of pictures.

    >>> host_list({"a.example": 1, "b.example": 20})
    'b.example (20), a.example (1)'
    """
    ordered = sorted(hosts.items(), key=lambda each: (-each[1], each[0]))
    shown = ", ".join(f"{host} ({count})" for host, count in ordered[:most])
    return shown if len(ordered) <= most else f"{shown} and {len(ordered) - most} more hosts"


def closed_off(source: str, hosts: Mapping[str, int]) -> PicturesElsewhere:
    """Return the refusal of a feed whose pictures lie where nothing is fetched from."""
    refusal = PicturesElsewhere(
        "the feed's pictures lie at addresses, and none of these may be fetched",
        got=f"{pictures(sum(hosts.values()))} at {host_list(hosts)}",
        expected="hosts that are allowed",
        next_step=f"Allow them: {allowing(source, hosts)}",
    )
    refusal.hosts = dict(hosts)
    return refusal
