"""What a garment is, before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Category
from segmentation.rendering.paint.fabrics import Fabric

STYLES: dict[Category, tuple[str, ...]] = {
    Category.SHIRT: ("shirt", "blouse", "short-sleeve shirt"),
    Category.TOP: (
        "t-shirt", "tank top", "sweatshirt", "hoodie", "long-sleeve tee", "polo shirt", "camisole",
    ),
    Category.SWEATER: ("crew-neck sweater", "turtleneck", "v-neck sweater"),
    Category.CARDIGAN: ("cardigan", "long cardigan"),
    Category.JACKET: ("blazer", "denim jacket", "biker jacket", "bomber jacket"),
    Category.VEST: ("waistcoat", "knit vest", "gilet"),
    Category.PANTS: ("jeans", "chinos", "wide-leg trousers", "leggings", "tailored trousers",
                     "joggers", "flared jeans"),
    Category.SHORTS: ("shorts", "denim shorts", "bermuda shorts"),
    Category.SKIRT: ("mini skirt", "pencil skirt", "A-line skirt", "pleated midi skirt"),
    Category.COAT: ("trench coat", "wool coat", "parka"),
    Category.DRESS: ("shirt dress", "slip dress", "wrap dress", "A-line dress", "sweater dress",
                     "maxi dress"),
    Category.JUMPSUIT: ("jumpsuit", "playsuit"),
    Category.CAPE: ("cape",),
    Category.GLASSES: ("sunglasses", "round glasses"),
    Category.HAT: ("beanie", "fedora", "cap", "straw hat"),
    Category.HEADBAND: ("headband",),
    Category.TIE: ("tie",),
    Category.GLOVE: ("gloves",),
    Category.WATCH: ("watch",),
    Category.BELT: ("belt",),
    Category.LEG_WARMER: ("leg warmers",),
    Category.TIGHTS: ("tights",),
    Category.SOCK: ("ankle socks", "crew socks", "knee socks"),
    Category.SHOE: ("sneakers", "ankle boots", "knee boots", "pumps", "sandals", "loafers",
                    "ballet flats"),
    Category.BAG: ("tote bag", "handbag", "clutch", "backpack", "crossbody bag"),
    Category.SCARF: ("scarf",),
    Category.UMBRELLA: ("umbrella",),
}  # fmt: skip
"""Every category's styles; each is drawn differently."""


@dataclass(frozen=True)
class GarmentSpec:
    """A garment to draw.

    Attributes:
        category: what it is.
        style: one of `STYLES[category]`.
        colour, second_colour: names of `segmentation.common.colours.PALETTE`; a pattern needs both.
        pattern: plain, stripe, pinstripe, check, gingham, dots, floral.
        fabric: cotton, denim, knit, leather, wool, silk, nylon...
        neckline, sleeve, length, closure: "" for the style's own, or where they do not apply.
        fit: women, men or kids: the build it is made for.
        seed: varies folds and small details.
    """

    category: Category
    style: str
    colour: str
    second_colour: str | None = None
    pattern: str = "plain"
    fabric: str = "cotton"
    neckline: str = ""
    sleeve: str = ""
    length: str = ""
    closure: str = ""
    fit: str = "women"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.style not in STYLES[self.category]:
            raise ValueError(f"style: got {self.style!r}; expected one of {STYLES[self.category]}")
        for name in (self.colour, self.second_colour):
            if name is not None and name not in PALETTE:
                raise ValueError(f"colour: got {name!r}; expected one of {tuple(PALETTE)}")
        if self.pattern != "plain" and self.second_colour is None:
            raise ValueError(f"second_colour: got None; expected a colour for {self.pattern}")

    @property
    def cloth(self) -> Fabric:
        """The cloth it is cut from."""
        second = PALETTE[self.second_colour] if self.second_colour else PALETTE[self.colour]
        return Fabric(PALETTE[self.colour], second, self.pattern, self.fabric, self.seed)

    @property
    def attributes(self) -> dict[str, str]:
        """What is known of it, by name; empty values are left out."""
        values = {
            "style": self.style, "colour": self.colour, "second_colour": self.second_colour or "",
            "pattern": self.pattern, "fabric": self.fabric, "neckline": self.neckline,
            "sleeve": self.sleeve, "length": self.length, "closure": self.closure,
        }  # fmt: skip
        return {name: value for name, value in values.items() if value}
