"""The API over a real catalogue, as a process of its own: `python -m tests.index.faults.serving HOME`.

The models are stand-ins; the searcher, the index and the database are the real ones. It says its
port on its first line, and `/told` says what a leak would make grow.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from index.files.images import ImageStore
from index.generations.generation_reload import Served
from index.model.items import CatalogItem
from index.search import Searcher
from index.stores.faiss import FaissStore
from recommender.api.app import create_app
from recommender.settings import Settings
from tests.index.faults.goods import Home
from tests.recommender.fake_shop import FakeShop


@dataclass(kw_only=True)
class ServedShop(FakeShop):
    """A shop whose items come from the catalogue."""

    searcher: Any

    def item(self, sku: str) -> CatalogItem:
        """Return an item as it is now."""
        found: CatalogItem = self.searcher.item(sku)
        return found


def application(home: Home) -> FastAPI:
    """Return the API, and a route that says how the process is."""
    searcher: Searcher = home.searcher()
    shop = ServedShop(
        settings=Settings(home=home.path),
        images=ImageStore(home.path / "images"),
        searcher=searcher,
    )
    app = create_app(shop, outfits={}, warm=False)

    @app.get("/told")
    def told() -> dict[str, Any]:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return {
            "generation": searcher.generation().number,
            "trouble": str(searcher.trouble or ""),
            "handles": len(list(Path("/proc/self/fd").iterdir())),
            "memory": pages * os.sysconf("SC_PAGE_SIZE"),
        }

    @app.get("/held")
    def held() -> dict[str, int]:
        gc.collect()
        kinds = Counter(type(each).__name__ for each in gc.get_objects())
        return {kind.__name__: kinds[kind.__name__] for kind in (Served, FaissStore)}

    return app


def main() -> None:
    """Serve on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = application(Home(Path(sys.argv[1])))
    print(listener.getsockname()[1], flush=True)  # noqa: T201
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    main()
