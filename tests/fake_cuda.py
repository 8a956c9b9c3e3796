"""A pretended CUDA device: tensors that say they lie there, computed on the processor, that mix with no other.

Whatever torch refuses of tensors on two devices is refused here: an input that was never moved, an
answer that was never brought back. What is pretended is where tensors lie, nothing else: in float32 the
numbers are the processor's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from segmentation.engines import device

CUDA: Final = torch.device("cuda", 0)
CPU: Final = torch.device("cpu")
NO_SCALARS: Final = ("aten::cat", "aten::stack", "aten::copy_")
"""What takes no number from the processor, as most operations do."""


class Away(Tensor):
    """A tensor that says it lies on the CUDA device."""

    data_here: Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @staticmethod
    def __new__(cls, data_here: Tensor) -> Away:
        with torch.inference_mode(False):  # a view of a weight, taken there, is no inference tensor
            away: Away = torch.Tensor._make_wrapper_subclass(
                cls,
                data_here.size(),
                strides=data_here.stride(),
                storage_offset=data_here.storage_offset(),
                dtype=data_here.dtype,
                device=CUDA,
            )
        away.data_here = data_here
        return away

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        return computed(func, args, kwargs or {})


class FakeCuda(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While it is entered, in each thread that asks, `cuda` is the pretended device.

    Attributes:
        moves: how many tensors went to it, by the number of their dimensions.
        dtypes: of the convolutions computed on it.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.moves: Counter[int] = Counter()
        self.dtypes: set[torch.dtype] = set()

    def __enter__(self) -> FakeCuda:
        torch._C._set_only_lift_cpu_tensors(
            True
        )  # of this thread: `torch.tensor` makes them here, then moves them
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)  # type: ignore[no-untyped-call]
        torch._C._set_only_lift_cpu_tensors(False)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = computed(func, args, kwargs or {})
        if isinstance(out, Away):
            here = [each for each in tree_leaves(args) if isinstance(each, Tensor)]
            if here and not any(isinstance(each, Away) for each in here):
                self.moves[out.ndim] += 1
            if "conv" in func._schema.name:
                self.dtypes.add(out.dtype)
        return out


def computed(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Return what an operation gives, on the device that it is done on.

    Raises:
        RuntimeError: its tensors lie on two devices.
    """
    leaves = tree_leaves((args, kwargs))
    name, given = func._schema.name, [each for each in leaves if isinstance(each, Tensor)]
    if name == "aten::is_pinned":
        return False
    if name in ("aten::pin_memory", "aten::_pin_memory"):
        return args[0].clone()
    away = [each for each in given if isinstance(each, Away)]
    wanted = [each for each in leaves if isinstance(each, torch.device)]
    if away and not (wanted or name == "aten::copy_"):
        refuse_mixtures(name, given)
    here_args, here_kwargs = tree_map(_here, (args, kwargs))
    out = func(*here_args, **here_kwargs)
    if name.endswith("_") and isinstance(args[0], Away):
        return args[0]
    goes = wanted[0].type == "cuda" if wanted else bool(away)
    if wanted and given and bool(away) != goes:
        out = tree_map(lambda each: each.clone() if isinstance(each, Tensor) else each, out)
    return tree_map(lambda each: Away(each) if goes and isinstance(each, Tensor) else each, out)


def refuse_mixtures(name: str, given: list[Tensor]) -> None:
    """Raise as torch does where tensors lie on two devices."""
    if name in ("aten::index", "aten::index_put_") and isinstance(given[0], Away):
        return  # what lies there may be chosen by numbers from here
    strangers = [
        each for each in given if not isinstance(each, Away) and (each.ndim or name in NO_SCALARS)
    ]
    if strangers:
        raise RuntimeError(
            "Expected all tensors to be on the same device, but found at least two devices, "
            f"cuda:0 and cpu! ({name}, {[tuple(each.shape) for each in strangers]})"
        )


def _here(each: Any) -> Any:
    if isinstance(each, Away):
        return each.data_here
    return CPU if isinstance(each, torch.device) else each


@contextmanager
def pretended(monkeypatch: pytest.MonkeyPatch, *, bf16: bool) -> Iterator[FakeCuda]:
    """Let this machine seem to have a CUDA device, with or without bfloat16; enter the device yourself."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "_lazy_init", lambda: None)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Pretended 1")
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: bf16)
    torch._C._ensureCUDADeviceGuardSet()  # no driver is asked which device is chosen
    replaces = torch.__future__.get_overwrite_module_params_on_conversion()
    torch.__future__.set_overwrite_module_params_on_conversion(
        True
    )  # else it keeps the parameters' type
    device.why_no_cuda.cache_clear()
    try:
        yield FakeCuda()
    finally:
        torch.__future__.set_overwrite_module_params_on_conversion(replaces)
        device.why_no_cuda.cache_clear()
