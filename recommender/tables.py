"""The tables of people's feedback and did, of shared looks, keys, webhooks, and of writes that were answered.

A style is worked out from these rows whenever it is asked for; nothing derived is stored, so that
what is forgotten is gone and another encoder needs no conversion. Skus are kept as they were sent:
they outlive their items.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from index.database.tables import EMPTY, Base, Key


class FeedbackRow(Base):
    """One feedback of a person. A larger `key` is later.

    `person` is the caller's own name for them; `verdict` is a `recommender.people.feedback.Verdict`.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        Index(None, "catalogue", "person"),
        {"sqlite_autoincrement": True},
    )

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    catalogue: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]


class FeedbackItemRow(Base):
    """An item that a feedback is about; those of a saved look in the order they were sent in.

    `price` and `currency` are what an item of a saved look cost then; else nothing.
    """

    __tablename__ = "feedback_items"

    feedback: Mapped[int] = mapped_column(
        ForeignKey("feedback.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    sku: Mapped[str] = mapped_column(String(200))
    price: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(String(3), server_default=EMPTY)


class FeedbackWornRow(Base):
    """A worn piece that a saved look holds: a picture cut out of a photo, where the person agreed."""

    __tablename__ = "feedback_worn"

    feedback: Mapped[int] = mapped_column(
        ForeignKey("feedback.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    category: Mapped[str] = mapped_column(String(32))
    picture: Mapped[bytes] = mapped_column(LargeBinary)


class EventRow(Base):
    """What a buyer did with an item. A larger `key` is later.

    `kind` is a `recommender.wire.terms.EventKind`, `answer` the id of the answer that showed the item, `person`
    the caller's own name for them: both are empty unless they were given. `day` counts from 1970-01-01.
    """

    __tablename__ = "events"
    __table_args__ = (Index(None, "catalogue", "day"), {"sqlite_autoincrement": True})

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    catalogue: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    sku: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(64), index=True)
    day: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]


class ShareRow(Base):
    """A shared look. Who shared it is not known; of its token only the SHA-256 is kept, in hex."""

    __tablename__ = "shares"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    catalogue: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ShareItemRow(Base):
    """An item of a shared look, in the order that they were named in."""

    __tablename__ = "share_items"

    share: Mapped[str] = mapped_column(
        ForeignKey("shares.token", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    sku: Mapped[str] = mapped_column(String(200))


class ShareWornRow(Base):
    """A worn piece that a shared look holds, as `FeedbackWornRow`."""

    __tablename__ = "share_worn"

    share: Mapped[str] = mapped_column(
        ForeignKey("shares.token", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    category: Mapped[str] = mapped_column(String(32))
    picture: Mapped[bytes] = mapped_column(LargeBinary)


class ApiKeyRow(Base):
    """A key to the API: its public name, the SHA-256 of its secret in hex, what it may do, and where.

    `catalogue` is the one that it opens; empty for all.
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    secret: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    catalogue: Mapped[str] = mapped_column(String(64), server_default=EMPTY)


class AnsweredWriteRow(Base):
    """What a write with an idempotency key was answered; empty while it is under way.

    `key` and `body` are SHA-256 in hex, of the key with its caller and of what was sent.
    """

    __tablename__ = "answered_writes"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class WebhookRow(Base):
    """An address of the shop's that gets notifications.

    `topics` are `recommender.wire.terms.Topic`s with commas between them. `secret` signs deliveries, so it is kept as
    it is; `trouble` is why the last attempt failed, `lost` counts what was given up.
    """

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    catalogue: Mapped[str] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(Text)
    topics: Mapped[str] = mapped_column(String(200))
    secret: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    lost: Mapped[int] = mapped_column(Integer)
    trouble: Mapped[str] = mapped_column(Text)


class DeliveryRow(Base):
    """A notification that an address has not got yet; `due` is when it is sent (again)."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (UniqueConstraint("webhook", "id"), {"sqlite_autoincrement": True})

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    id: Mapped[str] = mapped_column(String(100))
    webhook: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    body: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer)
    due: Mapped[datetime] = mapped_column(index=True)
