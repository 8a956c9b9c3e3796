"""What one visitor's session holds. In memory only; gone when the tab is closed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, cast

import streamlit as st

from recommender.client import ApiProblem
from recommender.wire.look_shapes import CompletionAnswer
from recommender.wire.photo_shapes import PhotoAnswer
from recommender.wire.shapes import FacetsAnswer, Garment, Item, SimilarAnswer
from recommender.wire.state_shapes import Problem
from recommender.wire.terms import Occasion
from segmentation.common.taxonomy import Category, Slot
from ui.visit import service
from ui.visit.corrections import Correction, Laid
from ui.visit.fitting import Fitting

_KEY: Final = "visit"
EVERYONE: Final = "Everyone"
AUDIENCES: Final = (EVERYONE, "Women", "Men", "Kids")
FACETS: Final = ("brand", "colour", "pattern", "sleeve", "length", "size", "availability")
"""What is offered to filter by as far as the shop's items differ in it; the API's own names."""
WEATHER: Final = {"cold": 3.0, "mild": 17.0, "hot": 28.0}
"""What is said of the day -> degrees Celsius."""


@dataclass(frozen=True)
class Wishes:
    """What the visitor filters by.

    Attributes:
        audience: one of `AUDIENCES`.
        max_price: the most that a piece may cost, or None.
        budget: the most that a look may cost, or None.
        facets: filter -> the values that a piece may have, of `FACETS`.
        min_price: the least that a piece may cost, or None.
        keep: slots whose garments stay on, all else is replaced; all stay where there are none.
        whole: whether a screenshot is looked at as it is, not only the photo in it.
        wearer: number of the person whose outfit it is; None where only one was looked for.
        occasion: what the outfit is for; read off the photo where there is none.
        weather: a key of `WEATHER`; as `occasion`.
        picked: skus that every look is to have. Changed later, the looks made before still hold.
        exclude: skus that are not to be proposed; as `picked`.
        person: whose style moves the order, empty for nobody's; as `picked`.
    """

    audience: str = EVERYONE
    max_price: float | None = None
    budget: float | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    min_price: float | None = None
    keep: tuple[Slot, ...] = ()
    wearer: int | None = None
    occasion: Occasion | None = None
    weather: str | None = None
    picked: tuple[str, ...] = field(default=(), compare=False)
    exclude: tuple[str, ...] = field(default=(), compare=False)
    person: str = field(default="", compare=False)

    @property
    def narrows(self) -> bool:
        """Whether the visitor set a limit of any kind."""
        limits = (self.min_price, self.max_price, self.budget)
        narrowed = self.audience != EVERYONE or any(self.facets.values())
        return narrowed or any(limit is not None for limit in limits)

    def fields(self, *, whole_looks: bool) -> dict[str, Any]:
        """Return them as the API's parameters; what is about looks only where looks are made."""
        fields: dict[str, Any] = {}
        if self.audience != EVERYONE:
            fields["audience"] = [self.audience.lower()]
        if self.min_price is not None:
            fields["min_price"] = f"{self.min_price:.2f}"
        if self.max_price is not None:
            fields["max_price"] = f"{self.max_price:.2f}"
        fields |= {name: list(values) for name, values in self.facets.items() if values}
        return fields | self._of_looks() if whole_looks else fields

    def _of_looks(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "budget": None if self.budget is None else f"{self.budget:.2f}",
            "keep": list(self.keep),
            "occasion": self.occasion,
            "temperature_c": None if self.weather is None else WEATHER[self.weather],
            "picked": list(self.picked),
            "exclude": list(self.exclude),
            "person": self.person,
        }
        chosen = {} if self.wearer is None else {"wearer": self.wearer}
        return {name: value for name, value in fields.items() if value} | chosen


