"""The API from Python, typed: what the browser app uses, and what a shop's own software may.

    from recommender.client import Client, CompleteQuery

    with Client("http://127.0.0.1:8000") as api:
        photo = api.hold(open("outfit.jpg", "rb").read())
        done = api.complete(photo, CompleteQuery(budget="300"))

Every call returns a shape of docs/api.md, or raises `ApiProblem` with the problem that the API
read. Loads no model and no database.
"""

from __future__ import annotations

from recommender.client.client import Client
from recommender.client.transport import ApiProblem
from recommender.wire.event_shapes import EventBody
from recommender.wire.queries import CompleteQuery, Filtering, ItemsQuery, SimilarQuery

__all__ = [
    "ApiProblem",
    "Client",
    "CompleteQuery",
    "EventBody",
    "Filtering",
    "ItemsQuery",
    "SimilarQuery",
]
