"""Webhooks in the database: addresses, and the deliveries that have not arrived yet."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select

from index.catalogue.catalog import DEFAULT
from index.database.database import Database
from recommender.errors import RequestError
from recommender.tables import DeliveryRow, WebhookRow
from recommender.webhooks.signing import new_secret
from recommender.wire.terms import Topic

FIRST_WAIT_S: Final = 5.0
"""Between the first attempt and the second; doubled each time."""
LONGEST_WAIT_S: Final = 6 * 3600.0
ATTEMPTS: Final = 24
"""Before a delivery is given up: about three days after the first."""
LEASE: Final = timedelta(seconds=60)
"""How long a delivery is with the server that sends it; then another may."""


@dataclass(frozen=True)
class Webhook:
    """An address that gets notifications.

    Attributes:
        id: names it.
        url: where deliveries go.
        topics: what it is notified of.
        secret: what deliveries are signed with.
        created_at: when it was added.
        waiting: deliveries that have not arrived yet.
        lost: deliveries that were given up.
        trouble: why the last attempt failed; empty where it did not.
    """

    id: str
    url: str
    topics: tuple[Topic, ...]
    secret: str = field(repr=False)
    created_at: datetime
    waiting: int = 0
    lost: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class Delivery:
    """One notification to one address.

    Attributes:
        key: of its row.
        id: the same for every attempt.
        webhook: where it goes.
        body: what it says.
        attempts: how often it was sent, this time included.
    """

    key: int
    id: str
    webhook: Webhook
    body: str
    attempts: int


@dataclass(frozen=True)
class Webhooks:
    """The webhooks of one catalogue; deliveries are handed out for all. Safe to share between threads.

    Attributes:
        database: migrated.
        catalogue: which one.
        now: the clock.
    """

    database: Database
    catalogue: str = DEFAULT
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def add(self, url: str, topics: Sequence[Topic]) -> Webhook:
        """Add an address, and return it with its secret.

        Args:
            url: that deliveries may go to; see `sending.check_address`.
            topics: of what; all where none is named.
        """
        which = tuple(dict.fromkeys(topics)) or tuple(Topic)
        made = Webhook(secrets.token_hex(6), url, which, new_secret(), self.now())
        with self.database.writing() as session:
            session.add(
                WebhookRow(
                    id=made.id,
                    catalogue=self.catalogue,
                    url=url,
                    topics=",".join(which),
                    secret=made.secret,
                    created_at=made.created_at,
                    lost=0,
                    trouble="",
                )
            )
        return made

    def all(self) -> list[Webhook]:
        """Return all of the catalogue, the oldest first."""
        waiting = select(func.count()).where(DeliveryRow.webhook == WebhookRow.id)
        mine = select(WebhookRow, waiting.scalar_subquery()).where(self._mine())
        with self.database.reading() as session:
            rows = session.execute(mine.order_by(WebhookRow.created_at, WebhookRow.id))
            return [_webhook(row, count) for row, count in rows]

    def remove(self, id: str) -> None:
        """Tell an address no more; what has not arrived is dropped.

        Raises:
            RequestError: there is none of this id.
        """
        with self.database.writing() as session:
            row = session.get(WebhookRow, id)
            if row is None or row.catalogue != self.catalogue:
                raise RequestError(
                    "there is no such webhook",
                    got=repr(id[:32]),
                    expected="the id of a webhook of this catalogue",
                    next_step="Run `recommender webhooks list`.",
                )
            session.execute(delete(DeliveryRow).where(DeliveryRow.webhook == id))
            session.delete(row)

    def tell(self, topic: Topic, data: Mapping[str, Any], id: str = "") -> int:
        """Write down a notification for each address that wants it; return how many those are.

        Args:
            topic: what it is about.
            data: what happened.
            id: names it, so that what is sent twice is written down once; drawn where not given.
        """
        at, name = self.now(), f"msg_{id or secrets.token_hex(12)}"
        body = json.dumps({"type": topic.value, "timestamp": at.isoformat(), "data": dict(data)})
        with self.database.reading() as session:  # most shops have none: nothing is written then
            rows = session.scalars(select(WebhookRow).where(self._mine())).all()
        wanted = {row.id for row in rows if topic.value in row.topics.split(",")}
        if not wanted:
            return 0
        with self.database.writing() as session:
            known = select(DeliveryRow.webhook).where(DeliveryRow.id == name)
            new = sorted(wanted - set(session.scalars(known)))
            session.add_all(
                DeliveryRow(id=name, webhook=hook, body=body, attempts=0, due=at) for hook in new
            )
        return len(new)

    def take(self, limit: int = 20) -> list[Delivery]:
        """Return deliveries that are due, the oldest first; nobody else gets them for `LEASE`."""
        now = self.now()
        with self.database.reading() as session:
            if not session.scalar(select(func.count()).where(DeliveryRow.due <= now)):
                return []
        due = select(DeliveryRow, WebhookRow).join(WebhookRow).where(DeliveryRow.due <= now)
        mine = due.order_by(DeliveryRow.key).limit(limit)
        with self.database.writing() as session:
            # on PostgreSQL another server may take some at this moment; SQLite has one writer
            rows = session.execute(mine.with_for_update(skip_locked=True, of=DeliveryRow)).all()
            for row, _ in rows:
                row.due, row.attempts = now + LEASE, row.attempts + 1
            return [
                Delivery(row.key, row.id, _webhook(hook), row.body, row.attempts)
                for row, hook in rows
            ]

    def arrived(self, delivery: Delivery) -> None:
        """Forget a delivery that arrived."""
        self._settle(delivery, "")

    def failed(self, delivery: Delivery, why: str) -> None:
        """Send a delivery again later, each time after twice as long; give it up in the end."""
        self._settle(delivery, why)

    def postponed(self, delivery: Delivery) -> None:
        """Send a delivery that was not tried when its address may answer again."""
        with self.database.writing() as session:
            row = session.get(DeliveryRow, delivery.key)
            if row is not None:
                row.attempts -= 1
                row.due = self.now() + timedelta(seconds=wait_s(max(1, row.attempts)))

    def _settle(self, delivery: Delivery, trouble: str) -> None:
        with self.database.writing() as session:
            row = session.get(DeliveryRow, delivery.key)
            hook = session.get(WebhookRow, delivery.webhook.id)
            if row is None or hook is None:  # the webhook was removed meanwhile
                return
            hook.trouble = trouble[:500]
            if trouble and delivery.attempts < ATTEMPTS:
                row.due = self.now() + timedelta(seconds=wait_s(delivery.attempts))
                return
            hook.lost += bool(trouble)
            session.delete(row)

    def _mine(self) -> Any:
        return WebhookRow.catalogue == self.catalogue


def wait_s(attempts: int) -> float:
    """Return the seconds until the next attempt, some more or less so that not all come at once.

    >>> 4 <= wait_s(1) <= 6 and 8 <= wait_s(2) <= 12 and wait_s(40) <= 1.2 * LONGEST_WAIT_S
    True
    """
    wait: float = min(FIRST_WAIT_S * 2.0 ** (attempts - 1), LONGEST_WAIT_S)
    return wait * (0.8 + 0.4 * secrets.randbelow(1000) / 1000)


def _webhook(row: WebhookRow, waiting: int = 0) -> Webhook:
    topics = tuple(Topic(word) for word in row.topics.split(","))
    return Webhook(
        row.id, row.url, topics, row.secret, row.created_at, waiting, row.lost, row.trouble
    )
