"""Torch's compiler stays away from what serves, and is there for whoever wants it."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from segmentation.detector import libraries

LOADED = """
import sys
from recommender.runtime import loading
from recommender.settings import Settings

detector, encoder = loading.detector(Settings()), loading.encoder(Settings())
heavy = [name for name in ("torch._dynamo", "sympy", "triton", "openpyxl") if name in sys.modules]
print(*heavy, "loaded")
import torch

assert torch.compiler.disable.__module__ == "torch.compiler"
from torchvision.ops import roi_align

asked = sys.modules[roi_align.__module__].is_compile_supported("cpu")
import torch._dynamo.utils

assert asked == torch._dynamo.utils.is_compile_supported("cpu")
"""


def test_models_are_loaded_without_the_compiler_and_it_is_there_afterwards() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "loaded"


def test_what_is_marked_to_be_left_alone_stays_as_it_is() -> None:
    def double(value: int) -> int:
        return 2 * value

    assert libraries._left_alone(double) is double
    assert libraries._left_alone(recursive=False, reason="none")(double) is double


def test_everything_is_put_back_where_a_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(libraries.COMPILER)]:
        monkeypatch.delitem(sys.modules, name)
    before = torch.compiler.disable
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        libraries.load("no_such_library")
    assert torch.compiler.disable is before
    assert not any(name.startswith(libraries.COMPILER) for name in sys.modules)
