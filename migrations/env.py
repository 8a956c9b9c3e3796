"""What Alembic runs: the connection it was given, against every room's tables."""

from __future__ import annotations

from alembic import context

import recommender.tables  # noqa: F401 - declares its tables
from index.database.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=True,
    render_as_batch=connection.dialect.name == "sqlite",  # SQLite cannot alter a column in place
    transactional_ddl=True,  # a step that fails half-way leaves nothing behind
)
with context.begin_transaction():
    context.run_migrations()
