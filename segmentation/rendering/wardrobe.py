"""From a garment's spec to its parts: as a product, and as worn with others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from segmentation.common.taxonomy import Category
from segmentation.rendering.figure.body import FLAT_BUILDS, Body, Pose
from segmentation.rendering.figure.heads import hair_parts, head_carry
from segmentation.rendering.garments.bags import bag_parts, carried_parts
from segmentation.rendering.garments.bodices import bodice_parts
from segmentation.rendering.garments.cuts import CUTS, Cut, cut_of, layered
from segmentation.rendering.garments.extras import (
    belt_parts,
    cape_parts,
    glove_parts,
    scarf_parts,
    tie_parts,
    umbrella_parts,
    watch_parts,
)
from segmentation.rendering.garments.footwear import worn_parts
from segmentation.rendering.garments.headwear import headwear_parts
from segmentation.rendering.garments.hosiery import hose_parts, sock_pair, worn_tights
from segmentation.rendering.garments.skirts import skirt_parts
from segmentation.rendering.garments.sleeves import sleeve_region
from segmentation.rendering.garments.specs import GarmentSpec
from segmentation.rendering.garments.trousers import LegCut, trouser_parts
from segmentation.rendering.laid_flat.shoe_pairs import pair_parts
from segmentation.rendering.laid_flat.small_things import flat_belt, flat_gloves, flat_watch
from segmentation.rendering.paint.parts import Part
from segmentation.rendering.person import Person, skin_parts

_LAYER: dict[Category, float] = {
    Category.TIGHTS: 13, Category.SOCK: 13.5, Category.LEG_WARMER: 19, Category.SHOE: 14,
    Category.PANTS: 20, Category.SHORTS: 20, Category.SKIRT: 20, Category.SHIRT: 22,
    Category.TOP: 22, Category.SWEATER: 23, Category.DRESS: 22, Category.JUMPSUIT: 22,
    Category.BELT: 23.6, Category.TIE: 22.38, Category.VEST: 25, Category.CARDIGAN: 27,
    Category.JACKET: 28, Category.COAT: 30, Category.CAPE: 33, Category.SCARF: 34,
}  # fmt: skip
TUCKED_LAYER = 18.0


def product_parts(spec: GarmentSpec) -> list[Part]:  # noqa: C901, PLR0911 - one line a category
    """Return a garment alone, as in a shop's picture."""
    body = Body(FLAT_BUILDS.get(spec.fit, FLAT_BUILDS["women"]), _laid(spec.seed))
    match spec.category:
        case Category.SHOE:
            return pair_parts(spec)
        case Category.BAG:
            return bag_parts(spec)
        case Category.SOCK:
            return sock_pair(spec)
        case Category.LEG_WARMER:
            return hose_parts(spec, Body(pose=Pose(knees=(-9, -9), ankles=(-4, -4))), 20.0)
        case Category.BELT:
            return flat_belt(spec)
        case Category.GLOVE:
            return flat_gloves(spec)
        case Category.WATCH:
            return flat_watch(spec)
        case Category.UMBRELLA:
            return umbrella_parts(spec, (0.0, 0.0), 0.0)
        case Category.TIGHTS:  # on no legs, nothing shows through
            return [replace(part, opacity=1.0) for part in hose_parts(spec, body, 20.0)]
        case Category.HAT | Category.HEADBAND | Category.GLASSES:
            return headwear_parts(spec, lambda shape: shape, 0.0)
        case _:
            return body_parts(spec, body, 20.0)


def _laid(seed: int) -> Pose:
    """Return how sleeves and legs lie in a shop's picture; no two alike."""
    rng = np.random.default_rng(seed + 77)
    left, right = (
        (float(rng.uniform(0.27, 0.38)), float(rng.uniform(0.1, 0.24))) for _ in range(2)
    )
    knees, ankles = rng.uniform(6, 12, 2), rng.uniform(12, 20, 2)
    return Pose(
        shoulder_tilt=float(rng.uniform(-0.012, 0.012)), arms=(left, right),
        knees=(float(knees[0]), float(knees[1])), ankles=(float(ankles[0]), float(ankles[1])),
    )  # fmt: skip


def body_parts(  # noqa: PLR0911 - one line a category
    spec: GarmentSpec, body: Body, z: float
) -> list[Part]:
    """Return a garment that clothes torso or legs, on a body, at a layer."""
    match spec.category:
        case Category.PANTS | Category.SHORTS:
            return trouser_parts(spec, body, z)
        case Category.SKIRT:
            return skirt_parts(spec, body, z)
        case Category.JUMPSUIT:
            return _jumpsuit(spec, body, z)
        case Category.TIGHTS | Category.SOCK | Category.LEG_WARMER:
            return hose_parts(spec, body, z)
        case Category.SCARF:
            return scarf_parts(spec, body, z)
        case Category.TIE:
            return tie_parts(spec, body, z)
        case Category.CAPE:
            return cape_parts(spec, body, z)
        case _:
            return bodice_parts(spec, body, z)


