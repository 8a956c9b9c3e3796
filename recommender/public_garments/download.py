"""A file at an address -> a file on the disk, within bounds; what fails for a moment is asked again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import httpx

from index.feeds.fetching.rules import shown
from index.files import durable
from recommender.public_garments.errors import SamplesError

MAX_BYTES: Final = 300 * 2**20
WAITS_S: Final = (1.0, 4.0)
"""Between one attempt and the next; there are as many again as waits."""
LONGEST_WAIT_S: Final = 60.0
"""A server that asks for more patience than this is given up."""
TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)
MAX_REDIRECTS: Final = 5
NEXT: Final = (
    "Check the network and the address (`--url`, RECOMMENDER_SAMPLES_URL), then run this again."
)
_BUSY: Final = frozenset({429, 500, 502, 503, 504})

Report: TypeAlias = Callable[[int, int | None], None]
"""Told of progress: bytes so far, and of how many where that is known."""


class _AgainError(Exception):
    """It did not work, and may the next time."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


def download(
    url: str,
    path: Path,
    *,
    report: Report = lambda _done, _total: None,
    max_bytes: int = MAX_BYTES,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Write what lies at an address to a file. The environment's proxies are used.

    Args:
        url: http or https.
        path: the file; where this raises, half of it may be there.
        report: called with progress.
        max_bytes: more is refused.
        sleep: waits before another attempt.

    Raises:
        SamplesError: it cannot be had, or is too large.
        CatalogError: the disk takes no more.
    """
    if not url.startswith(("https://", "http://")):
        raise _refused(url, "no address that begins with https:// or http://")
    headers = {"User-Agent": "complete-the-look", "Accept-Encoding": "identity"}
    with httpx.Client(
        headers=headers, timeout=TIMEOUT, follow_redirects=True, max_redirects=MAX_REDIRECTS
    ) as client:
        for wait_s in (*WAITS_S, None):
            try:
                _write(client, url, path, report, max_bytes)
                return
            except _AgainError as error:
                if wait_s is None or error.wait_s > LONGEST_WAIT_S:
                    raise _refused(url, str(error)) from error
                sleep(max(wait_s, error.wait_s))


def _write(client: httpx.Client, url: str, path: Path, report: Report, max_bytes: int) -> None:
    try:
        with client.stream("GET", url) as answer:
            _check(url, answer)
            total, done = _length(answer), 0
            if total is not None and total > max_bytes:
                raise _too_large(url, total, max_bytes)
            with durable.disk_refusals(path), path.open("wb") as file:
                for block in answer.iter_raw(1 << 16):
                    done += len(block)
                    if done > max_bytes:
                        raise _too_large(url, done, max_bytes)
                    file.write(block)
                    report(done, total)
    except (httpx.UnsupportedProtocol, httpx.TooManyRedirects, httpx.InvalidURL) as error:
        raise _refused(url, str(error)) from error
    except httpx.HTTPError as error:
        raise _AgainError(str(error) or type(error).__name__) from error


def _check(url: str, answer: httpx.Response) -> None:
    if answer.status_code == httpx.codes.OK:
        return
    text = f"{answer.status_code} {answer.reason_phrase}"
    if answer.status_code in _BUSY:
        after = answer.headers.get("retry-after", "")
        raise _AgainError(text, float(after) if after.isdecimal() else 0.0)
    raise _refused(url, text)


def _length(answer: httpx.Response) -> int | None:
    result = answer.headers.get("content-length", "")
    return int(result) if result.isdecimal() else None


def _too_large(url: str, found: int, most: int) -> SamplesError:
    return SamplesError(
        "the archive is too large",
        got=f"{found / 1e6:.0f} MB or more at {shown(url)}",
        expected=f"at most {most / 1e6:.0f} MB",
        next_step=NEXT,
    )


def _refused(url: str, got: str) -> SamplesError:
    return SamplesError(
        "the archive cannot be fetched",
        got=f"{got} ({shown(url)})",
        expected="an archive at this address, and a network that reaches it",
        next_step=NEXT,
    )
