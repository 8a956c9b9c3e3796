"""Sleeve and length of items, and patterns in the form that filters compare.

Columns are added in place, each with a default: SQLite alters a table otherwise by copying and
dropping it, and dropping items would take their vectors along.

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from index.model.patterns import pattern_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW = ("pattern_key", "sleeve", "sleeve_key", "length", "length_key")


def upgrade() -> None:
    for name in NEW:
        op.add_column(
            "items", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))
        )
    items = sa.table("items", sa.column("pattern", sa.Text), sa.column("pattern_key", sa.Text))
    connection = op.get_bind()
    for pattern in connection.execute(sa.select(items.c.pattern).distinct()).scalars().all():
        change = items.update().where(items.c.pattern == pattern)
        connection.execute(change.values(pattern_key=pattern_key(pattern)))


def downgrade() -> None:
    for name in NEW:
        op.drop_column("items", name)
