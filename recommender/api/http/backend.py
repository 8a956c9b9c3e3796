"""What the routes are given: the wired shop, the gate before its models, the sample outfits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Annotated, Protocol, cast

from fastapi import Depends, Request

from index.files.images import ImageStore
from recommender.access.keys import Keys
from recommender.api.http.admission_queue import Gate
from recommender.events.events import Events
from recommender.jobs.answered_writes import AnsweredWrites
from recommender.jobs.imports import ImportJobs
from recommender.jobs.item_writes import ItemWrites
from recommender.people.people import People
from recommender.people.shares import Shares
from recommender.people.worn import WornPiece
from recommender.photos.photo_cache import HeldPhotos
from recommender.photos.photo_urls import PhotoFetcher
from recommender.photos.worn_cutouts import cut_worn
from recommender.runtime.upkeep import Upkeep
from recommender.services import Services
from recommender.settings import Settings
from recommender.similarity.browsing import Browsing
from recommender.webhooks.courier import Courier
from recommender.wire.worn_shapes import WithWorn
from segmentation.common.garments import Photo


class Shop(Services, Protocol):
    """All that the API uses. `recommender.runtime.wiring.Wiring` is the real one."""

    @property
    def settings(self) -> Settings:
        """The settings of this process."""

    @property
    def others(self) -> Mapping[str, Shop]:
        """Further catalogues that are served, by name; models and database are shared."""

    @property
    def images(self) -> ImageStore:
        """The catalogue's pictures."""

    @property
    def people(self) -> People:
        """People's feedback, and their styles."""

    @property
    def imports(self) -> ImportJobs:
        """Imports as jobs."""

    @property
    def writes(self) -> ItemWrites:
        """Items written one by one."""

    @property
    def courier(self) -> Courier | None:
        """What sends webhooks; None where that is not switched on."""

    @property
    def answered(self) -> AnsweredWrites:
        """Writes that came with an idempotency key, and their answers."""

    @property
    def events(self) -> Events:
        """Clicks, carts and purchases."""

    @property
    def shares(self) -> Shares:
        """Looks that are shared."""

    @property
    def keys(self) -> Keys:
        """Keys to the API."""

    @property
    def photo_fetcher(self) -> PhotoFetcher | None:
        """What fetches photos that requests name by address; None where that is not switched on."""

    @property
    def browsing(self) -> Browsing:
        """The catalogue leafed through."""

    @property
    def upkeep(self) -> Upkeep:
        """How the index is."""

    def decode(self, data: bytes) -> Photo:
        """Return a photo within the settings' limits.

        Raises:
            PhotoError: it is none that is accepted.
        """

    def close(self) -> None:
        """Give back what is open."""


@dataclass(frozen=True)
class Backend:
    """What one application holds.

    Attributes:
        shop: the wired services.
        samples: name -> photo of a sample outfit, in the order to show them.
        gate: what work on photos goes through.
        questions: what work goes through that needs no photo: words, items, collages. It is small,
            so more of it may wait, and photos do not hold it up.
        fetching: what waiting for photos at addresses goes through.
        held: photos of visits.
        warm: set once the models were loaded, or could not be.
    """

    shop: Shop
    samples: Mapping[str, Path] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)
    questions: Gate = field(default_factory=lambda: Gate(at_once=4, waiting=64))
    fetching: Gate = field(default_factory=lambda: Gate(at_once=4, waiting=16))
    held: HeldPhotos = field(default_factory=HeldPhotos)
    warm: Event = field(default_factory=Event)

    def worn(self, body: WithWorn) -> tuple[WornPiece, ...]:
        """Return what a request wants to go along with a look, cut out of the photo that it names.

        Raises:
            PhotoNotFound: that is not held, or no longer.
            RequestError: it has no such garment.
        """
        if body.photo_id is None or not body.worn:
            return ()
        return cut_worn(self.held.get(body.photo_id).analysis, body.worn)


def backend_of(request: Request) -> Backend:
    """Return the backend of the application that got the request."""
    return cast(Backend, request.app.state.backend)


async def _backend(request: Request) -> Backend:  # in the loop: a thread would mix the order
    return backend_of(request)


BackendOf = Annotated[Backend, Depends(_backend)]
