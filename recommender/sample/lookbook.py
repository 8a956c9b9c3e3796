"""The boutique's twelve outfits, chosen by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from segmentation.rendering import STYLES, GarmentSpec
from segmentation.rendering.fabrics import Colour
from segmentation.taxonomy import Category

_CATEGORY_OF: Final[dict[str, Category]] = {s: c for c, styles in STYLES.items() for s in styles}


@dataclass(frozen=True)
class Outfit:
    """One outfit to draw.

    Attributes:
        title: in the customer's words.
        audience: women or men.
        seed: who wears it, and how they stand.
        ground: the studio's colour, sRGB.
        garments: what is worn.
    """

    title: str
    audience: str
    seed: int
    ground: Colour
    garments: tuple[GarmentSpec, ...]

    @property
    def slug(self) -> str:
        """The title as a file name."""
        return self.title.lower().replace("'", "").replace(" ", "-")


def _wear(audience: str, *lines: str) -> tuple[GarmentSpec, ...]:
    """Read garments written as "style | colour | second | pattern | fabric | name=value ..."."""
    specs = []
    for number, line in enumerate(lines):
        style, colour, second, pattern, fabric, *more = (word.strip() for word in line.split("|"))
        rest = dict(pair.split("=") for pair in more)
        specs.append(
            GarmentSpec(
                _CATEGORY_OF[style], style, colour, second or None, pattern or "plain", fabric,
                neckline=rest.get("neckline", ""), sleeve=rest.get("sleeve", ""),
                length=rest.get("length", ""), closure=rest.get("closure", ""), fit=audience,
                seed=101 * number + len(line),
            )
        )  # fmt: skip
    return tuple(specs)


OUTFITS: Final[tuple[Outfit, ...]] = (
    Outfit("Harbour walk", "women", 11, (232, 236, 238), _wear(
        "women", "long-sleeve tee|white|navy|stripe|cotton|neckline=boat", "jeans|denim blue|||denim|length=ankle",
        "trench coat|beige|||cotton|closure=open", "sneakers|white|navy||cotton", "tote bag|cream|tan||cotton",
        "sunglasses|brown|||plastic")),
    Outfit("Gallery afternoon", "women", 24, (239, 234, 228), _wear(
        "women", "turtleneck|cream|||knit", "pleated midi skirt|camel|||cotton", "wool coat|navy|||wool|closure=open",
        "ankle boots|brown|||leather", "tights|brown|||nylon", "handbag|tan|||leather")),
    Outfit("Monday at the office", "women", 37, (234, 235, 238), _wear(
        "women", "blouse|light blue|||silk", "tailored trousers|charcoal|||wool|length=ankle",
        "blazer|grey|||wool|closure=open", "loafers|black|||leather", "handbag|black|||leather", "watch|black|||leather")),
    Outfit("Garden lunch", "women", 43, (240, 236, 226), _wear(
        "women", "wrap dress|green|cream|floral|cotton", "straw hat|beige|||straw", "sandals|tan|||leather",
        "crossbody bag|tan|||leather")),
    Outfit("City commute", "men", 58, (235, 235, 233), _wear(
        "men", "shirt|light blue|white|pinstripe|cotton", "chinos|navy|||cotton", "wool coat|charcoal|||wool|closure=open",
        "loafers|brown|||leather", "belt|brown|||leather", "scarf|burgundy|cream|check|wool", "watch|brown|||leather")),
    Outfit("Weekend errands", "men", 61, (236, 237, 231), _wear(
        "men", "sweatshirt|light grey|||cotton", "jeans|navy|||denim", "bomber jacket|olive|||nylon|closure=open",
        "sneakers|white|green||cotton", "beanie|mustard|||knit", "crossbody bag|black|||leather")),
    Outfit("Summer concert", "women", 79, (240, 232, 228), _wear(
        "women", "t-shirt|coral|||cotton|neckline=scoop", "denim shorts|light blue|||denim", "sneakers|cream|coral||cotton",
        "crew socks|white|coral|stripe|knit", "backpack|navy|tan||nylon", "round glasses|brown|||metal")),
    Outfit("Evening out", "women", 82, (233, 229, 232), _wear(
        "women", "slip dress|burgundy|||silk", "blazer|black|||wool|closure=open", "pumps|black|||leather",
        "clutch|camel|||leather")),
    Outfit("Autumn in the park", "women", 95, (240, 235, 224), _wear(
        "women", "crew-neck sweater|mustard|||knit", "mini skirt|brown|camel|check|wool|length=mini",
        "tights|charcoal|||nylon", "ankle boots|black|||leather", "scarf|cream|||wool", "headband|burgundy|||cotton")),
    Outfit("Wedding guest", "men", 104, (234, 235, 237), _wear(
        "men", "shirt|white|||cotton", "tie|burgundy|white|dots|silk", "waistcoat|grey|||wool|closure=closed",
        "tailored trousers|grey|||wool", "loafers|burgundy|||leather", "watch|tan|||leather")),
    Outfit("Rainy day", "women", 117, (228, 233, 237), _wear(
        "women", "sweater dress|navy|||knit", "parka|yellow|||cotton|closure=open", "tights|black|||nylon",
        "knee boots|olive|||leather", "umbrella|navy|||nylon", "gloves|camel|||knit")),
    Outfit("Travel light", "men", 126, (236, 234, 230), _wear(
        "men", "hoodie|teal|||cotton", "joggers|charcoal|||cotton", "denim jacket|denim blue|||denim|closure=open",
        "sneakers|black|white||cotton", "cap|cream|navy||cotton", "backpack|khaki|brown||nylon")),
)  # fmt: skip
"""What stands in the shop window."""
