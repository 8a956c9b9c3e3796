"""The whole product running on free ports, and the browser that looks at it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Playwright, expect

from recommender.sample import BOUTIQUE
from tests.browser.visitor import WAIT_MS

ROOT: Final = Path(__file__).parents[2]
READY: Final = "The app is ready: "
FLAGS: Final = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    "--use-fake-device-for-media-stream",
]  # fmt: skip


def launch(playwright: Playwright) -> Browser:
    """Return Debian's Chromium without a window, and wait for it as long as for a busy machine.

    It must be there, or whoever asks fails.
    """
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError(
            "Chromium is not installed, so the browser cannot be tested. "
            "Run `apt-get update && apt-get install -y chromium`."
        )
    expect.set_options(timeout=WAIT_MS)
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def write_part_of_the_boutique(folder: Path, every: int = 6) -> Path:
    """Copy every n-th garment of the sample boutique; return its feed. All would take longer."""
    lines = (BOUTIQUE / "catalog.jsonl").read_text(encoding="utf-8").splitlines()[::every]
    (folder / "images").mkdir(parents=True)
    for line in lines:
        image = json.loads(line)["image"]
        shutil.copyfile(BOUTIQUE / image, folder / image)
    feed = folder / "catalog.jsonl"
    feed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return feed


@contextmanager
def app(home: Path, *, log: Path, timeout_s: float = 180.0, product: Path = ROOT) -> Iterator[str]:
    """Run `recommender demo` and yield the app's address; end what was started.

    Args:
        home: the catalogue's folder; where it is empty, the demo fills it.
        log: where the servers' output goes.
        timeout_s: how long the app may take to be ready.
        product: where the code is that runs; this tree's where not given.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": str(product),
        "RECOMMENDER_HOME": str(home),
        "RECOMMENDER_API_PORT": str(_free_port()),
        "RECOMMENDER_UI_PORT": str(_free_port()),
    }
    command = [sys.executable, "-m", "recommender.cli", "demo"]
    with log.open("wb") as output:
        demo = subprocess.Popen(
            command,
            cwd=product,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield _address(demo, log, timeout_s)
        finally:
            _end(demo)


def index(home: Path, feed: Path) -> None:
    """Import a feed by the command line."""
    command = [sys.executable, "-m", "recommender.cli", "catalog", "import", str(feed)]
    environment = {**os.environ, "RECOMMENDER_HOME": str(home)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _address(demo: subprocess.Popen[bytes], log: Path, timeout_s: float) -> str:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        text = log.read_text(encoding="utf-8", errors="replace")
        if READY in text:
            return text.split(READY, 1)[1].split()[0]
        if demo.poll() is not None:
            raise RuntimeError(f"the demo ended by itself ({demo.returncode}):\n{text}")
        threading.Event().wait(0.2)
    raise RuntimeError(f"the demo was not ready after {timeout_s:.0f} s:\n{text}")


def _end(demo: subprocess.Popen[bytes]) -> None:
    """Stop the demo as Ctrl-C does; if it does not heed that, end its own process group."""
    if demo.poll() is None:
        os.kill(demo.pid, signal.SIGINT)
    try:
        demo.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(demo.pid, signal.SIGKILL)
        demo.wait(15)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
