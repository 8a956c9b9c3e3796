"""What people tell, kept in the database; the style that follows from it; export and forgetting.

A person is an id of the caller's making. Nothing else about them is stored, and nothing of age,
gender or body is worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from index.catalogue.catalog import DEFAULT, Catalog, StoredItem
from index.database.database import Database
from index.errors import ItemNotFound
from index.model.filters import Filters
from index.model.items import CatalogItem
from recommender.errors import LookNotFound, RequestError
from recommender.events.events import Event, event_of
from recommender.people import style
from recommender.people.feedback import Feedback, check_person
from recommender.people.feedback_book import FeedbackBook
from recommender.people.forgetting import forget_person
from recommender.people.profile_explanation import Explanation, explain
from recommender.people.shares import held
from recommender.people.style import Style
from recommender.people.usual import CatalogueAverages
from recommender.people.worn import WornPiece
from recommender.ports import Searcher
from recommender.tables import EventRow
from recommender.wire.terms import MAX_LOOK, Verdict
from segmentation.common.taxonomy import Category

SAMPLE: Final = 64
"""So many items of each kind tell what is usual in a catalogue."""


@dataclass(frozen=True)
class Export:
    """All that is kept of a person, and what is believed because of it."""

    person: str
    feedback: tuple[Feedback, ...]
    believed: Explanation
    did: tuple[Event, ...] = ()


@dataclass(frozen=True)
class SavedLook:
    """A look that a person saved.

    Attributes:
        number: names it.
        at: when.
        items: as the catalogue has them now, in order.
        missing: skus that it no longer has.
        feedback: what the person said of it, with the prices of that day and what was worn with it.
    """

    number: int
    at: datetime
    items: tuple[CatalogItem, ...]
    missing: tuple[str, ...]
    feedback: Feedback


class People:
    """What the commands and the API do with people. Safe to share between threads."""

    def __init__(
        self,
        database: Database,
        searcher: Callable[[], Searcher],
        *,
        catalogue: str = DEFAULT,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Prepare to answer.

        Args:
            database: migrated.
            searcher: gives the catalogue's vectors; called only for a style, never to store,
                export or forget.
            catalogue: which one.
            now: the clock.
        """
        self._database, self._searcher = database, searcher
        self._catalogue, self._now = catalogue, now
        self._usual: tuple[tuple[int, int], CatalogueAverages] | None = None

    def tell(
        self, person: str, verdict: Verdict, skus: Sequence[str], worn: Sequence[WornPiece] = ()
    ) -> Feedback:
        """Write down a person's feedback: of one item, or of the items of a look that they save.

        Of a saved look, what its items cost is kept too, and what was worn with it if that is given.

        Raises:
            RequestError: this is no id of a person, or no look.
            ItemNotFound: the catalogue has no item with one of the skus.
        """
        result = Feedback(verdict, _checked(verdict, skus), self._now())
        with self._database.writing() as session:
            catalog = Catalog(session, self._catalogue)
            known = catalog.held(result.skus)
            for sku in result.skus:
                if sku not in known:
                    raise ItemNotFound.of(sku)
            if verdict is Verdict.SAVE:
                result = replace(result, prices=_prices(known), worn=tuple(worn))
            FeedbackBook(session, self._catalogue).add(check_person(person), result)
        return result

    def undo(self, person: str) -> Feedback | None:
        """Take back a person's last feedback; see `FeedbackBook.undo`.

        Raises:
            RequestError: this is no id of a person.
        """
        with self._database.writing() as session:
            return FeedbackBook(session, self._catalogue).undo(check_person(person))

    def forget(self, person: str, *, here: bool = False) -> int:
        """Delete all of a person's feedback, so that SQLite's files no longer hold it.

        Args:
            person: who.
            here: in this catalogue alone; in all of the database without it.

        Raises:
            RequestError: this is no id of a person.
            DatabaseError: all is deleted, but the file could not be rewritten.
        """
        where = self._catalogue if here else ""
        return forget_person(self._database, check_person(person), where)

    def looks(self, person: str) -> tuple[SavedLook, ...]:
        """Return the looks that a person saved, the newest first, with their items as they are now.

        Raises:
            RequestError: this is no id of a person.
        """
        with self._database.reading() as session:
            saved = FeedbackBook(session, self._catalogue).looks(check_person(person))
            return tuple(
                SavedLook(number, look.at, *held(session, self._catalogue, look.skus), look)
                for number, look in saved.items()
            )

    def unsave(self, person: str, number: int) -> Feedback:
        """Delete a look that a person saved, and return it; their style follows.

        Raises:
            RequestError: this is no id of a person.
            LookNotFound: they saved none under this number.
        """
        with self._database.writing() as session:
            look = FeedbackBook(session, self._catalogue).unsave(check_person(person), number)
        if look is None:
            raise LookNotFound(
                "there is no such saved look",
                got=f"number {number}",
                expected="a number that the person's saved looks have",
                next_step="Ask for the person's saved looks.",
            )
        return look

    def feedback_of(self, person: str) -> tuple[Feedback, ...]:
        """Return a person's feedback, in order; nothing where they are unknown.

        Raises:
            RequestError: this is no id of a person.
        """
        with self._database.reading() as session:
            return FeedbackBook(session, self._catalogue).of(check_person(person))

    def style(self, person: str) -> Style:
        """Return a person's style as it is now; an empty one without feedback.

        Raises:
            RequestError: this is no id of a person.
            index.errors.IndexRefusal: there is no index that can be served.
        """
        result = self.feedback_of(person)
        if not result:
            return Style()
        items = self._items(result)
        searcher = self._searcher()
        vectors = _vectors(searcher, items)
        return style.learn(result, items, vectors, self._usual_of(searcher), self._now())

    def export(self, person: str) -> Export:
        """Return all that is kept of a person and what follows from it; no index is needed.

        Raises:
            RequestError: this is no id of a person.
        """
        result = self.feedback_of(person)
        usual = CatalogueAverages.of(self._sample()) if result else CatalogueAverages()
        learnt = style.learn(result, self._items(result), {}, usual, self._now())
        return Export(person, result, explain(learnt), self._did(person))

    def _did(self, person: str) -> tuple[Event, ...]:
        """Return a person's clicks, carts and purchases, in order."""
        mine = EventRow.catalogue == self._catalogue, EventRow.person == person
        with self._database.reading() as session:
            rows = session.execute(select(EventRow).where(*mine).order_by(EventRow.key)).scalars()
            return tuple(event_of(row) for row in rows)

    def _items(self, feedback: Iterable[Feedback]) -> dict[str, CatalogItem]:
        with self._database.reading() as session:
            skus = {sku for each in feedback for sku in each.skus}
            held = Catalog(session, self._catalogue).held(skus)
        return {sku: each.picture.shown_by(each.item) for sku, each in held.items()}

    def _sample(self) -> list[CatalogItem]:
        """Return some items of every kind."""
        with self._database.reading() as session:
            catalog = Catalog(session, self._catalogue)
            of_kinds = (Filters(categories=frozenset({kind})) for kind in Category)
            return [item for each in of_kinds for item in catalog.page(each, limit=SAMPLE)]

    def _usual_of(self, searcher: Searcher) -> CatalogueAverages:
        """Return what is usual in the catalogue; worked out anew only once it has changed."""
        with self._database.reading() as session:
            revision = Catalog(session, self._catalogue).revisions()
        if self._usual is None or self._usual[0] != revision:
            items = {item.sku: item for item in self._sample()}
            vectors = _vectors(searcher, items)
            known = [items[sku] for sku in vectors]
            self._usual = (
                revision,
                CatalogueAverages.of(known, np.array(list(vectors.values()), np.float32)),
            )
        return self._usual[1]


