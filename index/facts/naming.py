"""What an item is called whose shop gave it no name: its colour, its pattern and its kind."""

from __future__ import annotations

from typing import Final

from segmentation.common.taxonomy import Category

PATTERNED: Final = {
    "stripe": "striped",
    "pinstripe": "pinstriped",
    "check": "checked",
    "gingham": "gingham",
    "dots": "dotted",
    "floral": "floral",
}
"""A pattern -> the word for what has it; `plain` goes without saying."""
KINDS: Final = {
    **{category: category.value for category in Category},
    Category.GLOVE: "gloves",
    Category.LEG_WARMER: "leg warmers",
    Category.SOCK: "socks",
    Category.SHOE: "shoes",
}
"""A kind -> the everyday word: shoes come in pairs."""


def name_of(category: Category, colour: str, pattern: str) -> str:
    """Return a name as a shop would write it.

    >>> name_of(Category.JACKET, "blue", "floral"), name_of(Category.SHOE, "", "plain")
    ('Blue floral jacket', 'Shoes')
    """
    name = " ".join(filter(None, (colour, PATTERNED.get(pattern, ""), KINDS[category])))
    return f"{name[:1].upper()}{name[1:]}"
