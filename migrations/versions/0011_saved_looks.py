"""Saved looks: what each item cost then; and worn pieces, where the person agreed.

Revision: 0011, after 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("feedback_items", sa.Column("price", sa.BigInteger(), nullable=True))
    currency = sa.Column("currency", sa.String(3), nullable=False, server_default=sa.text("''"))
    op.add_column("feedback_items", currency)
    _worn("feedback_worn", sa.Column("feedback", KEY, nullable=False), "feedback.key")
    _worn("share_worn", sa.Column("share", sa.String(64), nullable=False), "shares.token")


def downgrade() -> None:
    op.drop_table("share_worn")
    op.drop_table("feedback_worn")
    op.drop_column("feedback_items", "currency")
    op.drop_column("feedback_items", "price")


def _worn(name: str, owner: sa.Column[int] | sa.Column[str], of: str) -> None:
    table = of.split(".")[0]
    op.create_table(
        name,
        owner,
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            [owner.name], [of], name=f"fk_{name}_{owner.name}_{table}", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(owner.name, "position", name=f"pk_{name}"),
    )
