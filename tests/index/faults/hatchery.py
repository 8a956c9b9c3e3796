"""A process that has imported all it needs, and forks one child for each job that is to be killed.

    python -m tests.index.faults.hatchery        one JSON object a line in, one out

A child stops at the step it was told, so that whoever asked can look at the catalogue before it is
killed; then its parent sends SIGKILL. The children have no models: stand-ins encode, and write down
what they encoded where a kill cannot take it back.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from segmentation.common.errors import Refusal

ROOT = Path(__file__).parents[3]
REFUSED = 3
"""Exit status of a child that was refused what it was to do."""


@dataclass(frozen=True)
class Job:
    """What a child does.

    Attributes:
        home, feed: the catalogue and what it imports.
        verb: `import`, `rebuild` (everything encoded again), `remove`, `rollback` or `command`; `copy`,
            `backup` or `restore`, between the home and what lies beside it.
        skus: what `remove` takes out.
        words: the command line of `command`, which needs no models.
        step, nth: where the child stops for its end, counted from 1; it runs to its end without.
        after_s: when it is killed instead, counted from its beginning.
        in_a_write: it is not killed then, but as soon after as a write is under way.
        killed: False takes the kill out: it goes on where it would have ended.
        batch_size: pictures encoded at once.
        exact_up_to: vectors that are searched exactly; above, in inverted lists.
    """

    home: Path
    feed: Path
    verb: str = "import"
    skus: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    step: str = ""
    nth: int = 1
    after_s: float | None = None
    in_a_write: bool = False
    killed: bool = True
    batch_size: int = 4
    exact_up_to: int = 100_000

    @property
    def encoded(self) -> Path:
        """How many pictures each call of the encoder was given, a line each."""
        return self.home.parent / "encoded.txt"

    @property
    def reached(self) -> Path:
        """The steps that the child came by, a line each."""
        return self.home.parent / "reached.txt"

    @property
    def copy(self) -> Path:
        """The database that `copy` fills."""
        return self.home.parent / "copy.sqlite3"

    @property
    def backup(self) -> Path:
        """The file that `backup` writes and `restore` reads."""
        return self.home.parent / "backup.zip"

    @property
    def restored(self) -> Path:
        """The home that `restore` fills."""
        return self.home.parent / "restored"

    @property
    def marker(self) -> Path:
        """Written just before the kill."""
        return self.home.parent / "killed-here.txt"


class Hatchery:
    """The process, from this side."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.index.faults.hatchery"],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, job: Job) -> bool:
        """Start a child, and return once it stands at its step; False if it came to its end."""
        return bool(self._ask("begin", **_shape(job))["stands"])

    def end(self) -> int:
        """Kill the child that `begin` left standing, and return its exit status."""
        return int(self._ask("end")["status"])

    def run(self, job: Job) -> int:
        """Run a child to its end, or until it is killed, and return its exit status."""
        return int(self._ask("run", **_shape(job))["status"])

    def warm(self, job: Job) -> None:
        """Do a job in the process itself: its children begin with all caches filled."""
        self._ask("warm", **_shape(job))

    def modules(self) -> list[str]:
        """Return what the children have imported."""
        return list(self._ask("modules")["modules"])

    def close(self) -> None:
        self._process.communicate(timeout=30)

    def _ask(self, do: str, **fields: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps({"do": do, **fields}), file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def _shape(job: Job) -> dict[str, Any]:
    return {**asdict(job), "home": str(job.home), "feed": str(job.feed)}


def _job(fields: dict[str, Any]) -> Job:
    paths = {name: Path(fields[name]) for name in ("home", "feed")}
    lists = {name: tuple(fields[name]) for name in ("skus", "words")}
    return Job(**{**fields, **paths, **lists})


def append(path: Path, line: object) -> None:
    """Add a line in one call of the system, so that no kill leaves half of it."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def command(job: Job) -> None:
    """Run a command line, as a child."""
    from recommender.cli.app import app

    os.environ["RECOMMENDER_HOME"] = str(job.home)
    said = io.StringIO()  # what it prints is no answer of the hatchery's
    with redirect_stdout(said), redirect_stderr(said):
        if app(job.words, standalone_mode=False):
            os._exit(REFUSED)


def safekeep(job: Job) -> None:
    """Copy, back up or restore, as a child."""
    from recommender.runtime.safekeeping import Safekeeper

    home = job.restored if job.verb == "restore" else job.home
    keeper = Safekeeper(home, f"sqlite:///{home}/catalog.sqlite3")
    if job.verb == "copy":
        keeper.copy_to(f"sqlite:///{job.copy}", confirmed=True)
    elif job.verb == "backup":
        keeper.backup(job.backup, confirmed=True)
    else:
        keeper.restore(job.backup)


OTHERS = {"command": command, **dict.fromkeys(("copy", "backup", "restore"), safekeep)}
"""Verbs that need no indexer."""


def work(job: Job) -> None:
    """Do a job, as a child."""
    if job.verb in OTHERS:
        return OTHERS[job.verb](job)

    from index.build import Indexer
    from index.database.database import open_database
    from index.generations.rollback import roll_back
    from index.importing.reports import ImportOptions
    from index.model.progress import Event
    from index.stores.faiss import FaissEngine
    from tests.fakes import FakeCutter, FakeEncoder

    class WritingEncoder(FakeEncoder):
        def encode_images(self, images_rgb: Sequence[Any]) -> Any:
            append(job.encoded, len(images_rgb))
            return super().encode_images(images_rgb)

    seen = 0

    def at(event: Event) -> None:
        nonlocal seen
        append(job.reached, event.step)
        if event.step != job.step:
            return
        seen += 1
        if seen == job.nth and job.killed:
            append(job.marker, event.step)
            os.kill(os.getpid(), signal.SIGSTOP)

    database = open_database(f"sqlite:///{job.home}/catalog.sqlite3")
    indexer = Indexer(
        database=database,
        home=job.home,
        encoder=WritingEncoder(),
        cutter=FakeCutter(),
        engine=FaissEngine(job.exact_up_to),
        batch_size=job.batch_size,
        progress=at,
    )
    if job.verb == "import":
        indexer.import_feed(job.feed, ImportOptions(remove_missing=True, confirmed=True))
    elif job.verb == "rebuild":
        indexer.rebuild(encode_again=True)
    elif job.verb == "rollback":
        roll_back(job.home, database, indexer.engine, indexer.generations, confirmed=True)
    else:
        indexer.remove(job.skus)
    database.close()


def hatch(job: Job) -> int:
    """Fork a child for a job and return its number."""
    child = os.fork()
    if child:
        return child
    try:
        work(job)
        os._exit(0)
    except Refusal:
        os._exit(REFUSED)
    except BaseException as error:
        print(f"{job}: {error!r}", file=sys.stderr)  # noqa: T201
        os._exit(1)


HALVES = (".tmp", ".half", ".work", ".restoring")
"""Ends of names of what is not done yet."""


def writing(job: Job) -> bool:
    """Return whether a write is under way: a transaction that changed pages, or a file's half.

    SQLite's journal tells of transactions where it is no write-ahead log, as `index/database` has it.
    """
    index = job.home / "index"
    for folder in (job.home, index, index / "generations", job.home.parent, job.restored):
        with suppress(OSError):
            for name in os.listdir(folder):  # noqa: PTH208 - in microseconds
                if name.endswith(HALVES):
                    return True
                if name.endswith("-journal") and (folder / name).stat().st_size:
                    return True
    return False


def wait_or_kill(child: int, job: Job) -> int:
    """Return the exit status of a child that ends, or is killed when its time is over."""
    if job.after_s is not None and job.killed:
        time.sleep(job.after_s)
        while job.in_a_write and not writing(job):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
        os.kill(child, signal.SIGKILL)  # to one that has ended this does nothing: it waits for us
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    """Serve jobs until there are no more."""
    import faiss

    import recommender.runtime.safekeeping  # noqa: F401
    import tests.fakes  # noqa: F401

    # no power is cut here: what was written is there for whoever comes next, on the disk or not
    os.fsync = lambda fd: None
    faiss.omp_set_num_threads(1)  # threads do not survive a fork
    standing = 0
    for line in sys.stdin:
        fields = json.loads(line)
        verb = fields.pop("do")
        answer: dict[str, Any] = {}
        if verb == "begin":
            job = _job(fields)
            standing = hatch(job)
            _, status = os.waitpid(standing, os.WUNTRACED)
            answer = {"stands": os.WIFSTOPPED(status)}
        elif verb == "end":
            answer = {"status": wait_or_kill(standing, replace(job, after_s=0))}
        elif verb == "run":
            job = _job(fields)
            answer = {"status": wait_or_kill(hatch(job), job)}
        elif verb == "warm":
            work(_job(fields))
        else:
            answer = {"modules": sorted(sys.modules)}
        print(json.dumps(answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
