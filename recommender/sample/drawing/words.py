"""The boutique's words: brands, titles, descriptions, materials, sizes and prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from segmentation.common.taxonomy import Category
from segmentation.rendering import GarmentSpec

C = Category
Record = dict[str, object]
"""One garment as catalog.jsonl has it."""


@dataclass(frozen=True)
class Brand:
    """An invented maker.

    Attributes:
        name: as printed on the label.
        factor: on the price.
        audiences: whom it makes things for.
        only: the categories it makes; empty for all.
    """

    name: str
    factor: float
    audiences: tuple[str, ...]
    only: tuple[Category, ...] = ()


_LEATHER_GOODS: Final = (C.SHOE, C.BAG, C.BELT, C.GLOVE, C.WATCH)
_SMALL: Final = (
    C.HAT, C.SCARF, C.SOCK, C.TIGHTS, C.LEG_WARMER, C.GLOVE, C.UMBRELLA, C.GLASSES, C.HEADBAND,
)  # fmt: skip
BRANDS: Final[tuple[Brand, ...]] = (
    Brand("Maison Tilleul", 1.35, ("women",)), Brand("Fern & Loom", 1.0, ("women", "men", "unisex")),
    Brand("Nordvik", 1.1, ("men", "women")), Brand("Atelier Corvo", 1.5, ("women", "men", "unisex"), _LEATHER_GOODS),
    Brand("Lune de Mai", 0.95, ("women",)), Brand("Halden Street", 0.8, ("men", "unisex")),
    Brand("Petit Saule", 1.0, ("kids",)), Brand("Brightwater", 0.9, ("men", "unisex")),
    Brand("Casa Verano", 0.85, ("women", "unisex")), Brand("Quill & Thread", 1.05, ("women", "men", "unisex"), _SMALL),
    Brand("Little Ostra", 0.85, ("kids",)),
)  # fmt: skip

_NOUNS: Final[dict[str, tuple[str, ...]]] = {
    "shirt": ("poplin shirt", "Oxford shirt", "shirt"), "blouse": ("pussy-bow blouse", "tie-neck blouse"),
    "short-sleeve shirt": ("camp shirt", "short-sleeve shirt"), "t-shirt": ("tee", "T-shirt"),
    "tank top": ("ribbed tank", "tank top"), "camisole": ("camisole", "cami top"),
    "long-sleeve tee": ("long-sleeve tee", "long-sleeve top"), "polo shirt": ("piqué polo", "polo shirt"),
    "crew-neck sweater": ("crew-neck sweater", "crew-neck jumper"), "turtleneck": ("turtleneck", "roll-neck sweater"),
    "v-neck sweater": ("V-neck sweater", "V-neck jumper"), "cardigan": ("cardigan", "button cardigan"),
    "long cardigan": ("longline cardigan",), "knit vest": ("sweater vest", "knitted vest"),
    "gilet": ("padded gilet",), "parka": ("hooded parka",), "cape": ("buttoned cape", "wool cape"),
    "jeans": ("straight jeans", "jeans"), "flared jeans": ("flared jeans",), "tailored trousers": ("tailored trousers", "cigarette trousers"),
    "wide-leg trousers": ("wide-leg trousers", "palazzo trousers"), "slip dress": ("slip dress",),
    "sneakers": ("canvas sneakers", "sneakers"), "pumps": ("pumps", "pointed pumps"), "sandals": ("strappy sandals",),
    "ankle boots": ("ankle boots", "Chelsea boots"), "knee boots": ("knee-high boots",), "loafers": ("penny loafers", "loafers"),
    "handbag": ("top-handle bag", "handbag"), "clutch": ("envelope clutch",), "tote bag": ("canvas tote", "tote bag"),
    "scarf": ("fringed scarf", "scarf"), "beanie": ("ribbed beanie", "beanie"), "cap": ("baseball cap",),
    "gloves": ("gloves",), "watch": ("watch with leather strap",), "belt": ("leather belt",),
    "umbrella": ("walking umbrella",), "tights": ("50-denier tights", "tights"), "headband": ("headband",),
    "tie": ("tie",), "straw hat": ("sun hat",), "round glasses": ("round glasses",), "sunglasses": ("sunglasses",),
}  # fmt: skip
_PATTERN_WORDS: Final = {
    "plain": "", "stripe": "striped", "pinstripe": "pinstriped", "check": "checked", "gingham": "gingham",
    "dots": "polka-dot", "floral": "floral",
}  # fmt: skip
_LENGTH_STYLES: Final = {"mini", "knee", "midi", "maxi"}


def title_of(spec: GarmentSpec, audience: str, rng: np.random.Generator) -> str:
    """Return a title such as "Navy striped Breton tee"."""
    nouns = _NOUNS.get(spec.style, (spec.style,))
    noun = nouns[int(rng.integers(len(nouns)))]
    if spec.style in ("t-shirt", "long-sleeve tee") and spec.pattern == "stripe":
        noun = "Breton tee" if spec.style == "t-shirt" else "Breton top"
    elif spec.style == "t-shirt" and spec.neckline in ("v", "scoop", "boat"):
        noun = {"v": "V-neck tee", "scoop": "scoop-neck tee", "boat": "boat-neck tee"}[
            spec.neckline
        ]
    if (
        spec.length in _LENGTH_STYLES
        and spec.category in (C.DRESS, C.SKIRT)
        and spec.length not in noun
    ):
        noun = f"{spec.length}-length {noun}" if spec.length == "knee" else f"{spec.length} {noun}"
    if spec.style == "gloves":
        noun = "knitted gloves" if spec.fabric == "knit" else "leather gloves"
    colour = "" if spec.colour == "denim blue" and "jean" in noun else spec.colour
    words = [colour, _PATTERN_WORDS[spec.pattern], noun]
    if spec.fabric == "denim" and not {"jean", "denim"} & set(
        noun.replace("jeans", "jean").split()
    ):
        words.insert(2, "denim")
    if spec.colour == "denim blue":
        words[0] = "mid-blue"
    title = " ".join(word for word in words if word)
    title = f"Kids' {title}" if audience == "kids" else title
    return title[0].upper() + title[1:]


_MATERIALS: Final[dict[str, tuple[str, ...]]] = {
    "cotton": ("cotton", "organic cotton", "cotton and linen"), "denim": ("cotton denim", "cotton denim with 2 % elastane"),
    "knit": ("merino wool", "lambswool", "cotton knit"), "wool": ("wool", "wool blend"),
    "leather": ("leather", "vegetable-tanned leather"), "silk": ("silk", "satin viscose"),
    "nylon": ("recycled nylon", "nylon"), "jersey": ("stretch jersey",), "plastic": ("acetate",), "metal": ("metal",),
    "straw": ("braided straw",),
}  # fmt: skip


def materials_of(spec: GarmentSpec, rng: np.random.Generator) -> str:
    """Return what it is made of, in the shop's words."""
    if spec.style in ("sneakers", "tote bag"):
        return "cotton canvas"
    if spec.style == "parka":
        return "waxed cotton"
    if spec.category is C.SOCK:
        return "cotton blend"
    options = _MATERIALS.get(spec.fabric, (spec.fabric,))
    return options[int(rng.integers(len(options)))]


