"""Servers: the commands that start them, and several of them run as one."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from recommender.cli.commands import serving
from recommender.cli.commands.servers import run_together
from recommender.errors import ServiceNotReady
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings
from tests.fakes import FakeEncoder
from tests.recommender.cli.conftest import ROWS, Shell

TOGETHER = """
import sys
from recommender.cli.commands.servers import run_together
ports = sys.argv[1:]
run_together(
    {
        port: ([sys.executable, "-m", "http.server", port, "--bind", "127.0.0.1"],
               f"http://127.0.0.1:{port}/")
        for port in ports
    },
    ready="READY",
)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("result", [signal.SIGTERM, signal.SIGINT])
def test_servers_start_together_and_stop_together(tmp_path: Path, result: signal.Signals) -> None:
    ports = [free_port(), free_port()]
    command = [sys.executable, "-c", TOGETHER, *map(str, ports)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=Path.cwd()
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"READY\n"
        assert [listens(port) for port in ports] == [True, True]
        with urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/", timeout=5) as answer:
            assert answer.status == 200
        process.send_signal(result)
        assert process.wait(timeout=20) == 0
    assert [listens(port) for port in ports] == [False, False]


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    started = [sys.executable, "-c", f"open({str(touched)!r}, 'w')"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(ServiceNotReady, match="is in use"):
            run_together({"API": (started, url)}, ready="")
    time.sleep(0.2)
    assert not touched.exists()


def test_a_server_that_ends_takes_the_others_with_it() -> None:
    port = free_port()
    lasting = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    servers = {
        "lasting": (lasting, f"http://127.0.0.1:{port}/"),
        "failing": ([sys.executable, "-c", "raise SystemExit(3)"], "http://127.0.0.1:9/"),
    }
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(ServiceNotReady, match="ended with exit code 3"):
        run_together(servers, ready="")
    assert not listens(port)
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_browser_apps_command(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, max_upload_mb=7.5, max_feed_mb=40.5)
    command = serving.ui_command(settings, "127.0.0.1", 9000)
    assert command[1:4] == ["-m", "streamlit", "run"]
    assert Path(command[4]).name == "server.py"
    flags = dict(zip(command[5::2], command[6::2], strict=True))
    assert flags["--server.address"] == "127.0.0.1" and flags["--server.port"] == "9000"
    assert flags["--server.maxUploadSize"] == "41"  # feeds are handed in as well
    assert flags["--browser.gatherUsageStats"] == "false"
    assert "--server.allowedHosts" in flags
    assert "--server.allowedHosts" not in serving.ui_command(Settings(), "0.0.0.0", 9000)


def test_the_demo_prepares_a_catalogue_once(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = shell.feed()
    feed.rename(feed.parent / "catalog.jsonl")
    monkeypatch.setattr("recommender.sample.BOUTIQUE", feed.parent)

    def prepared() -> int:
        wiring = Wiring(Settings(home=shell.home))
        serving.prepare(wiring)
        return wiring.generations.current().number

    assert prepared() == 1 and len(shell.skus()) == len(ROWS)
    seen = shell.encoder.pictures
    assert prepared() == 1 and shell.encoder.pictures == seen
    shell.ok("catalog", "remove", "tote")
    assert prepared() == 2 and "tote" not in shell.skus()  # a catalogue that is there is kept
    shell.encoder = FakeEncoder("fake-2")
    assert prepared() == 3  # an index of another encoder is made anew
