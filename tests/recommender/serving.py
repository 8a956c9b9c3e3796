"""The API behind a real socket: as a process of its own over a small part of the boutique, or in a thread."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import uvicorn
from fastapi import FastAPI
from PIL import Image

from recommender.sample import outfit_paths

ROOT: Final = Path(__file__).parents[2]
STARTS_WITHIN_S: Final = 120.0


@dataclass(frozen=True)
class Running:
    """A server: where it answers, its process, what it says."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def rss_bytes(self) -> int:
        """Return what the server and its children hold in memory now."""
        pids = [self.process.pid, *children_of(self.process.pid)]
        return sum(_status(pid, "VmRSS") for pid in pids)


def children_of(pid: int) -> list[int]:
    """Return the ids of a process's children."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text(encoding="ascii").split())
        except OSError:  # a thread that ended just now
            continue
    return found


def _status(pid: int, name: str) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(text.split(f"{name}:")[1].split()[0]) * 1024 if f"{name}:" in text else 0


@contextmanager
def api(home: Path, log: Path, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run `recommender serve api` until the block is over; it is ready when the block begins."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "RECOMMENDER_HOME": str(home), **(settings or {})}
    command = [sys.executable, "-m", "recommender.cli", "serve", "api", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    running = Running(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until_ready(running)
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def within(app: FastAPI) -> Iterator[str]:
    """Serve an application in a thread of this process; yield its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _wait_until_ready(running: Running) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            break
        try:
            if httpx.get(f"{running.address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass  # it is asked again
        threading.Event().wait(0.2)
    raise RuntimeError(f"the server is not ready:\n{running.log.read_text(errors='replace')}")


def outfit(number: int = 0, **options: object) -> bytes:
    """Return a photo of a sample outfit as a JPEG; `size` makes it as large and grainy as a camera's."""
    size = options.pop("size", None)
    with Image.open(sorted(outfit_paths())[number]) as found:
        image = found.convert("RGB")
    if isinstance(size, tuple):
        grain = Image.effect_noise(size, 60).convert("RGB")
        image = Image.blend(image.resize(size, Image.Resampling.BICUBIC), grain, 0.1)
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()
