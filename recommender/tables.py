"""The tables of what people told: likes, dislikes and saved looks, and nothing else about them.

A style is worked out from these rows whenever it is asked for; nothing derived is stored, so that
what is forgotten is gone and another encoder needs no conversion. Skus are kept as they were told:
they outlive their items.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from index.tables import Base, Key


class FeedbackRow(Base):
    """One thing that a person told. A larger `key` was told later.

    `person` is the caller's own name for them; `verdict` is a `recommender.feedback.Verdict`.
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
    """An item that a feedback is about; those of a saved look in the order they were told in."""

    __tablename__ = "feedback_items"

    feedback: Mapped[int] = mapped_column(
        ForeignKey("feedback.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    sku: Mapped[str] = mapped_column(String(200))