def _jumpsuit(spec: GarmentSpec, body: Body, z: float) -> list[Part]:
    long = spec.style == "jumpsuit"
    leg = LegCut(waist=386, ease=8, leg=(50, 48, 50) if long else (52, 54, 54), hem=935 if long else 606,
                 details="bare", rumple=0.5)  # fmt: skip
    lower = trouser_parts(spec, body, z, leg)
    band = replace(
        belt_parts(replace(spec, pattern="plain", second_colour=None), body, z + 0.3, 384)[0]
    )
    return [
        *lower,
        *bodice_parts(spec, body, z + 0.15),
        replace(band, fabric=spec.cloth.solid(0.9)),
    ]


def outfit_parts(specs: tuple[GarmentSpec, ...], person: Person, side: int = 1) -> list[Part]:
    """Return a dressed figure: every part labelled 1 + the index of its garment, skin 0.

    Args:
        specs: what is worn, in any order.
        person: who wears it.
        side: the side of bag, watch and umbrella, -1 or 1.
    """
    layers = _layers(specs)
    cuts = _cuts(specs, layers)
    z_hand = max([layers[k] + 0.25 for k, cut in cuts.items() if cut.sleeve > 0], default=0.0)
    z_top = max([*(layers[k] for k in cuts), 22.0])
    outermost = [cut for k, cut in cuts.items() if cut.sleeve > 0 and layers[k] + 0.25 == z_hand]
    arms = {side: sleeve_region(cut, person.body, side) for cut in outermost for side in (-1, 1)}
    z_hand = z_hand or z_top - 0.1
    hat = any(spec.category is Category.HAT for spec in specs)
    parts = skin_parts(person, z_hand - 0.01, z_hand, arms)
    parts += (
        [] if person.mannequin else hair_parts(person.body, person.hair, person.hair_style, hat=hat)
    )
    for index, spec in enumerate(specs):
        if index in cuts and spec.category is not Category.JUMPSUIT:
            own = bodice_parts(spec, person.body, layers[index], cuts[index])
        else:
            own = _worn(spec, person, layers[index], z_hand, z_top, side)
        parts += [replace(part, label=index + 1) for part in own]
    return parts


def _cuts(specs: tuple[GarmentSpec, ...], layers: list[float]) -> dict[int, Cut]:
    """Return how each garment that hangs from the shoulders lies among the others, by index."""
    cuts = {k: cut_of(spec) for k, spec in enumerate(specs) if spec.style in CUTS}
    covers = [layers[k] for k, cut in cuts.items() if cut.sleeve > 0.9]
    return {
        k: layered(cut, tucked=layers[k] == TUCKED_LAYER, under=any(z > layers[k] for z in covers))
        for k, cut in cuts.items()
    }


def _worn(  # noqa: PLR0911, PLR0917 - one line a category
    spec: GarmentSpec, person: Person, z: float, z_hand: float, z_top: float, side: int
) -> list[Part]:
    body = person.body
    match spec.category:
        case Category.SHOE:
            return worn_parts(spec, body, z)
        case Category.TIGHTS:
            return worn_tights(spec, body, z)
        case Category.BAG:
            return carried_parts(spec, body, z_hand - 0.02, z_top + 0.5, side)
        case Category.BELT:
            return belt_parts(spec, body, z)
        case Category.GLOVE:
            return glove_parts(spec, body, z_hand + 0.005)
        case Category.WATCH:
            return watch_parts(spec, body, z_hand + 0.005, -side)
        case Category.UMBRELLA:
            hand = body.arm(-side)[3]
            return umbrella_parts(spec, (float(hand[0]), float(hand[1]) - 4), z_hand - 0.02)
        case Category.HAT | Category.HEADBAND | Category.GLASSES:
            layer = {Category.HAT: 44.0, Category.HEADBAND: 43.0, Category.GLASSES: 42.0}[
                spec.category
            ]
            return headwear_parts(spec, lambda shape: head_carry(body, shape), layer)
        case _:
            return body_parts(spec, body, z)


def _layers(specs: tuple[GarmentSpec, ...]) -> list[float]:
    """Return the z of each garment; tops tuck into skirts, high waists and under belts."""
    categories = {spec.category for spec in specs}
    tuck = bool(categories & {Category.SKIRT, Category.BELT, Category.TIE}) or any(
        spec.style in ("wide-leg trousers", "tailored trousers", "flared jeans") for spec in specs
    )
    slim = any(spec.style == "leggings" for spec in specs) or Category.PANTS not in categories
    layers = []
    for spec in specs:
        z = _LAYER.get(spec.category, 20.0)
        short = spec.style in CUTS and cut_of(spec).hem < 560 and not cut_of(spec).rib
        if tuck and short and spec.category in (Category.SHIRT, Category.TOP):
            z = TUCKED_LAYER
        if spec.category is Category.TIE:
            tucked = any(s.category is Category.SHIRT for s in specs) and tuck
            z = (TUCKED_LAYER if tucked else 22.0) + 0.38
        if spec.style in ("knee boots", "ankle boots") and slim:
            z = 20.6
        layers.append(z)
    return layers
