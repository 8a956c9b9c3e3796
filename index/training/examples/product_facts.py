"""What a shop's table and title say of a product photo, in the encoder's words; and its foreground.

The table's season is the sales catalogue's, not the weather's, and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from index.training.examples.facts import Facts
from segmentation.common.garments import Mask, Rgb
from segmentation.common.taxonomy import Category
from segmentation.datasets.products.product_photos import ProductPhoto

KINDS: Final[Mapping[str, tuple[Category, str]]] = MappingProxyType(
    {
        "Tshirts": (Category.TOP, "t-shirt"), "Shirts": (Category.SHIRT, "shirt"),
        "Casual Shoes": (Category.SHOE, "casual shoes"), "Watches": (Category.WATCH, "watch"),
        "Sports Shoes": (Category.SHOE, "sports shoes"), "Kurtas": (Category.TOP, "kurta"),
        "Handbags": (Category.BAG, "handbag"), "Tops": (Category.TOP, "top"),
        "Heels": (Category.SHOE, "heels"), "Sunglasses": (Category.GLASSES, "sunglasses"),
        "Wallets": (Category.BAG, "wallet"), "Sandals": (Category.SHOE, "sandals"),
        "Flip Flops": (Category.SHOE, "flip-flops"), "Belts": (Category.BELT, "belt"),
        "Backpacks": (Category.BAG, "backpack"), "Socks": (Category.SOCK, "socks"),
        "Formal Shoes": (Category.SHOE, "formal shoes"), "Jeans": (Category.PANTS, "jeans"),
        "Shorts": (Category.SHORTS, "shorts"), "Trousers": (Category.PANTS, "trousers"),
        "Flats": (Category.SHOE, "flats"), "Dresses": (Category.DRESS, "dress"),
        "Track Pants": (Category.PANTS, "track pants"), "Clutches": (Category.BAG, "clutch"),
        "Sweatshirts": (Category.TOP, "sweatshirt"), "Caps": (Category.HAT, "cap"),
        "Sweaters": (Category.SWEATER, "sweater"), "Ties": (Category.TIE, "tie"),
        "Jackets": (Category.JACKET, "jacket"), "Tunics": (Category.TOP, "tunic"),
        "Kurtis": (Category.TOP, "kurti"), "Capris": (Category.PANTS, "capris"),
        "Leggings": (Category.PANTS, "leggings"), "Dupatta": (Category.SCARF, "dupatta"),
        "Scarves": (Category.SCARF, "scarf"), "Skirts": (Category.SKIRT, "skirt"),
        "Stoles": (Category.SCARF, "stole"), "Duffel Bag": (Category.BAG, "duffel bag"),
        "Laptop Bag": (Category.BAG, "laptop bag"), "Sports Sandals": (Category.SHOE, "sports sandals"),
        "Mufflers": (Category.SCARF, "muffler"), "Messenger Bag": (Category.BAG, "messenger bag"),
        "Jeggings": (Category.PANTS, "jeggings"), "Churidar": (Category.PANTS, "churidar"),
        "Stockings": (Category.TIGHTS, "stockings"), "Salwar": (Category.PANTS, "salwar"),
        "Patiala": (Category.PANTS, "salwar"), "Gloves": (Category.GLOVE, "gloves"),
        "Jumpsuit": (Category.JUMPSUIT, "jumpsuit"), "Waist Pouch": (Category.BAG, "waist pouch"),
        "Waistcoat": (Category.VEST, "waistcoat"), "Rompers": (Category.JUMPSUIT, "romper"),
        "Tights": (Category.TIGHTS, "tights"), "Rucksacks": (Category.BAG, "backpack"),
        "Blazers": (Category.JACKET, "blazer"), "Rain Jacket": (Category.JACKET, "rain jacket"),
        "Headband": (Category.HEADBAND, "headband"), "Nehru Jackets": (Category.JACKET, "nehru jacket"),
        "Hat": (Category.HAT, "sun hat"),
    }
)  # fmt: skip
"""Article type -> category and name; others are no garment of the taxonomy, or are several."""
FINER: Final[tuple[tuple[frozenset[str], re.Pattern[str], str], ...]] = tuple(
    (frozenset(names.split("|")), re.compile(rf"\b(?:{words})\b"), finer)
    for names, words, finer in (
        ("t-shirt|top", r"polo", "polo shirt"),
        ("t-shirt|top", r"full sleeves?|long sleeves?|full sleeved", "long-sleeved top"),
        ("t-shirt|top", r"tank|sleeveless|vest|racerback|camisole|cami", "tank top"),
        ("sweatshirt|t-shirt", r"hoody|hoodie|hooded", "hoodie"),
        ("jacket", r"rain\w*|windcheater|wind cheater", "rain jacket"),
        ("jacket", r"hooded|hoody|hoodie", "hooded jacket"),
        ("jacket", r"track|training", "track jacket"),
        ("casual shoes|formal shoes", r"loafers?|moccasins?", "loafers"),
        ("casual shoes|heels|flats", r"boots?|booties?", "boots"),
        ("casual shoes", r"sneakers?|canvas", "sneakers"),
        ("heels", r"wedges?|wedged", "wedges"), ("heels", r"pumps?", "pumps"),
        ("handbag", r"totes?", "tote"), ("handbag", r"slings?", "sling bag"),
        ("cap", r"beanie|skull", "beanie"),
    )
)  # fmt: skip
"""Names -> words of a title that make them a finer one."""
COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Black": "black", "White": "white", "Blue": "blue", "Brown": "brown", "Grey": "grey", "Red": "red",
        "Green": "green", "Navy Blue": "navy", "Purple": "purple", "Pink": "pink", "Silver": "light grey",
        "Yellow": "yellow", "Beige": "beige", "Gold": "mustard", "Maroon": "burgundy", "Orange": "orange",
        "Olive": "olive", "Cream": "cream", "Steel": "grey", "Off White": "cream", "Charcoal": "charcoal",
        "Peach": "coral", "Khaki": "khaki", "Teal": "teal", "Lavender": "lilac", "Tan": "tan",
        "Magenta": "magenta", "Mustard": "mustard", "Rust": "orange", "Turquoise Blue": "teal",
        "Grey Melange": "grey", "Burgundy": "burgundy", "Coffee Brown": "brown", "Sea Green": "mint",
        "Mushroom Brown": "tan", "Mauve": "lilac", "Taupe": "khaki", "Nude": "beige", "Skin": "beige",
        "Rose": "pink", "Copper": "tan", "Bronze": "khaki",
    }
)  # fmt: skip
"""The table's colours -> the palette's; "Multi" and the like say none."""
PATTERNS: Final = (
    (re.compile(r"\bpin ?striped?\b"), "pinstripe"), (re.compile(r"\b(?:stripes?|striped)\b"), "stripe"),
    (re.compile(r"\b(?:checks?|checked|checkered|plaid|tartan)\b"), "check"),
    (re.compile(r"\b(?:polka|dots?|dotted)\b"), "dots"), (re.compile(r"\b(?:floral|flowers?)\b"), "floral"),
    (re.compile(r"\b(?:solid|plain)\b"), "plain"),
)  # fmt: skip
SLEEVES: Final = (
    (re.compile(r"\bsleeveless\b"), "sleeveless"), (re.compile(r"\b(?:half|short) sleeves?d?\b"), "short"),
    (re.compile(r"\b(?:full|long) sleeves?d?\b"), "long"),
)  # fmt: skip
MATERIALS: Final = re.compile(
    r"\b(leather|suede|canvas|denim|woven|knitted|v-neck|round neck|hooded|printed|embroidered|lace"
    r"|quilted|fleece|woollen|silk|linen|cotton)\b"
)
AUDIENCES: Final = {"Men": "men", "Women": "women", "Boys": "kids", "Girls": "kids"}
USAGES: Final = {
    "Casual": "casual", "Sports": "sport", "Formal": "formal", "Ethnic": "ethnic",
    "Smart Casual": "smart", "Party": "smart",
}  # fmt: skip
WORN: Final = frozenset(Category) - {
    Category.SHOE, Category.BAG, Category.WATCH, Category.GLASSES, Category.BELT, Category.TIE,
    Category.SCARF, Category.HAT, Category.HEADBAND, Category.GLOVE, Category.UMBRELLA,
}  # fmt: skip
"""Kinds that a model wears in most of these photos, so that the outline is a person's."""
WHITE: Final = 236
"""What is this light all the way to the border is background."""


