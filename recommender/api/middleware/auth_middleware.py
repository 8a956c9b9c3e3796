"""The door: whose key it is, how often they asked, whether they may. No body is read before it.

Where keys are not required everything is open, but what needs `admin`: that is for whoever sits at
the machine that the server runs on. A server that listens on that machine alone answers only under
the machine's own names then: a website whose name comes to mean 127.0.0.1 (DNS rebinding) would
otherwise read through a visitor's browser all that is there.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from index.database.tables import DEFAULT
from recommender.access.keys import ApiKey, KeyRing
from recommender.access.scope import Scope
from recommender.api.http import problems
from recommender.api.http.asked import RequestInfo, asked_now
from recommender.api.http.errors import CrossSite, KeyInvalid, KeyMissing, ScopeMissing
from recommender.api.middleware import scopes
from recommender.api.middleware.rate_limits import Left, RateLimits, caller_at
from segmentation.common.errors import Refusal

READING: Final = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods that change nothing and start no work on a body."""
UNLIMITED: Final = frozenset(("/healthz", "/readyz", "/metrics"))
_PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers by which a proxy is known, whose clients may be anyone."""


@dataclass(frozen=True)
class AccessRules:
    """What the door goes by.

    Attributes:
        ring: tells whose a key is; None where keys are not required.
        limits: None where everyone may ask as often as they like.
        host: what the server listens on.
        names: what it may be called besides localhost and its addresses, where no keys are required.
        routes: the names of all that there are.
        origins: pages of other websites that may ask.
        catalogue: what is behind the door; a key may open another alone.
    """

    ring: KeyRing | None
    limits: RateLimits | None
    host: str
    names: frozenset[str]
    routes: frozenset[str]
    origins: frozenset[str] = frozenset()
    catalogue: str = DEFAULT


class Door:
    """Lets a request into the application around which it is, or answers it with a problem."""

    def __init__(self, app: ASGIApp, rules: AccessRules) -> None:
        self._app, self._rules = app, rules

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = asked_now()
        if asked is None:  # nothing says which route it is of, so nothing says whose it is
            await problems.internal()(scope, receive, send)
            return
        left: Left | None = None

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and left is not None:
                MutableHeaders(scope=message).update(left.headers)
            await send(message)

        needs = scopes.needed(scopes.name_of(asked.method, asked.route), self._rules.routes)
        try:
            text = presented(Headers(scope=scope))
            if needs and text is not None and self._rules.ring:
                left = self._before_look_up(asked, scope, text, self._rules.ring)
                if left is not None:
                    left.check()
                asked.holder = await anyio.to_thread.run_sync(self._rules.ring.opened_by, text)
            left = self._counted(asked, scope)
            if left is not None:
                left.check()
            self._check(asked, scope, needs, presented=text is not None)
        except Refusal as refusal:
            await problems.answer_to(refusal)(scope, receive, answer)
            return
        await self._app(scope, receive, answer)

    def _check(
        self, asked: RequestInfo, scope: Connection, needs: Scope | None, *, presented: bool
    ) -> None:
        rules = self._rules
        if rules.ring is None and is_loopback(rules.host):
            check_name(Headers(scope=scope), rules.names)
        if asked.method not in READING:
            check_site(Headers(scope=scope), rules.names, rules.origins)
        if needs and rules.ring:
            check_key(needs, asked.holder, presented=presented)
            check_catalogue(asked.holder, rules.catalogue)
        elif needs is Scope.ADMIN and asked.route not in UNLIMITED:
            check_at_home(scope, rules.host)

    def _counted(self, asked: RequestInfo, scope: Connection) -> Left | None:
        if self._rules.limits is None or asked.route in UNLIMITED:
            return None
        return self._rules.limits.take(f"key {asked.key}" if asked.key else _caller(scope))

    def _before_look_up(
        self, asked: RequestInfo, scope: Connection, text: str, ring: KeyRing
    ) -> Left | None:
        """Return what the address has left, where a text may cost a look into the database.

        The keys that were met do not stand back for those who guess from behind the same address.
        """
        if self._rules.limits is None or asked.route in UNLIMITED or ring.met(text):
            return None
        return self._rules.limits.left(_caller(scope))


def _caller(scope: Connection) -> str:
    return caller_at(scope["client"][0] if scope.get("client") else "")


def presented(headers: Headers) -> str | None:
    """Return the key that a request presents, None for none."""
    scheme, _, text = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return text.strip()
    return headers.get("x-api-key")


def check_key(needed: Scope, key: ApiKey | None, *, presented: bool) -> None:
    """Let whoever holds a key pass.

    Raises:
        KeyMissing: no key is presented.
        KeyInvalid: what is presented is none.
        ScopeMissing: it does not allow what is asked.
    """
    if key is None:
        raise KeyInvalid.of() if presented else KeyMissing.of()
    if not key.scope.allows(needed):
        raise ScopeMissing(
            "the key does not allow this",
            got=f"a key that may {key.scope.value}",
            expected=f"one that may {needed.value}",
            next_step="Ask whoever runs the server for such a key.",
        )


def check_catalogue(key: ApiKey | None, catalogue: str) -> None:
    """Let whoever holds a key to a catalogue pass.

    Raises:
        ScopeMissing: it opens another alone.
    """
    if key is not None and not key.opens(catalogue):
        raise ScopeMissing(
            "the key is of another catalogue",
            got=f"a key to the catalogue {key.catalogue!r}",
            expected=f"one that opens {catalogue!r}",
            next_step=f"Ask under /v1/catalogs/{key.catalogue}/, or present another key.",
        )


def check_person(person: str | None) -> None:
    """Let whoever asks for a person's style pass: what comes of it tells what the person likes.

    Raises:
        ScopeMissing: their key may not read people's feedback.
    """
    asked = asked_now()
    if person and asked is not None and asked.holder is not None:
        check_key(Scope.WRITE, asked.holder, presented=True)


def check_name(headers: Headers, names: frozenset[str]) -> None:
    """Let whoever asks this machine under a name of its own pass; browsers always tell the name.

    Raises:
        ScopeMissing: it is a name that anyone may have made mean this machine.
    """
    host = headers.get("host")
    if host is None:
        return
    name = _host_of(f"//{host}")
    if is_loopback(name) or name in names:
        return
    raise ScopeMissing(
        "the server is not asked under this name",
        got=f"the Host {host[:100]!r}",
        expected="localhost, a loopback address or a name of RECOMMENDER_API_NAMES",
        next_step="Ask it as http://127.0.0.1 with its port, or set RECOMMENDER_API_NAMES, or let "
        "others in with RECOMMENDER_REQUIRE_KEYS=true.",
    )


def check_site(
    headers: Headers, names: frozenset[str], origins: frozenset[str] = frozenset()
) -> None:
    """Let whoever is no page of another website pass; programs tell neither header.

    A browser's own word on where a request comes from decides; one too old to give it tells the
    page's origin, which must be an address of this server's.

    Raises:
        CrossSite: a page of another website asks.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin is not None and origin in origins:
        return
    if site is not None and site not in ("same-origin", "none"):
        raise CrossSite.of(f"Sec-Fetch-Site: {site[:20]}")
    if site is None and origin is not None and not _is_own(origin, headers, names):
        raise CrossSite.of(f"the Origin {origin[:100]!r}")


