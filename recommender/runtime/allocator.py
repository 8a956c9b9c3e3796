"""What a server does about its memory: glibc's arenas, bounded and given back; and Python's own search for garbage.

Each thread may get an arena of its own, eight for each processor, and each keeps what the largest
photo or batch ever took in it. Two are enough where most of the time passes in networks, and what
lies free is given back to the system between requests. Elsewhere than on glibc nothing is done.

Python looks for objects that only hold each other. A server begins with half a million objects, modules, classes and
models: to look through all of them takes 0.3 s in which nobody is answered, and starting would do it six times.
So it is not done meanwhile, and what was there by then is never looked through.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from typing import Any, Final

ARENAS: Final = 2
_M_ARENA_MAX: Final = -8
_M_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 1 << 20
"""Bytes from which an allocation is mapped by itself, and so goes back when it is freed."""


_begins = False


def begin() -> None:
    """Look for no garbage in this process until `settle`."""
    global _begins
    gc.disable()
    _begins = True


def settle() -> None:
    """Look for garbage from now on, but in nothing that is there already; if `begin` was called."""
    global _begins
    if _begins:
        gc.freeze()
        gc.enable()
        _begins = False


def bound() -> bool:
    """Bound the arenas of this process, before its threads begin; return whether it could be done.

    Whoever set MALLOC_ARENA_MAX or MALLOC_MMAP_THRESHOLD_ has it as they said.
    """
    libc = _glibc()
    if libc is None:
        return False
    wanted = {
        "MALLOC_ARENA_MAX": (_M_ARENA_MAX, ARENAS),
        "MALLOC_MMAP_THRESHOLD_": (_M_MMAP_THRESHOLD, _LARGE),
    }
    options = [option for name, option in wanted.items() if name not in os.environ]
    return all([libc.mallopt(*option) for option in options])


def give_back() -> bool:
    """Give free memory back to the system; return whether there was any."""
    libc = _glibc()
    return libc is not None and bool(libc.malloc_trim(0))


def _glibc() -> Any:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
