"""What one visitor's session holds. In memory only; gone when the tab is closed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import streamlit as st

from recommender.api.shapes import (
    CompletionAnswer,
    GarmentsAnswer,
    Item,
    SimilarAnswer,
)
from recommender.api.state_shapes import Problem

_KEY: Final = "visit"
EVERYONE: Final = "Everyone"
AUDIENCES: Final = (EVERYONE, "Women", "Men", "Kids")
FACETS: Final = ("colour", "pattern", "sleeve", "length")
"""What is offered to filter by as far as the shop's items differ in it; the API's own names."""


@dataclass(frozen=True)
class Wishes:
    """What the visitor filters by.

    Attributes:
        audience: one of `AUDIENCES`.
        max_price: the most that a piece may cost, or None.
        budget: the most that a look may cost, or None.
        facets: filter -> the values that a piece may have, of `FACETS`.
    """

    audience: str = EVERYONE
    max_price: float | None = None
    budget: float | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fields(self, *, whole_looks: bool) -> dict[str, Any]:
        """Return them as the API's parameters; a budget only where whole looks are made."""
        told: dict[str, Any] = {}
        if self.audience != EVERYONE:
            told["audience"] = [self.audience.lower()]
        if self.max_price is not None:
            told["max_price"] = f"{self.max_price:.2f}"
        if whole_looks and self.budget is not None:
            told["budget"] = f"{self.budget:.2f}"
        told |= {name: list(values) for name, values in self.facets.items() if values}
        return told


@dataclass
class Visit:
    """One visitor's photo and what was made of it.

    Attributes:
        photo: the bytes as they came; None before there is one.
        title: what the photo is called.
        preview: the photo as a small data URL, upright and without metadata.
        facets: filter -> values that the shop's items have; None while unknown.
        garments: found in it; None while unknown.
        completion: what completes it; None while unknown.
        completed_for: the wishes it was made for.
        look: number of the look that is shown.
        garment: number of the garment that is selected, or None.
        item: the item that is selected, or None.
        but: what is to be otherwise than on the selection, such as `red`; often empty.
        similar: items like the selection, `but`; None while unknown.
        problem: what went wrong last.
        uploads: counts photos, so that each upload starts with an empty box.
    """

    photo: bytes | None = None
    title: str = ""
    preview: str = ""
    facets: Mapping[str, Mapping[str, int]] | None = None
    garments: GarmentsAnswer | None = None
    completion: CompletionAnswer | None = None
    completed_for: Wishes | None = None
    look: int = 0
    garment: int | None = None
    item: Item | None = None
    but: str = ""
    similar: SimilarAnswer | None = None
    problem: Problem | None = None
    uploads: int = 0

    @property
    def photo_key(self) -> str:
        """Names the photo, so that parts of the screen belong to it."""
        return hashlib.sha256(self.photo or b"").hexdigest()[:12]

    def select_garment(self, number: int | None) -> None:
        """Select a garment of the photo, or nothing."""
        self.garment, self.item, self.but, self.similar = number, None, "", None

    def select_item(self, item: Item) -> None:
        """Select an item of the shop."""
        self.garment, self.item, self.but, self.similar = None, item, "", None

    def refine(self, but: str) -> None:
        """Say what is to be otherwise than on the selection; nothing if empty."""
        if but != self.but:
            self.but, self.similar = but, None

    def find(self, sku: str) -> Item | None:
        """Return the item of that sku among all that is on the screen."""
        shown: list[Item] = []
        if self.completion is not None:
            for pool in self.completion.slots.values():
                shown += [each.item for each in pool]
            for look in self.completion.looks:
                shown += [each.item for each in look.picks.values()]
        if self.similar is not None:
            shown += [hit.item for hit in self.similar.hits]
        return next((item for item in shown if item.sku == sku), None)


def begin(photo: bytes, title: str) -> None:
    """Begin anew with a photo."""
    st.session_state[_KEY] = Visit(photo=photo, title=title, uploads=visit().uploads + 1)


def leave(problem: Problem | None = None) -> None:
    """Forget the photo and all that was made of it; keep what went wrong, if anything did."""
    st.session_state[_KEY] = Visit(problem=problem, uploads=visit().uploads + 1)


def visit() -> Visit:
    """Return this session's visit."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Visit()
    return cast(Visit, st.session_state[_KEY])