def facts_of(product: ProductPhoto) -> Facts:
    """Return what a product's table and title say of it.

    Raises:
        KeyError: its article type is not in `KINDS`.

    >>> from pathlib import Path
    >>> said = "Tshirts", "Men", "Casual", "Navy Blue", "Acme Men Navy Striped Polo T-shirt"
    >>> facts = facts_of(ProductPhoto("1", *said, "train", Path()))
    >>> facts.name, facts.colours, facts.pattern, facts.audience
    ('polo shirt', ('navy',), 'stripe', 'men')
    """
    category, name = KINDS[product.article]
    title = product.title.lower()
    name = next((finer for of, words, finer in FINER if name in of and words.search(title)), name)
    sleeve = _first(SLEEVES, title)
    if not sleeve and name in ("t-shirt", "tank top", "long-sleeved top"):
        sleeve = {"t-shirt": "short", "tank top": "sleeveless"}.get(name, "long")
    colour = COLOURS.get(product.colour)
    of_children = re.search(r"\bkids?\b", title)
    return Facts(
        category,
        name,
        (colour,) if colour else (),
        _first(PATTERNS, title),
        sleeve,
        words=tuple(dict.fromkeys(MATERIALS.findall(title))),
        audience="kids" if of_children else AUDIENCES.get(product.gender, ""),
        usage=USAGES.get(product.usage, ""),
    )


def _first(words: tuple[tuple[re.Pattern[str], str], ...], title: str) -> str:
    return next((value for pattern, value in words if pattern.search(title)), "")


def foreground(rgb: Rgb) -> Mask | None:
    """Return where a picture on white is not background; None where that tells nothing."""
    light = (rgb.min(axis=2) >= WHITE).astype(np.uint8)
    framed = cv2.copyMakeBorder(light, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    cv2.floodFill(framed, None, (0, 0), 2)
    mask = np.asarray(framed[1:-1, 1:-1] != 2)
    return mask if 0.03 <= mask.mean() <= 0.9 else None
