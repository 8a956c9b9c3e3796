"""The other end of `segmentation.decoding.pool`: a process that decodes pictures and nothing else.

It bounds itself before the first picture, then reads pictures on stdin and answers on stdout until
stdin ends, which it does when the parent is gone, however it went. It imports no model library.

    python -m segmentation.decoding.child MEMORY_BYTES SECONDS
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from PIL import Image

from segmentation.common import photo
from segmentation.common.errors import PhotoError
from segmentation.common.garments import Photo

REQUEST: Final = struct.Struct("<QQQ")
"""Bytes of the picture that follows, and the most bytes and pixels that are accepted."""
ANSWER: Final = struct.Struct("<BIIB")
"""`PHOTO`, height, width, whether alpha follows the colours; or `REFUSAL`, bytes, 0, whether this
process ends now."""
READY: Final = b"R"
PHOTO: Final = 1
REFUSAL: Final = 2
MOST_WORDS: Final = 16 * 1024
"""Bytes of a refusal."""
MOST_FILES: Final = 16

Decode: TypeAlias = Callable[[bytes, int, int], Photo]


def serve(decode: Decode, memory_bytes: int, seconds: int) -> None:
    """Decode what comes in on stdin until it ends.

    Args:
        decode: takes a picture's bytes, and the most bytes and pixels that are accepted.
        memory_bytes: what one picture may take beyond what this process has when it starts.
        seconds: what one picture may take; then the system ends this process.
    """
    requests, answers = sys.stdin.buffer, _claimed_stdout()
    Image.init()  # all of Pillow's readers, while files may be opened freely
    confine(memory_bytes)
    answers.write(READY)
    answers.flush()
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        size, max_bytes, max_pixels = REQUEST.unpack(head)
        _alarm(seconds)
        value, again = _answered(decode, requests, (size, max_bytes, max_pixels))
        while value:
            answers.write(value.pop(0))  # nothing of a photo is kept until the next one comes
        answers.flush()
        _alarm(0)
        if not again:
            return


def confine(memory_bytes: int) -> None:
    """Bound this process as far as its system can: memory, files, core dumps; deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to heed
    try:
        import resource
    except ImportError:  # not on Windows: the parent's clock is the bound there
        return
    wanted = {
        resource.RLIMIT_CORE: 0,  # a dump would hold somebody's photo
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: MOST_FILES,
    }
    if sys.platform == "linux":  # elsewhere the address space cannot be bounded this way
        wanted[resource.RLIMIT_AS] = _address_space() + memory_bytes
    for limit, value in wanted.items():
        resource.setrlimit(limit, (value, value))


def _answered(
    decode: Decode, requests: BinaryIO, asked: tuple[int, int, int]
) -> tuple[list[bytes], bool]:
    """Return the parts of an answer, and whether this process is good for another picture."""
    size, max_bytes, max_pixels = asked
    try:
        return _answer(decode(requests.read(size), max_bytes, max_pixels)), True
    except PhotoError as refusal:
        if not isinstance(refusal.__cause__, MemoryError):
            return _refused(refusal), True
    except MemoryError:
        pass  # answered below
    except Exception as error:  # a decoder's own mistake over a damaged file
        return _refused(_unreadable(error)), True
    # after memory ran out, what is left may be in pieces
    return _refused(too_much("more memory than a picture may take"), ends=True), False


def _answer(found: Photo) -> list[bytes]:
    head = ANSWER.pack(PHOTO, found.height, found.width, found.alpha is not None)
    parts = [head, found.rgb.tobytes()]
    return parts if found.alpha is None else [*parts, found.alpha.tobytes()]


def _refused(refusal: PhotoError, *, ends: bool = False) -> list[bytes]:
    parts = [refusal.code, refusal.what, refusal.got[:500], refusal.expected, refusal.next_step]
    words = json.dumps(parts).encode()
    return [ANSWER.pack(REFUSAL, len(words), 0, ends), words]


def too_much(got: str) -> PhotoError:
    """Return the refusal of a picture whose decoding was stopped."""
    return PhotoError(
        "the picture takes too much to decode",
        got=got,
        expected="a picture that decodes in the memory and time that one may take",
        next_step="Export the photo as a JPEG of 2000 pixels and try again.",
    )


def _unreadable(error: Exception) -> PhotoError:
    return PhotoError(
        "the picture cannot be read to its end",
        got=type(error).__name__,
        expected="a JPEG, PNG, WebP, HEIC or AVIF picture that is complete",
        next_step="Upload the original file again; this copy is damaged.",
    )


def _claimed_stdout() -> BinaryIO:
    """Return stdout for answers alone: what else is printed goes where errors go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)  # its default is to end the process, in whatever it is stuck


def _address_space() -> int:
    """Return the bytes of this process's address space."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _decode(data: bytes, max_bytes: int, max_pixels: int) -> Photo:
    return photo.decode(data, max_bytes=max_bytes, max_pixels=max_pixels)


if __name__ == "__main__":
    serve(_decode, int(sys.argv[1]), int(sys.argv[2]))
