"""A decoding child whose decoder does as the picture's first bytes say. Run as a program."""

from __future__ import annotations

import os
import sys
import time

from segmentation.common import photo
from segmentation.common.garments import Photo
from segmentation.decoding.child import serve

ABORT, HANG, EAT, BREAK, LIE, PEEK = b"ABORT", b"HANG", b"EAT", b"BREAK", b"LIE", b"PEEK"
EATEN = 600 * 2**20
"""Bytes that `EAT` takes."""


def decode(data: bytes, max_bytes: int, max_pixels: int) -> Photo:
    """Do what the data says; decode where it says nothing."""
    if data.startswith(ABORT):
        os.abort()
    if data.startswith(HANG):
        while True:
            time.sleep(60)
    if data.startswith(EAT):
        held = bytearray(EATEN)
        raise ValueError(f"nothing stopped it from taking {len(held)} bytes")
    if data.startswith(BREAK):
        raise ZeroDivisionError("a decoder's own mistake")
    if data.startswith(LIE):
        os.write(3, b"\x09" * 64)  # 3: what `serve` answers on
        time.sleep(60)
    if data.startswith(PEEK):
        _peek()
    return photo.decode(data, max_bytes=max_bytes, max_pixels=max_pixels)


def _peek() -> None:
    """Tell, as a mistake's name, what a decoder could reach."""
    import resource

    limits = [
        resource.getrlimit(each)
        for each in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
    ]
    raise type(f"{limits} torch={'torch' in sys.modules}", (Exception,), {})


if __name__ == "__main__":
    serve(decode, int(sys.argv[1]), int(sys.argv[2]))
