"""Several servers as one: start them, wait until all answer, stop them all."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import typer

from recommender.errors import ServiceNotReady

STARTS_WITHIN_S: Final = 120.0
STOPS_WITHIN_S: Final = 10.0
STDERR: Final = 2
_LOOK_EVERY_S: Final = 0.2


def run_together(servers: Mapping[str, tuple[list[str], str]], *, ready: str) -> None:
    """Run servers until one of them ends or this process is asked to stop.

    Args:
        servers: name -> its command, and the URL that answers once it is up.
        ready: printed when all answer.

    Raises:
        ServiceNotReady: an address is taken, a server ended, or one did not answer in time.
    """
    for name, (_, url) in servers.items():
        _require_free(name, url)
    running: dict[str, subprocess.Popen[bytes]] = {}
    with _stop_signals() as stop:
        try:
            for name, (command, _) in servers.items():
                # what a server prints is a message, not a result
                running[name] = subprocess.Popen(command, start_new_session=True, stdout=STDERR)
            for name, (_, url) in servers.items():
                _wait_for(name, url, running, stop)
            if not stop.is_set():
                typer.echo(ready)
            while not stop.wait(_LOOK_EVERY_S):
                _require_all(running)
        finally:
            _stop_all(running)


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """Yield what is set by Ctrl-C or SIGTERM, the process's own handlers put back at the end."""
    stop = threading.Event()
    before = {
        each: signal.signal(each, lambda *_: stop.set()) for each in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _wait_for(
    name: str, url: str, running: Mapping[str, subprocess.Popen[bytes]], stop: threading.Event
) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while not _answers(url) and not stop.wait(_LOOK_EVERY_S):
        _require_all(running)
        if time.monotonic() > deadline:
            raise _not_ready(name, got=f"no answer at {url} in {STARTS_WITHIN_S:.0f} s")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _require_free(name: str, url: str) -> None:
    import socket

    parts = urlsplit(url)
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((parts.hostname or "127.0.0.1", parts.port or 80)) == 0:
            raise ServiceNotReady(
                f"the {name} cannot start",
                got=f"port {parts.port} is in use",
                expected="a free port",
                next_step="Stop the other program, or set RECOMMENDER_API_PORT and "
                "RECOMMENDER_UI_PORT.",
            )


def _require_all(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, process in running.items():
        if process.poll() is not None:
            raise _not_ready(name, got=f"it ended with exit code {process.returncode}")


def _not_ready(name: str, *, got: str) -> ServiceNotReady:
    return ServiceNotReady(
        f"the {name} does not run",
        got=got,
        expected="a server that answers",
        next_step="See its messages above, and run `recommender doctor`.",
    )


def _stop_all(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOPS_WITHIN_S
    for process in running.values():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
