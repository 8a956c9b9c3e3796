"""How a delivery proves who sent it: HMAC-SHA256 over its id, its time and its body [standardwebhooks.com]."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """Return a secret that nobody can guess."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(secret: str, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers by which whoever has the secret knows a delivery.

    Args:
        secret: shared with whoever gets it.
        id: the same for every attempt, so that what arrives twice is known.
        at: when it is sent.
        body: as it is sent.
    """
    time = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    mac = hmac.new(key, f"{id}.{time}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature}
