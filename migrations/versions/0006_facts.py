"""Facts of items: fine kind, formality, warmth, and whom they are believed to be cut for.

Columns are added in place, each with a default, as in 0002. What the items' own words and pictures
say of them is filled in when their attributes are read anew: `recommender index build`.

Revision: 0006, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEW = {"fine_kind": 40, "formality": 8, "warmth": 8, "audience_key": 16}
"""Column -> its length."""


def upgrade() -> None:
    for name, length in NEW.items():
        column = sa.Column(name, sa.String(length), nullable=False, server_default=sa.text("''"))
        op.add_column("items", column)
    op.create_index("ix_items_fine_kind", "items", ["fine_kind"])
    op.execute("UPDATE items SET audience_key = audience")


def downgrade() -> None:
    op.execute("UPDATE items SET audience = 'unisex' WHERE audience = 'unknown'")
    op.drop_index("ix_items_fine_kind", "items")
    for name in NEW:
        op.drop_column("items", name)