_PRICES: Final[dict[str, float]] = {
    "shirt": 69, "blouse": 79, "short-sleeve shirt": 59, "t-shirt": 29, "tank top": 25, "sweatshirt": 59, "hoodie": 69,
    "long-sleeve tee": 39, "polo shirt": 55, "camisole": 45, "crew-neck sweater": 89, "turtleneck": 95, "v-neck sweater": 89,
    "cardigan": 99, "long cardigan": 119, "blazer": 179, "denim jacket": 109, "biker jacket": 289, "bomber jacket": 139,
    "waistcoat": 89, "knit vest": 69, "gilet": 99, "jeans": 95, "chinos": 79, "wide-leg trousers": 99, "leggings": 39,
    "tailored trousers": 109, "joggers": 59, "flared jeans": 99, "shorts": 49, "denim shorts": 55, "bermuda shorts": 59,
    "mini skirt": 59, "pencil skirt": 75, "A-line skirt": 69, "pleated midi skirt": 89, "trench coat": 239,
    "wool coat": 279, "parka": 199, "shirt dress": 119, "slip dress": 129, "wrap dress": 125, "A-line dress": 109,
    "sweater dress": 119, "maxi dress": 149, "jumpsuit": 139, "playsuit": 79, "cape": 189, "sunglasses": 95,
    "round glasses": 110, "beanie": 29, "fedora": 69, "cap": 29, "straw hat": 49, "headband": 19, "tie": 49, "gloves": 55,
    "watch": 159, "belt": 49, "leg warmers": 25, "tights": 16, "ankle socks": 8, "crew socks": 10, "knee socks": 14,
    "sneakers": 89, "ankle boots": 169, "knee boots": 229, "pumps": 129, "sandals": 99, "loafers": 149,
    "ballet flats": 99, "tote bag": 39, "handbag": 219, "clutch": 89, "backpack": 99, "crossbody bag": 129, "scarf": 59,
    "umbrella": 39,
}  # fmt: skip


