"""Plausible garments and outfits by chance: colours that go together, patterns where they belong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Category
from segmentation.rendering.chances import (
    ACCENTS,
    FABRICS,
    HARMONIES,
    LEATHERS,
    MEN_STYLES,
    NEUTRALS,
    PATTERNS,
    STYLE_FABRICS,
)
from segmentation.rendering.garments.specs import STYLES, GarmentSpec

C = Category

Wear: TypeAlias = Callable[..., GarmentSpec]


def _pick(rng: np.random.Generator, values: Sequence[str]) -> str:
    return values[int(rng.integers(len(values)))]


def _weighted(rng: np.random.Generator, table: Sequence[tuple[str, float]]) -> str:
    weights = np.array([weight for _, weight in table])
    return table[int(rng.choice(len(table), p=weights / weights.sum()))][0]


def sample_garment(
    rng: np.random.Generator, category: Category | None = None, *, style: str | None = None,
    colours: Sequence[str] = (),
) -> GarmentSpec:  # fmt: skip
    """Return a plausible garment.

    Args:
        rng: chance.
        category: what it is; any when None.
        style: one of its styles; any when None.
        colours: colours to choose from; all when empty.
    """
    category = category or list(STYLES)[int(rng.integers(len(STYLES)))]
    style = style or _pick(rng, STYLES[category])
    fabric = STYLE_FABRICS.get(style) or FABRICS.get(category, "cotton")
    if category is C.GLOVE and rng.random() < 0.5:
        fabric = "knit"
    pattern = _weighted(rng, PATTERNS.get(category, (("plain", 1.0),)))
    if fabric in ("denim", "leather", "nylon") and category is not C.UMBRELLA:
        pattern = "plain"
    colour = _colour(rng, category, fabric, colours)
    second = _second(rng, colour, colours) if pattern != "plain" else None
    if (
        second is None
        and style in ("sneakers", "tote bag", "cap", "beanie", "fedora")
        and rng.random() < 0.4
    ):
        second = _second(rng, colour, colours)
    return GarmentSpec(
        category, style, colour, second, pattern, fabric, seed=int(rng.integers(1 << 30)),
        **_variations(rng, category, style),
    )  # fmt: skip


def _variations(rng: np.random.Generator, category: Category, style: str) -> dict[str, str]:
    """Return neckline, sleeve, length and closure where a style comes in several."""
    out: dict[str, str] = {}
    if style in ("t-shirt", "long-sleeve tee"):
        out["neckline"] = _weighted(rng, (("crew", 5), ("v", 2), ("scoop", 1.5), ("boat", 1)))
    if category is C.DRESS and style == "A-line dress":
        out["neckline"] = _weighted(
            rng, (("scoop", 2), ("boat", 1), ("v", 1), ("square", 1), ("crew", 1))
        )
        out["sleeve"] = _weighted(
            rng, (("sleeveless", 2), ("short", 2), ("three-quarter", 1), ("long", 1))
        )
    if category in (C.DRESS, C.SKIRT) and style not in (
        "maxi dress",
        "pencil skirt",
        "pleated midi skirt",
    ):
        out["length"] = _weighted(rng, (("mini", 2), ("knee", 3), ("midi", 2), ("maxi", 0.6)))
    if style == "mini skirt":
        out["length"] = "mini"
    if style in ("jeans", "chinos", "tailored trousers", "leggings"):
        out["length"] = _weighted(rng, (("full", 4), ("ankle", 2), ("cropped", 1)))
    if category in (C.JACKET, C.COAT) or style in ("gilet", "waistcoat"):
        out["closure"] = _weighted(rng, (("open", 3), ("closed", 2)))
    return out


def _colour(  # noqa: PLR0911 - one line a rule
    rng: np.random.Generator, category: Category, fabric: str, colours: Sequence[str]
) -> str:
    if fabric == "denim":
        return _weighted(
            rng,
            (
                ("denim blue", 5),
                ("navy", 1.5),
                ("black", 1.5),
                ("light blue", 1),
                ("white", 0.6),
                ("grey", 0.5),
            ),
        )
    if fabric == "straw":
        return _pick(rng, ("beige", "camel", "cream"))
    if category in (C.SHOE, C.BAG, C.BELT, C.WATCH) and fabric == "leather":
        choice = [name for name in colours if name in LEATHERS and name != "white"]
        return _pick(rng, choice if choice and rng.random() < 0.75 else LEATHERS)
    if category is C.GLASSES:
        return _pick(rng, ("black", "black", "brown", "burgundy", "tan", "navy"))
    if category is C.TIGHTS:
        return _weighted(
            rng,
            (
                ("black", 5),
                ("charcoal", 2),
                ("grey", 1),
                ("navy", 1),
                ("burgundy", 1),
                ("brown", 0.6),
                ("white", 0.4),
            ),
        )
    if category is C.SOCK and rng.random() < 0.5:
        return _pick(rng, ("white", "black", "grey", "navy", "cream"))
    if colours:
        return _pick(rng, colours)
    return _pick(rng, NEUTRALS) if rng.random() < 0.4 else _pick(rng, ACCENTS)


def _second(rng: np.random.Generator, colour: str, colours: Sequence[str]) -> str:
    """Return a second colour that stands out against the first."""
    first = np.array(PALETTE[colour], dtype=np.float64)
    pool = [
        c
        for c in (
            *colours,
            "white",
            "cream",
            "navy",
            "black",
            "light grey",
            "red",
            "camel",
            "light blue",
            "pink",
        )
    ]
    far = [c for c in pool if np.linalg.norm(np.array(PALETTE[c]) - first) > 120]
    return _pick(rng, far or ["white", "black"])


def sample_outfit(rng: np.random.Generator, audience: str = "women") -> tuple[GarmentSpec, ...]:
    """Return the garments of one plausible outfit.

    Args:
        rng: chance.
        audience: women or men.
    """
    colours = HARMONIES[int(rng.integers(len(HARMONIES)))]
    men = audience == "men"

    def wear(category: Category, *styles: str) -> GarmentSpec:
        allowed = styles or STYLES[category]
        if men and any(style in MEN_STYLES for style in allowed):
            allowed = tuple(style for style in allowed if style in MEN_STYLES)
        spec = sample_garment(rng, category, style=_pick(rng, allowed), colours=colours)
        if spec.pattern != "plain" and patterned:  # two bold patterns quarrel
            spec = replace(spec, pattern="plain", second_colour=None)
        patterned.extend([spec.style] if spec.pattern != "plain" else [])
        return spec

    patterned: list[str] = []
    outfit = [wear(C.DRESS)] if not men and rng.random() < 0.27 else []
    if not men and not outfit and rng.random() < 0.07:
        outfit = [wear(C.JUMPSUIT)]
    if not outfit:
        top = _weighted(rng, (("shirt", 3), ("top", 5), ("sweater", 2.5)))
        low = "pants" if men else _weighted(rng, (("pants", 5), ("skirt", 2.6), ("shorts", 1.2)))
        low = "shorts" if men and rng.random() < 0.15 else low
        outfit = [wear(C(top)), wear(C(low))]
    outfit += _outer(rng, outfit, wear)
    outfit += _feet(rng, outfit, men, wear)
    return tuple(outfit + _extras(rng, outfit, men, wear))


def _outer(rng: np.random.Generator, outfit: list[GarmentSpec], wear: Wear) -> list[GarmentSpec]:
    one_piece = outfit[0].category in (C.DRESS, C.JUMPSUIT)
    thick = outfit[0].style in ("hoodie", "turtleneck", "sweatshirt")
    if rng.random() > 0.55:
        return []
    kind = _weighted(rng, (("jacket", 4), ("coat", 2.5), ("cardigan", 0 if thick else 2), ("vest", 0 if one_piece or thick else 0.8),
                           ("cape", 0.35)))  # fmt: skip
    return [wear(C(kind))]


def _feet(
    rng: np.random.Generator, outfit: list[GarmentSpec], men: bool, wear: Wear
) -> list[GarmentSpec]:
    bare = {s.category for s in outfit} & {C.SKIRT, C.DRESS, C.SHORTS}
    shoe = wear(C.SHOE)
    out = [shoe]
    if bare and not men and shoe.style != "sandals" and rng.random() < 0.4:
        out.append(wear(C.TIGHTS))
    elif shoe.style in ("sneakers", "loafers", "ankle boots") and rng.random() < (
        0.7 if bare else 0.35
    ):
        out.append(wear(C.SOCK))
    elif bare and not men and rng.random() < 0.06:
        out.append(wear(C.LEG_WARMER))
    return out


def _extras(
    rng: np.random.Generator, outfit: list[GarmentSpec], men: bool, wear: Wear
) -> list[GarmentSpec]:
    """Return accessories: each by its own chance, where it can be worn."""
    has = {spec.category for spec in outfit}
    neck_free = C.CAPE not in has and outfit[0].style not in (
        "hoodie",
        "turtleneck",
        "sweater dress",
    )
    cold = bool(has & {C.COAT, C.CAPE})
    chances = {
        C.BAG: 0.3 if men else 0.62, C.HAT: 0.25, C.HEADBAND: 0.0 if men else 0.08, C.GLASSES: 0.26,
        C.BELT: 0.3 * bool(has & {C.PANTS, C.SKIRT}), C.SCARF: 0.17 * neck_free,
        C.TIE: 0.4 * (men and outfit[0].style == "shirt"), C.WATCH: 0.18, C.GLOVE: 0.25 * cold,
        C.UMBRELLA: 0.03,
    }  # fmt: skip
    worn = {category for category, chance in chances.items() if rng.random() < chance}
    worn -= {C.HEADBAND} if C.HAT in worn else set()
    worn -= {C.TIE} if C.SCARF in worn else set()
    hats = ("beanie", "fedora", "cap") if men else STYLES[C.HAT]
    return [wear(c, *hats) if c is C.HAT else wear(c) for c in chances if c in worn]
