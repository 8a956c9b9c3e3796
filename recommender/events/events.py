"""Events in the database: sent in batches, exported, counted, and deleted when they are old."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import case, delete, distinct, func, select

from index.catalogue.catalog import DEFAULT, Catalog
from index.database.database import Database
from recommender.errors import EventsOff
from recommender.events.popularity import Tally, popularity
from recommender.tables import EventRow
from recommender.wire.terms import EventKind

PAGE: Final = 1000
"""Events that are read at once."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Event:
    """One thing that a buyer did.

    Attributes:
        kind: what.
        sku: with which item.
        answer: the `X-Request-ID` of the answer that showed it; empty where it is not given.
        person: who, by an id of the shop's making; empty unless the shop says.
        at: when it was received.
        number: names it; 0 before it is written down.
    """

    kind: EventKind
    sku: str
    answer: str = ""
    person: str = ""
    at: datetime = _EPOCH
    number: int = 0


@dataclass(frozen=True)
class Events:
    """The events of one catalogue. Safe to share between threads.

    Attributes:
        database: migrated.
        catalogue: which one.
        days: how long an event is kept.
        on: whether any are taken.
        now: the clock.
    """

    database: Database
    catalogue: str = DEFAULT
    days: int = 90
    on: bool = True
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def tell(self, events: Sequence[Event]) -> tuple[str, ...]:
        """Write down what was done with items that are there; return the skus that are not, each once.

        Raises:
            EventsOff: the operator has not switched them on.
        """
        if not self.on:
            raise EventsOff.of()
        at = self.now()
        with self.database.writing() as session:
            known = Catalog(session, self.catalogue).held({each.sku for each in events})
            session.add_all(
                EventRow(
                    catalogue=self.catalogue,
                    kind=each.kind.value,
                    sku=each.sku,
                    answer=each.answer,
                    person=each.person,
                    day=_day(at),
                    at=at,
                )
                for each in events
                if each.sku in known
            )
        return tuple(dict.fromkeys(each.sku for each in events if each.sku not in known))

    def page(self, after: int = 0, limit: int = PAGE) -> list[Event]:
        """Return the events behind a number, in the order they were sent in."""
        mine = select(EventRow).where(EventRow.catalogue == self.catalogue, EventRow.key > after)
        with self.database.reading() as session:
            rows = session.execute(mine.order_by(EventRow.key).limit(limit)).scalars()
            return [event_of(row) for row in rows]

    def all(self) -> Iterator[Event]:
        """Yield all events in the order they were sent in."""
        after = 0
        while page := self.page(after):
            yield from page
            after = page[-1].number

    def popular(self) -> dict[str, float]:
        """Return sku -> how popular an item is, 0 to 1; nothing where events are off."""
        if not self.on:
            return {}
        answers = func.count(distinct(case((EventRow.answer != "", EventRow.answer))))
        others = func.sum(case((EventRow.answer == "", 1), else_=0))
        what = (EventRow.sku, EventRow.kind, EventRow.day)
        today = _day(self.now())
        counts = select(*what, (answers + others).label("count")).where(
            EventRow.catalogue == self.catalogue, EventRow.day > today - self.days
        )
        with self.database.reading() as session:
            rows = session.execute(counts.group_by(*what)).all()
        return popularity((Tally(s, EventKind(k), day, int(n)) for s, k, day, n in rows), today)

    def purge(self) -> int:
        """Delete the events that are older than they are kept, of whichever catalogue; return how many."""
        old = EventRow.at <= self.now() - timedelta(days=self.days)
        with self.database.reading() as session:
            count = session.scalar(select(func.count()).select_from(EventRow).where(old)) or 0
        if count:
            with self.database.writing() as session:
                session.execute(delete(EventRow).where(old))
        return count


def event_of(row: EventRow) -> Event:
    """Return an event as the database has it."""
    return Event(EventKind(row.kind), row.sku, row.answer, row.person, row.at, row.key)


def _day(at: datetime) -> int:
    return (at - _EPOCH).days
