"""The catalogue's tables. The database is the truth; an index can always be made from it again.

`Base` is the one declarative base of the project, so that migrations see every room's tables.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

DEFAULT: Final = "default"
"""The one catalogue of a small shop."""
Key = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit row key; SQLite numbers rows by itself only in a column called INTEGER."""


EMPTY = text("''")
"""The default of texts that rows of an older schema lack; Alembic sees no change in this spelling."""


class Money(TypeDecorator[Decimal]):
    """Decimal <-> whole hundredths, so that sums of money compare exactly in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return hundredths."""
        return None if value is None else int((value * 100).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return the amount with two decimals."""
        return None if value is None else Decimal(value).scaleb(-2)


class Instant(TypeDecorator[datetime]):
    """An aware UTC time; SQLite itself would forget the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return UTC without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return UTC with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """What every table of the project inherits."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant, Decimal: Money}


class CatalogueRow(Base):
    """One catalogue, and how often it changed.

    `lineage` is drawn once and goes along when rows are copied: an index remembers it, so that
    another database, or a new and empty one, is never taken for the one that it was made from.
    `revision` grows with every change, `vector_revision` with those that touch what is searched:
    a server forgets what it cached when the first moves; an index is out of date when the second does.
    """

    __tablename__ = "catalogues"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    vector_revision: Mapped[int] = mapped_column(BigInteger, default=0)
    lineage: Mapped[str] = mapped_column(String(32), server_default=EMPTY)


class ItemRow(Base):
    """One item. `*_key` columns hold values without case, for filters.

    `image_hash` is the SHA-256 of the picture as the merchant gave it; `image` is where our copy
    lies. `measured` is what was read off the picture, and `filled` are
    the fields that the feed left empty and took their value from there. `sizes_key` holds the
    sizes between line breaks. `group_key` is `CatalogItem.group` as it is. `audience` is what the shop
    says, `audience_key` what is believed.
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("catalogue", "sku"),
        Index(None, "catalogue", "category"),
        {"sqlite_autoincrement": True},
    )

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    catalogue: Mapped[str] = mapped_column(ForeignKey("catalogues.name"))
    sku: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(32))
    image: Mapped[str] = mapped_column(String(100), index=True)
    image_hash: Mapped[str] = mapped_column(String(64))
    brand: Mapped[str] = mapped_column(Text)
    brand_key: Mapped[str] = mapped_column(Text)
    price: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(String(3))
    sale_price: Mapped[Decimal | None]
    availability: Mapped[str] = mapped_column(String(16))
    audience: Mapped[str] = mapped_column(String(16))
    colour: Mapped[str] = mapped_column(Text)
    colour_key: Mapped[str] = mapped_column(Text)
    second_colour: Mapped[str] = mapped_column(Text)
    pattern: Mapped[str] = mapped_column(Text)
    pattern_key: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    material: Mapped[str] = mapped_column(Text)
    sleeve: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    sleeve_key: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    length: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    length_key: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    fine_kind: Mapped[str] = mapped_column(String(40), server_default=EMPTY, index=True)
    formality: Mapped[str] = mapped_column(String(8), server_default=EMPTY)
    warmth: Mapped[str] = mapped_column(String(8), server_default=EMPTY)
    audience_key: Mapped[str] = mapped_column(String(16), server_default=EMPTY)
    sizes: Mapped[list[str]] = mapped_column(JSON)
    sizes_key: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    group_key: Mapped[str] = mapped_column(Text, server_default=EMPTY, index=True)
    merchant_category: Mapped[str] = mapped_column(Text, server_default=EMPTY)
    category_confidence: Mapped[float | None]
    link: Mapped[str] = mapped_column(Text)
    measured: Mapped[dict[str, str]] = mapped_column(JSON)
    filled: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PictureRow(Base):
    """A further picture of an item, position 1 and up; the first stands in the item's own row."""

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("item", "position"),)

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("items.key", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    image: Mapped[str] = mapped_column(String(100), index=True)
    image_hash: Mapped[str] = mapped_column(String(64))


class VectorRow(Base):
    """One picture's vector: `dim` fp16 numbers, little-endian.

    `key` is what the vector index calls it. It stays when the picture changes and is never given
    to another item, so an older generation can never name the wrong one. `id` is the UUIDv5 of
    (catalogue, sku, image hash, fingerprint). `position` is the picture's: 0 is the item's own row,
    others are `PictureRow`s.
    """

    __tablename__ = "vectors"
    __table_args__ = (UniqueConstraint("item", "position"), {"sqlite_autoincrement": True})

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("items.key", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer, default=0)
    id: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True)
    image_hash: Mapped[str] = mapped_column(String(64), index=True)
    fingerprint: Mapped[str] = mapped_column(String(200), index=True)
    dim: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes] = mapped_column(LargeBinary)
