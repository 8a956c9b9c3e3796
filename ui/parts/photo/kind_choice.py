"""Which kinds are offered for a garment: a few likely ones, and a search among all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from recommender.client import ApiProblem
from segmentation.common.taxonomy import SLOT_OF, Category
from ui.text import words
from ui.text.speech import N_, say
from ui.visit import asking, service
from ui.visit.state import Visit

LIKELY: Final = 5
"""So many kinds are offered without a search."""
_ALSO: Final[dict[Category, str]] = {
    Category.SHIRT: N_("blouse, button-down, polo, kurta"),
    Category.TOP: N_("T-shirt, tee, camisole, tank top, sweatshirt, hoodie"),
    Category.SWEATER: N_("jumper, pullover, knit, turtleneck"),
    Category.CARDIGAN: N_("knit jacket"),
    Category.JACKET: N_("blazer, bomber, denim jacket, leather jacket, suit jacket"),
    Category.VEST: N_("waistcoat, gilet"),
    Category.PANTS: N_("trousers, jeans, chinos, leggings, joggers"),
    Category.SHORTS: N_("bermudas, hot pants"),
    Category.COAT: N_("trench, parka, overcoat"),
    Category.DRESS: N_("gown, sundress, shirt dress"),
    Category.JUMPSUIT: N_("overall, dungarees, playsuit, romper"),
    Category.CAPE: N_("poncho, shawl"),
    Category.GLASSES: N_("sunglasses, spectacles"),
    Category.HAT: N_("cap, beanie, beret"),
    Category.HEADBAND: N_("hair band, hair clip, turban"),
    Category.TIE: N_("bow tie, necktie"),
    Category.TIGHTS: N_("stockings, hosiery"),
    Category.SHOE: N_("boots, sneakers, trainers, sandals, heels, loafers, pumps"),
    Category.BAG: N_("handbag, purse, backpack, tote, clutch, wallet"),
    Category.SCARF: N_("stole, neckerchief"),
}
"""A kind -> what else is looked for when it is meant; to be said."""


def every() -> list[dict[str, str]]:
    """Return all kinds with what finds them."""
    return [
        {
            "id": kind.value,
            "name": words.begun(words.kind(kind)),
            "also": say(_ALSO[kind]) if kind in _ALSO else "",
        }
        for kind in Category
    ]


def of_garment(held: Visit) -> list[str]:
    """Return what the selected garment may be instead, the likeliest first; nothing without one."""
    if held.garments is None or held.garment is None:
        return []
    garment = held.garments.garments[held.garment]
    kinds = _likely(held, garment.box) or _alike(garment.category)
    return [kind.value for kind in kinds if kind is not garment.category][: LIKELY - 1]


def of_box(held: Visit) -> dict[str, Any] | None:
    """Return the box that was drawn with what it may hold, the likeliest first; None without one."""
    if held.drawn is None:
        return None
    kinds = _likely(held, held.drawn) or [Category.TOP, Category.PANTS, Category.SHOE, Category.BAG]
    return {"box": list(held.drawn), "kinds": [kind.value for kind in kinds[:LIKELY]]}


def _likely(held: Visit, box: Sequence[float]) -> list[Category]:
    """Return what the service guesses, asked once for a box; nothing where it does not say."""
    at = tuple(box)
    if at not in held.guesses:
        try:
            found = asking.about(held, lambda photo: service.api().kinds(photo.id, at))
        except ApiProblem:  # choosing by hand goes on without it
            return []
        held.guesses[at] = [each.category for each in found]
    return held.guesses[at]


def _alike(category: Category) -> list[Category]:
    """Return the kinds that fill the same place of an outfit."""
    return [kind for kind in Category if SLOT_OF[kind] is SLOT_OF[category]]
