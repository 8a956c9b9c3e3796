"""What kinds of garments and places of an outfit are called in a sentence, to be said; what items are called."""

from __future__ import annotations

from typing import Final

from index.model.items import CatalogItem
from recommender.outfits.speech import N_, P_, say, say_as
from recommender.wire.nouns import COLOURS, NAMED, PATTERNED
from segmentation.common.taxonomy import Category, Slot

ONE: Final[dict[Category, str]] = {
    Category.SHIRT: N_("a shirt"),
    Category.TOP: N_("a top"),
    Category.SWEATER: N_("a sweater"),
    Category.CARDIGAN: N_("a cardigan"),
    Category.JACKET: N_("a jacket"),
    Category.VEST: N_("a vest"),
    Category.PANTS: N_("pants"),
    Category.SHORTS: N_("shorts"),
    Category.SKIRT: N_("a skirt"),
    Category.COAT: N_("a coat"),
    Category.DRESS: N_("a dress"),
    Category.JUMPSUIT: N_("a jumpsuit"),
    Category.CAPE: N_("a cape"),
    Category.GLASSES: N_("glasses"),
    Category.HAT: N_("a hat"),
    Category.HEADBAND: N_("a headband"),
    Category.TIE: N_("a tie"),
    Category.GLOVE: N_("gloves"),
    Category.WATCH: N_("a watch"),
    Category.BELT: N_("a belt"),
    Category.LEG_WARMER: N_("leg warmers"),
    Category.TIGHTS: N_("tights"),
    Category.SOCK: N_("socks"),
    Category.SHOE: N_("shoes"),
    Category.BAG: N_("a bag"),
    Category.SCARF: N_("a scarf"),
    Category.UMBRELLA: N_("an umbrella"),
}
"""A kind -> the word with its article."""
SEVERAL: Final[dict[Category, str]] = {
    Category.SHIRT: N_("shirts"),
    Category.TOP: N_("tops"),
    Category.SWEATER: N_("sweaters"),
    Category.CARDIGAN: N_("cardigans"),
    Category.JACKET: N_("jackets"),
    Category.VEST: N_("vests"),
    Category.PANTS: N_("pants"),
    Category.SHORTS: N_("shorts"),
    Category.SKIRT: N_("skirts"),
    Category.COAT: N_("coats"),
    Category.DRESS: N_("dresses"),
    Category.JUMPSUIT: N_("jumpsuits"),
    Category.CAPE: N_("capes"),
    Category.GLASSES: N_("glasses"),
    Category.HAT: N_("hats"),
    Category.HEADBAND: N_("headbands"),
    Category.TIE: N_("ties"),
    Category.GLOVE: N_("gloves"),
    Category.WATCH: N_("watches"),
    Category.BELT: N_("belts"),
    Category.LEG_WARMER: N_("leg warmers"),
    Category.TIGHTS: N_("tights"),
    Category.SOCK: N_("socks"),
    Category.SHOE: N_("shoes"),
    Category.BAG: N_("bags"),
    Category.SCARF: N_("scarves"),
    Category.UMBRELLA: N_("umbrellas"),
}
"""A kind -> the word for several."""
OF_SLOT: Final[dict[Slot, str]] = {
    Slot.TOP: N_("a top"),
    Slot.OUTER: N_("an outer layer"),
    Slot.BOTTOM: N_("a bottom"),
    Slot.ONE_PIECE: N_("a one-piece"),
    Slot.SHOES: N_("shoes"),
    Slot.BAG: N_("a bag"),
    Slot.HOSIERY: N_("hosiery"),
    Slot.ACCESSORIES: N_("accessories"),
}
"""A slot -> how one thing in it is called, with its article."""
BENT: Final = (
    P_("to", "shirt"), P_("to", "top"), P_("to", "sweater"), P_("to", "cardigan"),
    P_("to", "jacket"), P_("to", "vest"), P_("to", "pants"), P_("to", "shorts"),
    P_("to", "skirt"), P_("to", "coat"), P_("to", "dress"), P_("to", "jumpsuit"),
    P_("to", "cape"), P_("to", "glasses"), P_("to", "hat"), P_("to", "headband"), P_("to", "tie"),
    P_("to", "gloves"), P_("to", "watch"), P_("to", "belt"), P_("to", "leg warmers"),
    P_("to", "tights"), P_("to", "socks"), P_("to", "shoes"), P_("to", "bag"), P_("to", "scarf"),
    P_("to", "umbrella"), P_("with", "shirts"), P_("with", "tops"), P_("with", "sweaters"),
    P_("with", "cardigans"), P_("with", "jackets"), P_("with", "vests"), P_("with", "pants"),
    P_("with", "shorts"), P_("with", "skirts"), P_("with", "coats"), P_("with", "dresses"),
    P_("with", "jumpsuits"), P_("with", "capes"), P_("with", "glasses"), P_("with", "hats"),
    P_("with", "headbands"), P_("with", "ties"), P_("with", "gloves"), P_("with", "watches"),
    P_("with", "belts"), P_("with", "leg warmers"), P_("with", "tights"), P_("with", "socks"),
    P_("with", "shoes"), P_("with", "bags"), P_("with", "scarves"), P_("with", "umbrellas"),
    P_("in", "black"), P_("in", "charcoal"), P_("in", "grey"), P_("in", "light grey"),
    P_("in", "white"), P_("in", "cream"), P_("in", "beige"), P_("in", "camel"), P_("in", "tan"),
    P_("in", "brown"), P_("in", "khaki"), P_("in", "olive"), P_("in", "green"), P_("in", "mint"),
    P_("in", "teal"), P_("in", "navy"), P_("in", "blue"), P_("in", "denim blue"),
    P_("in", "light blue"), P_("in", "purple"), P_("in", "lilac"), P_("in", "burgundy"),
    P_("in", "red"), P_("in", "coral"), P_("in", "pink"), P_("in", "magenta"), P_("in", "orange"),
    P_("in", "mustard"), P_("in", "yellow"),
)  # fmt: skip
"""What stands within a sentence, for whoever translates: to the dress, with dresses, in red."""


def title_of(item: CatalogItem) -> str:
    """Return what an item is called: as its shop says, else as its picture tells, in the context's language."""
    if "title" not in item.measured:
        return item.title
    is_patterned = item.pattern in PATTERNED and item.pattern != "plain"
    pattern = say(PATTERNED[item.pattern]) if is_patterned else ""
    parts = {
        "kind": say(NAMED[item.category]),
        "colour": say_as("in", item.colour) if item.colour in COLOURS else item.colour,
        "pattern": pattern,
    }
    if item.colour and pattern:
        title = say("{colour} {pattern} {kind}").format(**parts)
    elif item.colour:
        title = say("{colour} {kind}").format(**parts)
    else:
        title = say("{pattern} {kind}").format(**parts) if pattern else parts["kind"]
    return f"{title[:1].upper()}{title[1:]}"
