"""A photo at an address -> its bytes, in memory; off unless the settings say what may be fetched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import httpx

from index.errors import FeedError
from index.feeds.fetching.addresses import Network, Resolver, system
from index.feeds.fetching.answers import AddressRefused, FetchFailed
from index.feeds.fetching.origins import Origins
from index.feeds.fetching.rules import FetchRules, shown
from index.feeds.fetching.web import FetchLimits
from recommender.errors import PhotoNotFetched, SettingsError

CONNECT_S: Final = 3.0
READ_S: Final = 5.0
TOTAL_S: Final = 10.0
"""Somebody waits for the answer: less patience than an import has, and one attempt."""


class PhotoFetcher:
    """Fetches photos. Safe to share between threads; nothing is remembered from one to the next."""

    def __init__(
        self,
        rules: FetchRules,
        *,
        max_bytes: int,
        resolver: Resolver = system,
        allowed_networks: Sequence[Network] = (),
    ) -> None:
        """Take what may be fetched.

        Args:
            rules: what may be fetched.
            max_bytes: of one photo.
            resolver: a host's name -> addresses.
            allowed_networks: reached although they are not public.
        """
        self._rules, self._resolver, self._networks = rules, resolver, allowed_networks
        self._limits = FetchLimits(CONNECT_S, READ_S, TOTAL_S, max_bytes, attempts=1)
        self._tls = httpx.create_ssl_context(trust_env=False)

    def fetch(self, address: str) -> bytes:
        """Return the photo at an address.

        Raises:
            PhotoNotFetched: it may not be read, or cannot be had. It does not say which: whoever
                asks is not to learn what names and servers there are on this side.
            SettingsError: it lies in a bucket, and the package that reads those is missing.
        """
        origins = Origins(
            self._rules,
            limits=self._limits,
            resolver=self._resolver,
            allowed_networks=self._networks,
            tls=self._tls,
        )
        try:
            data = origins.get(address).data
        except (AddressRefused, FetchFailed) as error:
            raise self._refused(address) from error
        except FeedError as error:
            raise _settings(error, error.next_step) from error
        finally:
            origins.close()
        assert data is not None  # nothing was known, so nothing can be unchanged
        return data

    def _refused(self, address: str) -> PhotoNotFetched:
        return PhotoNotFetched(
            "the photo could not be fetched",
            got=shown(address),
            expected="an address that this server may read, with a picture of at most "
            f"{self._limits.max_bytes / 2**20:.4g} MB, in {TOTAL_S:g} seconds",
            next_step="Send the photo itself, as the field `photo` of a form.",
        )


def fetcher_of(setting: str, max_bytes: int) -> PhotoFetcher | None:
    """Return what fetches photos, None where nothing may be fetched.

    Args:
        setting: of `RECOMMENDER_PHOTO_URLS`.
        max_bytes: of one photo.

    Raises:
        SettingsError: the setting cannot be read.
    """
    try:
        rules = FetchRules.of(setting.split(","))
    except FeedError as error:
        raise _settings(error, "Mend RECOMMENDER_PHOTO_URLS.") from error
    return PhotoFetcher(rules, max_bytes=max_bytes) if rules.rules else None


def switched_off(address: str) -> PhotoNotFetched:
    """Return the refusal of an address where nothing may be fetched."""
    return PhotoNotFetched(
        "this server fetches no photos",
        got=shown(address),
        expected="the photo itself",
        next_step="Send it as the field `photo` of a form; or its operator sets "
        "RECOMMENDER_PHOTO_URLS.",
    )


def _settings(error: FeedError, next_step: str) -> SettingsError:
    """Return a feed's refusal as one of the settings: whoever sent the photo cannot mend it."""
    return SettingsError(error.what, got=error.got, expected=error.expected, next_step=next_step)
