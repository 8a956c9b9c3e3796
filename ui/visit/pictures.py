"""Pictures as data URLs, small enough to send: the browser asks nobody but this app."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Final

from PIL import Image

from segmentation.common.photo import decode

PHOTO_SIDE: Final = 1000
CARD_SIDE: Final = 480
LIGHT: Final = 40_000
"""A picture of at most so many bytes is sent as it is."""


def photo_url(data: bytes, frame: Sequence[int] | None = None) -> str:
    """Return an uploaded photo as a data URL: upright, small, without its metadata.

    Args:
        data: its bytes.
        frame: left, top, right, bottom of the part that is shown, in pixels; else all of it.

    Raises:
        segmentation.common.errors.PhotoError: it is no photo that is accepted.
    """
    picture = Image.fromarray(decode(data).rgb)
    if frame is not None:
        left, top, right, bottom = frame
        picture = picture.crop((left, top, right, bottom))
    return _encoded(picture, PHOTO_SIDE)


def card_url(data: bytes) -> str:
    """Return a picture of the shop as a data URL."""
    if len(data) <= LIGHT and data[8:12] == b"WEBP":
        return _url(data)
    return _encoded(Image.fromarray(decode(data).rgb), CARD_SIDE)


def _encoded(picture: Image.Image, side: int) -> str:
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=82, method=2)
    return _url(buffer.getvalue())


def _url(webp: bytes) -> str:
    return f"data:image/webp;base64,{base64.b64encode(webp).decode()}"
