"""The garment categories of iMaterialist 2019 / Fashionpedia, and every dataset's labels on to them.

The 27 apparel categories carry their official ids (0 to 26), which are the ids of the Kaggle
CSV's `ClassId` and of Fashionpedia's `category_id`. The 19 garment parts (27 to 45) are
learned where the data has them.

Slots are the places of an outfit that a category fills; `SLOT_OF` is a function of the category
alone. Source: Jia et al., Fashionpedia, ECCV 2020, and the competition's `label_descriptions.json`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypeAlias

from segmentation.common.errors import DatasetError


class Category(StrEnum):
    """An apparel category; the value is the short name used in every JSON this project writes."""

    SHIRT = "shirt"
    TOP = "top"
    SWEATER = "sweater"
    CARDIGAN = "cardigan"
    JACKET = "jacket"
    VEST = "vest"
    PANTS = "pants"
    SHORTS = "shorts"
    SKIRT = "skirt"
    COAT = "coat"
    DRESS = "dress"
    JUMPSUIT = "jumpsuit"
    CAPE = "cape"
    GLASSES = "glasses"
    HAT = "hat"
    HEADBAND = "headband"
    TIE = "tie"
    GLOVE = "glove"
    WATCH = "watch"
    BELT = "belt"
    LEG_WARMER = "leg warmer"
    TIGHTS = "tights"
    SOCK = "sock"
    SHOE = "shoe"
    BAG = "bag"
    SCARF = "scarf"
    UMBRELLA = "umbrella"

    @property
    def id(self) -> int:
        """The official category id, 0 to 26."""
        return _IDS[self]

    @classmethod
    def from_id(cls, number: int) -> Category:
        """Return the category with an official id.

        Raises:
            DatasetError: the id is not that of an apparel category.
        """
        members = list(cls)
        if not 0 <= number < len(members):
            raise _unknown_id(number, len(members) - 1)
        return members[number]


def _unknown_id(number: int, highest: int) -> DatasetError:
    return DatasetError(
        "unknown category id",
        got=str(number),
        expected=f"0 to {highest}",
        next_step="Check that the file uses the iMaterialist 2019 / Fashionpedia ids.",
    )


_IDS: Final = {category: number for number, category in enumerate(Category)}

OFFICIAL_NAMES: Final[dict[Category, str]] = {
    **{category: category.value for category in Category},
    Category.SHIRT: "shirt, blouse",
    Category.TOP: "top, t-shirt, sweatshirt",
    Category.HEADBAND: "headband, head covering, hair accessory",
    Category.TIGHTS: "tights, stockings",
    Category.BAG: "bag, wallet",
}


class Part(StrEnum):
    """A part of a garment, official ids 27 to 45 in this order; known where the data has them."""

    HOOD = "hood"
    COLLAR = "collar"
    LAPEL = "lapel"
    EPAULETTE = "epaulette"
    SLEEVE = "sleeve"
    POCKET = "pocket"
    NECKLINE = "neckline"
    BUCKLE = "buckle"
    ZIPPER = "zipper"
    APPLIQUE = "applique"
    BEAD = "bead"
    BOW = "bow"
    FLOWER = "flower"
    FRINGE = "fringe"
    RIBBON = "ribbon"
    RIVET = "rivet"
    RUFFLE = "ruffle"
    SEQUIN = "sequin"
    TASSEL = "tassel"

    @property
    def id(self) -> int:
        """The official category id, 27 to 45."""
        return len(_IDS) + _PART_ORDER[self]


_PART_ORDER: Final = {part: number for number, part in enumerate(Part)}

Label: TypeAlias = Category | Part
"""What a data set may mark in a photo: a garment or a part of one."""


def label_of(number: int) -> Label:
    """Return the garment or part with an official id, 0 to 45.

    Raises:
        DatasetError: there is none.

    >>> label_of(0), label_of(27)
    (<Category.SHIRT: 'shirt'>, <Part.HOOD: 'hood'>)
    """
    labels: list[Label] = [*Category, *Part]
    if not 0 <= number < len(labels):
        raise _unknown_id(number, len(labels) - 1)
    return labels[number]


def named(word: str) -> Label:
    """Return the garment or part with a short name.

    >>> named("shirt"), named("hood")
    (<Category.SHIRT: 'shirt'>, <Part.HOOD: 'hood'>)
    """
    labels: dict[str, Label] = {label.value: label for label in (*Category, *Part)}
    return labels[word]


class Slot(StrEnum):
    """A place in an outfit."""

    TOP = "top"
    OUTER = "outer"
    BOTTOM = "bottom"
    ONE_PIECE = "one-piece"
    SHOES = "shoes"
    BAG = "bag"
    HOSIERY = "hosiery"
    ACCESSORIES = "accessories"


_SLOT_MEMBERS: Final[dict[Slot, tuple[Category, ...]]] = {
    Slot.TOP: (Category.SHIRT, Category.TOP, Category.SWEATER),
    Slot.OUTER: (
        Category.CARDIGAN, Category.JACKET, Category.VEST, Category.COAT, Category.CAPE,
    ),
    Slot.BOTTOM: (Category.PANTS, Category.SHORTS, Category.SKIRT),
    Slot.ONE_PIECE: (Category.DRESS, Category.JUMPSUIT),
    Slot.SHOES: (Category.SHOE,),
    Slot.BAG: (Category.BAG,),
    Slot.HOSIERY: (Category.TIGHTS, Category.SOCK, Category.LEG_WARMER),
    Slot.ACCESSORIES: (
        Category.GLASSES, Category.HAT, Category.HEADBAND, Category.TIE, Category.GLOVE,
        Category.WATCH, Category.BELT, Category.SCARF, Category.UMBRELLA,
    ),
}  # fmt: skip

SLOT_OF: Final[dict[Category, Slot]] = {
    category: slot for slot, members in _SLOT_MEMBERS.items() for category in members
}
"""Category -> the one slot it fills."""


def categories_of(slot: Slot) -> tuple[Category, ...]:
    """Return the categories that fill a slot, in official order."""
    return _SLOT_MEMBERS[slot]


CLOTHING_CO_PARSING: Final[dict[str, Category | None]] = {
    "null": None,
    "accessories": None,  # a mixed bag by its own authors' account: no one mask shape to learn
    "bag": Category.BAG,
    "belt": Category.BELT,
    "blazer": Category.JACKET,
    "blouse": Category.SHIRT,
    "bodysuit": Category.TOP,  # what shows of it is worn as a top
    "boots": Category.SHOE,
    "bra": None,  # underwear is not in the taxonomy
    "bracelet": None,  # jewellery is not in the taxonomy
    "cape": Category.CAPE,
    "cardigan": Category.CARDIGAN,
    "clogs": Category.SHOE,
    "coat": Category.COAT,
    "dress": Category.DRESS,
    "earrings": None,  # jewellery
    "flats": Category.SHOE,
    "glasses": Category.GLASSES,
    "gloves": Category.GLOVE,
    "hair": None,  # not a garment
    "hat": Category.HAT,
    "heels": Category.SHOE,
    "hoodie": Category.TOP,  # Fashionpedia files hoodies under sweatshirts
    "intimate": None,  # underwear
    "jacket": Category.JACKET,
    "jeans": Category.PANTS,
    "jumper": Category.SWEATER,  # the British word
    "leggings": Category.PANTS,  # a nickname of pants in Fashionpedia
    "loafers": Category.SHOE,
    "necklace": None,  # jewellery
    "panties": None,  # underwear
    "pants": Category.PANTS,
    "pumps": Category.SHOE,
    "purse": Category.BAG,
    "ring": None,  # jewellery
    "romper": Category.JUMPSUIT,
    "sandals": Category.SHOE,
    "scarf": Category.SCARF,
    "shirt": Category.SHIRT,
    "shoes": Category.SHOE,
    "shorts": Category.SHORTS,
    "skin": None,  # not a garment
    "skirt": Category.SKIRT,
    "sneakers": Category.SHOE,
    "socks": Category.SOCK,
    "stockings": Category.TIGHTS,
    "suit": Category.JACKET,  # whole suits and jackets share the label; the jacket is what always shows
    "sunglasses": Category.GLASSES,
    "sweater": Category.SWEATER,
    "sweatshirt": Category.TOP,
    "swimwear": None,  # not in the taxonomy
    "t-shirt": Category.TOP,
    "tie": Category.TIE,
    "tights": Category.TIGHTS,
    "top": Category.TOP,
    "vest": Category.VEST,  # a top where nothing is worn beneath: see `as_worn` of the reader
    "wallet": Category.BAG,
    "watch": Category.WATCH,
    "wedges": Category.SHOE,
}
"""Clothing Co-Parsing's 59 labels; None is dropped, with the reason beside it."""

CLOTHING_DATASET: Final[dict[str, Category]] = {
    "dress": Category.DRESS,
    "hat": Category.HAT,
    "longsleeve": Category.TOP,
    "outwear": Category.JACKET,
    "pants": Category.PANTS,
    "shirt": Category.SHIRT,
    "shoes": Category.SHOE,
    "shorts": Category.SHORTS,
    "skirt": Category.SKIRT,
    "t-shirt": Category.TOP,
}
"""Folder names of alexeygrigorev/clothing-dataset-small."""


def parse_category(word: str) -> Category | None:
    """Return the category that a merchant's or dataset's word names, or None.

    Short names, official names and every label of the datasets above are understood, whatever
    the case: `"Blazer"` is a jacket.

    >>> parse_category("Blazer"), parse_category("t-shirt"), parse_category("sofa")
    (<Category.JACKET: 'jacket'>, <Category.TOP: 'top'>, None)
    """
    return _WORDS.get(word.strip().lower())


_WORDS: Final[dict[str, Category]] = {
    **{label: category for label, category in CLOTHING_CO_PARSING.items() if category},
    **CLOTHING_DATASET,
    **{name: category for category, name in OFFICIAL_NAMES.items()},
    **{category.value: category for category in Category},
}
