"""Which addresses may be read: `https`, `cdn.shop.example`, `https://*.shop.example`, `s3://pictures`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import httpx

from index.errors import FeedError
from index.feeds.fetching.answers import AddressRefused

WEB: Final = {"https": 443, "http": 80}
BUCKETS: Final = ("s3", "gs")
SCHEMES: Final = (*WEB, *BUCKETS)
LONGEST: Final = 2000
"""Characters of an address."""


@dataclass(frozen=True)
class Rule:
    """One allowance.

    Attributes:
        scheme: one of `SCHEMES`.
        host: a host or bucket; `*.shop.example` for all below it; empty for all.
        port: for the web.
    """

    scheme: str
    host: str = ""
    port: int = 0

    def allows(self, url: httpx.URL) -> bool:
        """Return whether an address is one of these."""
        if url.scheme != self.scheme or port_of(url) != self.port:
            return False
        if self.host.startswith("*."):
            return url.host.endswith(self.host[1:])
        return self.host in ("", url.host)


@dataclass(frozen=True)
class FetchRules:
    """All that may be read; nothing where there are no rules."""

    rules: tuple[Rule, ...] = ()

    @classmethod
    def of(cls, words: Iterable[str]) -> FetchRules:
        """Return the rules that words tell.

        Args:
            words: a scheme (`https`), a host (`cdn.shop.example`, read through https), or both
                (`https://cdn.shop.example:8443`, `s3://pictures`).

        Raises:
            FeedError: a word is none of these.
        """
        return cls(tuple(_rule(word.strip().lower()) for word in words if word.strip()))

    def checked(self, address: str) -> httpx.URL:
        """Return an address that may be read, taken apart.

        Raises:
            AddressRefused: it may not, or is none.
        """
        url = parsed(address)
        if not any(rule.allows(url) for rule in self.rules):
            raise AddressRefused(
                f"picture {shown(address)} may not be fetched; "
                f"allowed is {', '.join(map(_text, self.rules)) or 'nothing'}"
            )
        return url


def parsed(address: str) -> httpx.URL:
    """Return an address taken apart.

    Raises:
        AddressRefused: it is none, of a kind that is not read here, or holds a password.
    """
    odd = any(ord(sign) < 32 or ord(sign) == 127 for sign in address) or "\\" in address
    if odd or len(address) > LONGEST:
        raise AddressRefused(f"picture {shown(address)} is no address that can be read")
    try:
        url = httpx.URL(address.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise AddressRefused(f"picture {shown(address)} is no address: {error}") from error
    if url.scheme not in SCHEMES:
        raise AddressRefused(f"picture {shown(address)}: only {', '.join(SCHEMES)} are read")
    if url.scheme not in WEB and ("?" in address or "#" in address):
        raise AddressRefused(f"picture {shown(address)}: a bucket's key may hold neither ? nor #")
    if url.userinfo:
        raise AddressRefused(f"picture at {url.host!r}: an address may hold no user or password")
    if not url.host or "%" in url.host:
        raise AddressRefused(f"picture {shown(address)} names no host")
    return url


def port_of(url: httpx.URL) -> int:
    """Return the port of a web address, the usual one filled in; 0 for others."""
    return url.port or WEB.get(url.scheme, 0)


def shown(address: str) -> str:
    """Return an address as messages show it: short, and without what may be secret.

    >>> shown("https://cdn.example/a.jpg?signature=abc")
    "'https://cdn.example/a.jpg'"
    """
    plain = address.partition("?")[0].partition("#")[0]
    head, scheme, rest = plain.partition("://")
    return repr(f"{head}{scheme}{rest.rpartition('@')[2]}"[:200])


def _rule(word: str) -> Rule:
    if word in SCHEMES:
        return Rule(word, port=WEB.get(word, 0))
    try:
        url = parsed(word if "://" in word else f"https://{word}")
    except AddressRefused as error:
        raise _unknown(word) from error
    short = "://" not in word and "." not in url.host  # a misspelt scheme, sooner than a host
    if short or url.path.strip("/") or url.query or not url.host.strip("*."):
        raise _unknown(word)
    return Rule(url.scheme, url.host, port_of(url))


def _text(rule: Rule) -> str:
    usual = rule.port == WEB.get(rule.scheme, 0)
    return f"{rule.scheme}://{rule.host or '...'}{'' if usual else f':{rule.port}'}"


def _unknown(word: str) -> FeedError:
    return FeedError(
        "what may be fetched cannot be read",
        got=word,
        expected=f"one of {', '.join(SCHEMES)}, a host such as cdn.shop.example, or s3://bucket",
        next_step="Mend --fetch or RECOMMENDER_FETCH.",
    )
