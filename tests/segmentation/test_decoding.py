from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segmentation.common import photo
from segmentation.common.errors import PhotoError
from segmentation.decoding.pool import DecodingPool, memory_for
from tests.segmentation import faulty_decoder as faults

ROOT = Path(__file__).parents[2]
FAULTY = (sys.executable, "-P", "-m", "tests.segmentation.faulty_decoder")
CAP = 200 * 2**20


def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.radial_gradient("L").resize(size))
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


@pytest.fixture
def pool() -> Iterator[DecodingPool]:
    pool = DecodingPool(1)
    yield pool
    pool.close()


@pytest.fixture
def faulty() -> Iterator[DecodingPool]:
    pool = DecodingPool(1, memory_bytes=CAP, seconds=1, command=FAULTY)
    yield pool
    pool.close()


def lives(pid: int) -> bool:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return text.rsplit(")", 1)[1].split()[0] != "Z"  # nobody's child any more, not reaped yet


def gone(pid: int, within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not lives(pid)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_a_child_decodes_as_this_process_does(pool: DecodingPool, kind: str) -> None:
    for mode in ("RGB", "RGBA") if kind != "JPEG" else ("RGB",):
        data = picture(kind, mode, (1700, 40))
        ours, theirs = photo.decode(data), pool.decode(data)
        assert np.array_equal(ours.rgb, theirs.rgb) and not theirs.rgb.flags.writeable
        if ours.alpha is None:
            assert theirs.alpha is None
        else:
            assert theirs.alpha is not None and np.array_equal(ours.alpha, theirs.alpha)


@pytest.mark.parametrize("data", [b"", b"no picture", picture()[:200], picture()])
def test_a_child_refuses_in_the_same_words(pool: DecodingPool, data: bytes) -> None:
    with pytest.raises(PhotoError) as ours:
        photo.decode(data, max_pixels=100)
    with pytest.raises(PhotoError) as theirs:
        pool.decode(data, max_pixels=100)
    assert str(theirs.value) == str(ours.value)
    assert type(theirs.value) is type(ours.value)
    pids = pool.pids
    pool.decode(picture())
    assert pool.pids == pids  # a refusal costs no child


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (faults.ABORT, "ended by itself"),
        (faults.HANG, "after 1 s"),
        (faults.EAT, "more memory"),
        (faults.LIE, "ended by itself"),
    ],
)
def test_a_child_that_fails_costs_one_photo(
    faulty: DecodingPool, fault: bytes, answer: str
) -> None:
    faulty.decode(picture())
    (before,) = faulty.pids
    started = time.monotonic()
    with pytest.raises(PhotoError, match=answer) as refused:
        faulty.decode(fault)
    assert refused.value.what == "the picture takes too much to decode"
    assert time.monotonic() - started < 15
    assert gone(before)
    assert faulty.decode(picture()).rgb.shape == (40, 60, 3)
    assert faulty.pids != [before]


def test_a_decoders_own_mistake_is_a_refusal(faulty: DecodingPool) -> None:
    with pytest.raises(PhotoError, match="ZeroDivisionError"):
        faulty.decode(faults.BREAK)


def test_without_its_cap_the_same_photo_takes_the_memory() -> None:
    pool = DecodingPool(1, memory_bytes=faults.EATEN * 2, command=FAULTY)
    with pytest.raises(PhotoError, match="ValueError"):  # what it raises when it was not stopped
        pool.decode(faults.EAT)
    pool.close()


def test_a_real_picture_meets_the_cap() -> None:
    large = picture("PNG", size=(7000, 6000))
    small = DecodingPool(1, memory_bytes=CAP)
    with pytest.raises(PhotoError, match="more memory"):
        small.decode(large)
    assert small.decode(picture()).width == 60
    small.close()
    roomy = DecodingPool(1)
    assert roomy.decode(large).width == 1600
    roomy.close()


def test_a_child_can_write_no_file_and_leaves_no_dump(faulty: DecodingPool) -> None:
    with pytest.raises(PhotoError) as refusal:
        faulty.decode(faults.PEEK)
    assert refusal.value.got == "[(0, 0), (0, 0), (16, 16)] torch=False"


def test_a_child_that_was_ended_while_idle_costs_no_photo(pool: DecodingPool) -> None:
    pool.decode(picture())
    (pid,) = pool.pids
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    assert pool.decode(picture()).width == 60
    assert pool.pids != [pid]


def test_many_threads_share_the_children() -> None:
    pool = DecodingPool(2)
    wanted = {width: photo.decode(picture(size=(width, 30))).rgb for width in range(20, 60)}
    wrong: list[int] = []

    def ask(width: int) -> None:
        if not np.array_equal(pool.decode(picture(size=(width, 30))).rgb, wanted[width]):
            wrong.append(width)

    threads = [threading.Thread(target=ask, args=(width,)) for width in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [] and len(pool.pids) == 2
    pool.close()


def test_closing_ends_the_children_and_what_they_do(faulty: DecodingPool) -> None:
    faulty.decode(picture())
    pids = faulty.pids
    faulty.close()
    assert faulty.pids == [] and all(gone(pid) for pid in pids)
    with pytest.raises(RuntimeError, match="were ended"):
        faulty.decode(picture())


def test_what_does_not_start_is_no_refusal() -> None:
    pool = DecodingPool(1, command=(sys.executable, "-c", "pass"))
    for _ in range(2):  # and its place stays
        with pytest.raises(RuntimeError, match="does not start"):
            pool.decode(picture())
    pool.close()


PARENT = """
import sys, threading, time
from segmentation.decoding.pool import DecodingPool
pool = DecodingPool(1, memory_bytes=2**28, seconds=2, command=sys.argv[2:])
pool.decode(open(sys.argv[1], "rb").read())
threading.Thread(target=lambda: pool.decode({work!r}), daemon=True).start()
time.sleep(0.3)
print(pool.pids[0], flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("work", [b"", faults.HANG])
def test_children_end_with_a_parent_that_is_killed(tmp_path: Path, work: bytes) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(picture())
    command = [sys.executable, "-c", PARENT.format(work=work), str(file), *FAULTY]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert lives(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(pid, within_s=20.0)


def test_a_child_is_light() -> None:
    code = "import sys, segmentation.decoding.child; print({'torch', 'cv2', 'scipy'} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


def test_memory_follows_the_pixels() -> None:
    most: Callable[[int], int] = memory_for
    assert most(1) < most(12_000_000) < most(50_000_000) < 2 * 2**30
