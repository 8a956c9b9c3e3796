"""What merchants' feeds tell: groups of variants, sizes to filter by, their own words for a kind,
and further pictures of an item.

Columns are added in place, each with a default, as in 0002.

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from index.catalogue.filtering import sizes_key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = ("sizes_key", "group_key", "merchant_category")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column(
            "items", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))
        )
    op.add_column("items", sa.Column("category_confidence", sa.Double(), nullable=True))
    op.create_index("ix_items_group_key", "items", ["group_key"])
    op.create_table(
        "pictures",
        sa.Column("key", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("image", sa.String(100), nullable=False),
        sa.Column("image_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_pictures"),
        sa.ForeignKeyConstraint(
            ["item"], ["items.key"], name="fk_pictures_item_items", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("item", "position", name="uq_pictures_item_position"),
    )
    op.create_index("ix_pictures_image", "pictures", ["image"])
    _fill_sizes()


def _fill_sizes() -> None:
    items = sa.table(
        "items", sa.column("key", KEY), sa.column("sizes", sa.JSON), sa.column("sizes_key", sa.Text)
    )
    connection = op.get_bind()
    for key, sizes in connection.execute(sa.select(items.c.key, items.c.sizes)).all():
        if sizes:
            change = items.update().where(items.c.key == key)
            connection.execute(change.values(sizes_key=sizes_key(sizes)))


def downgrade() -> None:
    # further pictures' vectors would answer as items of their own, and have no picture later
    op.execute("DELETE FROM vectors WHERE position > 0")
    op.execute(
        "UPDATE catalogues SET revision = revision + 1, vector_revision = vector_revision + 1"
    )
    op.drop_table("pictures")
    op.drop_index("ix_items_group_key", "items")
    op.drop_column("items", "category_confidence")
    for name in TEXTS:
        op.drop_column("items", name)
