"""The door for pictures: what is accepted, what is refused, and in which words."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from segmentation.common.errors import PhotoError, PhotoUnsupported
from segmentation.common.photo import WORKING_SIDE, decode


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG whose header promises width x height pixels and whose body is short."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


RED = Image.new("RGB", (40, 30), (200, 10, 10))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_every_listed_format_is_read(kind: str) -> None:
    photo = decode(encoded(RED, kind))
    assert photo.rgb.shape == (30, 40, 3)
    assert np.abs(photo.rgb.astype(int) - (200, 10, 10)).max() < 12


@pytest.mark.parametrize("mode", ["L", "P", "LA", "RGBA", "CMYK", "1", "I;16"])
def test_every_colour_mode_comes_out_as_rgb(mode: str) -> None:
    image = Image.new("I;16", (8, 6)) if mode == "I;16" else RED.resize((8, 6)).convert(mode)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert decode(encoded(image, kind)).rgb.shape == (6, 8, 3)


def test_transparent_pixels_come_out_white() -> None:
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    assert decode(encoded(clear, "PNG")).rgb.min() == 255


def test_the_exif_turn_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter clockwise to be seen upright
    assert decode(encoded(RED, "JPEG", exif=exif)).rgb.shape == (40, 30, 3)


def test_an_animation_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert decode(data).rgb[5, 5].tolist() == [255, 0, 0]


def test_one_pixel_is_a_picture() -> None:
    assert decode(encoded(RED.resize((1, 1)), "PNG")).rgb.shape == (1, 1, 3)


def test_large_photos_come_down_to_the_working_side() -> None:
    photo = decode(encoded(Image.new("RGB", (4000, 1000)), "JPEG"))
    assert photo.width == WORKING_SIDE and photo.height == WORKING_SIDE // 4


@pytest.mark.parametrize(
    ("data", "says", "unsupported"),
    [
        (b"", "empty", False),
        (b"this is text, whatever its name says", "format is not accepted", True),
        (encoded(RED, "GIF"), "format is not accepted", True),
        (encoded(RED, "BMP"), "format is not accepted", True),
        (b"%PDF-1.7\n", "format is not accepted", True),
        (encoded(RED.resize((400, 400)), "JPEG")[:700], "to its end", False),
        (huge_png(20_000, 20_000), "too many pixels", False),
        (huge_png(300, 300), "to its end", False),
        (b"\xff\xd8\xff" + b"\0" * 50, "", False),
    ],
    ids=["empty", "text", "gif", "bmp", "pdf", "truncated", "huge", "short", "jpeg-head-only"],
)
def test_what_is_no_photo_is_refused_in_words(data: bytes, says: str, unsupported: bool) -> None:
    with pytest.raises(PhotoError) as refusal:
        decode(data)
    assert says in refusal.value.what
    if says:
        assert isinstance(refusal.value, PhotoUnsupported) is unsupported
    assert refusal.value.got and refusal.value.expected and refusal.value.next_step


def test_too_many_bytes_are_refused_before_they_are_looked_at() -> None:
    with pytest.raises(PhotoError, match="too many bytes"):
        decode(b"\0" * 101, max_bytes=100)
