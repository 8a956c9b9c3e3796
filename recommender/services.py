"""What the verbs are given to work with. `recommender.runtime.wiring` makes the real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from index.encoders.attributes import AttributeReader
from index.encoders.clothes import ClothesGate
from index.encoders.relevance import Relevance
from index.facts.reader import FactsReader
from index.model.items import CatalogItem
from recommender.compatibility.kinds import PairCounts
from recommender.compatibility.model import Scorer
from recommender.outfits.dress.stylist import Stylist
from recommender.people.style import Style
from recommender.ports import Detector, Searcher

if TYPE_CHECKING:  # the encoder's module loads torch; naming its protocol must not
    from index.encoders.encoder import Encoder


class Services(Protocol):
    """All that the verbs use; an implementation may load each part when it is first asked for."""

    @property
    def detector(self) -> Detector:
        """The garment detector."""

    @property
    def encoder(self) -> Encoder:
        """The encoder that the index was made with."""

    @property
    def attributes(self) -> AttributeReader:
        """What reads attributes off the encoder's vectors."""

    @property
    def facts(self) -> FactsReader:
        """What reads facts off the encoder's vectors."""

    @property
    def clothes(self) -> ClothesGate:
        """What tells pictures of clothes from others, for the encoder."""

    @property
    def relevance(self) -> Relevance:
        """What says when an answer is relevant, for the encoder."""

    @property
    def searcher(self) -> Searcher:
        """The catalogue."""

    @property
    def scorer(self) -> Scorer:
        """What says how well an item completes an outfit."""

    @property
    def kinds(self) -> PairCounts:
        """How often kinds of garment were worn together in the outfits that the scorer learned from."""

    @property
    def stylist(self) -> Stylist:
        """Who knows the conventions of dress."""

    @property
    def popularity(self) -> Mapping[str, float]:
        """Sku -> how popular an item is, 0 to 1; nothing where events are off."""

    def style_of(self, person: str) -> Style:
        """Return the style of a person; an empty one without feedback.

        Raises:
            RequestError: this is no id of a person.
        """

    def item(self, sku: str) -> CatalogItem:
        """Return an item of the catalogue.

        Raises:
            index.errors.ItemNotFound: there is none with this sku.
        """


@dataclass(frozen=True)
class _Steady:
    """Services whose catalogue stands still."""

    services: Services
    searcher: Searcher

    def item(self, sku: str) -> CatalogItem:
        """Return an item, as `Services.item` does."""
        return self.searcher.item(sku)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.services, name)


def of_one_state(services: Services) -> Services:
    """Return the same services for one question, all of it answered from one state of the catalogue.

    It takes dozens of answers from the catalogue; that nothing changed is then looked at once.
    """
    return cast(Services, _Steady(services, services.searcher.of_one_state()))
