"""How the server's log looks: lines for people, or one JSON object a line; on stderr.

Whatever is written while a request is answered carries the request's id.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final, Literal

from recommender.api.http.asked import asked_now
from recommender.api.middleware.observing import REQUESTS

Kind = Literal["plain", "json", "off"]
_NAME: Final = "recommender-api"


def set_up(kind: Kind) -> None:
    """Write warnings and errors of this process on stderr, and unless off a line for each request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.set_name(_NAME)
    handler.setFormatter(Json() if kind == "json" else Plain())
    root = logging.getLogger()
    for before in [each for each in root.handlers if each.get_name() == _NAME]:
        root.removeHandler(before)
    root.addHandler(handler)
    REQUESTS.setLevel(logging.WARNING if kind == "off" else logging.INFO)


class Plain(logging.Formatter):
    """One line for a request, and one with what follows it for anything else."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text."""
        value, id = _request(record)
        marks = f" id={id}" if id else ""
        if value:
            key = f" key={value['key']}" if value["key"] else ""
            return f"{_time(record)} {record.getMessage()}{marks}{key}"
        line = f"{_time(record)} {record.levelname} {record.name}: {record.getMessage()}{marks}"
        return f"{line}\n{_traceback(self, record)}" if record.exc_info else line


class Json(logging.Formatter):
    """One JSON object a line; a request's figures, or level, logger and message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as JSON."""
        value, id = _request(record)
        line: dict[str, Any] = {"time": _time(record), "level": record.levelname.lower()}
        if value:
            line |= value
        else:
            line |= {"logger": record.name, "message": record.getMessage()}
            line |= {"request_id": id} if id else {}
        if record.exc_info:
            line["traceback"] = _traceback(self, record)
        return json.dumps(line, ensure_ascii=False)


def _request(record: logging.LogRecord) -> tuple[dict[str, Any], str]:
    """Return a request's figures where the record is its line, and the id of the one it is of."""
    fields: dict[str, Any] = getattr(record, "request", {})
    asked = asked_now()
    return fields, fields.get("request_id", asked.id if asked else "")


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""
