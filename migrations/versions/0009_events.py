"""What buyers did: clicks, carts and purchases.

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("key", KEY, nullable=False),
        sa.Column("catalogue", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("sku", sa.String(200), nullable=False),
        sa.Column("answer", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_catalogue_day", "events", ["catalogue", "day"])
    op.create_index("ix_events_person", "events", ["person"])


def downgrade() -> None:
    op.drop_table("events")
