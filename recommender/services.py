"""What the verbs are given to work with. `recommender.wiring` makes the real ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.attributes import AttributeReader
from index.items import CatalogItem, Filters, Ranking
from index.relevance import Relevance
from recommender.compatibility.kinds import Counts
from recommender.compatibility.model import Scorer
from recommender.style import Style
from segmentation.garments import Garment, Garments, Photo
from segmentation.taxonomy import Category

if TYPE_CHECKING:  # the encoder's module loads torch; naming its protocol must not
    from index.encoder import Encoder


class Detector(Protocol):
    """What finds the garments of a photo."""

    def segment(self, photo: Photo, *, everyone: bool = False) -> Garments:
        """Return the garments, best score first; none found is a normal answer.

        Args:
            photo: the photo.
            everyone: what passers-by wear is wanted too, not only the main person's garments.
        """

    def outline(self, photo: Photo, box_xyxy: Sequence[float], category: Category) -> Garment:
        """Return the garment of a kind that a person drew a box around; its score is 1.

        The mask is the box's own shape where nothing better is seen in it.

        Raises:
            ValueError: no pixel of the photo lies in the box.
        """


class Searcher(Protocol):
    """What answers from the catalogue.

    Every method raises `index.errors.IndexMissing`, `IndexMismatch` or `IndexDamaged` where there
    is nothing to answer from.
    """

    def nearest(self, vector_unit: NDArray[np.float32], k: int, filters: Filters) -> Ranking:
        """Return the `k` items nearest to a (d,) unit vector among those that pass `filters`."""

    def vectors_of(self, skus: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, d) float32 unit rows, one for each sku, in order.

        Raises:
            index.errors.ItemNotFound: a sku is not in the index.
        """

    def kinds(self) -> Mapping[Category, int]:
        """Return how many products of each kind there are, variants of one counted once."""

    def of_groups(self, groups: Collection[str]) -> Sequence[CatalogItem]:
        """Return the items of some groups of variants, in order of sku."""


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
    def relevance(self) -> Relevance:
        """What says when an answer is relevant, for the encoder."""

    @property
    def searcher(self) -> Searcher:
        """The catalogue."""

    @property
    def scorer(self) -> Scorer:
        """What says how well an item completes an outfit."""

    @property
    def kinds(self) -> Counts:
        """How often kinds of garment were worn together in the outfits that the scorer learned from."""

    def style_of(self, person: str) -> Style:
        """Return the style of a person; an empty one where they told nothing.

        Raises:
            RequestError: this is no id of a person.
        """

    def item(self, sku: str) -> CatalogItem:
        """Return an item of the catalogue.

        Raises:
            index.errors.ItemNotFound: there is none with this sku.
        """
