"""What kinds of garments and colours are called, and what has a pattern; each room translates them in its own catalogue.

German bends a noun by where it stands.
"""

from __future__ import annotations

from typing import Final

from segmentation.common.taxonomy import Category


def N_(text: str) -> str:  # noqa: N802  # gettext's own name
    """Mark a text that is said later."""
    return text


NAMED: Final[dict[Category, str]] = {
    Category.SHIRT: N_("shirt"),
    Category.TOP: N_("top"),
    Category.SWEATER: N_("sweater"),
    Category.CARDIGAN: N_("cardigan"),
    Category.JACKET: N_("jacket"),
    Category.VEST: N_("vest"),
    Category.PANTS: N_("pants"),
    Category.SHORTS: N_("shorts"),
    Category.SKIRT: N_("skirt"),
    Category.COAT: N_("coat"),
    Category.DRESS: N_("dress"),
    Category.JUMPSUIT: N_("jumpsuit"),
    Category.CAPE: N_("cape"),
    Category.GLASSES: N_("glasses"),
    Category.HAT: N_("hat"),
    Category.HEADBAND: N_("headband"),
    Category.TIE: N_("tie"),
    Category.GLOVE: N_("gloves"),
    Category.WATCH: N_("watch"),
    Category.BELT: N_("belt"),
    Category.LEG_WARMER: N_("leg warmers"),
    Category.TIGHTS: N_("tights"),
    Category.SOCK: N_("socks"),
    Category.SHOE: N_("shoes"),
    Category.BAG: N_("bag"),
    Category.SCARF: N_("scarf"),
    Category.UMBRELLA: N_("umbrella"),
}
"""A kind -> the everyday word: shoes come in pairs."""
PATTERNED: Final = {
    "plain": N_("plain"),
    "stripe": N_("striped"),
    "pinstripe": N_("pinstriped"),
    "check": N_("checked"),
    "gingham": N_("gingham"),
    "dots": N_("dotted"),
    "floral": N_("floral"),
}
"""A pattern -> the word for what has it."""
COLOURS: Final = (
    N_("black"), N_("charcoal"), N_("grey"), N_("light grey"), N_("white"), N_("cream"),
    N_("beige"), N_("camel"), N_("tan"), N_("brown"), N_("khaki"), N_("olive"), N_("green"),
    N_("mint"), N_("teal"), N_("navy"), N_("blue"), N_("denim blue"), N_("light blue"),
    N_("purple"), N_("lilac"), N_("burgundy"), N_("red"), N_("coral"), N_("pink"), N_("magenta"),
    N_("orange"), N_("mustard"), N_("yellow"),
)  # fmt: skip
"""The palette's names."""
