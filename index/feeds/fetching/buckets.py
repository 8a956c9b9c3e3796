"""s3 and gs, through fsspec and its packages; whose credentials and endpoints they use is their own affair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import httpx

from index.errors import FeedError
from index.feeds.fetching.answers import Answer, FetchFailed, Validators
from index.feeds.fetching.rules import shown
from segmentation.common.photo import MAX_BYTES

PACKAGES: Final = {"s3": "s3fs", "gs": "gcsfs"}

Opener: TypeAlias = Callable[[str], Any]
"""A scheme -> an fsspec file system."""


def open_filesystem(scheme: str) -> Any:
    """Return the file system of `s3` or `gs`.

    Raises:
        FeedError: its package is not installed.
    """
    try:
        import fsspec

        return fsspec.filesystem(scheme)
    except ImportError as error:
        raise FeedError(
            f"pictures at {scheme}:// cannot be read",
            got=f"no package {PACKAGES[scheme]} ({error})",
            expected="fsspec with s3fs for s3, with gcsfs for gs",
            next_step='Install the extra: `pip install "complete-the-look[remote]"`.',
        ) from error


class Buckets:
    """Reads pictures from buckets. Safe to share between threads, as fsspec's file systems are."""

    def __init__(self, opener: Opener = open_filesystem, *, max_bytes: int = MAX_BYTES) -> None:
        """Take what opens a file system, which is done when the first picture of its kind comes."""
        self._opener, self._max_bytes = opener, max_bytes
        self._opened: dict[str, Any] = {}

    def get(self, url: httpx.URL, known: Validators) -> Answer:
        """Return what lies in a bucket.

        Args:
            url: allowed by the rules; its host is the bucket, its path the key.
            known: of what is had already; nothing for a picture that has to come whole.

        Raises:
            FeedError: the package that reads such buckets is not installed.
            FetchFailed: the picture could not be had.
        """
        if url.scheme not in self._opened:
            self._opened[url.scheme] = self._opener(url.scheme)
        files = self._opened[url.scheme]
        path = f"{url.host}{url.path}"
        if not url.path.strip("/") or ".." in url.path.split("/"):
            raise FetchFailed(f"picture {shown(str(url))} names no key in a bucket")
        try:
            validators = Validators.of(str(files.ukey(path)), "")
            if known and known == validators:
                return Answer(None, known)
            with files.open(path, "rb") as file:
                data: bytes = file.read(self._max_bytes + 1)
        except Exception as error:  # the packages' own errors have no common class
            raise FetchFailed(
                f"picture {shown(str(url))} could not be read: {type(error).__name__}: {error}"
            ) from error
        if len(data) > self._max_bytes:
            raise FetchFailed(f"picture {shown(str(url))} has more than {self._max_bytes} bytes")
        return Answer(data, validators)
