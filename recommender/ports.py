"""The seams to the rooms below: what finds garments, and what answers from the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.model.fields import FieldMaker
from index.model.filters import Filters
from index.model.items import CatalogItem, Ranking
from index.model.questions import FieldQuestion, Question
from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.taxonomy import Category


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

    def kinds(self, photo: Photo, box_xyxy: Sequence[float]) -> list[tuple[Category, float]]:
        """Return what the garment in a box may be, likeliest first, with shares that add up to 1.

        Raises:
            ValueError: no pixel of the photo lies in the box.
        """


class Searcher(Protocol):
    """What answers from the catalogue.

    Every method raises `index.errors.IndexMissing`, `IndexMismatch` or `IndexDamaged` where there
    is nothing to answer from.
    """

    def of_one_state(self) -> Searcher:
        """Return a searcher that answers from the catalogue as it is at its first answer."""

    def item(self, sku: str) -> CatalogItem:
        """Return an item of the catalogue.

        Raises:
            index.errors.ItemNotFound: there is none with this sku.
        """

    def nearest(self, vector_unit: NDArray[np.float32], k: int, filters: Filters) -> Ranking:
        """Return the `k` items nearest to a (d,) unit vector among those that pass `filters`."""

    def nearest_all(self, questions: Sequence[Question]) -> list[Ranking]:
        """Return the answer to each question, in order, all from one state of the catalogue."""

    def in_field(
        self, maker: FieldMaker, questions: Sequence[FieldQuestion]
    ) -> Sequence[Sequence[CatalogItem]] | None:
        """Return the items nearest to each question by a field of the index; None where it has none such."""

    def vectors_of(self, skus: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, d) float32 unit rows, one for each sku, in order.

        Raises:
            index.errors.ItemNotFound: a sku is not in the index.
        """

    def kinds(self) -> Mapping[Category, int]:
        """Return how many products of each kind there are, variants of one counted once."""

    def of_groups(self, groups: Collection[str]) -> Sequence[CatalogItem]:
        """Return the items of some groups of variants, in order of sku."""
