"""The stylist: a table of conventions, and by which of its rules pieces are marked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.facts.kinds import fine_kinds
from index.facts.words import pattern_in
from index.model.garment_facts import Audience, GarmentFacts
from index.model.items import CatalogItem
from index.model.recent import Recent
from recommender.outfits.dress.pieces import (
    GENERIC,
    OTHER_TOE,
    Convention,
    Piece,
    audience_of,
    counted_as,
    likely_kind,
    motif_of,
    other_toe,
)
from recommender.outfits.dress.table import Selector, Table
from recommender.outfits.outfit import Outfit, colours_of
from segmentation.common.taxonomy import Category

Flags = NDArray[np.bool_]

NEVER_ONE, NEVER_OTHER, COST_ONE, COST_OTHER, BAN, NEED, GIVE = range(7)
"""The sides of the table's rules, each of which marks pieces."""
SAID: Final = frozenset({Audience.WOMEN, Audience.MEN})
"""What a shop says is believed, whatever a picture looks like."""
CHANCE: Final = 0.1
"""What a piece may be with a smaller share is not thought of."""
MOST: Final = 32_768
"""So many different pieces are remembered at most."""


@dataclass(frozen=True, eq=False)
class _Spoken:
    """What rules tell pieces apart by: those that differ in nothing else are marked alike.

    Attributes:
        grades: every grade of formality at which a rule begins or ends, ascending.
        words: the patterns, colours, lengths and brands that rules name.
    """

    grades: tuple[float, ...]
    words: tuple[frozenset[str], ...]

    @classmethod
    def by(cls, sides: Sequence[Sequence[Selector]]) -> _Spoken:
        """Return what the sides of some rules speak of."""
        each = [selector for side in sides for selector in side]
        grades = {grade for selector in each for grade in selector.formality or ()}
        named = [(one.pattern, one.colour, one.length, one.brand) for one in each]
        words = (frozenset().union(*map(_folded, those)) for those in zip(*named, strict=True))
        return cls(tuple(sorted(grades)), tuple(words))

    def between(self, grade: float) -> tuple[int, int]:
        """Return between which grades one lies; the two differ where it is one of them."""
        return bisect_left(self.grades, grade), bisect_right(self.grades, grade)

    def heard(self, *values: str) -> tuple[str | None, ...]:
        """Return a pattern, colour, length and brand as rules know them; None for what none names."""
        folded = (value.casefold() for value in values)
        return tuple(
            value if value in those else None
            for value, those in zip(folded, self.words, strict=True)
        )


