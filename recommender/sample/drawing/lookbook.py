"""The boutique's outfits, chosen by hand: twelve that opened it, and two or more of each collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from segmentation.common.taxonomy import Category
from segmentation.rendering import STYLES, GarmentSpec
from segmentation.rendering.paint.fabrics import Colour

_CATEGORY_OF: Final[dict[str, Category]] = {s: c for c, styles in STYLES.items() for s in styles}


@dataclass(frozen=True)
class SampleOutfit:
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


def wear(audience: str, *lines: str) -> tuple[GarmentSpec, ...]:
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


OUTFITS: Final[tuple[SampleOutfit, ...]] = (
    SampleOutfit("Harbour walk", "women", 11, (232, 236, 238), wear(
        "women", "long-sleeve tee|white|navy|stripe|cotton|neckline=boat", "jeans|denim blue|||denim|length=ankle",
        "trench coat|beige|||cotton|closure=open", "sneakers|white|navy||cotton", "tote bag|cream|tan||cotton",
        "sunglasses|brown|||plastic")),
    SampleOutfit("Gallery afternoon", "women", 24, (239, 234, 228), wear(
        "women", "turtleneck|cream|||knit", "pleated midi skirt|camel|||cotton", "wool coat|navy|||wool|closure=open",
        "ankle boots|brown|||leather", "tights|brown|||nylon", "handbag|tan|||leather")),
    SampleOutfit("Monday at the office", "women", 37, (234, 235, 238), wear(
        "women", "blouse|light blue|||silk", "tailored trousers|charcoal|||wool|length=ankle",
        "blazer|grey|||wool|closure=open", "loafers|black|||leather", "handbag|black|||leather", "watch|black|||leather")),
    SampleOutfit("Garden lunch", "women", 41, (240, 236, 226), wear(
        "women", "wrap dress|green|cream|floral|cotton", "straw hat|beige|||straw", "sandals|tan|||leather",
        "crossbody bag|tan|||leather")),
    SampleOutfit("City commute", "men", 19, (235, 235, 233), wear(
        "men", "shirt|light blue|white|pinstripe|cotton", "chinos|navy|||cotton", "wool coat|charcoal|||wool|closure=open",
        "loafers|brown|||leather", "belt|brown|||leather", "scarf|burgundy|cream|check|wool", "watch|brown|||leather")),
    SampleOutfit("Weekend errands", "men", 34, (236, 237, 231), wear(
        "men", "sweatshirt|light grey|||cotton", "jeans|navy|||denim", "bomber jacket|olive|||nylon|closure=open",
        "sneakers|white|green||cotton", "beanie|mustard|||knit", "crossbody bag|black|||leather")),
    SampleOutfit("Summer concert", "women", 6, (240, 232, 228), wear(
        "women", "t-shirt|coral|||cotton|neckline=scoop", "denim shorts|light blue|||denim", "sneakers|cream|coral||cotton",
        "crew socks|white|coral|stripe|knit", "backpack|navy|tan||nylon", "round glasses|brown|||metal")),
    SampleOutfit("Evening out", "women", 50, (233, 229, 232), wear(
        "women", "slip dress|burgundy|||silk", "blazer|black|||wool|closure=open", "pumps|black|||leather",
        "clutch|camel|||leather")),
    SampleOutfit("Autumn in the park", "women", 43, (240, 235, 224), wear(
        "women", "crew-neck sweater|mustard|||knit", "mini skirt|brown|camel|check|wool|length=mini",
        "tights|charcoal|||nylon", "ankle boots|black|||leather", "scarf|cream|||wool", "headband|burgundy|||cotton")),
    SampleOutfit("Wedding guest", "men", 7, (234, 235, 237), wear(
        "men", "shirt|white|||cotton", "tie|burgundy|white|dots|silk", "waistcoat|grey|||wool|closure=closed",
        "tailored trousers|grey|||wool", "loafers|burgundy|||leather", "watch|tan|||leather")),
    SampleOutfit("Rainy day", "women", 49, (228, 233, 237), wear(
        "women", "sweater dress|navy|||knit", "parka|yellow|||cotton|closure=open", "tights|black|||nylon",
        "knee boots|olive|||leather", "umbrella|navy|||nylon", "gloves|camel|||knit")),
    SampleOutfit("Travel light", "men", 32, (236, 234, 230), wear(
        "men", "hoodie|teal|||cotton", "joggers|charcoal|||cotton", "denim jacket|denim blue|||denim|closure=open",
        "sneakers|black|white||cotton", "cap|cream|navy||cotton", "backpack|khaki|brown||nylon")),
    SampleOutfit("First coffee", "women", 4, (238, 235, 240), wear(
        "women", "crew-neck sweater|lilac|||knit", "wide-leg trousers|cream|||cotton", "sneakers|white|lilac||cotton",
        "tote bag|light grey|cream||cotton", "round glasses|tan|||metal")),
    SampleOutfit("Sunday market", "men", 15, (240, 236, 227), wear(
        "men", "t-shirt|cream|||cotton|neckline=crew", "cardigan|olive|||knit", "chinos|camel|||cotton|length=ankle",
        "ankle boots|brown|||leather", "tote bag|cream|olive||cotton", "fedora|tan|||wool")),
    SampleOutfit("Opening night", "women", 51, (232, 229, 231), wear(
        "women", "jumpsuit|black|||silk", "wool coat|burgundy|||wool|closure=open", "pumps|burgundy|||leather",
        "clutch|black|||leather")),
    SampleOutfit("Studio day", "men", 30, (233, 233, 234), wear(
        "men", "turtleneck|black|||knit", "tailored trousers|charcoal|||wool|length=ankle",
        "blazer|grey|charcoal|check|wool|closure=open", "loafers|black|||leather", "round glasses|black|||plastic",
        "backpack|black|||nylon")),
    SampleOutfit("Sea wall", "men", 37, (231, 237, 240), wear(
        "men", "polo shirt|white|||cotton", "bermuda shorts|navy|||cotton", "belt|tan|||leather",
        "sneakers|navy|white||cotton", "sunglasses|tan|||plastic", "tote bag|navy|cream||cotton")),
    SampleOutfit("Long weekend", "women", 39, (236, 239, 240), wear(
        "women", "maxi dress|light blue|white|stripe|cotton", "sandals|brown|||leather", "straw hat|cream|navy||straw",
        "tote bag|cream|navy||cotton")),
    SampleOutfit("Orchard path", "women", 31, (240, 234, 224), wear(
        "women", "shirt dress|olive|cream|check|cotton|length=midi", "long cardigan|camel|||knit", "knee boots|brown|||leather",
        "scarf|mustard|brown|check|wool", "crossbody bag|brown|||leather")),
    SampleOutfit("Early train", "women", 35, (230, 234, 236), wear(
        "women", "turtleneck|teal|||knit", "pencil skirt|charcoal|||wool", "trench coat|khaki|||cotton|closure=open",
        "tights|black|||nylon", "ankle boots|charcoal|||leather", "handbag|olive|||leather")),
    SampleOutfit("Ferry crossing", "men", 10, (229, 234, 236), wear(
        "men", "sweatshirt|grey|||cotton", "parka|teal|||cotton|closure=open", "jeans|charcoal|||denim",
        "sneakers|grey|white||cotton", "beanie|mustard|||knit", "backpack|olive|black||nylon")),
    SampleOutfit("Spring fair", "women", 25, (242, 235, 234), wear(
        "women", "A-line dress|pink|cream|floral|cotton|neckline=square|sleeve=short|length=knee", "ballet flats|cream|||leather",
        "headband|cream|||cotton", "handbag|lilac|||leather")),
    SampleOutfit("Campus walk", "women", 20, (234, 237, 240), wear(
        "women", "t-shirt|white|||cotton|neckline=crew", "pleated midi skirt|navy|||cotton",
        "denim jacket|light blue|||denim|closure=open", "crew socks|cream|navy|stripe|knit", "loafers|brown|||leather",
        "crossbody bag|burgundy|||leather")),
    SampleOutfit("Winter lights", "men", 49, (236, 233, 229), wear(
        "men", "crew-neck sweater|cream|||knit", "jeans|black|||denim", "wool coat|camel|||wool|closure=open",
        "ankle boots|charcoal|||leather", "scarf|navy|cream|check|wool", "gloves|brown|||leather")),
)  # fmt: skip
"""What stands in the shop window."""
OPENING: Final = 12
"""How many of them the boutique opened with; what they wear comes first in the catalogue."""
