"""Where a request's photo comes from: sent with it, at an address, or held since an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, TypeAlias

from recommender.api.http.backend import Backend, Shop
from recommender.api.http.bodies import FIELD, Body, invalid, no_photo
from recommender.photos.photo_urls import switched_off
from recommender.timing import Stopwatch
from recommender.wire.queries import CompleteQuery, GarmentsQuery, PhotoQuery, SimilarQuery
from segmentation.common.garments import Photo

SENT: Final = (FIELD, "url")
"""Fields that bring a photo which was not seen before."""
HELD: Final = "photo_id"


WithPhoto: TypeAlias = (
    Body[GarmentsQuery] | Body[PhotoQuery] | Body[CompleteQuery] | Body[SimilarQuery]
)


def check_one(body: WithPhoto, names: Sequence[str]) -> None:
    """Refuse a request that does not say exactly once what it is about.

    Args:
        body: as it was read.
        names: its fields that may say so, the usual one first.

    Raises:
        RequestValidationError: none of them was given, or several.
    """
    given = [name for name in names if _value(body, name) is not None]
    if len(given) == 1:
        return
    if not given and set(names) <= {*SENT, HELD}:
        raise no_photo()
    text = f"Give exactly one of {', '.join(names[:-1])} and {names[-1]}, not {len(given)}"
    raise invalid([{"type": "one_of", "loc": ("body",), "msg": text}])


async def photo_of(body: WithPhoto, backend: Backend) -> bytes:
    """Return the bytes of a photo that was not seen before; waiting for a server holds up no other.

    Raises:
        RequestValidationError: the request brings none.
        PhotoNotFetched: it names an address that is not fetched from.
        Busy: too many wait for photos from elsewhere.
    """
    if body.photo is not None:
        return body.photo
    if body.query.url is None:
        raise no_photo()
    fetcher = backend.shop.photo_fetcher
    if fetcher is None:
        raise switched_off(body.query.url)
    return await backend.fetching.run(partial(fetcher.fetch, body.query.url))


def decoded(shop: Shop, data: bytes, watch: Stopwatch) -> Photo:
    """Return a photo, and count the time as `decode`.

    Raises:
        PhotoError: it is none that is accepted.
    """
    with watch.stage("decode"):
        return shop.decode(data)


def _value(body: WithPhoto, name: str) -> object:
    return body.photo if name == FIELD else getattr(body.query, name)
