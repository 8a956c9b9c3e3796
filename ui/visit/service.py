"""The API as this process holds it: one client for all sessions, pictures kept a while."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import streamlit as st

from recommender.client import ApiProblem, Client
from segmentation.common.errors import PhotoError
from ui.text.speech import language
from ui.visit.pictures import card_url

VARIABLE: Final = "RECOMMENDER_API_URL"
KEY: Final = "RECOMMENDER_API_KEY"
DEFAULT_URL: Final = "http://127.0.0.1:8000"
MEGABYTE: Final = 2**20
_MOST_PHOTO, _MOST_FEED = "RECOMMENDER_MAX_UPLOAD_MB", "RECOMMENDER_MAX_FEED_MB"
NO_PICTURE: Final = (
    "data:image/svg+xml,"
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 3 4'%3E"
    "%3Crect width='3' height='4' fill='%23ece6dd'/%3E%3C/svg%3E"
)


@st.cache_resource
def api() -> Client:
    """Return the client of this process."""
    return with_key(os.environ.get(KEY, ""))


@st.cache_resource
def anyone() -> Client:
    """Return the client of whoever presents no key."""
    return with_key("")


def with_key(key: str) -> Client:
    """Return a client that presents a key."""
    return Client(os.environ.get(VARIABLE) or DEFAULT_URL, key, language)


def photo_mb() -> float:
    """Return the size of the largest photo that the service takes, in megabytes (2^20 bytes)."""
    return float(os.environ.get(_MOST_PHOTO) or 15)


def feed_mb() -> int:
    """Return the size of the largest feed that the service takes, in whole megabytes (2^20 bytes)."""
    return max(1, int(float(os.environ.get(_MOST_FEED) or 200)))


def cards(addresses: Iterable[str]) -> dict[str, str]:
    """Return the data URL of each picture; a plain card where one cannot be had."""
    wanted = list(dict.fromkeys(addresses))
    held = _held()
    missing = [address for address in wanted if address not in held]
    with ThreadPoolExecutor(4) as pool:
        for address, url in zip(
            missing, pool.map(_fetched, missing, [api()] * len(missing)), strict=True
        ):
            if url:
                held[address] = url
    _forget_oldest(held)
    return {address: held.get(address, NO_PICTURE) for address in wanted}


@st.cache_resource
def _held() -> dict[str, str]:
    """Return the pictures of the shop held by this process: address, which names content -> URL."""
    return {}


def _forget_oldest(held: dict[str, str], most: int = 2000) -> None:
    for address in list(held)[: max(0, len(held) - most)]:
        held.pop(address, None)


def _fetched(address: str, client: Client) -> str:
    try:
        return card_url(client.picture(address))
    except (ApiProblem, PhotoError):
        return ""