def _checked(verdict: Verdict, skus: Sequence[str]) -> tuple[str, ...]:
    """Return the skus, each once."""
    once = tuple(dict.fromkeys(skus))
    if verdict is Verdict.SAVE and not 1 <= len(once) <= MAX_LOOK:
        raise RequestError(
            "this is no look that can be saved",
            got=f"{len(once)} items",
            expected=f"1 to {MAX_LOOK}",
            next_step="Name the items of one look.",
        )
    return once


def _prices(held: Mapping[str, StoredItem]) -> dict[str, tuple[Decimal, str]]:
    """Return sku -> what each item costs today, and its currency; without those that have no price."""
    items = [each.item for each in held.values()]
    return {
        item.sku: (item.asking_price, item.currency)
        for item in items
        if item.asking_price is not None
    }


def _vectors(searcher: Searcher, skus: Iterable[str]) -> dict[str, NDArray[np.float32]]:
    """Return the unit vector of each sku that has one."""
    wanted = list(skus)
    try:
        return dict(zip(wanted, searcher.vectors_of(wanted), strict=True)) if wanted else {}
    except ItemNotFound:  # one that the encoder has not seen yet: the others still count
        if len(wanted) == 1:
            return {}
    half = len(wanted) // 2
    return _vectors(searcher, wanted[:half]) | _vectors(searcher, wanted[half:])
