"""Why this item: facts computed from colours, kinds, fit and price, in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.items import CatalogItem
from recommender.harmony import Relation, is_neutral, relation
from recommender.outfit import Outfit, colours_of
from recommender.slots import spoken
from segmentation.taxonomy import Category

FEW: Final = 20
"""Fewer outfits than these say nothing of what is worn together."""

Together: TypeAlias = Callable[[Category, Category], tuple[int, int]]
"""(kind, worn) -> in how many of the known outfits with what is worn the kind was, and of how many."""

_BESIDE: Final[dict[Relation, str]] = {
    Relation.SAME: "the colour of {garment}",
    Relation.ANALOGOUS: "near in hue to {garment}",
    Relation.COMPLEMENTARY: "across the hue circle from {garment}",
    Relation.CONTRASTING: "a soft contrast to {garment}",
    Relation.CLASHING: "a strong contrast to {garment}",
}


_TELLING: Final = (
    Relation.CLASHING, Relation.COMPLEMENTARY, Relation.ANALOGOUS, Relation.CONTRASTING,
    Relation.SAME, Relation.NEUTRAL, Relation.UNKNOWN,
)  # fmt: skip
"""Relations, the one that says most about an item first."""


def unknown(_kind: Category, _worn: Category) -> tuple[int, int]:
    """Know of no outfit: then nothing is said of kinds."""
    return 0, 0


def why(
    item: CatalogItem,
    outfit: Outfit,
    cosines: NDArray[np.float32],
    *,
    together: Together = unknown,
    percentile: float | None = None,
) -> str:
    """Return the reason for proposing an item.

    Args:
        item: what is proposed.
        outfit: what is worn, n garments.
        cosines: (n,) the item's cosine to each garment, -1 to 1.
        together: how often kinds were worn together.
        percentile: the share of the garments of its kind that people wore which would fit the
            outfit worse, 0 to 1; it is told in place of the cosine. None where it is not known.

    >>> worn = Outfit(np.eye(1, dtype=np.float32), (Category.DRESS,), (("red",),))
    >>> item = CatalogItem("s1", "Pumps", Category.SHOE, "s1.jpg", colour="navy")
    >>> why(item, worn, np.array([0.41], dtype=np.float32))
    'Navy, a neutral, beside your red dress; 0.41 similar in style to your dress.'
    """
    fit = _style(outfit, cosines) if percentile is None else _fit(item, outfit, percentile)
    facts = [_colour(item, outfit), _kinds(item, outfit, together), fit, _price(item)]
    sentence = "; ".join(fact for fact in facts if fact)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _colour(item: CatalogItem, outfit: Outfit) -> str:
    names = colours_of(item)
    seen = [number for number, colours in enumerate(outfit.colours) if colours]
    if not names or not seen:
        return ""
    number, related = _telling(names[0], outfit, seen)
    if related is Relation.UNKNOWN:
        return ""
    garment = _named(outfit, number, colour=True)
    if related is not Relation.NEUTRAL:
        return f"{names[0]}, {_BESIDE[related].format(garment=garment)}"
    if is_neutral(names[0]):
        return f"{names[0]}, a neutral, beside {garment}"
    return f"{names[0]} beside {garment}, a neutral"


def _telling(colour: str, outfit: Outfit, seen: list[int]) -> tuple[int, Relation]:
    """Return the garment whose colour says most about the item's: hues before neutrals."""
    related = {number: relation(colour, outfit.colours[number][0]) for number in seen}
    hued = {n: not is_neutral(outfit.colours[n][0]) for n in seen}
    best = min(seen, key=lambda n: (_TELLING.index(related[n]), not hued[n], n))
    return best, related[best]


def _kinds(item: CatalogItem, outfit: Outfit, together: Together) -> str:
    """Return with which of the kinds worn the item's kind was seen most, by its share."""
    counts = {worn: together(item.category, worn) for worn in outfit.categories}
    told = {worn: both / of for worn, (both, of) in counts.items() if both and of >= FEW}
    if not told:
        return ""
    worn = max(told, key=lambda kind: told[kind])
    both, of = counts[worn]
    return f"{_plural(item.category)} were worn in {both:,} of {of:,} outfits with {_plural(worn)}"


def _fit(item: CatalogItem, outfit: Outfit, percentile: float) -> str:
    share = min(99, int(100 * percentile + 1e-6))  # cut, not rounded: nothing beats 100 %
    kind = _plural(item.category)
    return f"fits {outfit.whose} outfit better than {share} % of {kind} people wore"


def _plural(kind: Category) -> str:
    """Return the everyday word for several.

    >>> [_plural(kind) for kind in (Category.BAG, Category.DRESS, Category.SHOE, Category.GLASSES)]
    ['bags', 'dresses', 'shoes', 'glasses']
    >>> _plural(Category.SCARF), _plural(Category.WATCH), _plural(Category.TIGHTS)
    ('scarves', 'watches', 'tights')
    """
    word = spoken(kind)
    if kind is Category.SCARF:
        return "scarves"
    if word.endswith("s") and not word.endswith("ss"):
        return word
    return f"{word}es" if word.endswith(("ss", "ch")) else f"{word}s"


def _style(outfit: Outfit, cosines: NDArray[np.float32]) -> str:
    number = int(np.argmax(cosines))
    return f"{float(cosines[number]):.2f} similar in style to {_named(outfit, number)}"


def _price(item: CatalogItem) -> str:
    if item.asking_price is None:
        return ""
    now = f"{item.asking_price:.2f} {item.currency}"
    if item.sale_price is not None and item.price is not None and item.sale_price < item.price:
        return f"{now}, down from {item.price:.2f}"
    return now


def _named(outfit: Outfit, number: int, *, colour: bool = False) -> str:
    shade = f"{outfit.colours[number][0]} " if colour else ""
    return f"{outfit.whose} {shade}{spoken(outfit.categories[number])}"
