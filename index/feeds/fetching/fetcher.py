"""The door to pictures at addresses: each is fetched once in an import, and not at all if unchanged."""

from __future__ import annotations

import hashlib
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.feeds.fetching import buckets, spool, web
from index.feeds.fetching.addresses import Network, Resolver, system
from index.feeds.fetching.answers import NOTHING, Validators
from index.feeds.fetching.origins import Origins
from index.feeds.fetching.rules import FetchRules


@dataclass(frozen=True)
class RemotePicture:
    """A picture at an address. See `index.feeds.rows.PictureSource`."""

    address: str
    fetcher: RemoteFetcher = field(repr=False, compare=False)

    def read(self) -> bytes:
        """Return the picture; fetched the first time.

        Raises:
            AddressRefused, FetchFailed: it cannot be had; the text says why, for the merchant.
        """
        return self.fetcher.data_at(self.address)

    def digest(self) -> str:
        """Return the picture's SHA-256; its server is asked whether it has changed, no more.

        Raises:
            AddressRefused, FetchFailed: it cannot be had; the text says why, for the merchant.
        """
        return self.fetcher.digest_at(self.address)


class RemoteFetcher:
    """Fetches pictures. Safe to share between threads; to be closed when the import is over."""

    def __init__(
        self,
        home: Path,
        rules: FetchRules,
        *,
        limits: web.FetchLimits = web.DEFAULTS,
        resolver: Resolver = system,
        allowed_networks: Sequence[Network] = (),
        tls: ssl.SSLContext | None = None,
        opener: buckets.Opener = buckets.open_filesystem,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take where to keep what is fetched, and what may be; pictures of dead imports are deleted.

        Args:
            home: `RECOMMENDER_HOME`.
            rules: what may be fetched.
            limits: how long, how often, how much.
            resolver: a host's name -> addresses.
            allowed_networks: reached although they are not public.
            tls: whom to trust; the public authorities where not given.
            opener: a bucket's scheme -> an fsspec file system.
            sleep: waits before another attempt.
        """
        spool.sweep(home)
        self._home, self._rules = home, rules
        self._origins = Origins(
            rules,
            limits=limits,
            resolver=resolver,
            allowed_networks=allowed_networks,
            tls=tls,
            opener=opener,
            sleep=sleep,
        )
        self._lock = threading.Lock()
        self._kept: tuple[spool.Spool, spool.ValidatorCache] | None = None
        self._digests: dict[str, str] = {}
        self._busy = [threading.Lock() for _ in range(64)]

    def picture(self, url: str) -> RemotePicture:
        """Return the picture at an address. See `index.feeds.rows.Fetcher`.

        Raises:
            AddressRefused: this address may not be read.
        """
        self._rules.checked(url)
        return RemotePicture(url, self)

    def data_at(self, address: str) -> bytes:
        """Return the picture at an address. See `RemotePicture.read`."""
        with self._alone(address):
            pictures, _ = self._open()
            kept = pictures.get(address)
            if kept is not None:
                return kept
            answer = self._origins.get(address)
            assert answer.data is not None  # nothing was known, so nothing can be unchanged
            self._keep(address, answer.data, answer.validators)
            return answer.data

    def digest_at(self, address: str) -> str:
        """Return the SHA-256 of the picture at an address. See `RemotePicture.digest`."""
        with self._alone(address):
            if address in self._digests:
                return self._digests[address]
            _, known = self._open()
            validators, digest = known.get(address) or (NOTHING, "")
            answer = self._origins.get(address, validators)
            if answer.data is None:
                self._digests[address] = digest
                return digest
            return self._keep(address, answer.data, answer.validators)

    def close(self) -> None:
        """Close connections and delete what was fetched."""
        self._origins.close()
        with self._lock:
            kept, self._kept = self._kept, None
        for each in kept or ():
            each.close()

    def _alone(self, address: str) -> threading.Lock:
        """Return what lets one thread at a time ask for an address: variants share pictures."""
        return self._busy[hash(address) % len(self._busy)]

    def _open(self) -> tuple[spool.Spool, spool.ValidatorCache]:
        with self._lock:
            if self._kept is None:
                self._kept = spool.Spool(self._home), spool.ValidatorCache(self._home)
            return self._kept

    def _keep(self, address: str, data: bytes, validators: Validators) -> str:
        pictures, known = self._open()
        pictures.put(address, data)
        digest = hashlib.sha256(data).hexdigest()
        known.put(address, validators, digest)
        self._digests[address] = digest
        return digest
