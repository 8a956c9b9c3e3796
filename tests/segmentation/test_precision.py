"""The machine's own ways: what is measured once, and what glibc is told."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch
from threadpoolctl import threadpool_info

from segmentation.common.precision import fastest_dtype, keep_freed_memory, one_thread_for_numpy


def test_one_of_the_two_arithmetics_is_chosen_once() -> None:
    assert fastest_dtype() in (torch.bfloat16, torch.float32)
    assert fastest_dtype() is fastest_dtype()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's own setting")
def test_glibc_can_be_told_to_keep_memory() -> None:
    assert keep_freed_memory()


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not keep_freed_memory.__wrapped__()


def test_numpy_multiplies_on_one_thread_and_others_keep_theirs() -> None:
    before = torch.get_num_threads()
    known = one_thread_for_numpy()
    threads = [each["num_threads"] for each in threadpool_info() if "numpy" in each["filepath"]]
    assert known is bool(threads) and set(threads) <= {1}
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("said", ["", "ACTIVE"])
def test_threads_that_wait_sleep_unless_somebody_says_otherwise(said: str) -> None:
    program = (
        "import os, sys, recommender.cli.app; assert not {'torch', 'faiss'} & set(sys.modules); "
        "print(os.environ['OMP_WAIT_POLICY'])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    environment |= {"OMP_WAIT_POLICY": said} if said else {}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == (said or "PASSIVE")
