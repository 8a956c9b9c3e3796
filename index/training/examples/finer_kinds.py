"""Which finer kinds exclude each other: a pump is no trainer, a blazer may be called a jacket.

Data sets name the same garment more or less finely, and differently. Two names of one category are
distinguished only where both stand here and share no sense; all others may be names of one garment.
"""

from __future__ import annotations

from typing import Final

SENSES: Final[dict[str, frozenset[str]]] = {
    name: frozenset(senses.split())
    for name, senses in {
        # shoes
        "sports shoes": "trainer", "sneakers": "trainer", "casual shoes": "trainer loafer boot flat formal",
        "loafers": "loafer", "formal shoes": "formal", "heels": "heel", "pumps": "heel",
        "wedges": "heel", "sandals": "sandal", "sports sandals": "sandal", "flats": "flat",
        "flip-flops": "flip-flop", "boots": "boot", "clogs": "clog",
        # tops
        "t-shirt": "t-shirt", "polo shirt": "polo", "tank top": "tank", "camisole": "tank",
        "sweatshirt": "sweatshirt", "hoodie": "hoodie", "kurta": "kurta", "kurti": "kurta",
        "tunic": "kurta blouse", "long-sleeved top": "long-sleeved",
        # bags
        "handbag": "handbag", "tote": "handbag", "sling bag": "handbag sling", "purse": "handbag clutch wallet",
        "clutch": "clutch", "wallet": "wallet", "backpack": "backpack", "laptop bag": "laptop sling",
        "messenger bag": "laptop sling", "duffel bag": "duffel", "waist pouch": "pouch",
        # legs
        "jeans": "jeans", "trousers": "trousers", "track pants": "track", "leggings": "legging",
        "jeggings": "legging jeans", "capris": "capri", "churidar": "legging churidar", "salwar": "salwar",
        # jackets
        "blazer": "blazer", "rain jacket": "rain", "hooded jacket": "rain padded hooded", "track jacket": "track",
        "nehru jacket": "nehru",
        # around the neck and on the head
        "stole": "stole", "dupatta": "stole", "muffler": "muffler", "cap": "cap", "beanie": "beanie",
        "sun hat": "brim",
    }.items()
}  # fmt: skip
"""Finer kind -> its senses; two without a common one exclude each other within a category."""


def exclude(one: str, other: str) -> bool:
    """Whether no garment bears both names, which are of one category.

    >>> exclude("heels", "flip-flops"), exclude("heels", "pumps"), exclude("heels", "shoe")
    (True, False, False)
    """
    known, claimed = SENSES.get(one), SENSES.get(other)
    return known is not None and claimed is not None and not known & claimed
