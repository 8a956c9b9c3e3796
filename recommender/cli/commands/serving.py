"""`serve` and `demo`: the API and the browser app."""

from __future__ import annotations

import importlib.util
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from recommender.cli.terminal.options import open_wiring
from recommender.cli.terminal.output import note
from recommender.errors import CatalogMissing, ServiceNotReady

if TYPE_CHECKING:
    from recommender.runtime.wiring import Wiring
    from recommender.settings import Settings

LOOPBACK: Final = ("127.0.0.1", "localhost")
app = typer.Typer(help="Run a server in the foreground.", no_args_is_help=True)

Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on; this machine alone if left out.")
]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port to listen on.")]


@app.command("api")
def serve_api(host: Host = None, port: Port = None) -> None:
    """Serve the HTTP API."""
    from recommender.runtime import allocator

    allocator.begin()  # until the models are loaded
    allocator.bound()
    try:
        _serve(host, port)
    finally:
        allocator.settle()


def _serve(host: str | None, port: int | None) -> None:
    import uvicorn

    from recommender.api.app import create_app
    from recommender.api.middleware import logs
    from recommender.runtime.wiring import Wiring

    settings = (open_wiring() if host is None else open_wiring(host=host)).settings
    logs.set_up(settings.log)
    uvicorn.run(
        create_app(Wiring(settings, serving=True)),
        host=settings.host,
        port=port or settings.api_port,
        log_config=None,
        access_log=False,  # it would write paths and addresses; recommender.api.middleware.observing does not
        proxy_headers=False,  # anyone can write X-Forwarded-For
        server_header=False,
    )


@app.command("ui")
def serve_ui(host: Host = None, port: Port = None) -> None:
    """Serve the browser app; it asks the API, which must run as well."""
    settings = open_wiring().settings
    command = ui_command(settings, host or settings.host, port or settings.ui_port)
    environment = {
        **os.environ,
        "RECOMMENDER_API_URL": settings.api_address,
        "RECOMMENDER_HOME": str(settings.home),
        "RECOMMENDER_MAX_UPLOAD_MB": f"{settings.max_upload_mb:g}",
        "RECOMMENDER_MAX_FEED_MB": f"{settings.max_feed_mb:g}",
    }
    if sys.platform == "win32":  # a replaced process would come loose from its terminal there
        raise typer.Exit(subprocess.call(command, env=environment))
    os.execve(command[0], command, environment)


def demo() -> None:
    """Prepare the sample boutique, start the API and the browser app, print the address.

    Both servers stop with Ctrl-C. A catalogue that is there already, or that RECOMMENDER_CATALOGUE
    names, is kept and served.
    """
    from recommender.cli.commands.servers import run_together

    wiring = open_wiring()
    settings = wiring.settings
    ui_command(settings, settings.host, settings.ui_port)  # refused before anything is indexed
    prepare(wiring)
    wiring.close()
    python = [sys.executable, "-m", "recommender.cli", "serve"]
    run_together(
        {
            "API": ([*python, "api"], f"{settings.api_address}/readyz"),
            "browser app": ([*python, "ui"], f"{ui_address(settings)}/_stcore/health"),
        },
        ready=f"The app is ready: {ui_address(settings)}  (the shop's area: {ui_address(settings)}/shop, "
        f"API: {settings.api_address})",
    )


def prepare(wiring: Wiring) -> None:
    """Index the sample boutique where nothing is indexed, and mend an index that cannot be served.

    The boutique is for the catalogue that everybody begins with; another is its owner's to fill.

    Raises:
        CatalogMissing: another catalogue is set, and empty.
        FeedError: the boutique is not there.
    """
    from index.catalogue.catalog import DEFAULT
    from index.errors import IndexRefusal
    from recommender.cli.terminal.progress import bar
    from recommender.sample import BOUTIQUE

    with wiring.migrate().reading() as session:
        items = wiring.catalog(session).count()
    if items == 0 and wiring.settings.catalogue != DEFAULT:
        raise CatalogMissing(
            "this catalogue is empty",
            got=f"no items in {wiring.settings.catalogue!r} at {wiring.settings.home}",
            expected="a catalogue that was imported; only `default` gets the sample boutique",
            next_step="Run `recommender catalog import SOURCE`, or `recommender samples fetch` for "
            "the catalogue `public-garments`, or unset RECOMMENDER_CATALOGUE.",
        )
    if items == 0:
        note("Indexing the sample boutique.")
        with bar() as progress:
            report = wiring.indexer(progress).import_feed(BOUTIQUE / "catalog.jsonl")
        items = report.added
    try:
        wiring.searcher.vectors_of([])
    except IndexRefusal as refusal:
        note(f"{refusal.what}; making it anew.")
        with bar() as progress:
            wiring.indexer(progress).rebuild()
    note(f"{items} items in the catalogue {wiring.settings.catalogue!r} at {wiring.settings.home}")


def ui_command(settings: Settings, host: str, port: int) -> list[str]:
    """Return the command that runs the browser app.

    Raises:
        ServiceNotReady: the app is not installed.
    """
    if importlib.util.find_spec("streamlit") is None:
        raise ServiceNotReady(
            "the browser app needs a package that is not installed",
            got="no streamlit",
            expected="the extra `ui`",
            next_step="Run `pip install 'complete-the-look[ui]'`, or `recommender serve api` alone.",
        )
    found = importlib.util.find_spec("ui")  # its path only: no room imports the one above it
    script = Path(found.origin).with_name("server.py") if found and found.origin else None
    if script is None or not script.is_file():
        raise ServiceNotReady(
            "the browser app is not installed",
            got="no module ui.server",
            expected="the package complete-the-look, whole",
            next_step="Install it again.",
        )
    options = {
        "server.address": host,
        "server.port": str(port),
        "server.headless": "true",
        "server.maxUploadSize": str(math.ceil(max(settings.max_upload_mb, settings.max_feed_mb))),
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    if host in LOOPBACK:  # against DNS rebinding; a host that others reach is for its owner to name
        flags += [part for name in LOOPBACK for part in ("--server.allowedHosts", name)]
    return [sys.executable, "-m", "streamlit", "run", str(script), *flags]


def ui_address(settings: Settings) -> str:
    """Return the browser app's URL."""
    return f"http://{settings.host}:{settings.ui_port}"
