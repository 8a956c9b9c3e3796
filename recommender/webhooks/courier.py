"""What sends deliveries when they are due: one thread of the server that looks every few seconds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol

from recommender.webhooks import signing
from recommender.webhooks.sending import NotDelivered
from recommender.webhooks.webhooks import Delivery, Webhooks
from segmentation.common.errors import Refusal

LOOKS_EVERY_S: Final = 5.0
log = logging.getLogger(__name__)


class Sends(Protocol):
    """What sends; `recommender.webhooks.sending.Sender` does."""

    def send(self, url: str, headers: dict[str, str], body: bytes) -> None:
        """Send a body once."""

    def close(self) -> None:
        """Close all connections."""


class Courier:
    """Sends what is due until it is closed."""

    def __init__(
        self,
        webhooks: Callable[[], Webhooks],
        sender: Callable[[], Sends],
        *,
        looks_every_s: float = LOOKS_EVERY_S,
    ) -> None:
        """Take what has the deliveries, and what makes their sender; `start` it."""
        self._webhooks, self._every = webhooks, looks_every_s
        self._sender = sender()
        self._woken, self._ends = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to send, in a thread."""
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at once: something is due."""
        self._woken.set()

    def close(self) -> None:
        """Send no more; what has not arrived stays written down."""
        self._ends.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(15)
        self._sender.close()

    def deliver(self) -> int:
        """Send what is due now, and return how much arrived.

        Where one delivery to an address fails, the others to it wait as well.
        """
        webhooks, arrived = self._webhooks(), 0
        silent: set[str] = set()
        for each in webhooks.take():
            if each.webhook.id in silent or self._ends.is_set():
                webhooks.postponed(each)
                continue
            try:
                self._send(each, webhooks)
            except NotDelivered as why:
                silent.add(each.webhook.id)
                webhooks.failed(each, str(why))
                log.warning("a webhook was not delivered: %s, attempt %d", why, each.attempts)
            else:
                webhooks.arrived(each)
                arrived += 1
        return arrived

    def _send(self, delivery: Delivery, webhooks: Webhooks) -> None:
        hook, body = delivery.webhook, delivery.body.encode()
        signed = signing.headers(hook.secret, delivery.id, webhooks.now(), body)
        self._sender.send(hook.url, signed, body)

    def _run(self) -> None:
        while not self._ends.is_set():
            try:
                more = self.deliver()
            except Refusal as refusal:  # no catalogue yet, or a database that is locked
                log.debug("webhooks wait: %s", refusal)
                more = 0
            except Exception:
                log.exception("webhooks could not be delivered")
                more = 0
            if not more:
                self._woken.wait(self._every)
            self._woken.clear()
