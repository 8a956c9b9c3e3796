"""What tells one database from another, for the index that was made from it.

It follows from a catalogue's oldest item, so that an old backup, migrated later, is known as the same.

Revision: 0007, after 0006
"""

from __future__ import annotations

from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAMESPACE = UUID("6f0f4fb2-3d0b-4a51-9f0b-6b1d0c2f7c11")


def upgrade() -> None:
    op.add_column(
        "catalogues",
        sa.Column("lineage", sa.String(32), nullable=False, server_default=sa.text("''")),
    )
    catalogues = sa.table("catalogues", sa.column("name"), sa.column("lineage"))
    items = sa.table("items", sa.column("catalogue"), sa.column("created_at", sa.DateTime))
    oldest = sa.select(sa.func.min(items.c.created_at)).where(
        items.c.catalogue == catalogues.c.name
    )
    connection = op.get_bind()
    for name, since in connection.execute(
        sa.select(catalogues.c.name, oldest.scalar_subquery())
    ).all():
        lineage = uuid5(NAMESPACE, f"{name} {since}") if since else uuid4()
        change = catalogues.update().where(catalogues.c.name == name)
        connection.execute(change.values(lineage=lineage.hex))


def downgrade() -> None:
    op.drop_column("catalogues", "lineage")
