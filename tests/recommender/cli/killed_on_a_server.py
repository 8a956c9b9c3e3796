"""Runs one command with models that load at once, and dies in the middle of a publication.

    python -m tests.recommender.cli.killed_on_a_server STATEMENT WORD...

The process kills itself where it is about to send a statement that begins so; "never" lets it live.
"""

from __future__ import annotations

import os
import signal
import sys

from sqlalchemy import Engine, event

from index.encoders.clothes import OPEN
from index.facts.reader import FactsReader
from recommender.cli.app import app
from recommender.runtime.wiring import Wiring
from tests.fakes import FakeEncoder
from tests.recommender.fakes import DRESSED, FakeDetector


def main(statement: str, *words: str) -> None:
    """Run the command."""
    for name, made in (
        ("_load_detector", FakeDetector(DRESSED)), ("_load_encoder", FakeEncoder()), ("_families", {}), ("_facts", FactsReader()), ("_clothes", OPEN),
    ):  # fmt: skip
        setattr(Wiring, name, lambda _, made=made: made)

    @event.listens_for(Engine, "before_cursor_execute")
    def die(*answer: object) -> None:
        if str(answer[2]).strip().startswith(statement):
            os.kill(os.getpid(), signal.SIGKILL)

    app(list(words))


if __name__ == "__main__":
    main(*sys.argv[1:])
