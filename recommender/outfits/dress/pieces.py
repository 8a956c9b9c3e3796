"""Garments and items as a stylist sees them: what they are, how dressy, for which days, cut for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from index.facts.kinds import fine_kinds
from index.model.garment_facts import Audience, Formality, GarmentFacts
from index.model.items import CatalogItem
from recommender.outfits.dress.table import Table
from segmentation.common.taxonomy import SLOT_OF, Category, Slot

USUAL_SHARE: Final = 0.65
"""How much of a piece's grade is what is usual of its fine kind; what its picture says has the rest."""
SEEN_SHARE: Final = 0.5
"""The same where only its category is known."""
MIDDLE: Final = 1.3
"""The grade of what nothing is known of."""
_GRADE_OF: Final = {each.value: each.grade for each in Formality}
ALL_DAYS: Final = (-30.0, 45.0)
_VAGUE: Final = frozenset({"hat", "jacket", "coat", "scarf"})
"""Fine kinds that leave open what matters: a beanie and a straw hat are both hats."""
_CUT: Final = frozenset({Audience.WOMEN, Audience.MEN})
WARM_TO, COOL_FROM = 24.0, 12.0
"""A piece that is worn up to the first at most, or from the second on, tells the weather, °C."""


@dataclass(frozen=True)
class Piece:
    """One garment or item.

    Attributes:
        category: what it counts as; a camisole that was called a vest is a top.
        fine_kind: as `index.facts.kinds` names it; empty where unknown.
        grade: its formality, 0 sport to 3 formal.
        days: the coldest and the warmest day that it is worn on, in °C.
        audience: whom it is cut for; None where either or unknown.
        colours: palette names, main colour first.
        pattern, length, brand: as far as known.
        motif: how likely it has a pattern, a print or many colours, 0 to 1; None where nothing says.
        is_guessed: neither its shop nor its picture says its category surely.
        doubt: how likely its fine kind is another, 0 to 1; 0 where words say it, or its picture surely.
        childlike: how likely its picture shows a child's thing, 0 to 1.
        is_known: its fine kind is known, so that rules about fine kinds can speak of it.
    """

    category: Category
    fine_kind: str = ""
    grade: float = 1.3
    days: tuple[float, float] = ALL_DAYS
    audience: Audience | None = None
    colours: tuple[str, ...] = ()
    pattern: str = ""
    motif: float | None = None
    length: str = ""
    brand: str = ""
    childlike: float = 0.0
    is_guessed: bool = False
    doubt: float = 0.0

    @property
    def slot(self) -> Slot:
        """The place it takes."""
        return SLOT_OF[self.category]

    @property
    def is_known(self) -> bool:
        """Whether its fine kind is, so that rules can speak of it."""
        return bool(self.fine_kind) and self.fine_kind not in _VAGUE

    @property
    def tells_weather(self) -> bool:
        """Whether it is worn on some days only, and surely: a beanie and a straw hat look alike."""
        if self.category is Category.HAT and self.doubt:
            return False
        return self.days[1] <= WARM_TO or self.days[0] >= COOL_FROM

    @property
    def is_open_shoe(self) -> bool:
        """Whether a shoe shows the toes."""
        kind = fine_kinds().get(self.fine_kind)
        return kind is not None and kind.toe == "open"


GUESSED: Final = 0.4
"""A fine kind is taken for granted in comparisons, though not shown, from this share on."""
CHILDS: Final = 0.18
"""An item that is so likely a child's stays out of adults' looks."""
LEANS: Final = 0.75
"""Of women's and men's, the one with so much of both shares is taken for granted in comparisons."""
SEEN_MOTIFS: Final = frozenset(
    {Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE, Slot.OUTER, Slot.SHOES, Slot.BAG}
)
"""Slots of whose pieces a picture says whether they have a pattern or many colours."""
GENERIC: Final = frozenset(
    {
        "shirt", "top", "t-shirt", "long-sleeved top", "sweater", "jacket", "coat", "trousers",
        "shorts", "skirt", "dress", "hat", "scarf", "watch", "belt",
    }
)  # fmt: skip
"""Fine kinds that say little more than their category: a picture may know better."""


OTHER_TOE: Final = {"pump": "heeled sandal", "ballet flat": "flat sandal"}
"""A closed shoe -> the open one that it is if its picture says so: shops call both heels or flats."""
TURNED: Final = 0.6
"""From this share on a picture is believed of a shoe's toe, whatever its shop calls it."""


def likely_kind(facts: GarmentFacts) -> str:
    """Return the fine kind that a piece is compared as: as it is known, else as its picture suggests."""
    kind = _likely_kind(facts)
    return OTHER_TOE[kind] if other_toe(kind, facts) >= TURNED else kind


def other_toe(kind: str, facts: GarmentFacts) -> float:
    """Return how likely a shoe's toe is not as its fine kind has it; 0 where that tells nothing."""
    shares = facts.shares.get("toe", {})
    if kind not in OTHER_TOE or not shares:
        return 0.0
    return shares.get(fine_kinds()[OTHER_TOE[kind]].toe, 0.0)