def check_at_home(scope: Connection, host: str) -> None:
    """Let whoever sits at the server's own machine pass.

    Raises:
        ScopeMissing: others reach the server, or a page of another website asks.
    """
    headers = Headers(scope=scope)
    server = str((scope.get("server") or ("",))[0])
    if not is_loopback(host):
        got = "a server that listens on more than this machine"
    elif _is_address(server) and not is_loopback(server):
        got = "a connection from elsewhere"
    elif any(name in headers for name in _PASSED_ON):
        got = "a request that a proxy passed on"
    elif _by_another_site(headers):
        got = "a page of another website"
    else:
        return
    raise ScopeMissing(
        "this is for the server's own machine, as long as no keys are required",
        got=got,
        expected="a request from this machine, or a key that may admin",
        next_step="Start the server with RECOMMENDER_REQUIRE_KEYS=true and present a key that "
        "`recommender keys create NAME --scope admin` makes.",
    )


def is_loopback(host: str) -> bool:
    """Return whether a host's name or address means this machine alone.

    >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "shop")]
    [True, True, True, False, False]
    """
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _by_another_site(headers: Headers) -> bool:
    """Return whether a browser says that another website's page asks."""
    if "origin" in headers and not is_loopback(_host_of(headers["origin"])):
        return True
    return headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


def _is_own(origin: str, headers: Headers, names: frozenset[str]) -> bool:
    host = _host_of(origin)
    if is_loopback(host):
        return is_loopback(_host_of(f"//{headers.get('host', '')}"))
    return bool(host) and (host in names or origin.partition("://")[2] == headers.get("host"))


def _host_of(url: str) -> str:
    """Return the host of a URL in small letters, empty where it has none.

    >>> _host_of("//[::1]:8000"), _host_of("http://Shop:80"), _host_of("//[x"), _host_of("null")
    ('::1', 'shop', '', '')
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
