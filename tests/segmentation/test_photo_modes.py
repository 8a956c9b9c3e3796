"""Every mode, depth, profile and turn that a file may have ends as the picture a viewer shows."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from segmentation.common.photo import decode, shown

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}


def png(kind: int, depth: int, rows: Any, **chunks: bytes) -> bytes:
    """A PNG written by hand: Pillow writes few of the depths that it reads."""

    def chunk(name: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + crc

    values = np.asarray(rows)
    height, width = values.shape[0], values.shape[1]
    flat = values.reshape(height, -1)
    if depth == 16:
        lines = flat.astype(">u2").view(np.uint8)
    else:
        bits = (flat[:, :, None] >> np.arange(depth - 1, -1, -1)) & 1
        lines = np.packbits(bits.reshape(height, -1).astype(np.uint8), axis=1)
    body = zlib.compress(b"".join(b"\0" + line.tobytes() for line in lines))
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    parts = [
        (b"IHDR", header),
        *((n.encode(), d) for n, d in chunks.items()),
        (b"IDAT", body),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def ramp(kind: int, depth: int) -> Any:
    """4 x 16 pixels that rise from nothing to the most in every channel; alpha is full."""
    most = 2**depth - 1
    rise = np.round(np.linspace(0, most, 64)).astype(np.int64).reshape(4, 16)
    values = np.stack([rise] * CHANNELS[kind], axis=2)
    if kind in (GREY_ALPHA, RGBA):
        values[:, :, -1] = most
    return values


@pytest.mark.parametrize(
    ("kind", "depth"),
    [*((GREY, depth) for depth in (1, 2, 4, 8, 16)), *((kind, depth) for kind in (RGB, GREY_ALPHA, RGBA) for depth in (8, 16))],
)  # fmt: skip
def test_a_png_of_any_depth(kind: int, depth: int) -> None:
    values = ramp(kind, depth)
    photo = decode(png(kind, depth, values))
    expected = values[:, :, :1] * 255 / (2**depth - 1)
    assert np.abs(photo.rgb.astype(float) - expected).max() <= 1
    assert photo.alpha is None


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_a_palette_of_any_depth(depth: int) -> None:
    values = ramp(PALETTE, depth)
    colours = np.random.default_rng(0).integers(0, 256, (2**depth, 3), dtype=np.uint8)
    clear = bytes([128]) + bytes([255]) * (2**depth - 1)  # the first is half transparent
    photo = decode(png(PALETTE, depth, values, PLTE=colours.tobytes(), tRNS=clear))
    expected = colours[values[:, :, 0]].astype(float)
    first = values[:, :, 0] == 0
    expected[first] = (expected[first] + 255) / 2
    assert np.abs(photo.rgb - expected).max() <= 1
    assert photo.alpha is not None and (photo.alpha == np.where(first, 128, 255)).all()


@pytest.mark.parametrize(
    ("kind", "depth"), [*((GREY, depth) for depth in (1, 2, 4, 8, 16)), (RGB, 8), (RGB, 16)]
)
def test_the_one_colour_that_is_transparent(kind: int, depth: int) -> None:
    """It is written in the file's depth; everything else, and it alone, is as it was."""
    values = ramp(kind, depth)
    key = values[2, 5]
    clear = png(kind, depth, values, tRNS=np.asarray(key).astype(">u2").tobytes())
    photo = decode(clear)
    same = (values == key).all(axis=2)
    assert photo.alpha is not None and (photo.alpha == np.where(same, 0, 255)).all()
    expected = np.where(same[:, :, None], 255, values * 255 / (2**depth - 1))
    assert np.abs(photo.rgb - expected).max() <= 1


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF", "AVIF"])
@pytest.mark.parametrize("under", [(0, 0, 0), (255, 255, 255), (200, 10, 10)])
def test_what_is_transparent_shows_white_whatever_lies_under_it(
    kind: str, under: tuple[int, int, int]
) -> None:
    image = Image.new("RGBA", (32, 32), (*under, 0))
    image.paste((0, 0, 200, 255), (0, 0, 16, 32))
    image.paste((0, 0, 200, 128), (16, 0, 32, 16))
    photo = decode(_saved(image, kind, lossless=True, quality=100))
    assert photo.alpha is not None
    for place, colour, alpha in (
        ((8, 8), (0, 0, 200), 255),
        ((8, 24), (127, 127, 227), 128),
        ((24, 24), (255, 255, 255), 0),
    ):
        assert np.abs(photo.rgb[place].astype(int) - colour).max() <= 6, place
        assert abs(int(photo.alpha[place]) - alpha) <= 1


@pytest.mark.parametrize("depth", ["I;16", "RGB;16", "RGBA;16"])
def test_a_heic_of_more_than_eight_bits(depth: str) -> None:
    rise = np.linspace(0, 65535, 32 * 64).astype(np.uint16).reshape(32, 64)
    parts = [rise] * (1 if depth == "I;16" else 3) + [np.full_like(rise, 65535)] * (
        depth == "RGBA;16"
    )
    file = io.BytesIO()
    values = np.ascontiguousarray(np.stack(parts, axis=2))
    pillow_heif.encode(depth, (64, 32), values.tobytes(), file, quality=-1)
    result = decode(file.getvalue()).rgb.astype(float)
    assert np.abs(result - rise[:, :, None] / 257).max() <= 3


@pytest.mark.parametrize("mode", ["CMYK", "L", "YCbCr"])
def test_a_jpeg_of_any_colour_model(mode: str) -> None:
    image = Image.new("RGB", (16, 16), (200, 60, 30)).convert(mode)
    expected = image.convert("RGB").getpixel((8, 8))
    got = decode(_saved(image, "JPEG", quality=95)).rgb[8, 8].astype(int)
    assert np.abs(got - expected).max() <= 4


