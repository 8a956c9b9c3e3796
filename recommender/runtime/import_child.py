"""The other end of `recommender.runtime.importing`: a process that carries one import out.

    python -m recommender.runtime.import_child

In: settings, source and options, pickled. Out: steps, each of which is answered with a line; at the end the
report, or the exception that ended it. Whatever else is printed goes to the errors.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from index.importing.reports import ImportOptions, ImportReport
from index.model.progress import Event
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings
from segmentation.common.errors import Refusal

GIVES_WAY: Final = 5
"""How much it steps back where answers want the processor, as `nice` counts."""
FIRST_TO_GO: Final = 500
"""How much sooner than the server the system kills it for want of memory, of 1,000."""


def main(heard: BinaryIO, said: BinaryIO) -> None:
    """Carry out what is asked on one stream, and tell of it on the other."""
    settings, source, options = pickle.load(heard)  # the server wrote it
    outcome: ImportReport | Exception
    try:
        outcome = carried_out(settings, source, options, heard, said)
    except Refusal as refusal:
        outcome = refusal
    except Exception as fault:
        logging.exception("an import failed")
        outcome = RuntimeError(f"{type(fault).__name__} in the import's process")
    _say(outcome, said)


def carried_out(
    settings: Settings, source: Path, options: ImportOptions, heard: BinaryIO, said: BinaryIO
) -> ImportReport:
    """Return the report of an import."""

    def tell(event: Event) -> None:
        _say(event, said)
        if not heard.readline():  # the server wants no more of it, or is gone
            raise SystemExit(0)

    with closing(Wiring(settings)) as wiring, wiring.fetching(options.fetch) as fetcher:
        feed = replace(options.feed, fetcher=fetcher)
        return wiring.indexer(tell).import_feed(source, replace(options, feed=feed))


def _say(what: object, said: BinaryIO) -> None:
    pickle.dump(what, said)
    said.flush()


if __name__ == "__main__":
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(OSError):
        os.nice(GIVES_WAY)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO), encoding="ascii")
    main(sys.stdin.buffer, out)
