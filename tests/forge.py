"""Commands that begin in a moment: children of one process that has imported what they need.

    python -m tests.forge SOCKET        serves

Importing PyTorch takes seconds, and the guides run `recommender` dozens of times. Their `recommender` and
`python -m` are scripts that hand words, folder, environment and streams to the forge and end as its child
does. That a command starts from nothing is held by the tests of `demo` and `serve`.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
IMPORTED: Final = (
    "faiss", "open_clip", "timm", "torchvision.models.detection", "uvicorn",
    "index.importing.intake", "recommender.api.app", "recommender.cli.app",
    "recommender.cli.learning.networks",
    "recommender.runtime.wiring", "segmentation.detector.maskrcnn", "segmentation.training.train",
)  # fmt: skip
"""What a child finds done. None of them may start a thread: threads do not survive a fork."""
MOST: Final = 1 << 20
SCRIPT: Final = """#!{python} -ISE
import json, os, signal, socket, sys
words = [{first!r}, *sys.argv[1:]]
if words[0] == "python" and not (words[1] == "-m" or words[1].endswith(".py")):
    os.execv({python!r}, [{python!r}, *words[1:]])
forge = socket.socket(socket.AF_UNIX)
forge.connect({address!r})
message = json.dumps([words, os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(forge, [len(message).to_bytes(4, "big")], [0, 1, 2])
forge.sendall(message)
child = int.from_bytes(forge.recv(4), "big")
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda number, _: os.kill(child, number))
status = forge.recv(1)
sys.exit(status[0] if status else 70)
"""


@contextmanager
def forge(folder: Path) -> Iterator[Path]:
    """Run a forge; yield the folder with its `recommender` and `python`, for the PATH."""
    address, scripts = folder / "forge", folder / "bin"
    scripts.mkdir()
    for name in ("recommender", "python"):
        script = scripts / name
        script.write_text(SCRIPT.format(python=sys.executable, first=name, address=str(address)))
        script.chmod(0o755)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.forge", str(address)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert server.stdout is not None
    try:
        assert server.stdout.readline() == b"ready\n", "the forge is ready"
        yield scripts
    finally:
        server.terminate()
        server.communicate(timeout=30)


def serve(address: str) -> None:
    """Fork a child for each connection; return in the child that is to run a command."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        asked, _ = listening.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listening.close()
            return _begin(asked)
        asked.close()


def _begin(asked: socket.socket) -> None:
    """Take what is to be run; fork once more, tell how that child ends, and return in it."""
    size, streams, _, _ = socket.recv_fds(asked, 4, 3)
    text = b""
    while len(text) < int.from_bytes(size, "big"):
        text += asked.recv(MOST)
    child = os.fork()
    if child:
        for stream in (0, 1, 2, *streams):
            os.close(stream)
        asked.sendall(child.to_bytes(4, "big"))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        asked.sendall(bytes([status if status >= 0 else 128 - status]))
        os._exit(0)
    asked.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", 1)
    words, folder, environment = json.loads(text)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = words


def run() -> None:
    """Run what `sys.argv` says, as the interpreter would."""
    name, *words = sys.argv
    sys.path[0] = str(Path.cwd())
    if name == "recommender":
        from recommender.cli.app import main

        main()
    elif words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")


def end(code: object) -> None:
    """End as the interpreter does, without taking to pieces what was never used here."""
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    for module in IMPORTED:
        importlib.import_module(module)
    gc.freeze()  # a child that looks for garbage among all this would copy it
    serve(sys.argv[1])
    try:
        run()
    except SystemExit as ended:
        end(ended.code)
    except BaseException:
        traceback.print_exc()
        end(1)
    end(0)
