"""`recommender`: the commands put together, and what their exit codes mean.

0 done; 1 a refusal that the user can mend, printed on stderr; 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from recommender.cli.commands import (
    catalog,
    doctor,
    generations,
    keys,
    looks,
    people,
    photos,
    safekeeping,
    samples,
    serving,
    training,
)
from recommender.cli.commands.shop import events, webhooks
from recommender.cli.learning import exploring
from recommender.cli.terminal.output import note, refuse
from segmentation.common.errors import Refusal

CATALOGUE: Final = "RECOMMENDER_CATALOGUE"


class RefusingGroup(TyperGroup):
    """Turns a refusal anywhere below into its message and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            refuse(refusal)
            raise typer.Exit(1) from refusal
        except KeyboardInterrupt:
            note("Stopped.")
            raise typer.Exit(130) from None


app = typer.Typer(
    name="recommender",
    cls=RefusingGroup,
    help="Complete the look: garments in a photo, items that go with them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(version("complete-the-look"))
        except PackageNotFoundError:  # run from a checkout that was never installed
            typer.echo("not installed")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    catalog: Annotated[
        str,
        typer.Option(
            "--catalog", metavar="NAME", help="Which of the home's catalogues to work on."
        ),
    ] = "",
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Complete the look: garments in a photo, items that go with them."""
    if catalog:  # as the setting, so that processes which a command starts work on it too
        before = os.environ.get(CATALOGUE)
        os.environ[CATALOGUE] = catalog
        context.call_on_close(lambda: _set_back(before))


def _set_back(before: str | None) -> None:
    os.environ.pop(CATALOGUE)
    if before is not None:
        os.environ[CATALOGUE] = before


app.command("demo")(serving.demo)
app.command("segment")(photos.segment)
app.command("embed")(photos.embed)
app.add_typer(catalog.app, name="catalog")
catalog.app.command("copy")(safekeeping.copy)
app.add_typer(generations.app, name="index")
app.add_typer(samples.app, name="samples")
app.command("similar")(looks.similar)
app.command("complete")(looks.complete)
app.add_typer(people.app, name="style")
app.command("purge")(people.purge)
app.command("backup")(safekeeping.backup)
app.command("restore")(safekeeping.restore)
app.add_typer(keys.app, name="keys")
app.add_typer(events.app, name="events")
app.add_typer(webhooks.app, name="webhooks")
app.command("explore")(exploring.explore)
app.add_typer(training.train, name="train")
app.add_typer(training.evaluate, name="evaluate")
app.add_typer(serving.app, name="serve")
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line of this process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a title must not stop a narrow terminal
    app()
