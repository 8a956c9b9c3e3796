"""People's feedback: likes, dislikes and saved looks.

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("key", KEY, nullable=False),
        sa.Column("catalogue", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_feedback"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_catalogue_person", "feedback", ["catalogue", "person"])
    op.create_table(
        "feedback_items",
        sa.Column("feedback", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("feedback", "position", name="pk_feedback_items"),
        sa.ForeignKeyConstraint(
            ["feedback"],
            ["feedback.key"],
            name="fk_feedback_items_feedback_feedback",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("feedback_items")
    op.drop_table("feedback")
