"""What shops call colours -> the palette's names; a name that is none of these stays as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from segmentation.common.colours import PALETTE

MULTI: Final = "multi"
_NAMES: Final[Mapping[str, str]] = {
    "black": "jet, onyx, ebony, raven, schwarz, noir, noire, negro, negra, nero, nera, zwart, svart, sort, "
    "czarny, черный",
    "charcoal": "anthracite, anthrazit, graphite, dark grey, dark gray, dunkelgrau, gris fonce, slate",
    "grey": "gray, grau, gris, grigio, grigia, grijs, gra, szary, серый, silver, silber, argent, plata, "
    "argento, steel, pewter, heather grey, heather gray, melange, grey melange, graumeliert",
    "light grey": "light gray, hellgrau, gris clair, ash, pale grey",
    "white": "snow, optic white, weiss, blanc, blanche, blanco, blanca, bianco, bianca, wit, vit, hvid, bialy, "
    "белый",
    "cream": "off white, offwhite, ivory, ecru, creme, crema, champagne, natural, natur, oatmeal",
    "beige": "nude, skin, stone, sand, бежевый, beis",
    "camel": "kamel, cammello, caramel",
    "tan": "cognac, cuoio, copper, light brown, hellbraun, mushroom brown",
    "brown": "braun, marron, marrone, bruin, brun, brazowy, коричневый, chocolate, coffee, coffee brown, mocha, "
    "espresso, dark brown, dunkelbraun",
    "khaki": "kaki, taupe, bronze, army",
    "olive": "oliv, olivgrun, oliva, moss, military, army green, khaki green",
    "green": "grun, vert, verte, verde, groen, gron, zielony, зеленый, emerald, forest green, bottle green, "
    "dark green, dunkelgrun, lime green, lime",
    "mint": "sea green, sage, light green, hellgrun, menta, menthe",
    "teal": "petrol, turquoise, turquoise blue, turkis, aqua, turquesa, turchese",
    "navy": "navy blue, dark blue, dunkelblau, marine, marineblau, bleu marine, azul marino, blu navy, "
    "blu scuro, bleu fonce, midnight, midnight blue, nachtblau, indigo, donkerblauw",
    "blue": "royal blue, royal, cobalt, blau, bleu, bleue, azul, blu, blauw, bla, niebieski, синий, azure",
    "denim blue": "denim, jeansblau, mid blue, medium blue",
    "light blue": "sky blue, sky, baby blue, hellblau, bleu clair, azul claro, azzurro, celeste, голубой, powder blue",
    "purple": "violet, violett, violette, morado, viola, paars, fioletowy, фиолетовый, aubergine, plum",
    "lilac": "lavender, lavande, lavendel, mauve, flieder",
    "burgundy": "bordeaux, bordeauxrot, wine, weinrot, maroon, oxblood, granate, burgunder",
    "red": "rot, rouge, rojo, roja, rosso, rossa, rood, rod, czerwony, красный, scarlet, crimson, cherry, ruby",
    "coral": "koralle, corail, peach, apricot, salmon",
    "pink": "rosa, rose, roze, rozowy, розовый, blush, light pink, dusty pink, altrosa",
    "magenta": "fuchsia, hot pink, neon pink",
    "orange": "arancione, naranja, oranje, оранжевый, rust, tangerine, terracotta",
    "mustard": "senf, senfgelb, ochre, ocker, moutarde, mostaza, senape, gold",
    "yellow": "gelb, jaune, amarillo, amarilla, giallo, gialla, geel, gul, zolty, желтый, lemon",
    MULTI: "multicolour, multicolor, multi colour, multi color, multicoloured, multicolored, mehrfarbig, bunt, "
    "multicolore, assorted, rainbow, разноцветный",
}  # fmt: skip
"""The palette's names -> what shops call them; those that the palette lacks are left alone."""
_BETWEEN: Final = re.compile(r"\s*[/,;|&+]\s*|\s+(?:and|und|et|y|e)\s+|\s+-\s+", re.IGNORECASE)


def colours(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the colours that cells name, main one first, each once.

    >>> colours(["Heather Grey/White"]), colours(["Dunkelblau"]), colours(["Zorblax"])
    (('grey', 'white'), ('navy',), ('Zorblax',))
    """
    parts = [part.strip() for cell in cells for part in _BETWEEN.split(cell)]
    return tuple(dict.fromkeys(filter(None, map(_named, parts))))


def _named(words: str) -> str:
    """Return the palette's name for a shop's; the shop's own where there is none."""
    plain = _folded(words)
    table = _table()
    if plain in table:
        return table[plain]
    tokens = plain.split()
    found = [
        table[" ".join(tokens[a:b])]
        for b in range(len(tokens), 0, -1)
        for a in range(b)
        if " ".join(tokens[a:b]) in table
    ]
    return found[0] if found else words


@cache
def _table() -> Mapping[str, str]:
    known = {
        _folded(word): name
        for name, line in _NAMES.items()
        if name in PALETTE or name == MULTI
        for word in line.split(",")
    }
    return known | {name: name for name in PALETTE}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", plain))