@pytest.mark.parametrize("mode", ["F", "LAB", "HSV"])
def test_a_mode_that_no_viewer_shows_is_refused(mode: str) -> None:
    image = Image.new("F", (2, 2)) if mode == "F" else Image.new("RGB", (2, 2)).convert(mode)
    with pytest.raises(ValueError, match=mode):
        shown(image)


@pytest.mark.parametrize("mode", ["La", "RGBa", "PA", "I", "I;16B", "RGBX"])
def test_modes_that_decoders_may_give(mode: str) -> None:
    if mode.startswith("I"):
        image = Image.fromarray(np.full((2, 2), 0x8080, np.int32)).convert(mode)
        assert shown(image)[0].getpixel((0, 0)) == (128, 128, 128)
        return
    grey = Image.new("LA", (2, 2), (100, 128))
    palette = Image.new("L", (2, 2), 100).convert("P").convert("PA")
    palette.putalpha(128)
    image = {
        "La": lambda: grey.convert("La"),
        "RGBa": lambda: grey.convert("RGBA").convert("RGBa"),
        "PA": lambda: palette,
        "RGBX": lambda: Image.new("RGBX", (2, 2), (100, 100, 100, 0)),
    }[mode]()
    rgb, alpha = shown(image)
    assert np.abs(np.asarray(rgb).astype(int) - 100).max() <= 1
    assert (alpha is None) == (mode == "RGBX") and (alpha is None or alpha.getpixel((0, 0)) == 128)


TURNS = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "MPO"])
@pytest.mark.parametrize("turn", TURNS)
def test_every_turn_mirrored_ones_too(kind: str, turn: int) -> None:
    image = Image.new("RGB", (64, 32), "white")
    image.paste("red", (0, 0, 32, 16))
    image.paste("blue", (32, 0, 64, 16))
    exif = Image.Exif()
    exif[0x0112] = turn
    got = decode(_saved(image, kind, exif=exif, quality=95)).rgb
    how = TURNS[turn]
    expected = np.asarray(image if how is None else image.transpose(how))
    assert got.shape == expected.shape
    assert np.abs(got[8::16, 8::16].astype(int) - expected[8::16, 8::16]).max() <= 12


@pytest.mark.parametrize("kind", ["MPO", "WEBP", "AVIF", "HEIF", "PNG"])
def test_of_several_pictures_the_first(kind: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    got = decode(_saved(frames[0], kind, save_all=True, append_images=frames[1:], quality=95)).rgb
    assert np.abs(got[8, 8].astype(int) - (255, 0, 0)).max() <= 6


def test_of_an_animated_png_the_first_frame_that_is_shown() -> None:
    """What stands before the animation is for programs that know none."""
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "lime")]
    data = _saved(frames[0], "PNG", save_all=True, append_images=frames[1:], default_image=True)
    assert decode(data).rgb[4, 4].tolist() == [0, 0, 255]


def icc(space: bytes, name: str, **tags: bytes) -> bytes:
    """A colour profile written by hand (ICC v2)."""
    text = name.encode("ascii") + b"\0"
    described = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)
    white = _xyz(0.9642, 1.0, 0.8249)
    parts = {"desc": described, "cprt": b"text" + bytes(4) + b"none\0", "wtpt": white, **tags}
    table, body, at = b"", b"", 128 + 4 + 12 * len(parts)
    for tag, data in parts.items():
        padded = data + bytes(-len(data) % 4)
        table += tag.encode() + struct.pack(">II", at + len(body), len(data))
        body += padded
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"none", 0x02400000, b"mntr", space, b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">iii", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(parts)) + table + body


def _xyz(*values: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(value * 65536) for value in values))


def _gamma(value: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(value * 256))


SWAPPED = icc(
    b"RGB ", "Red and green swapped",
    rXYZ=_xyz(0.3851, 0.7169, 0.0971), gXYZ=_xyz(0.4361, 0.2225, 0.0139), bXYZ=_xyz(0.1431, 0.0606, 0.7141),
    rTRC=_gamma(2.2), gTRC=_gamma(2.2), bTRC=_gamma(2.2),
)  # fmt: skip
DARKER = icc(b"GRAY", "Gamma 4", kTRC=_gamma(4.0))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
@pytest.mark.parametrize("alpha", [False, True])
def test_a_colour_profile_is_heeded(kind: str, alpha: bool) -> None:
    if alpha and kind == "JPEG":
        return
    image = Image.new("RGBA" if alpha else "RGB", (16, 16), (220, 30, 30))
    if alpha:
        image.putpixel((0, 0), (0, 0, 0, 0))
    photo = decode(_saved(image, kind, icc_profile=SWAPPED, quality=95))
    assert np.abs(photo.rgb[8, 8].astype(int) - (30, 220, 30)).max() <= 8
    assert (photo.alpha is not None) == alpha


def test_a_grey_profile_is_heeded_and_one_of_another_space_is_not() -> None:
    grey = Image.new("L", (8, 8), 128)
    assert decode(_saved(grey, "PNG", icc_profile=DARKER)).rgb[4, 4].max() < 80
    for wrong in (SWAPPED, DARKER[:200], b"no profile", SWAPPED[:-60]):
        assert decode(_saved(grey, "PNG", icc_profile=wrong)).rgb[4, 4].tolist() == [128] * 3
    red = Image.new("RGB", (8, 8), (200, 0, 0))
    assert decode(_saved(red, "PNG", icc_profile=DARKER)).rgb[4, 4].tolist() == [200, 0, 0]


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
