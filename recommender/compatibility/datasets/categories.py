"""What the public outfit data sets call things -> the project's categories.

None is left out: it is no garment of the taxonomy, with the reason beside it where it is not plain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category

SHOP_THE_LOOK: Final[dict[str, Category | None]] = {
    "Apparel & Accessories|Clothing Accessories|Sunglasses": Category.GLASSES,
    "Apparel & Accessories|Clothing|Outerwear|Coats & Jackets": Category.JACKET,  # not distinguished
    "Apparel & Accessories|Clothing|Pants": Category.PANTS,
    "Apparel & Accessories|Clothing|Shirts & Tops": Category.TOP,  # not distinguished
    "Apparel & Accessories|Clothing|Shorts": Category.SHORTS,
    "Apparel & Accessories|Clothing|Skirts": Category.SKIRT,
    "Apparel & Accessories|Handbags, Wallets & Cases": Category.BAG,
    "Apparel & Accessories|Jewelry|Earrings": None,  # jewellery
    "Apparel & Accessories|Jewelry|Necklaces": None,  # jewellery
    "Apparel & Accessories|Shoes": Category.SHOE,
}
"""The categories of Shop the Look's fashion-cat.json, which are paths in Google's taxonomy."""

COMPLETE_THE_LOOK: Final[dict[str, Category | None]] = {
    "Belts": Category.BELT,
    "Coats & Jackets": Category.JACKET,  # not distinguished
    "Dresses": Category.DRESS,
    "Gloves & Mittens": Category.GLOVE,
    "Handbags": Category.BAG,
    "Hats": Category.HAT,
    "Jewelry": None,
    "Jumpsuits & Rompers": Category.JUMPSUIT,
    "Neckties": Category.TIE,
    "Pants": Category.PANTS,
    "Rings": None,  # jewellery
    "Scarves & Shawls": Category.SCARF,
    "Shirts & Tops": Category.TOP,  # not distinguished
    "Shoes": Category.SHOE,
    "Shorts": Category.SHORTS,
    "Skirts": Category.SKIRT,
    "Socks": Category.SOCK,
    "Stockings": Category.TIGHTS,
    "Sunglasses": Category.GLASSES,
    "Swimwear": None,  # not in the taxonomy
    "Watches": Category.WATCH,
}
"""The 21 labels of Pinterest's Complete the Look."""

_POLYVORE_WORDS: Final[dict[Category | None, str]] = {
    Category.SHIRT: "blouse, male shirt",
    # "shirt" is Polyvore's word for tops of any kind; a bodysuit shows as a top
    Category.TOP: "shirt, tunic, tshirt, tank, tank top, hoodie, bodie, sports bra, "
    "sports long-sleeve shirt, male T-shirt, male polos, male sports shirt, "
    "male sports shirt/track suit",
    Category.SWEATER: "sweater, male sweater",
    Category.CARDIGAN: "cardigan",
    Category.JACKET: "jacket/coat, jacket, blazer, track jacket, male suit jacket, "
    "male track jacket, male formal jacket, male jacket",
    Category.VEST: "vest, male vest",
    Category.PANTS: "jeans, pants, pyjama pants, sweatpants, male jeans, male suit pants, "
    "male sweatpants, male track pants, male pants",
    Category.SHORTS: "shorts, male knee-length shorts, male sports shorts",
    Category.SKIRT: "skirt, long skirt, tennis skirt",
    Category.COAT: "trench coat, kimono",  # worn open over the rest
    Category.DRESS: "dress, gown",
    Category.JUMPSUIT: "jumpsuit, romper",
    Category.GLASSES: "sunglasses, male sunglasses",
    Category.HAT: "hat, male baseball caps",
    Category.HEADBAND: "headband",
    Category.TIE: "tie, bowtie",
    Category.GLOVE: "gloves, male gloves",
    Category.WATCH: "watch, male watch, activity wristband",
    Category.BELT: "belt, male belt",
    Category.TIGHTS: "stockings, hosiery",
    Category.SOCK: "socks, male socks",
    Category.SHOE: "closed shoes, boots, pump, heels, heels/sandals, flats, flip-flops, sneakers, "
    "slippers, flat boots, heeled boots, over-the-knee boots, platform shoes, male shoes, "
    "male flip-flops, male loafers, male formal shoes, male sneakers, male slippers",
    Category.BAG: "backpack, tote, purse, clutch, pouch, satchel, handbag, messenger bag, "
    "travel bag, laptop bag, wallet",
    Category.SCARF: "scarf, male scarves",
    Category.UMBRELLA: "umbrella",
    # jewellery; underwear and nightwear; swimwear; no one kind; no garments
    None: "necklace, earrings, ring, bracelet, pendant, brooch, cufflings, "
    "lingerie top, lingerie bottom, pyjama/slip/chemise, male boxers, "
    "swimsuit, one-piece swimsuit, swimsuit top, swimsuit bottom, coverup, male swim shorts, "
    "set/suit, male suit, gloves/scarf, male accessories, undefined, "
    "suspenders, male suspenders, key chain, money clip, smartphone cases/tech items",
}

POLYVORE: Final[dict[str, Category | None]] = {
    name: category for category, names in _POLYVORE_WORDS.items() for name in names.split(", ")
}
"""The fine-grained names of Polyvore Outfits' categories.csv."""


def category_of(name: str, table: Mapping[str, Category | None], record: str) -> Category | None:
    """Return the category that a data set's name stands for; None where it is no garment.

    Args:
        name: as the data set writes it.
        table: one of the tables above.
        record: what has the name, for the message: "line 7 of raw_test.tsv".

    Raises:
        DatasetError: the table does not have it.

    >>> category_of("Neckties", COMPLETE_THE_LOOK, "line 2 of raw_test.tsv")
    <Category.TIE: 'tie'>
    """
    if name not in table:
        raise DatasetError(
            f"{record} has a category that is not mapped",
            got=repr(name),
            expected=f"one of {', '.join(sorted(table))}",
            next_step="Add it to recommender/compatibility/datasets/categories.py.",
        )
    return table[name]
