"""The boutique's collections: colours that go together, and what was made in them beside the outfits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from recommender.sample.drawing.lookbook import wear
from segmentation.rendering import GarmentSpec


@dataclass(frozen=True)
class Collection:
    """Garments designed together.

    Attributes:
        name: as descriptions have it.
        colours: of the palette; whatever is all of these colours belongs.
        pieces: audience -> garments beside those of the outfits, in `lookbook.wear`'s words.
    """

    name: str
    colours: frozenset[str]
    pieces: dict[str, tuple[str, ...]]


def _of(name: str, colours: str, **pieces: tuple[str, ...]) -> Collection:
    return Collection(name, frozenset(colour.strip() for colour in colours.split(",")), pieces)


COLLECTIONS: Final[tuple[Collection, ...]] = (
    _of(
        "Salt Line", "navy, white, light blue, denim blue, cream, coral",
        women=("shirt|light blue|white|stripe|cotton",), men=("short-sleeve shirt|white|light blue|stripe|cotton",),
        kids=("t-shirt|white|navy|stripe|cotton|neckline=crew", "sneakers|navy|white||cotton"),
    ),
    _of(
        "Slow Harvest", "camel, brown, olive, cream, mustard, tan, beige, khaki",
        women=("knit vest|brown|cream|check|knit",), men=("shirt|camel|brown|check|cotton",),
        kids=("hoodie|mustard|||cotton", "joggers|olive|||cotton"), unisex=("gloves|tan|||leather",),
    ),
    _of(
        "Night Studio", "black, charcoal, burgundy, grey, light grey",
        women=("camisole|burgundy|||silk", "biker jacket|black|||leather|closure=closed"),
        men=("blazer|charcoal|||wool|closure=closed", "crew-neck sweater|burgundy|||knit"),
        unisex=("watch|burgundy|||leather",),
    ),
    _of(
        "Soft Hours", "pink, lilac, light grey, cream, white, mint",
        women=("cardigan|pink|||knit|closure=open", "pleated midi skirt|lilac|||silk"),
        men=("joggers|light grey|||cotton",),
        kids=("sweatshirt|lilac|||cotton", "leggings|light grey|||jersey|length=full"),
    ),
    _of(
        "City Rain", "navy, teal, grey, charcoal, olive, yellow, black, khaki",
        women=("cape|grey|||wool",), men=("bomber jacket|charcoal|||nylon|closure=closed",),
        kids=("parka|yellow|||cotton|closure=closed",), unisex=("umbrella|yellow|||nylon",),
    ),
)  # fmt: skip
"""In the order in which a garment is claimed."""


def collection_of(spec: GarmentSpec) -> Collection | None:
    """Return the first collection that has all of a garment's colours, or None."""
    colours = {spec.colour, spec.second_colour or spec.colour}
    return next((c for c in COLLECTIONS if colours <= c.colours), None)


def pieces() -> Iterator[tuple[GarmentSpec, str]]:
    """Yield every collection's own garments with their audience."""
    for collection in COLLECTIONS:
        for audience, lines in collection.pieces.items():
            for spec in wear(audience if audience != "unisex" else "women", *lines):
                yield spec, audience
