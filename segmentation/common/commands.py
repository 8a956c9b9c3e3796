"""How the development commands, `python -m segmentation....`, are run."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from segmentation.common.errors import Refusal


def run(command: Callable[..., object]) -> None:
    """Run a `typer.Typer` or one function with the words of the command line.

    A refusal is printed on stderr and ends the process with exit code 1.
    """
    app = command
    if not isinstance(command, typer.Typer):
        app = typer.Typer(add_completion=False)
        app.command()(command)
    try:
        app()
    except Refusal as refusal:
        typer.echo(str(refusal), err=True)
        sys.exit(1)
