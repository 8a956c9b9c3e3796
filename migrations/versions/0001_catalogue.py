"""Catalogues, their items and the items' vectors.

Revision: 0001, after nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "catalogues",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("vector_revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_catalogues"),
    )
    _create_items()
    _create_vectors()


def _create_items() -> None:
    texts = (
        "brand", "brand_key", "colour", "colour_key", "second_colour", "pattern", "material",
        "title", "description", "link",
    )  # fmt: skip
    op.create_table(
        "items",
        sa.Column("key", KEY, nullable=False),
        sa.Column("catalogue", sa.String(64), nullable=False),
        sa.Column("sku", sa.String(200), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("image", sa.String(100), nullable=False),
        sa.Column("image_hash", sa.String(64), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("sale_price", sa.BigInteger(), nullable=True),
        sa.Column("availability", sa.String(16), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_items"),
        sa.ForeignKeyConstraint(
            ["catalogue"], ["catalogues.name"], name="fk_items_catalogue_catalogues"
        ),
        sa.UniqueConstraint("catalogue", "sku", name="uq_items_catalogue_sku"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_items_catalogue_category", "items", ["catalogue", "category"])
    op.create_index("ix_items_image", "items", ["image"])


def _create_vectors() -> None:
    op.create_table(
        "vectors",
        sa.Column("key", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("image_hash", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(200), nullable=False),
        sa.Column("dim", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_vectors"),
        sa.ForeignKeyConstraint(
            ["item"], ["items.key"], name="fk_vectors_item_items", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("item", "position", name="uq_vectors_item_position"),
        sa.UniqueConstraint("id", name="uq_vectors_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_vectors_image_hash", "vectors", ["image_hash"])
    op.create_index("ix_vectors_fingerprint", "vectors", ["fingerprint"])


def downgrade() -> None:
    op.drop_table("vectors")
    op.drop_table("items")
    op.drop_table("catalogues")