def price_of(spec: GarmentSpec, factor: float, rng: np.random.Generator) -> float:
    """Return a price in EUR that ends in .90."""
    base = _PRICES[spec.style] * factor * float(rng.uniform(0.88, 1.14))
    step = 1 if base < 40 else 5 if base < 150 else 10
    return max(round(base / step) * step, 5) - 0.1


def availability_of(rng: np.random.Generator) -> str:
    """Return whether it can be had: mostly it can."""
    draw = rng.random()
    return "out_of_stock" if draw < 0.06 else "preorder" if draw < 0.09 else "in_stock"


def sizes_of(spec: GarmentSpec, audience: str) -> list[str]:  # noqa: PLR0911 - one line a rule
    """Return the sizes it comes in."""
    if spec.category is C.SHOE:
        low, high = {"women": (36, 42), "men": (40, 47), "kids": (26, 36)}.get(audience, (36, 47))
        return [str(size) for size in range(low, high)]
    if spec.category is C.SOCK:
        return ["36-38", "39-42", "43-46"] if audience != "women" else ["36-38", "39-42"]
    if spec.category is C.BELT:
        return ["75", "85", "95", "105"]
    if spec.category in (C.GLOVE, C.TIGHTS):
        return ["S", "M", "L"]
    if spec.category in (
        C.BAG,
        C.GLASSES,
        C.HAT,
        C.HEADBAND,
        C.TIE,
        C.WATCH,
        C.SCARF,
        C.UMBRELLA,
        C.LEG_WARMER,
        C.CAPE,
    ):
        return ["one size"]
    if audience == "kids":
        return ["104", "116", "128", "140"]
    if spec.fabric == "denim" and spec.category is C.PANTS:
        return ["W26", "W28", "W30", "W32"] if audience == "women" else ["W30", "W32", "W34", "W36"]
    return ["XS", "S", "M", "L", "XL"] if audience == "women" else ["S", "M", "L", "XL", "XXL"]


_WEAR_WITH: Final[dict[Category, tuple[str, ...]]] = {
    C.SHIRT: ("Wear it tucked into tailored trousers.", "Good under a knit, better on its own."),
    C.TOP: ("An easy layer under a jacket.", "Goes with jeans, and with nearly everything else."),
    C.SWEATER: ("Warm without weight.", "Soft enough to wear next to the skin."),
    C.CARDIGAN: ("Throw it over a dress when the evening cools.", "A layer for three seasons."),
    C.JACKET: ("Cut to sit well over a shirt or a fine knit.", "Dresses jeans up and tailoring down."),
    C.VEST: ("Layers over a shirt.",), C.COAT: ("Roomy enough for a sweater underneath.", "Made to last more than one winter."),
    C.PANTS: ("Sits at the waist, falls clean.", "Pairs with sneakers by day and loafers by night."),
    C.SHORTS: ("For warm days and long walks.",), C.SKIRT: ("Moves well; tuck in a simple top.",),
    C.DRESS: ("One piece and you are dressed.", "Add flat sandals, or boots and a coat."), C.JUMPSUIT: ("One piece, no decisions.",),
    C.CAPE: ("A coat's warmth with free arms.",), C.SHOE: ("Comfortable from the first day.", "Resoleable, and worth it."),
    C.BAG: ("Holds the day's things and a book.", "Lined, with one inner pocket."), C.TIGHTS: ("Matt, with a soft waistband.",),
    C.SOCK: ("Reinforced at heel and toe.",), C.LEG_WARMER: ("For boots, trainers and cold studios.",),
}  # fmt: skip


def describe(spec: GarmentSpec, material: str, audience: str, rng: np.random.Generator) -> str:
    """Return two short sentences."""
    colour = spec.colour
    if spec.second_colour:
        colour = f"{spec.colour} and {spec.second_colour}"
    pattern = "" if spec.pattern == "plain" else f" {_PATTERN_WORDS[spec.pattern]}"
    details = [f"{spec.sleeve} sleeves" if spec.sleeve not in ("", "sleeveless") else spec.sleeve]
    neck = {
        "v": "V-neck",
        "crew": "crew neck",
        "scoop": "scoop neck",
        "boat": "boat neck",
        "square": "square neck",
    }
    details += [
        neck.get(spec.neckline, ""),
        f"{spec.length} length" if spec.length not in ("", "full") else "",
    ]
    text = ", ".join(detail for detail in details if detail)
    lines = _WEAR_WITH.get(spec.category, ("The small thing that finishes an outfit.",))
    who = " for kids" if audience == "kids" else ""
    material = material[0].upper() + material[1:]
    first = f"{material}{pattern} in {colour}{who}{'; ' + text if text else ''}."
    return f"{first} {lines[int(rng.integers(len(lines)))]}"
