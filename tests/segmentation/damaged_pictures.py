"""Pictures of every accepted format, and thousands of ways to spoil them, from a fixed seed."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator
from functools import cache

import numpy as np
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

KINDS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")


def damaged(number: int, seed: int = 7, *, chosen: bool = True) -> Iterator[tuple[str, bytes]]:
    """Yield `number` files, each with what was done to it; those that nobody left to chance first."""
    first = list(_chosen()) if chosen else []
    yield from first
    choice = random.Random(seed)
    whole = [(kind, data) for kind in KINDS for data in pictures(kind)]
    for _ in range(number - len(first)):
        kind, data = choice.choice(whole)
        spoil = choice.choice(SPOILED)
        yield f"{kind} {spoil.__name__}", spoil(data, choice)


@cache
def pictures(kind: str) -> tuple[bytes, ...]:
    """Return small whole pictures: plain, turned by EXIF, and what else the format has."""
    texture = np.random.default_rng(3).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    image = Image.fromarray(texture).resize((160, 120), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = 6
    variants = [_saved(image, kind), _saved(image, kind, exif=exif)]
    if kind == "JPEG":
        variants.append(_saved(image, kind, progressive=True))
        variants.append(_saved(image.convert("CMYK"), kind))
    else:
        clear = image.copy()
        clear.putalpha(Image.linear_gradient("L").resize(image.size))
        variants.append(_saved(clear, kind))
    if kind == "PNG":
        variants += [_saved(image.quantize(16), kind), _saved(image.convert("I;16"), kind)]
    if kind != "JPEG":
        frames = [image.rotate(90 * turn) for turn in range(1, 4)]
        variants.append(_saved(image, kind, save_all=True, append_images=frames))
    return tuple(variants)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _chosen() -> Iterator[tuple[str, bytes]]:
    for kind in KINDS:
        for data in pictures(kind):
            yield f"{kind} whole", data
            yield from ((f"{kind} sizes claimed", each) for each in _claiming(kind, data))
            for other in KINDS:
                head = pictures(other)[0][:32]
                yield f"{kind} under the head of {other}", head + data[32:]
    for entries in (b"\0\x01\x01\x12\0\3\0\0\0\1\xff\xff\0\0", b"\xff\xff" + bytes(range(256))):
        yield "JPEG with wrong EXIF", _with_exif(pictures("JPEG")[0], entries)
    for side in (3400, 7000, 60_000):
        yield f"PNG bomb of {side}", bomb(side)


def _with_exif(jpeg: bytes, entries: bytes) -> bytes:
    part = b"Exif\0\0MM\0*\0\0\0\x08" + entries
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part + jpeg[2:]


def bomb(side: int) -> bytes:
    """Return a PNG of side x side pixels in a few kilobytes; above 10,000 its data ends early."""
    rows = (side // 8 + 1) * min(side, 10_000)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(part: tuple[bytes, bytes]) -> bytes:
    name, data = part
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _claiming(kind: str, data: bytes) -> Iterator[bytes]:
    """Yield a picture that says it has other sides than it has."""
    for wide, high in ((3000, 3000), (16_383, 3), (16_383, 16_383), (0, 5)):
        spoiled = bytearray(data)
        if kind == "PNG":
            spoiled[16:24] = struct.pack(">II", wide, high)
            spoiled[29:33] = struct.pack(">I", zlib.crc32(spoiled[12:29]))
        elif kind == "JPEG":
            at = next(at for at in (data.find(m) for m in (b"\xff\xc0", b"\xff\xc2")) if at > 0)
            spoiled[at + 5 : at + 9] = struct.pack(">HH", high, wide)
        elif kind == "WEBP":
            if (at := data.find(b"VP8X")) > 0:
                spoiled[at + 12 : at + 18] = (max(wide - 1, 0)).to_bytes(3, "little") + (
                    max(high - 1, 0)
                ).to_bytes(3, "little")
            elif (at := data.find(b"\x9d\x01\x2a")) > 0:
                spoiled[at + 3 : at + 7] = struct.pack("<HH", wide, high)
        else:
            at = data.find(b"ispe")
            while at > 0:
                spoiled[at + 8 : at + 16] = struct.pack(">II", wide, high)
                at = data.find(b"ispe", at + 4)
        yield bytes(spoiled)


def _cut_off(data: bytes, choice: random.Random) -> bytes:
    return data[: choice.randrange(len(data))]


def _bits(data: bytes, choice: random.Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(choice.choice((1, 4, 30))):
        spoiled[choice.randrange(len(data))] ^= 1 << choice.randrange(8)
    return bytes(spoiled)


def _head_bytes(data: bytes, choice: random.Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(choice.choice((1, 3))):
        spoiled[choice.randrange(8, min(len(data), 600))] = choice.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(spoiled)


def _long_numbers(data: bytes, choice: random.Random) -> bytes:
    at = choice.randrange(8, len(data) - 4)
    return data[:at] + choice.choice((b"\xff" * 4, b"\x7f\xff\xff\xff", b"\0" * 4)) + data[at + 4 :]


def _pieces_moved(data: bytes, choice: random.Random) -> bytes:
    start, end = sorted(choice.sample(range(len(data)), 2))
    at = choice.randrange(len(data))
    return choice.choice((data[:at] + data[start:end] + data[at:], data[:start] + data[end:]))


def _noise_after_the_head(data: bytes, choice: random.Random) -> bytes:
    at = choice.randrange(12, len(data))
    return data[:at] + choice.randbytes(len(data) - at)


SPOILED = (_cut_off, _bits, _bits, _head_bytes, _head_bytes, _long_numbers, _pieces_moved,
           _noise_after_the_head)  # fmt: skip
