"""Feedback in the database: a repository that works in the session it is given."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from index.catalogue.catalog import DEFAULT
from recommender.people.feedback import Feedback
from recommender.people.worn import WornPiece
from recommender.tables import FeedbackItemRow, FeedbackRow, FeedbackWornRow
from recommender.wire.terms import Verdict
from segmentation.common.taxonomy import Category


@dataclass(frozen=True)
class FeedbackBook:
    """All feedback, in one session; it neither commits nor opens anything."""

    session: Session
    catalogue: str = DEFAULT

    def of(self, person: str) -> tuple[Feedback, ...]:
        """Return a person's feedback, in order."""
        mine = self._mine(person)
        items: dict[int, list[FeedbackItemRow]] = {}
        rows = select(FeedbackItemRow).join(FeedbackRow).where(*mine)
        for item in self.session.scalars(rows.order_by(FeedbackItemRow.position)):
            items.setdefault(item.feedback, []).append(item)
        worn = self._worn(mine)
        found = self.session.scalars(select(FeedbackRow).where(*mine).order_by(FeedbackRow.key))
        return tuple(
            Feedback(
                Verdict(row.verdict),
                tuple(item.sku for item in items[row.key]),
                row.at,
                {i.sku: (i.price, i.currency) for i in items[row.key] if i.price is not None},
                tuple(worn.get(row.key, ())),
            )
            for row in found
        )

    def add(self, person: str, feedback: Feedback) -> None:
        """Write down a person's feedback."""
        row = FeedbackRow(
            catalogue=self.catalogue, person=person, verdict=feedback.verdict.value, at=feedback.at
        )
        self.session.add(row)
        self.session.flush()
        self.session.add_all(
            FeedbackItemRow(
                feedback=row.key,
                position=position,
                sku=sku,
                price=feedback.prices[sku][0] if sku in feedback.prices else None,
                currency=feedback.prices[sku][1] if sku in feedback.prices else "",
            )
            for position, sku in enumerate(feedback.skus)
        )
        self.session.add_all(
            FeedbackWornRow(
                feedback=row.key,
                position=position,
                category=each.category.value,
                picture=each.picture,
            )
            for position, each in enumerate(feedback.worn)
        )

    def undo(self, person: str) -> Feedback | None:
        """Take back a person's last feedback, and return it; None where there is nothing."""
        result = self.of(person)
        if result:
            newest = select(func.max(FeedbackRow.key)).where(*self._mine(person))
            self._delete(FeedbackRow.key == self.session.execute(newest).scalar_one())
        return result[-1] if result else None

    def looks(self, person: str) -> dict[int, Feedback]:
        """Return the looks that a person saved by their numbers, the newest first."""
        saved = (*self._mine(person), FeedbackRow.verdict == Verdict.SAVE.value)
        keys = list(self.session.execute(select(FeedbackRow.key).where(*saved)).scalars())
        parts = [each for each in self.of(person) if each.verdict is Verdict.SAVE]
        return dict(reversed(list(zip(sorted(keys), parts, strict=True))))

    def unsave(self, person: str, number: int) -> Feedback | None:
        """Delete a look that a person saved, and return it; None where there is none."""
        look = self.looks(person).get(number)
        if look is not None:
            self._delete(FeedbackRow.key == number)
        return look

    def _worn(self, mine: tuple[ColumnElement[bool], ...]) -> dict[int, list[WornPiece]]:
        found: dict[int, list[WornPiece]] = {}
        rows = select(FeedbackWornRow).join(FeedbackRow).where(*mine)
        for row in self.session.scalars(rows.order_by(FeedbackWornRow.position)):
            piece = WornPiece(Category(row.category), row.picture)
            found.setdefault(row.feedback, []).append(piece)
        return found

    def _mine(self, person: str) -> tuple[ColumnElement[bool], ...]:
        return (FeedbackRow.catalogue == self.catalogue, FeedbackRow.person == person)

    def _delete(self, which: ColumnElement[bool]) -> None:
        keys = select(FeedbackRow.key).where(which).scalar_subquery()
        self.session.execute(delete(FeedbackItemRow).where(FeedbackItemRow.feedback.in_(keys)))
        self.session.execute(delete(FeedbackWornRow).where(FeedbackWornRow.feedback.in_(keys)))
        self.session.execute(delete(FeedbackRow).where(which))
