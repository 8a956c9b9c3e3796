"""The one setting that chooses where vectors are searched, and what it needs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from index.database.database import Database
from index.stores import Engine
from index.stores.faiss import FaissEngine
from recommender.errors import SettingsError
from recommender.settings import Settings


def engine_of(settings: Settings, database: Callable[[], Database], closing: ExitStack) -> Engine:
    """Return the engine that `RECOMMENDER_STORE` names; no server is asked yet.

    Args:
        settings: of this process.
        database: gives the catalogue's; asked only where vectors lie there as well.
        closing: what is open is closed with it.

    Raises:
        SettingsError: packages are missing.
    """
    if settings.store == "faiss":
        return FaissEngine()
    try:
        if settings.store == "pgvector":
            from index.stores.pgvector import PgvectorEngine

            return PgvectorEngine(database(), settings.catalogue)
        from index.stores.milvus import MilvusEngine
        from index.stores.milvus_server import MilvusServer
    except ImportError as error:
        raise SettingsError(
            f"the store {settings.store!r} needs packages that are not installed",
            got=f"no module {error.name}",
            expected="the extra `scale`",
            next_step="Run `pip install 'complete-the-look[scale]'`, or unset RECOMMENDER_STORE.",
        ) from error
    server = MilvusServer(settings.milvus_uri, settings.milvus_token.get_secret_value())
    closing.callback(server.close)
    return MilvusEngine(server, settings.catalogue)
