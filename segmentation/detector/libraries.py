"""The libraries that networks are made of, imported without torch's compiler, which nothing here uses.

torchvision asks for one of the compiler's functions while it is imported, timm marks functions that the
compiler is to leave alone; either brings in some two thousand modules, sympy and triton among them. That
is a third of all imports of a server, and 80 MB. Both get a stand-in for as long as they are imported; whoever
uses the compiler afterwards gets the real one.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

import torch

COMPILER: Final = "torch._dynamo"
_ASKED_OF: Final = f"{COMPILER}.utils"


def load(*names: str) -> None:
    """Import libraries, torch's compiler aside."""
    with _compiler_aside():
        for name in names:
            importlib.import_module(name)


@contextmanager
def _compiler_aside() -> Iterator[None]:
    if COMPILER in sys.modules:
        yield
        return
    stand_in = ModuleType(_ASKED_OF)
    stand_in.is_compile_supported = _is_compile_supported  # type: ignore[attr-defined]
    disable = torch.compiler.disable
    sys.modules[_ASKED_OF] = stand_in
    torch.compiler.disable = _left_alone  # type: ignore[assignment]  # less exact in its types
    try:
        yield
    finally:
        torch.compiler.disable = disable
        if sys.modules.get(_ASKED_OF) is stand_in:
            del sys.modules[_ASKED_OF]


def _is_compile_supported(device_type: Any) -> Any:
    """Ask the compiler itself, now that somebody wants to know."""
    return importlib.import_module(_ASKED_OF).is_compile_supported(device_type)


def _left_alone(fn: Callable[..., Any] | None = None, **_how: object) -> Any:
    """Return a function as it is, or what returns it: nothing compiles it here."""
    return (lambda wrapped: wrapped) if fn is None else fn
