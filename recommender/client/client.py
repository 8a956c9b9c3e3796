"""The calls of the API, one method each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeAlias
from urllib.parse import quote

import httpx

from recommender.client.transport import Transport, fields_of
from recommender.wire import catalogue_shapes as catalogue
from recommender.wire import look_shapes, people_shapes, photo_shapes
from recommender.wire import write_shapes as writes
from recommender.wire.event_shapes import EventBody, EventsAnswer, Taken
from recommender.wire.look_shapes import CompletionAnswer
from recommender.wire.photo_shapes import PhotoAnswer
from recommender.wire.queries import CompleteQuery, Filtering, ItemsQuery, SimilarQuery
from recommender.wire.shapes import FacetsAnswer, GarmentsAnswer, Item, SamplesAnswer, SimilarAnswer
from recommender.wire.state_shapes import Readiness
from segmentation.common.taxonomy import Category

TIMEOUT_S: Final = 60.0
"""So long a pause is waited through where photos or words are looked at, or feeds taken in."""
Photo: TypeAlias = bytes | PhotoAnswer
"""A photo's bytes, or a photo that the API holds."""


class Client:
    """The API at an address. Safe to share between threads; every call raises `ApiProblem`."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        key: str = "",
        language: Callable[[], str] = str,
        catalog: str = "",
    ) -> None:
        """Prepare to ask; the environment's proxies are not used.

        Args:
            url: where the API is.
            key: the API key, where it asks for one.
            language: gives the language that reasons and notes are wanted in, such as `de`, for
                each call anew; empty for English.
            catalog: which of the API's catalogues is asked; empty for the first.
        """
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        http = httpx.Client(base_url=url, timeout=TIMEOUT_S, trust_env=False, headers=headers)
        self._over(http, language, catalog)

    @classmethod
    def over(cls, http: httpx.Client, language: Callable[[], str] = str, catalog: str = "") -> Self:
        """Return a client that asks through `http`, whose base address is the API's."""
        made = cls.__new__(cls)
        made._over(http, language, catalog)
        return made

    def _over(self, http: httpx.Client, language: Callable[[], str], catalog: str) -> None:
        self._http, self._to = http, Transport(http, language, catalog)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    # photos

    def garments(self, photo: bytes, *, everyone: bool = False) -> GarmentsAnswer:
        """Return the garments of a photo, which is held nowhere."""
        record = {"everyone": "true"} if everyone else {}
        return self._to.ask("POST", "/v1/garments", GarmentsAnswer, files=_file(photo), data=record)

    def hold(self, photo: bytes, *, everyone: bool = False, crop: bool = False) -> PhotoAnswer:
        """Return a photo's garments and have the API hold it for further questions.

        Args:
            photo: its bytes.
            everyone: passers-by are looked for too.
            crop: of a screenshot, only the photo in it is looked at; the answer's `frame` says where.
        """
        asked = {"everyone": everyone, "crop": crop}
        params = {name: "true" for name, wanted in asked.items() if wanted}
        return self._to.ask("POST", "/v1/photos", PhotoAnswer, files=_file(photo), data=params)

    def held(self, photo_id: str) -> PhotoAnswer:
        """Return a photo that is held, as it stands."""
        return self._to.ask_quickly("GET", f"/v1/photos/{photo_id}", PhotoAnswer)

    def let_go(self, photo_id: str) -> bool:
        """Have the API drop a photo; return whether it held it."""
        return self._to.ask_quickly(
            "DELETE", f"/v1/photos/{photo_id}", photo_shapes.PhotoDeleted
        ).deleted

    def add_garment(
        self, photo_id: str, box_xyxy: Sequence[float], category: Category
    ) -> PhotoAnswer:
        """Add a garment that was missed, by the box around it in the photo's pixels."""
        body = {"box": list(box_xyxy), "category": category}
        return self._to.ask("POST", f"/v1/photos/{photo_id}/garments", PhotoAnswer, json=body)

    def kinds(self, photo_id: str, box_xyxy: Sequence[float]) -> list[photo_shapes.LikelyKind]:
        """Return what the garment in a box of a photo may be, the likeliest first."""
        path, body = f"/v1/photos/{photo_id}/kinds", {"box": list(box_xyxy)}
        return self._to.ask("POST", path, photo_shapes.KindsAnswer, json=body).kinds

    def correct_garment(self, photo_id: str, number: int, category: Category) -> PhotoAnswer:
        """Say what a garment is."""
        path = f"/v1/photos/{photo_id}/garments/{number}"
        return self._to.ask("PATCH", path, PhotoAnswer, json={"category": category})

    def remove_garment(self, photo_id: str, number: int) -> PhotoAnswer:
        """Take out what is no garment; later ones move up by one number."""
        return self._to.ask("DELETE", f"/v1/photos/{photo_id}/garments/{number}", PhotoAnswer)

    def complete(self, photo: Photo, query: CompleteQuery | None = None) -> CompletionAnswer:
        """Return what completes the outfit of a photo."""
        return self._to.ask("POST", "/v1/complete", CompletionAnswer, **_form(photo, query))

    def similar(self, photo: Photo, query: SimilarQuery | None = None) -> SimilarAnswer:
        """Return items like a garment of a photo."""
        return self._to.ask("POST", "/v1/similar", SimilarAnswer, **_form(photo, query))

    # items

    def items(self, query: ItemsQuery | None = None) -> catalogue.ItemsAnswer:
        """Return a page of the catalogue, or of what is like some words."""
        return self._to.ask("GET", "/v1/items", catalogue.ItemsAnswer, params=fields_of(query))

    def item(self, sku: str) -> Item:
        """Return an item."""
        return self._to.ask_quickly("GET", _item(sku), Item)

    def similar_items(self, sku: str, query: SimilarQuery | None = None) -> SimilarAnswer:
        """Return items like an item."""
        return self._to.ask("GET", f"{_item(sku)}/similar", SimilarAnswer, params=fields_of(query))

    def complete_item(self, sku: str, query: CompleteQuery | None = None) -> CompletionAnswer:
        """Return what goes with an item."""
        path = f"{_item(sku)}/complete"
        return self._to.ask("GET", path, CompletionAnswer, params=fields_of(query))

    def lookup(self, queries: Sequence[SimilarQuery]) -> list[catalogue.Looked]:
        """Return one answer or problem for each of up to 50 questions."""
        body = {"queries": [fields_of(query) for query in queries]}
        return self._to.ask("POST", "/v1/lookup", catalogue.LookupAnswer, json=body).answers

    def facets(self, filters: Filtering | None = None) -> FacetsAnswer:
        """Return what items can be filtered by, with counts among those that pass the others."""
        return self._to.ask_quickly("GET", "/v1/facets", FacetsAnswer, params=fields_of(filters))

    def picture(self, address: str) -> bytes:
        """Return the picture at an address that an answer gave."""
        return self._to.send("GET", address).content

    def samples(self) -> SamplesAnswer:
        """Return the outfits to try."""
        return self._to.ask_quickly("GET", "/v1/samples", SamplesAnswer)

    # looks

    def share(
        self, skus: Sequence[str], photo_id: str | None = None, worn: Sequence[int] = ()
    ) -> look_shapes.ShareAnswer:
        """Share a look; whoever knows the token sees it until it expires.

        Args:
            skus: of its items.
            photo_id: of the photo whose garments are worn with it.
            worn: numbers of those that go along as pictures; only if the person agreed.
        """
        body = _look(skus, photo_id, worn)
        return self._to.ask_quickly("POST", "/v1/shares", look_shapes.ShareAnswer, json=body)

    def shared(self, token: str) -> look_shapes.SharedLook:
        """Return a shared look."""
        return self._to.ask_quickly(
            "GET", f"/v1/shares/{quote(token, safe='')}", look_shapes.SharedLook
        )

    def unshare(self, token: str) -> bool:
        """Delete a share; return whether it was there."""
        path = f"/v1/shares/{quote(token, safe='')}"
        return self._to.ask_quickly("DELETE", path, look_shapes.Unshared).deleted

    def export(
        self,
        skus: Sequence[str],
        kind: Literal["csv", "json", "png"],
        photo_id: str | None = None,
        worn: Sequence[int] = (),
    ) -> bytes:
        """Return a look as a file; a picture shows what is `worn`, as `share` says it."""
        body = {**_look(skus, photo_id, worn), "format": kind}
        return self._to.send("POST", "/v1/looks/export", json=body).content

    # people

    def tell(
        self, person: str, sku: str, verdict: Literal["like", "dislike"]
    ) -> people_shapes.Told:
        """Write down that a person likes or dislikes an item."""
        body = {"sku": sku, "verdict": verdict}
        return self._to.ask_quickly(
            "POST", f"{_person(person)}/feedback", people_shapes.Told, json=body
        )

    def undo(self, person: str) -> people_shapes.Told | None:
        """Take back a person's last feedback; None where there was nothing."""
        path = f"{_person(person)}/feedback/last"
        return self._to.ask_quickly("DELETE", path, people_shapes.Undone).undone

    def save(
        self,
        person: str,
        skus: Sequence[str],
        photo_id: str | None = None,
        worn: Sequence[int] = (),
    ) -> people_shapes.Told:
        """Write down that a person saved a look, with what is `worn`, as `share` says it."""
        body = _look(skus, photo_id, worn)
        return self._to.ask_quickly(
            "POST", f"{_person(person)}/looks", people_shapes.Told, json=body
        )

    def saved(self, person: str) -> list[look_shapes.SavedLook]:
        """Return the looks that a person saved, the newest first."""
        return self._to.ask_quickly("GET", f"{_person(person)}/looks", look_shapes.SavedLooks).looks

    def unsave(self, person: str, look: int) -> people_shapes.Undone:
        """Delete a look that a person saved."""
        return self._to.ask_quickly(
            "DELETE", f"{_person(person)}/looks/{look}", people_shapes.Undone
        )

    def person(self, person: str) -> people_shapes.PersonAnswer:
        """Return all that is kept of a person, and what is believed because of it."""
        return self._to.ask_quickly("GET", _person(person), people_shapes.PersonAnswer)

    def forget(self, person: str) -> int:
        """Delete all of a person's feedback; return how much that was."""
        return self._to.ask_quickly("DELETE", _person(person), people_shapes.Forgotten).forgotten

    # the shop's own

    def start_import(self, name: str, feed: bytes, **options: Any) -> catalogue.ImportJob:
        """Have a feed, or a zip of one with its pictures, imported.

        Args:
            name: of the file.
            feed: its bytes.
            options: as the fields of `POST /v1/imports`.
        """
        files = {"feed": (name, feed, "application/octet-stream")}
        return self._to.ask("POST", "/v1/imports", catalogue.ImportJob, files=files, data=options)

    def put_item(
        self, sku: str, picture: bytes | None = None, *, dry_run: bool = False, **fields: Any
    ) -> writes.Written:
        """Write a whole item, new or there already.

        Args:
            sku: its own.
            picture: its picture; without it `image` names its address, or it keeps what it has.
            dry_run: only say what would become of it.
            fields: as of `PUT /v1/items/{sku}`.
        """
        parts: dict[str, Any] = {"params": {"dry_run": dry_run}}
        parts |= (
            {"json": fields}
            if picture is None
            else {"data": fields, "files": {"photo": ("item", picture)}}
        )
        return self._to.ask("PUT", _item(sku), writes.Written, **parts)

    def change_item(self, sku: str, *, dry_run: bool = False, **fields: Any) -> writes.Written:
        """Change price, stock and other fields of an item; nothing is encoded."""
        params = {"dry_run": dry_run}
        return self._to.ask("PATCH", _item(sku), writes.Written, json=fields, params=params)

    def remove_item(self, sku: str, *, dry_run: bool = False) -> list[str]:
        """Take an item out; return the skus that went."""
        params = {"dry_run": dry_run}
        return self._to.ask("DELETE", _item(sku), writes.RemovedAnswer, params=params).removed

    def write_items(
        self, lines: Sequence[Mapping[str, Any]], *, key: str = "", dry_run: bool = False
    ) -> list[writes.Written]:
        """Write many items at once, and return what became of each, in order.

        Args:
            lines: fields with a `sku`; `delete` takes an item out, `image` writes a whole one.
            key: the same twice is done once.
            dry_run: only say what would become of them.
        """
        body = "\n".join(json.dumps(dict(line)) for line in lines)
        headers = {"Idempotency-Key": key} if key else {}
        path, params = "/v1/items/bulk", {"dry_run": dry_run}
        answer = self._to.ask(
            "POST", path, writes.BulkAnswer, content=body.encode(), params=params, headers=headers
        )
        return answer.results

    def imports(self) -> list[catalogue.ImportJob]:
        """Return the latest imports, the newest first."""
        return self._to.ask_quickly("GET", "/v1/imports", catalogue.ImportsAnswer).imports

    def import_job(self, job: str) -> catalogue.ImportJob:
        """Return an import as it stands."""
        return self._to.ask_quickly(
            "GET", f"/v1/imports/{quote(job, safe='')}", catalogue.ImportJob
        )

    def rejects(self, job: str, offset: int = 0) -> catalogue.RejectsAnswer:
        """Return a page of what an import left out."""
        path = f"/v1/imports/{quote(job, safe='')}/rejects"
        return self._to.ask_quickly("GET", path, catalogue.RejectsAnswer, params={"offset": offset})

    def stop_import(self, job: str) -> catalogue.ImportJob:
        """Have an import stopped; what it stored so far stays."""
        return self._to.ask_quickly(
            "DELETE", f"/v1/imports/{quote(job, safe='')}", catalogue.ImportJob
        )

    def tell_events(self, events: Sequence[EventBody], *, key: str = "") -> Taken:
        """Send up to 200 clicks, carts and purchases; under the same key the same counts once."""
        body = {"events": [fields_of(event) for event in events]}
        headers = {"Idempotency-Key": key} if key else {}
        return self._to.ask_quickly("POST", "/v1/events", Taken, json=body, headers=headers)

    def events(self, after: int = 0, limit: int = 100) -> EventsAnswer:
        """Return a page of events, in order, behind a number."""
        params = {"after": after, "limit": limit}
        return self._to.ask_quickly("GET", "/v1/events", EventsAnswer, params=params)

    def gaps(self, least: int = 3) -> list[catalogue.CatalogueGap]:
        """Return what outfits lack in the catalogue, what most items wait for first."""
        return self._to.ask("GET", "/v1/gaps", catalogue.GapsAnswer, params={"least": least}).gaps

    def index(self) -> catalogue.IndexAnswer:
        """Return how the catalogue and its index are."""
        return self._to.ask("GET", "/v1/index", catalogue.IndexAnswer)

    def rollback(self, *, confirmed: bool = False) -> catalogue.IndexAnswer:
        """Go back to the index before; `confirmed`, even if it has less than half of the vectors."""
        params = {"confirmed": "true"} if confirmed else {}
        return self._to.ask("POST", "/v1/index/rollback", catalogue.IndexAnswer, params=params)

    def stylist(self) -> catalogue.StylistAnswer:
        """Return the stylist's table that looks are held to."""
        return self._to.ask("GET", "/v1/stylist", catalogue.StylistAnswer)

    def models(self) -> list[catalogue.Model]:
        """Return the models in use, with their cards."""
        return self._to.ask("GET", "/v1/models", catalogue.ModelsAnswer).models

    def ready(self) -> Readiness:
        """Return whether photos can be answered; a problem that says why where not."""
        return self._to.ask_quickly("GET", "/readyz", Readiness)


def _file(photo: bytes) -> dict[str, Any]:
    return {"photo": ("photo", photo, "application/octet-stream")}


def _form(photo: Photo, query: CompleteQuery | SimilarQuery | None) -> dict[str, Any]:
    fields = dict(fields_of(query))
    if isinstance(photo, bytes):
        return {"files": _file(photo), "data": fields}
    return {"data": {**fields, "photo_id": photo.id}}


def _look(skus: Sequence[str], photo_id: str | None, worn: Sequence[int]) -> dict[str, Any]:
    with_it = {"photo_id": photo_id, "worn": list(worn)} if worn else {}
    return {"skus": list(skus), **with_it}


def _item(sku: str) -> str:
    return f"/v1/items/{quote(sku, safe='')}"


def _person(person: str) -> str:
    return f"/v1/people/{quote(person, safe='')}"
