"""Imports in a process of their own, so that answers keep their pace and the server its memory.

The child is `recommender.runtime.import_child`. Both ends take turns: the child tells a step and goes on
when it is asked to. Where the server wants the import to end, or is itself gone, the child ends at that step;
where the child is gone, the system having killed it for want of memory for one, the server tells why.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from index.importing.reports import ImportOptions, ImportReport
from index.model.progress import Event, Progress, silent
from recommender.errors import ImportFailed
from recommender.settings import Settings

CHILD: Final = "recommender.runtime.import_child"
GO_ON: Final = b"\n"


@dataclass(frozen=True)
class ImportsApart:
    """Carries imports out in a child, one child an import; see `recommender.jobs.imports.Imports`.

    Attributes:
        settings: of the server; the child works by them.
        progress: called at every step, on the thread that asks. An exception from it ends the import there.
    """

    settings: Settings
    progress: Progress = silent

    def import_feed(self, source: Path, options: ImportOptions | None = None) -> ImportReport:
        """Bring the catalogue to what a feed says, in a child.

        Raises:
            ImportFailed: the child ended before its time.
            Refusal: whatever the import was refused with.
        """
        options = options or ImportOptions()
        given = self.settings, source, replace(options, feed=replace(options.feed, fetcher=None))
        # what it imports lies where this process found it; of its threads one core stays free for answers
        threads = str(max(1, (os.cpu_count() or 2) - 1))
        env = {
            "OMP_NUM_THREADS": threads,
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        with subprocess.Popen(
            [sys.executable, "-m", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
        ) as child:
            assert child.stdin is not None and child.stdout is not None
            try:
                pickle.dump(given, child.stdin)
                while isinstance(message := _next(child), Event):
                    self.progress(message)
                    child.stdin.write(GO_ON)
                    child.stdin.flush()
            except BrokenPipeError:
                raise _ended(child) from None
            finally:
                child.stdin.close()  # the child ends at its next step, if it has not ended
        if isinstance(message, ImportReport):
            return message
        raise message


def _next(child: subprocess.Popen[bytes]) -> Any:
    """Return what the child tells next: a step, and at its end a report or an exception."""
    assert child.stdin is not None and child.stdout is not None
    child.stdin.flush()
    try:
        return pickle.load(child.stdout)  # our own child wrote it
    except (EOFError, pickle.UnpicklingError):
        raise _ended(child) from None


def _ended(child: subprocess.Popen[bytes]) -> ImportFailed:
    code = child.wait()
    how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    return ImportFailed(
        "the import's process ended before its time",
        got=how,
        expected="to be let run to its end",
        next_step="Give it more memory, or send the feed in parts: what is stored already is not "
        "done twice. The server's log says more.",
    )
