"""What a server does not use it does not keep."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys, threading
from pathlib import Path
from recommender.runtime import allocator

if sys.argv[1] == "bounded":
    assert allocator.bound()

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def work(barrier):
    held = [bytearray(60_000) for _ in range(600)]  # 36 MB, as the pieces of a photo's work
    last = bytearray(1000)  # what stays keeps the arena from shrinking by itself
    kept.append(last)
    barrier.wait()

kept, before = [], resident()
barrier = threading.Barrier(8)
threads = [threading.Thread(target=work, args=(barrier,)) for _ in range(8)]
for each in threads: each.start()
for each in threads: each.join()
if sys.argv[1] == "bounded":
    allocator.give_back()
print((resident() - before) >> 20)
"""

COLLECTOR = """
import gc
from recommender.runtime import allocator

allocator.settle()
assert gc.isenabled() and gc.get_freeze_count() == 0, "nothing was paused"
allocator.begin()
assert not gc.isenabled()
held = [[] for _ in range(1000)]
allocator.settle()
assert gc.isenabled() and gc.get_freeze_count() > 1000
allocator.settle()

class Ring:
    pass

ring = Ring()
ring.itself = ring
del ring
assert gc.collect() >= 1, "what came later is looked through"
"""


def kept_mb(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps arenas")
def test_what_threads_have_freed_goes_back_to_the_system() -> None:
    """With a control: 290 MB are taken and freed in eight threads, and much of it would stay."""
    bounded, control = kept_mb("bounded"), kept_mb("control")
    assert bounded < 40
    assert control > 2 * bounded


def test_what_a_server_begins_with_is_not_looked_through_for_garbage() -> None:
    subprocess.run([sys.executable, "-c", COLLECTOR], check=True, timeout=60, cwd=ROOT)
