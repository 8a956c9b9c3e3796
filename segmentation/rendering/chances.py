"""What is likely: colours that go together, patterns and fabrics by category."""

from __future__ import annotations

from typing import Final

from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Category

C = Category

NEUTRALS: Final = (
    "black",
    "charcoal",
    "grey",
    "light grey",
    "white",
    "cream",
    "beige",
    "camel",
    "navy",
)

ACCENTS: Final = tuple(name for name in PALETTE if name not in NEUTRALS)

LEATHERS: Final = (
    "black",
    "brown",
    "tan",
    "burgundy",
    "camel",
    "cream",
    "navy",
    "white",
    "olive",
    "red",
)

HARMONIES: Final[tuple[tuple[str, ...], ...]] = (
    ("navy", "white", "camel", "red"), ("black", "white", "grey", "red"), ("cream", "camel", "brown", "olive"),
    ("beige", "white", "light blue", "tan"), ("burgundy", "navy", "grey", "cream"), ("olive", "cream", "black", "mustard"),
    ("light blue", "white", "navy", "coral"), ("pink", "grey", "white", "burgundy"), ("teal", "cream", "brown", "mustard"),
    ("lilac", "white", "grey", "purple"), ("mustard", "navy", "cream", "brown"), ("green", "beige", "brown", "white"),
    ("blue", "white", "grey", "orange"), ("charcoal", "light grey", "white", "yellow"), ("coral", "white", "beige", "teal"),
    ("khaki", "white", "black", "orange"), ("mint", "white", "grey", "navy"), ("black", "camel", "cream", "burgundy"),
    ("magenta", "black", "white", "grey"), ("purple", "black", "grey", "pink"), ("yellow", "navy", "white", "light blue"),
    ("red", "denim blue", "white", "black"), ("green", "navy", "white", "tan"), ("orange", "brown", "cream", "denim blue"),
)  # fmt: skip
"""Sets of colours that are worn together."""

PATTERNS: Final[dict[Category, tuple[tuple[str, float], ...]]] = {
    C.SHIRT: (("plain", 5), ("stripe", 1), ("pinstripe", 2), ("check", 2), ("gingham", 1), ("dots", 1), ("floral", 1)),
    C.TOP: (("plain", 6), ("stripe", 3), ("dots", 0.5), ("floral", 0.5)),
    C.SWEATER: (("plain", 6), ("stripe", 2)), C.CARDIGAN: (("plain", 7), ("stripe", 1)),
    C.JACKET: (("plain", 7), ("check", 1), ("pinstripe", 1)), C.VEST: (("plain", 5), ("check", 1)),
    C.PANTS: (("plain", 9), ("check", 1), ("pinstripe", 1)), C.SHORTS: (("plain", 7), ("check", 1), ("floral", 0.5)),
    C.SKIRT: (("plain", 5), ("check", 1), ("dots", 1), ("floral", 1), ("stripe", 0.7)), C.COAT: (("plain", 8), ("check", 1)),
    C.DRESS: (("plain", 4), ("floral", 3), ("dots", 2), ("stripe", 1.3), ("check", 1), ("gingham", 1)),
    C.JUMPSUIT: (("plain", 5), ("floral", 1), ("pinstripe", 1), ("dots", 1)), C.CAPE: (("plain", 4), ("check", 1)),
    C.SCARF: (("plain", 4), ("check", 3), ("stripe", 2), ("dots", 1), ("floral", 1)), C.SOCK: (("plain", 4), ("stripe", 1), ("dots", 1)),
    C.TIE: (("plain", 3), ("stripe", 2), ("dots", 2), ("check", 1)), C.UMBRELLA: (("plain", 4), ("check", 1), ("dots", 1)),
    C.HEADBAND: (("plain", 4), ("dots", 1), ("floral", 1)), C.BAG: (("plain", 9), ("check", 0.5), ("stripe", 0.5)),
}  # fmt: skip

FABRICS: Final[dict[Category, str]] = {
    C.SWEATER: "knit", C.CARDIGAN: "knit", C.COAT: "wool", C.CAPE: "wool", C.SCARF: "wool", C.SHOE: "leather",
    C.BAG: "leather", C.BELT: "leather", C.WATCH: "leather", C.GLOVE: "leather", C.TIE: "silk", C.TIGHTS: "nylon",
    C.UMBRELLA: "nylon", C.SOCK: "knit", C.LEG_WARMER: "knit", C.HAT: "wool", C.GLASSES: "plastic",
}  # fmt: skip

STYLE_FABRICS: Final[dict[str, str]] = {
    "jeans": "denim", "flared jeans": "denim", "denim shorts": "denim", "denim jacket": "denim", "blazer": "wool",
    "biker jacket": "leather", "bomber jacket": "nylon", "knit vest": "knit", "waistcoat": "wool", "gilet": "nylon",
    "sweater dress": "knit", "slip dress": "silk", "blouse": "silk", "camisole": "silk", "beanie": "knit", "cap": "cotton",
    "straw hat": "straw", "parka": "cotton", "trench coat": "cotton", "tailored trousers": "wool", "leggings": "jersey",
    "tote bag": "cotton", "backpack": "nylon", "sneakers": "cotton", "pencil skirt": "wool",
}  # fmt: skip

MEN_STYLES: Final = frozenset({
    "shirt", "short-sleeve shirt", "t-shirt", "sweatshirt", "hoodie", "long-sleeve tee", "polo shirt",
    "crew-neck sweater", "turtleneck", "v-neck sweater", "cardigan", "blazer", "denim jacket", "biker jacket",
    "bomber jacket", "waistcoat", "gilet", "knit vest", "jeans", "chinos", "tailored trousers", "joggers", "shorts", "bermuda shorts",
    "wool coat", "trench coat", "parka", "sneakers", "ankle boots", "loafers", "tote bag", "backpack",
    "crossbody bag",
})  # fmt: skip
