"""Vectors -> facts: each answer only where it is sure enough, shares of all that may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.facts.heads import GROUND, FactHeads, laid_flat, shares_of, sure_enough
from index.facts.kinds import fine_kinds
from index.model.garment_facts import UNKNOWN, Audience, GarmentFacts, facts_of
from segmentation.common.taxonomy import SLOT_OF, Category, Slot

FINE_KIND: Final = "fine_kind"
AUDIENCE: Final = "audience"
ANY: Final = "any"
"""The answer that a garment is worn on all days: it is known, and no warmth is said."""
PRINT: Final = "print"
"""Letters, a picture or another motif on a garment, or many colours: none of the patterns that are shown,
and distinguished from them."""
PATTERN: Final = "pattern"
TOE: Final = "toe"
"""The family that says whether a shoe shows the toes; it is compared softly, and is no fact that is shown."""
ATTRIBUTES: Final[Mapping[str, frozenset[Slot]]] = {
    PATTERN: frozenset((Slot.TOP, Slot.OUTER, Slot.BOTTOM, Slot.ONE_PIECE)),
    "sleeve": frozenset((Slot.TOP, Slot.OUTER, Slot.ONE_PIECE)),
}
"""Attributes that heads may know too -> the slots of whose garments they are read."""
_LEAST: Final = 0.01
"""Smaller shares are not reported."""


@dataclass(frozen=True)
class FactsReader:
    """Reads facts off vectors; without heads nothing is known. Safe to share between threads.

    Attributes:
        heads: fitted for the encoder that made the vectors.
    """

    heads: FactHeads | None = None

    def read(
        self, vectors_unit: NDArray[np.float32], categories: Sequence[Category]
    ) -> list[GarmentFacts]:
        """Return the facts of n catalogue items, in order.

        Args:
            vectors_unit: (n, d) float32 unit rows.
            categories: their kinds; a fine kind is always one of them.

        Raises:
            ValueError: there are not as many of each.
        """
        if len(vectors_unit) != len(categories):
            raise ValueError(
                f"read: got {len(vectors_unit)} vectors, {len(categories)} categories; expected as "
                "many of each"
            )
        if self.heads is None or not len(vectors_unit):
            return [UNKNOWN] * len(categories)
        logits = self.heads.logits(vectors_unit)
        answers: list[dict[str, str]] = [{} for _ in categories]
        # patterns have shares alone here: `corrected` says them
        shares: list[dict[str, dict[str, float]]] = [{} for _ in categories]
        flat = laid_flat(self.heads.header, logits)
        for name, family in self.heads.header.families.items():
            if name == GROUND or (name in ATTRIBUTES and name != PATTERN):
                continue
            allowed = allowed_kinds(family.answers, categories) if name == FINE_KIND else None
            rows = shares_of(family, logits[name], allowed)
            places, given = sure_enough(family, rows, flat)
            for at, row in enumerate(rows):
                if given[at]:
                    answers[at][name] = family.answers[places[at]]
                shares[at][name] = {
                    answer: round(float(share), 3)
                    for answer, share in zip(family.answers, row, strict=True)
                    if share >= _LEAST
                }
        return [_facts(a, s) for a, s in zip(answers, shares, strict=True)]

    def corrected(
        self,
        attributes: Sequence[Mapping[str, str]],
        vectors_unit: NDArray[np.float32],
        categories: Sequence[Category],
    ) -> list[dict[str, str]]:
        """Return what an encoder's phrases tell of n garments, pattern and sleeve as the heads say.

        Phrases call a print floral and a sweatshirt sleeveless. Heads that were fitted on patterns or
        sleeves have the last word: where they are not sure, nothing is said. Without such heads all stays.

        Args:
            attributes: n mappings of name to answer.
            vectors_unit: (n, d) float32 unit rows.
            categories: their kinds.
        """
        parts = [dict(each) for each in attributes]
        if self.heads is None or not parts:
            return parts
        logits = self.heads.logits(vectors_unit)
        flat = laid_flat(self.heads.header, logits)
        for name in ATTRIBUTES:
            family = self.heads.header.families.get(name)
            if family is None:
                continue
            places, given = sure_enough(family, shares_of(family, logits[name]), flat)
            for each, best, sure, category in zip(parts, places, given, categories, strict=True):
                each.pop(name, None)
                if sure and SLOT_OF[category] in ATTRIBUTES[name] and family.answers[best] != PRINT:
                    each[name] = family.answers[best]
        return parts

    def read_worn(
        self, vectors_unit: NDArray[np.float32], categories: Sequence[Category]
    ) -> tuple[GarmentFacts, ...]:
        """Return the facts of n garments in a photo: none says for whom a garment is cut.

        How much each is like women's and men's items of a catalogue stands in its shares.
        """
        return tuple(_worn(facts) for facts in self.read(vectors_unit, categories))


def _facts(answers: dict[str, str], shares: dict[str, dict[str, float]]) -> GarmentFacts:
    """Return facts; what no head is sure of, convention says where the fine kind is known."""
    on_all_days = answers.get("warmth") == ANY
    result = facts_of({name: answer for name, answer in answers.items() if answer != ANY})
    name = result.fine_kind
    usual = fine_kinds()[name].facts(name) if name in fine_kinds() else UNKNOWN
    if on_all_days:
        usual = replace(usual, warmth=None)
    return replace(result.or_else(usual), shares=shares)


def _worn(facts: GarmentFacts) -> GarmentFacts:
    like = {
        answer: share
        for answer, share in facts.shares.get(AUDIENCE, {}).items()
        if answer in (Audience.WOMEN, Audience.MEN)
    }
    whole = sum(like.values())
    shares = {name: each for name, each in facts.shares.items() if name != AUDIENCE}
    if whole:
        shares[AUDIENCE] = {answer: round(share / whole, 3) for answer, share in like.items()}
    return replace(facts.without_audience(), shares=shares)


def allowed_kinds(answers: tuple[str, ...], categories: Sequence[Category]) -> NDArray[np.bool_]:
    """Return (n, answers): which fine kinds a garment of each category may be."""
    return np.stack([_of_category(answers, category) for category in categories])


@cache
def _of_category(answers: tuple[str, ...], category: Category) -> NDArray[np.bool_]:
    """Return which fine kinds a garment of a category may be; all where the table has none for it."""
    table = fine_kinds()
    fits = [name in table and category in table[name].categories for name in answers]
    return np.array(fits) if any(fits) else np.ones(len(answers), np.bool_)
