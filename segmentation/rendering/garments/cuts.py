"""How the styles that hang from the shoulders are cut: one line a style, only what differs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from segmentation.rendering.figure.body import CHEST_Y, HIP_Y, WAIST_Y, Build
from segmentation.rendering.garments.specs import GarmentSpec


@dataclass(frozen=True)
class Cut:
    """Measures of a garment that hangs from the shoulders, in units.

    Attributes:
        ease: added to the body's half-width at chest, waist and hip.
        hem: y of the hem; hem_curve: how far its middle hangs lower.
        flare: added to the half-width at the hem, from the hip down.
        neck: crew, scoop, v, deep v, boat, square, high, shirt, straps.
        sleeve: 0 for none, else fraction of shoulder to wrist.
        sleeve_width: half-widths at top, elbow and cuff.
        drop: how far the shoulder seam lies outside the shoulder.
        collar: "", shirt, lapel, wide lapel, turtle, hood, stand, rib, polo, bow.
        front: closed, buttons, zip, open, single, double, biker, wrap, polo.
        rib: height of the ribbed or turned band at hem and cuffs, 0 for none.
        pockets: "", patch, flap, welt, slant, kangaroo, chest.
        waist: "", seam, tie, belt.
        drape: number of long folds below the waist.
        rumple: irregular softness of the cloth.
        quilt: height of padded bands, 0 for none.
    """

    ease: tuple[float, float, float] = (6, 10, 8)
    hem: float = 505
    hem_curve: float = 4
    flare: float = 0
    neck: str = "crew"
    sleeve: float = 0.0
    sleeve_width: tuple[float, float, float] = (28, 25, 22)
    drop: float = 0
    collar: str = ""
    front: str = "closed"
    rib: float = 0
    pockets: str = ""
    waist: str = ""
    drape: int = 0
    rumple: float = 0.5
    quilt: float = 0


_SOFT: Final = Cut(ease=(11, 27, 6), sleeve=0.98, sleeve_width=(30, 27, 21), drop=5, collar="rib",
                   rib=15, rumple=0.7)  # fmt: skip
_KNIT: Final = replace(_SOFT, ease=(9, 23, 5), hem=495, rib=18)
_JACKET: Final = Cut(ease=(11, 16, 13), hem=548, neck="deep v", sleeve=0.98,
                     sleeve_width=(31, 27, 20), drop=4, collar="lapel", front="single",
                     pockets="flap", rumple=0.35)  # fmt: skip
_SHORT_JACKET: Final = replace(_JACKET, ease=(12, 20, 11), hem=488, neck="shirt", collar="shirt",
                               front="buttons", pockets="", rib=17)  # fmt: skip
_COAT: Final = replace(_JACKET, ease=(15, 24, 19), hem=740, flare=22, sleeve_width=(34, 30, 24),
                       drop=6, drape=5)  # fmt: skip
_DRESS: Final = Cut(ease=(4, 5, 12), hem=690, flare=46, neck="scoop", drape=7, waist="seam",
                    hem_curve=8, rumple=0.45)  # fmt: skip

CUTS: Final[dict[str, Cut]] = {
    "shirt": Cut(ease=(9, 22, 10), hem=522, hem_curve=24, neck="shirt", sleeve=0.99,
                 sleeve_width=(29, 26, 17), collar="shirt", front="buttons", pockets="chest"),
    "blouse": Cut(ease=(9, 22, 10), hem=510, neck="v", sleeve=0.97, sleeve_width=(31, 36, 34),
                  collar="bow", drape=3, rumple=0.8),
    "short-sleeve shirt": Cut(ease=(10, 25, 10), hem=520, neck="shirt", sleeve=0.40,
                              sleeve_width=(30, 31, 31), collar="shirt", front="buttons",
                              pockets="chest"),
    "t-shirt": Cut(ease=(7, 20, 6), hem=492, sleeve=0.36, sleeve_width=(29, 29, 28), collar="rib"),
    "tank top": Cut(ease=(2, 9, 4), hem=490, neck="scoop", rumple=0.4),
    "camisole": Cut(ease=(2, 9, 6), hem=480, neck="straps", rumple=0.4),
    "long-sleeve tee": Cut(ease=(4, 11, 6), hem=510, neck="boat", sleeve=0.96,
                           sleeve_width=(26, 21, 16)),
    "polo shirt": Cut(ease=(7, 20, 6), hem=495, neck="shirt", sleeve=0.36,
                      sleeve_width=(28, 27, 25), collar="polo", front="polo"),
    "sweatshirt": _SOFT,
    "hoodie": replace(_SOFT, collar="hood", pockets="kangaroo", hem=505),
    "crew-neck sweater": _KNIT,
    "turtleneck": replace(_KNIT, neck="high", collar="turtle", ease=(5, 13, 6)),
    "v-neck sweater": replace(_KNIT, neck="v"),
    "cardigan": replace(_KNIT, neck="v", front="open", collar="", hem=520, rib=14),
    "long cardigan": replace(_KNIT, neck="v", front="open", collar="", hem=690, ease=(10, 19, 14),
                             pockets="patch", rib=0, drape=3),
    "blazer": _JACKET,
    "denim jacket": replace(_SHORT_JACKET, pockets="chest flap"),
    "biker jacket": replace(_SHORT_JACKET, neck="deep v", collar="wide lapel", front="biker",
                            rib=0, pockets="zip"),
    "bomber jacket": replace(_SHORT_JACKET, neck="crew", collar="stand", front="zip", rib=18,
                             pockets="slant", ease=(14, 26, 12), sleeve_width=(34, 31, 24)),
    "waistcoat": Cut(ease=(5, 7, 7), hem=498, neck="deep v", front="single", pockets="welt",
                     rumple=0.25),
    "knit vest": replace(_KNIT, neck="v", sleeve=0, ease=(5, 13, 7), hem=500),
    "gilet": Cut(ease=(13, 24, 14), hem=518, neck="crew", collar="stand", front="zip",
                 pockets="slant", rumple=0.3, quilt=34),
    "trench coat": replace(_COAT, collar="wide lapel", front="double", waist="belt"),
    "wool coat": _COAT,
    "parka": replace(_COAT, neck="crew", collar="hood", front="zip", hem=655, flare=10,
                     pockets="patch", ease=(17, 28, 20), drape=2),
    "shirt dress": replace(_DRESS, neck="shirt", collar="shirt", front="buttons", sleeve=0.6,
                           sleeve_width=(29, 27, 25), waist="tie", flare=34),
    "slip dress": replace(_DRESS, neck="straps", waist="", ease=(3, 9, 10), hem=790, flare=26,
                          drape=5),
    "wrap dress": replace(_DRESS, neck="v", front="wrap", sleeve=0.66, sleeve_width=(27, 25, 27),
                          waist="tie", hem=720),
    "A-line dress": replace(_DRESS, neck="scoop", flare=62, hem=665),
    "sweater dress": replace(_KNIT, neck="high", collar="turtle", hem=670, ease=(6, 13, 9),
                             flare=6),
    "maxi dress": replace(_DRESS, neck="square", hem=915, flare=78, drape=9, sleeve=0.26,
                          sleeve_width=(33, 34, 31)),
    "jumpsuit": Cut(ease=(5, 8, 8), hem=402, hem_curve=0, neck="v", sleeve=0.3,
                    sleeve_width=(28, 28, 27), front="wrap"),
    "playsuit": Cut(ease=(4, 8, 8), hem=402, hem_curve=0, neck="straps"),
}  # fmt: skip
"""Style -> how it is cut."""

_NECKS: Final = {"crew", "scoop", "v", "boat", "square", "high"}
_SLEEVES: Final = {"sleeveless": 0.0, "short": 0.36, "three-quarter": 0.7, "long": 0.98}
_LENGTHS: Final = {"mini": 600.0, "knee": 695.0, "midi": 800.0, "maxi": 915.0}


def cut_of(spec: GarmentSpec) -> Cut:
    """Return the style's cut with the spec's neckline, sleeve, length and closure applied."""
    cut = CUTS[spec.style]
    if spec.neckline in _NECKS and cut.collar in ("", "rib"):
        cut = replace(cut, neck=spec.neckline)
    if spec.sleeve in _SLEEVES and cut.neck != "straps":
        sleeve = _SLEEVES[spec.sleeve]
        width = cut.sleeve_width if sleeve > 0.5 else (cut.sleeve_width[0], 28.0, 27.0)
        cut = replace(cut, sleeve=sleeve, sleeve_width=width)
    if spec.length in _LENGTHS and cut.hem > 560:
        hem = _LENGTHS[spec.length]
        cut = replace(cut, hem=hem, flare=cut.flare * (hem - 478) / (cut.hem - 478))
    if spec.closure == "open" and cut.front in ("buttons", "zip", "single", "double", "open"):
        cut = replace(cut, front="open", waist="" if cut.waist == "belt" else cut.waist)
    return cut


def layered(cut: Cut, *, tucked: bool, under: bool) -> Cut:
    """Return a cut as it lies when tucked in at the waist, or under a sleeved outer garment."""
    if under:
        top, elbow, cuff = cut.sleeve_width
        ease = (min(cut.ease[0], 6), min(cut.ease[1], 12), min(cut.ease[2], 7))
        cut = replace(
            cut, ease=ease, drop=0, sleeve_width=(min(top, 25), min(elbow, 21), min(cuff, 15))
        )
    if tucked:
        cut = replace(
            cut, ease=(cut.ease[0], min(cut.ease[1], 5), 0), hem=396, hem_curve=0, rib=0, drape=0
        )
    return cut


def shoulder_y(x: float) -> float:
    """Return the y of the shoulder line at |x|."""
    far = max(abs(x) - 48, 0.0)
    return float(156 + (abs(x) - 24) * 0.30 + 0.022 * far * math.sqrt(far))


def tip_y(cut: Cut, x: float) -> float:
    """Return the y of a garment's shoulder at |x|: the roomier, the higher it stands off."""
    return shoulder_y(x) - 0.75 * cut.drop


def half_width(cut: Cut, build: Build, y: float) -> float:
    """Return the garment's half-width at a height below the armhole."""
    heights = [CHEST_Y, WAIST_Y, HIP_Y]
    widths = [build.chest + cut.ease[0], build.waist + cut.ease[1], build.hip + cut.ease[2]]
    if y <= HIP_Y:
        return float(np.interp(y, heights, widths))
    share = (y - HIP_Y) / max(cut.hem - HIP_Y, 60)
    return float(widths[2] + cut.flare * share**0.85)
