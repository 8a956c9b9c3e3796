"""What a picture says of pieces, sure or not: for comparing softly, and never shown. Pure.

Facts that are shown are right nine times in ten; a stylist who has seen an item has a guess all the same,
and would rather leave out what may be a child's or a slipper.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.facts.heads import FactHeads, shares_of
from index.facts.kinds import fine_kinds
from index.facts.reader import AUDIENCE, FINE_KIND, PATTERN, TOE, allowed_kinds
from index.model.garment_facts import GarmentFacts
from index.model.items import CatalogItem
from recommender.outfits.row_memory import RowMemory
from segmentation.common.taxonomy import Category

FORMALITY: Final = "formality"
DETAILS: Final = {PATTERN: "plain", TOE: "open"}
"""Families of which one share is compared."""
TOLD: Final = 3
"""So many of the likeliest fine kinds are kept."""


def with_likely(
    items: Sequence[CatalogItem], vectors_unit: NDArray[np.float32], heads: FactHeads | None
) -> tuple[CatalogItem, ...]:
    """Return m items whose facts have shares, by their (m, d) vectors; as they are without heads."""
    if heads is None or not items:
        return tuple(items)
    categories = [item.category for item in items]
    read = _memory(heads).of(
        vectors_unit,
        categories,
        lambda missing: likely(heads, vectors_unit[missing], [categories[at] for at in missing]),
    )
    return tuple(
        item.with_facts(item.facts.or_else(facts)) for item, facts in zip(items, read, strict=True)
    )


@lru_cache(maxsize=2)
def _memory(heads: FactHeads) -> RowMemory[GarmentFacts]:  # noqa: ARG001  # those of other heads differ
    return RowMemory()


def likely(
    heads: FactHeads, vectors_unit: NDArray[np.float32], categories: Sequence[Category]
) -> list[GarmentFacts]:
    """Return facts that hold shares alone: of fine kinds, formality, audience, pattern and a shoe's toe."""
    logits = heads.logits(vectors_unit)
    found: list[dict[str, dict[str, float]]] = [{} for _ in categories]
    for name in (FINE_KIND, FORMALITY, AUDIENCE):
        family = heads.header.families.get(name)
        if family is None:
            continue
        allowed = allowed_kinds(family.answers, categories) if name == FINE_KIND else None
        rows = shares_of(family, logits[name], allowed)
        best = np.argsort(-rows, axis=1)[:, : TOLD if name == FINE_KIND else len(family.answers)]
        kinds = {each for each in set(categories) if _may_be(family.answers, each)}
        for at, places in enumerate(best):
            if name == FINE_KIND and categories[at] not in kinds:
                continue
            found[at][name] = {family.answers[place]: float(rows[at, place]) for place in places}
    for name, answer in DETAILS.items():
        family = heads.header.families.get(name)
        if family is None or answer not in family.answers:
            continue
        column = shares_of(family, logits[name])[:, family.answers.index(answer)]
        for each, share in zip(found, column.tolist(), strict=True):
            each[name] = {answer: share}
    return [GarmentFacts(shares=each) for each in found]


def _may_be(answers: Sequence[str], category: Category) -> bool:
    """Return whether any of the answers is a fine kind of a category."""
    table = fine_kinds()
    return any(category in table[name].categories for name in answers if name in table)