def motif_of(category: Category, facts: GarmentFacts, stated: str, seen: str) -> float | None:
    """Return how likely a piece has a pattern: as stated, else by its picture; None where nothing says.

    Args:
        category: its kind.
        facts: with the shares that its picture gives each pattern, where a model said them.
        stated: its pattern in its shop's words; empty for none.
        seen: the pattern that its picture surely has; it counts where there are no shares.

    >>> facts = GarmentFacts(shares={"pattern": {"plain": 0.25, "check": 0.75}})
    >>> motif_of(Category.SHIRT, facts, "", "check"), motif_of(Category.SHIRT, facts, "plain", "")
    (0.75, 0.0)
    """
    if stated:
        return float(stated != "plain")
    shares = facts.shares.get("pattern", {})
    if shares and (SLOT_OF[category] in SEEN_MOTIFS or category in (Category.SCARF, Category.TIE)):
        return 1.0 - shares.get("plain", 0.0)
    return float(seen != "plain") if seen else None


def _likely_kind(facts: GarmentFacts) -> str:
    if facts.fine_kind and facts.fine_kind not in GENERIC:
        return facts.fine_kind
    shares = facts.shares.get("fine_kind", {})
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= GUESSED else facts.fine_kind


def _likely_audience(facts: GarmentFacts) -> Audience | None:
    """Return the audience that a picture suggests, sure or not."""
    shares = facts.shares.get("audience", {})
    if shares.get("kids", 0.0) >= CHILDS:
        return Audience.KIDS
    women, men = shares.get("women", 0.0), shares.get("men", 0.0)
    if women + men < 0.5:
        return None
    lean = women / (women + men)
    if lean >= LEANS:
        return Audience.WOMEN
    return Audience.MEN if lean <= 1 - LEANS else None


def audience_of(item: CatalogItem) -> Audience | None:
    """Return whom an item is cut for: as its shop says, else its picture, else as its kind usually is.

    A child's item is one, whatever its shop says of women and men.
    """
    seen = item.facts.audience
    guess = _likely_audience(item.facts)
    if guess is Audience.KIDS and item.audience not in _CUT:
        return Audience.KIDS
    if Audience.KIDS in (item.audience, seen):
        return Audience.KIDS
    audience = item.audience if item.audience in _CUT else seen
    if audience in _CUT:
        return audience
    if item.audience is Audience.UNISEX:
        return None
    kind = fine_kinds().get(likely_kind(item.facts))
    return (kind.audience if kind is not None else None) or guess


def names_of(category: Category, fine_kind: str, table: Table) -> tuple[str, ...]:
    """Return what a piece may be called in the table, the finest name first."""
    own = [fine_kind] if fine_kind else []
    groups = _holding(own, table)
    broad = [category.value, SLOT_OF[category].value]
    return tuple(dict.fromkeys([*own, *groups, *broad, *_holding(broad, table)]))


def _holding(names: list[str], table: Table) -> list[str]:
    """Return the groups that hold any of some names, or a group of them."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        for group, held in table.groups.items():
            if name in held and group not in found:
                found.append(group)
                waiting.append(group)
    return found


def counted_as(category: Category, fine_kind: str) -> Category:
    """Return the category of a piece whose fine kind may know better.

    >>> counted_as(Category.VEST, "camisole"), counted_as(Category.JACKET, "hoodie")
    (<Category.TOP: 'top'>, <Category.JACKET: 'jacket'>)
    """
    known = fine_kinds().get(fine_kind)
    if known is None or category in known.categories:
        return category
    return known.categories[0]


@dataclass(frozen=True)
class Convention:
    """What a table says of a kind of piece.

    Attributes:
        names: all that it may be called, the finest first.
        grade: its formality; None where the table leaves it open.
        days: as its fine kind says; None where its warmth decides.
        broad_days: where nothing else is known.
    """

    names: tuple[str, ...]
    grade: float | None
    days: tuple[float, float] | None
    broad_days: tuple[float, float]

    @classmethod
    def of(cls, category: Category, fine_kind: str, table: Table) -> Convention:
        """Return what a table says of a category and a fine kind, empty where unknown."""
        names = names_of(category, fine_kind, table)
        kind = fine_kinds().get(fine_kind)
        grade = next((table.grades[name] for name in names if name in table.grades), None)
        if fine_kind not in table.grades and kind is not None and kind.formality is not None:
            grade = float(kind.formality.grade)
        broad = {category.value, SLOT_OF[category].value}
        fine = [name for name in names if name not in broad] if fine_kind else []
        days = next((table.days[name] for name in [fine_kind, *fine] if name in table.days), None)
        wide = next((table.days[name] for name in names if name in table.days), ALL_DAYS)
        return cls(names, grade, days, wide)

    def grade_with(self, facts: GarmentFacts) -> float:
        """Return a grade of formality: the usual one, moved by what its picture says."""
        seen = _expected(facts.shares.get("formality", {}))
        if seen is None and facts.formality is not None and not facts.fine_kind:
            seen = float(facts.formality.grade)
        if self.grade is None:
            return MIDDLE if seen is None else seen
        if seen is None:
            return self.grade
        share = USUAL_SHARE if facts.fine_kind else SEEN_SHARE
        return round(share * self.grade + (1 - share) * seen, 3)

    def days_with(self, facts: GarmentFacts, table: Table) -> tuple[float, float]:
        """Return the days of a piece: as its fine kind says, else its warmth, else its category."""
        if self.days is not None:
            return self.days
        kind = fine_kinds().get(facts.fine_kind)
        warmth = facts.warmth or (kind.warmth if kind else None)
        return self.broad_days if warmth is None else table.days[warmth.value]


def _expected(shares: Mapping[str, float]) -> float | None:
    """Return the mean grade of formality by its shares; None where there are none."""
    known = {_GRADE_OF[name]: share for name, share in shares.items() if name in _GRADE_OF}
    whole = sum(known.values())
    return sum(grade * share for grade, share in known.items()) / whole if whole > 0 else None