@dataclass
class Visit:
    """One visitor's photo and what was made of it.

    Attributes:
        photo: the bytes as they came; None before there is one.
        title: what the photo is called.
        preview: the photo as a small data URL, upright and without metadata.
        counts: filters as they are asked of the API -> how many items each value has.
        garments: the photo as the service holds it, with what was found; None while unknown.
        corrections: what was corrected by hand of what was found, the first first.
        changes: counts corrections, those too that were refused.
        notice: what came of the last correction.
        drawn: the box around a missed garment, xyxy in the photo's pixels, or None.
        guesses: a box -> the kinds that it may hold, the likeliest first, as far as it was asked.
        completion: what completes it; None while unknown.
        completed_for: the wishes it was made for.
        before: what `completion`, `completed_for` and `fitting` were when other looks were asked
            for: where these cannot be had, they stand again. None where nothing is asked.
        look: number of the look that is shown.
        garment: number of the garment that is selected, or None.
        item: the item that is selected, or None.
        but: what is to be otherwise than on the selection, such as `red`; often empty.
        similar: items like the selection, `but`; None while unknown.
        left_out: what of `but` nothing like the selection has, in words: `similar` is without it.
        problem: what went wrong last.
        uploads: counts photos, so that each upload starts with an empty box.
        fitting: the looks as the visitor made them of `completion`.
        fitted: the completion that `fitting` took up last.
        keep: slots whose garments stay on, all else is replaced; all stay where there are none.
        everyone: whether others than the main person were looked for too.
        wearer: number of the person whose outfit it is, where others were looked for.
        occasion: what the visitor says that the outfit is for, or None.
        with_worn: whether what is worn goes along with a look that is saved, shared or exported.
        weather: of the day, as the visitor says: a key of `WEATHER`, or None.
    """

    photo: bytes | None = None
    title: str = ""
    preview: str = ""
    counts: dict[str, FacetsAnswer] = field(default_factory=dict)
    garments: PhotoAnswer | None = None
    corrections: tuple[Correction, ...] = ()
    changes: int = 0
    notice: str = ""
    drawn: tuple[float, ...] | None = None
    guesses: dict[tuple[float, ...], list[Category]] = field(default_factory=dict)
    completion: CompletionAnswer | None = None
    completed_for: Wishes | None = None
    before: tuple[CompletionAnswer, Wishes, Fitting] | None = None
    look: int = 0
    garment: int | None = None
    item: Item | None = None
    but: str = ""
    similar: SimilarAnswer | None = None
    left_out: str = ""
    problem: Problem | None = None
    uploads: int = 0
    fitting: Fitting = field(default_factory=Fitting)
    fitted: CompletionAnswer | None = None
    keep: tuple[Slot, ...] = ()
    everyone: bool = False
    whole: bool = False
    wearer: int = 0
    occasion: Occasion | None = None
    weather: str | None = None
    with_worn: bool = False

    @property
    def shown(self) -> tuple[int, ...]:
        """The numbers of the photo's garments that are shown: of several people's, one's own."""
        if self.garments is None:
            return ()
        if not self.everyone or self.wearer >= len(self.garments.wearers):
            return tuple(range(len(self.garments.garments)))
        return tuple(sorted(self.garments.wearers[self.wearer].garments))

    @property
    def worn(self) -> list[Garment]:
        """The garments that are shown."""
        return [self.garments.garments[at] for at in self.shown] if self.garments else []

    @property
    def is_own(self) -> bool:
        """Whether it is of the visitor's own pieces, laid flat."""
        return any(isinstance(each, Laid) for each in self.corrections)

    @property
    def photo_key(self) -> str:
        """Names the photo, so that parts of the screen belong to it."""
        return hashlib.sha256(self.photo or b"").hexdigest()[:12]

    def select_garment(self, number: int | None) -> None:
        """Select a garment of the photo, or nothing."""
        self.garment, self.item, self.but, self.similar = number, None, "", None

    def look_for_everyone(self) -> None:
        """Have the photo looked at anew for all that are in it."""
        self.everyone = True
        self._look_again()

    def look_at_all(self) -> None:
        """Have a screenshot looked at anew as it is."""
        self.whole = True
        self._look_again()

    def _look_again(self) -> None:
        self.garments, self.corrections, self.guesses, self.drawn = None, (), {}, None
        self.completion, self.changes = None, self.changes + 1
        self.preview = ""  # drawn as a new photo is: once before its garments, once with them
        self.choose_wearer(0)

    def choose_wearer(self, number: int) -> None:
        """Take the outfit of one of those in the photo."""
        self.wearer, self.keep, self.changes = number, (), self.changes + 1
        self.select_garment(None)

    def correct(self, correction: Correction, photo: PhotoAnswer, garment: int | None) -> None:
        """Take up a correction that the service took; what was made of the photo is made anew."""
        self.corrections, self.garments = (*self.corrections, correction), photo
        self.completion = self.drawn = None
        self.select_garment(garment)

    def select_item(self, item: Item) -> None:
        """Select an item of the shop."""
        self.garment, self.item, self.but, self.similar = None, item, "", None

    def refine(self, but: str) -> None:
        """Say what is to be otherwise than on the selection; nothing if empty."""
        if but != self.but:
            self.but, self.similar = but, None

    def fit(self) -> Fitting:
        """Return the looks as they stand; new ones are taken up."""
        if self.completion is not None and self.completion is not self.fitted:
            self.fitting, self.fitted = self.fitting.adopt(self.completion), self.completion
            self.look = min(self.look, max(0, len(self.fitting.looks) - 1))
        return self.fitting

    def staying(self) -> tuple[Slot, ...]:
        """Return what stays on of the outfit where the open look changes it; nothing where it adds."""
        done = self.completion
        looks = [look for look in done.looks if look.picks] if done is not None else []
        if done is None or self.look >= len(looks) or looks[self.look].change is None:
            return ()
        slots = {done.garments[number].slot for number in looks[self.look].worn}
        return tuple(slot for slot in Slot if slot in slots)

    def make_room(self) -> bool:
        """Let go of what the open look replaces by a piece that is kept; return whether it does."""
        staying = self.staying()
        if not staying or not self.fitting.keeps_of(self.look):
            return False
        self.keep = staying
        return True

    def ask_anew(self) -> None:
        """Have looks made anew around what is kept of the open one, and what it leaves on."""
        if self.completion is not None and self.completed_for is not None:
            self.before = (self.completion, self.completed_for, self.fitting)
        self.make_room()
        self.fitting, self.completion, self.look = self.fitting.anew(self.look), None, 0

    def fall_back(self) -> bool:
        """Stand by the looks before those that were asked for; return whether there were any."""
        if self.before is not None:
            self.completion, self.completed_for, self.fitting = self.before
            self.before = None
        return self.completion is not None

    def find(self, sku: str) -> Item | None:
        """Return the item of that sku among all that is on the screen."""
        shown: list[Item] = []
        for pool in self.fitting.pools.values():
            shown += [each.item for each in pool]
        for picks in self.fitting.looks:
            shown += [each.item for each in picks.values()]
        if self.similar is not None:
            shown += [hit.item for hit in self.similar.hits]
        return next((item for item in shown if item.sku == sku), None)


def begin(photo: bytes, title: str, known: tuple[Correction, ...] = ()) -> None:
    """Begin anew with a photo, and with what is known of it."""
    leave()
    uploads = visit().uploads
    st.session_state[_KEY] = Visit(photo=photo, title=title, corrections=known, uploads=uploads)


def leave(problem: Problem | None = None) -> None:
    """Forget the photo and all that was made of it; keep what went wrong, if anything did."""
    held = visit()
    if held.garments is not None:
        with suppress(ApiProblem):  # it is gone after some minutes in any case
            service.api().let_go(held.garments.id)
    st.session_state[_KEY] = Visit(problem=problem, uploads=held.uploads + 1)


def visit() -> Visit:
    """Return this session's visit."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Visit()
    return cast(Visit, st.session_state[_KEY])
