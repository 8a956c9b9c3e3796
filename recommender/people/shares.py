"""Looks that are shared: product ids behind a token that nobody can guess, for some days.

What is worn with a look goes along only where whoever shares it agrees, as pictures of it alone.

Who shared a look is not known, and of its token only the SHA-256 is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.catalogue.catalog import DEFAULT, Catalog
from index.database.database import Database
from index.errors import ItemNotFound
from index.model.items import CatalogItem
from recommender.errors import RequestError, ShareNotFound
from recommender.people.forgetting import forget_expired, forget_share
from recommender.people.worn import WornPiece
from recommender.tables import ShareItemRow, ShareRow, ShareWornRow
from recommender.wire.terms import MAX_LOOK
from segmentation.common.taxonomy import Category

_TOKEN_BYTES: Final = 16


@dataclass(frozen=True)
class Share:
    """A look that was shared just now."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Shown:
    """A shared look as the catalogue has its items now.

    Attributes:
        items: in the order that they were named in.
        missing: skus that the catalogue no longer has.
        expires_at: when it is gone.
        worn: what was worn with it, where whoever shared it agreed.
    """

    items: tuple[CatalogItem, ...]
    missing: tuple[str, ...]
    expires_at: datetime
    worn: tuple[WornPiece, ...] = ()


@dataclass(frozen=True)
class Shares:
    """The shared looks of one catalogue. Safe to share between threads.

    Attributes:
        database: migrated.
        days: how long a look is shared.
        catalogue: which one.
        now: the clock.
    """

    database: Database
    days: int = 30
    catalogue: str = DEFAULT
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def share(self, skus: Sequence[str], worn: Sequence[WornPiece] = ()) -> Share:
        """Share a look of 1 to `MAX_LOOK` items, with what is worn with it if that is given.

        Raises:
            RequestError: there are none, or too many.
            ItemNotFound: the catalogue has no item with one of the skus.
        """
        once = checked(skus)
        token, expires = secrets.token_urlsafe(_TOKEN_BYTES), self.now() + timedelta(self.days)
        with self.database.writing() as session:
            known = Catalog(session, self.catalogue).held(once)
            for sku in once:
                if sku not in known:
                    raise ItemNotFound.of(sku)
            session.add(ShareRow(token=_hash(token), catalogue=self.catalogue, expires_at=expires))
            session.flush()
            session.add_all(
                ShareItemRow(share=_hash(token), position=position, sku=sku)
                for position, sku in enumerate(once)
            )
            session.add_all(
                ShareWornRow(
                    share=_hash(token), position=position, category=each.category.value,
                    picture=each.picture,
                )
                for position, each in enumerate(worn)
            )  # fmt: skip
        return Share(token, expires)

    def show(self, token: str) -> Shown:
        """Return a shared look.

        Raises:
            ShareNotFound: there never was one, or it has expired, or it was deleted.
        """
        with self.database.reading() as session:
            row = session.get(ShareRow, _hash(token))
            if row is None or row.catalogue != self.catalogue or row.expires_at <= self.now():
                raise ShareNotFound(
                    "there is no such shared look",
                    got="a token that is not known, or no longer",
                    expected=f"one that was given within the last {self.days} days",
                    next_step="Ask whoever shared it to share it again.",
                )
            items = select(ShareItemRow.sku).where(ShareItemRow.share == row.token)
            skus = list(session.execute(items.order_by(ShareItemRow.position)).scalars())
            found, missing = held(session, self.catalogue, skus)
            worn = select(ShareWornRow).where(ShareWornRow.share == row.token)
            pieces = tuple(
                WornPiece(Category(each.category), each.picture)
                for each in session.scalars(worn.order_by(ShareWornRow.position))
            )
            return Shown(found, missing, row.expires_at, pieces)

    def unshare(self, token: str) -> bool:
        """Delete a share for good; return whether it was there.

        Raises:
            DatabaseError: it is deleted, but the file could not be rewritten.
        """
        return forget_share(self.database, _hash(token)) > 0

    def purge(self) -> int:
        """Delete for good what has expired, of whichever catalogue; return how many that were.

        Raises:
            DatabaseError: they are deleted, but the file could not be rewritten.
        """
        return forget_expired(self.database, self.now())


def checked(skus: Sequence[str]) -> tuple[str, ...]:
    """Return the skus of a look, each once.

    Raises:
        RequestError: there are none, or too many.
    """
    once = tuple(dict.fromkeys(skus))
    if not 1 <= len(once) <= MAX_LOOK:
        raise RequestError(
            "this is no look that can be shared",
            got=f"{len(once)} items",
            expected=f"1 to {MAX_LOOK}",
            next_step="Name the items of one look.",
        )
    return once


def held(
    session: Session, catalogue: str, skus: Sequence[str]
) -> tuple[tuple[CatalogItem, ...], tuple[str, ...]]:
    """Return the items of some skus as the catalogue has them, and the skus that it has not."""
    found = Catalog(session, catalogue).held(skus)
    items = tuple(found[sku].item for sku in skus if sku in found)
    return items, tuple(sku for sku in skus if sku not in found)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