@dataclass(frozen=True, eq=False)
class Stylist:
    """A table, and what it says of pieces. Safe to share between threads.

    What is said of a piece follows from few of its facts, so that it is worked out once for all pieces
    that share them.
    """

    table: Table
    _marks: Recent[tuple[object, ...], tuple[Flags, ...]] = field(
        default_factory=lambda: Recent(MOST), init=False
    )
    _marked_pieces: Recent[int, tuple[Piece, tuple[Flags, ...]]] = field(
        default_factory=lambda: Recent(MOST), init=False
    )
    _usual: dict[tuple[str, str], Convention] = field(default_factory=dict, init=False)
    _names: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, init=False)
    _sides: tuple[tuple[Selector, ...], ...] = field(init=False)
    _spoken: _Spoken = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sides", _sides(self.table))
        object.__setattr__(self, "_spoken", _Spoken.by(self._sides))

    def worn(self, outfit: Outfit) -> tuple[Piece, ...]:
        """Return the pieces of an outfit, garment by garment."""
        return tuple(
            self._piece(
                category,
                facts,
                colours=colours,
                pattern=pattern,
                motif=motif_of(category, facts, "", pattern),
            )
            for category, facts, colours, pattern in zip(
                outfit.categories, outfit.facts, outfit.colours, outfit.patterns, strict=True
            )
        )

    def item(self, item: CatalogItem) -> Piece:
        """Return an item as a piece."""
        return self._piece(
            item.category, item.facts, colours=colours_of(item), pattern=item.pattern,
            motif=motif_of(item.category, item.facts, _stated(item), item.pattern),
            length=item.length, brand=item.brand, audience=audience_of(item),
            is_guessed=item.category_confidence is not None and not item.facts.fine_kind,
            childlike=0.0 if item.audience in SAID else item.facts.shares.get("audience", {}).get("kids", 0.0),
        )  # fmt: skip

    def otherwise(self, item: CatalogItem) -> dict[str, float]:
        """Return what an item may be besides what it is compared as: fine kind -> share."""
        fine = likely_kind(item.facts)
        toe = other_toe(fine, item.facts)
        turned = {OTHER_TOE[fine]: toe} if toe >= CHANCE else {}
        if fine == item.facts.fine_kind and fine not in GENERIC and fine:
            return turned
        shares = item.facts.shares.get("fine_kind", {})
        others = {name: each for name, each in shares.items() if name != fine and each >= CHANCE}
        return {**others, **turned}

    def of_kind(self, category: Category, fine_kind: str) -> Piece:
        """Return a piece of which nothing but its kind is known."""
        return self._piece(category, GarmentFacts(fine_kind=fine_kind))

    def _piece(self, category: Category, facts: GarmentFacts, **known: Any) -> Piece:
        fine = likely_kind(facts)
        kind = counted_as(category, fine)
        usual = self._usual_of(kind, fine)
        guessed = facts if fine == facts.fine_kind else replace(facts, fine_kind=fine)
        grade, days = usual.grade_with(guessed), usual.days_with(guessed, self.table)
        sure = fine == facts.fine_kind
        doubt = 0.0 if sure else 1.0 - facts.shares.get("fine_kind", {}).get(fine, 0.0)
        if fine in OTHER_TOE.values():
            doubt = min(doubt, 1.0 - facts.shares.get("toe", {}).get("open", 0.0))
        return Piece(kind, fine, grade, days, doubt=doubt, **known)

    def _usual_of(self, category: Category, fine_kind: str) -> Convention:
        key = category.value, fine_kind
        if key not in self._usual:
            self._usual[key] = Convention.of(category, fine_kind, self.table)
        return self._usual[key]

    def names(self, piece: Piece) -> frozenset[str]:
        """Return all that the table may call a piece."""
        key = piece.category.value, piece.fine_kind
        if key not in self._names:
            self._names[key] = frozenset(self._usual_of(piece.category, piece.fine_kind).names)
        return self._names[key]

    def marked(self, pieces: Sequence[Piece], side: int) -> Flags:
        """Return (m, rules): which rules speak of which of m pieces on one of their sides."""
        rows = [self._marked(piece)[side] for piece in pieces]
        return np.array(rows, dtype=np.bool_).reshape(len(rows), len(self._sides[side]))

    def _marked(self, piece: Piece) -> tuple[Flags, ...]:
        held = self._marked_pieces.get(id(piece))
        if held is None:
            # the piece stays alive with its marks, so that no other has its id
            held = self._marked_pieces[id(piece)] = piece, self._marks_of(piece)
        return held[1]

    def _marks_of(self, piece: Piece) -> tuple[Flags, ...]:
        colour = piece.colours[0] if piece.colours else ""
        key = (
            piece.category.value, piece.fine_kind, *self._spoken.between(piece.grade),
            *self._spoken.heard(piece.pattern, colour, piece.length, piece.brand),
        )  # fmt: skip
        known = self._marks.get(key)
        if known is None:
            known = tuple(
                np.array([self.fits(each, piece) for each in side], dtype=np.bool_)
                for side in self._sides
            )
            self._marks[key] = known
        return known

    def fits(self, which: Selector, piece: Piece) -> bool:
        """Return whether a rule's side means a piece."""
        names = self.names(piece)
        if (which.any and not names & set(which.any)) or names & set(which.but):
            return False
        if which.formality and not which.formality[0] <= piece.grade <= which.formality[1]:
            return False
        if which.warmth:
            kind = fine_kinds().get(piece.fine_kind)
            if kind is None or kind.warmth not in which.warmth:
                return False
        given = (
            (which.pattern, piece.pattern),
            (which.colour, piece.colours[0] if piece.colours else ""),
            (which.length, piece.length),
            (which.brand, piece.brand),
        )
        return all(not among or value.casefold() in _folded(among) for among, value in given)


def _sides(table: Table) -> tuple[tuple[Selector, ...], ...]:
    """Return the rules' sides in their order, `NEVER_ONE` first."""
    return (
        tuple(rule.one for rule in table.never),
        tuple(rule.other for rule in table.never),
        tuple(rule.one for rule in table.costs),
        tuple(rule.other for rule in table.costs),
        tuple(rule.one for rule in table.bans),
        tuple(rule.one for rule in table.needs),
        tuple(rule.needs for rule in table.needs),
    )


def _stated(item: CatalogItem) -> str:
    """Return the pattern that a shop states or writes in the title; empty where only a picture tells."""
    return ("" if "pattern" in item.measured else item.pattern) or pattern_in(item.title)


def _folded(words: Sequence[str]) -> set[str]:
    return {word.casefold() for word in words}
