"""Why this item: facts computed from colours, kinds, fit and price, in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.model.items import CatalogItem
from recommender.outfits import nouns
from recommender.outfits.harmony import Relation, is_neutral, relation
from recommender.outfits.outfit import Outfit, colours_of
from recommender.outfits.speech import N_, say, say_as
from recommender.outfits.speech import number as spoken
from segmentation.common.taxonomy import Category

FEW: Final = 20
"""Fewer outfits than these say nothing of what is worn together."""

Together: TypeAlias = Callable[[Category, Category], tuple[int, int]]
"""(kind, worn) -> in how many of the known outfits with what is worn the kind was, and of how many."""

_BESIDE: Final[dict[Relation, str]] = {
    Relation.SAME: N_("{colour}, the colour of {garment}"),
    Relation.ANALOGOUS: N_("{colour}, near in hue to {garment}"),
    Relation.COMPLEMENTARY: N_("{colour}, across the hue circle from {garment}"),
    Relation.CONTRASTING: N_("{colour}, a soft contrast to {garment}"),
    Relation.CLASHING: N_("{colour}, a strong contrast to {garment}"),
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
        told = say(_BESIDE[related])
    elif is_neutral(names[0]):
        told = say("{colour}, a neutral, beside {garment}")
    else:
        told = say("{colour} beside {garment}, a neutral")
    return told.format(colour=say(names[0]), garment=garment)


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
    return say("{kinds} were worn in {both} of {of} outfits with {worn}").format(
        kinds=say(nouns.SEVERAL[item.category]),
        both=spoken(both),
        of=spoken(of),
        worn=say_as("with", nouns.SEVERAL[worn]),
    )


def _fit(item: CatalogItem, outfit: Outfit, percentile: float) -> str:
    share = min(99, int(100 * percentile + 1e-6))  # cut, not rounded: nothing beats 100 %
    if outfit.whose == "your":
        told = say("fits your outfit better than {share} % of {kinds} people wore")
    else:
        told = say("fits the outfit better than {share} % of {kinds} people wore")
    return told.format(share=share, kinds=say(nouns.SEVERAL[item.category]))


def _style(outfit: Outfit, cosines: NDArray[np.float32]) -> str:
    best = int(np.argmax(cosines))
    told = say("{cosine} similar in style to {garment}")
    return told.format(cosine=spoken(float(cosines[best]), 2), garment=_named(outfit, best))


def _price(item: CatalogItem) -> str:
    if item.asking_price is None:
        return ""
    now = f"{spoken(item.asking_price, 2)} {item.currency}"
    if item.sale_price is not None and item.price is not None and item.sale_price < item.price:
        return say("{now}, down from {before}").format(now=now, before=spoken(item.price, 2))
    return now


def _named(outfit: Outfit, number: int, *, colour: bool = False) -> str:
    word = say_as("to", nouns.NAMED[outfit.categories[number]])
    if outfit.whose == "your":
        told = say("your {colour} {garment}") if colour else say("your {garment}")
    else:
        told = say("the {colour} {garment}") if colour else say("the {garment}")
    shade = say_as("in", outfit.colours[number][0]) if colour else ""
    return told.format(colour=shade, garment=word)
