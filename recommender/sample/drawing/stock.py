"""What the boutique sells: which garments, by which brand, at what price, described how.

Everything follows from one seed; nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from recommender.sample.drawing.collections import collection_of, pieces
from recommender.sample.drawing.lookbook import OPENING, OUTFITS, SampleOutfit
from recommender.sample.drawing.variants import VARIANTS, variants
from recommender.sample.drawing.words import (
    BRANDS,
    Brand,
    Record,
    availability_of,
    describe,
    materials_of,
    price_of,
    sizes_of,
    title_of,
)
from segmentation.common.taxonomy import Category
from segmentation.rendering import STYLES, GarmentSpec, sample_garment
from segmentation.rendering.chances import HARMONIES

_CATEGORY_OF: Final[dict[str, Category]] = {s: c for c, styles in STYLES.items() for s in styles}

_RANGE: Final[dict[str, dict[str, int]]] = {
    "women": {
        "shirt": 3, "blouse": 5, "t-shirt": 5, "tank top": 2, "camisole": 3, "long-sleeve tee": 3,
        "crew-neck sweater": 3, "turtleneck": 3, "v-neck sweater": 2, "cardigan": 3, "long cardigan": 2,
        "blazer": 4, "denim jacket": 1, "biker jacket": 2, "knit vest": 1, "trench coat": 1, "wool coat": 3,
        "parka": 1, "cape": 2, "jeans": 2, "flared jeans": 2, "wide-leg trousers": 4, "tailored trousers": 2,
        "leggings": 2, "shorts": 2, "mini skirt": 2, "pencil skirt": 3, "A-line skirt": 3,
        "pleated midi skirt": 3, "shirt dress": 3, "slip dress": 2, "wrap dress": 3, "A-line dress": 4,
        "sweater dress": 2, "maxi dress": 3, "jumpsuit": 3, "playsuit": 2, "pumps": 3, "sandals": 3,
        "ballet flats": 3, "ankle boots": 2, "knee boots": 2, "handbag": 4, "clutch": 3, "tights": 5,
        "headband": 3, "straw hat": 1, "knee socks": 2, "leg warmers": 2,
    },
    "men": {
        "shirt": 4, "short-sleeve shirt": 3, "polo shirt": 3, "t-shirt": 3, "sweatshirt": 2, "hoodie": 1,
        "crew-neck sweater": 2, "v-neck sweater": 2, "turtleneck": 1, "cardigan": 1, "blazer": 2,
        "denim jacket": 1, "bomber jacket": 1, "biker jacket": 1, "waistcoat": 1, "gilet": 2, "wool coat": 1,
        "parka": 1, "jeans": 2, "chinos": 3, "tailored trousers": 1, "bermuda shorts": 2, "loafers": 2,
        "ankle boots": 2, "tie": 4, "belt": 2,
    },
    "unisex": {
        "sneakers": 4, "tote bag": 3, "backpack": 2, "crossbody bag": 3, "scarf": 4, "beanie": 3, "fedora": 2,
        "cap": 2, "sunglasses": 3, "round glasses": 2, "gloves": 3, "watch": 3, "belt": 2, "umbrella": 3,
        "ankle socks": 3, "crew socks": 4,
    },
    "kids": {
        "t-shirt": 3, "sweatshirt": 2, "hoodie": 1, "joggers": 1, "jeans": 1, "shorts": 1, "A-line dress": 2,
        "parka": 1, "beanie": 1, "sneakers": 1,
    },
}  # fmt: skip
"""Audience -> style -> how many beside those of the outfits."""


def build_stock(seed: int = 2026) -> list[tuple[GarmentSpec, Record]]:
    """Return every garment with its catalogue record.

    The opening outfits' come first, then the opening range, what came after for the other outfits
    and the collections, and further colours of the best.
    """
    rng = np.random.default_rng(seed)
    chosen = _worn(OUTFITS[:OPENING])
    taken = {_key(spec, audience) for spec, audience in chosen}
    for audience, styles in _RANGE.items():
        for style, count in styles.items():
            for _ in range(count):
                spec = _fresh(rng, style, audience, taken)
                taken.add(_key(spec, audience))
                chosen.append((spec, audience))
    titles: set[str] = set()
    stock = _records(chosen, rng, titles)
    later = np.random.default_rng(seed + 1)
    stock += _records([*_worn(OUTFITS[OPENING:]), *pieces()], later, titles, len(stock))
    stock = [(spec, _gathered(spec, record)) for spec, record in stock]
    return stock + variants(stock, later, titles)


def _worn(outfits: tuple[SampleOutfit, ...]) -> list[tuple[GarmentSpec, str]]:
    return [
        (spec, _audience(spec, outfit.audience)) for outfit in outfits for spec in outfit.garments
    ]


def _gathered(spec: GarmentSpec, record: Record) -> Record:
    """Return a record that names its collection and, where it comes in more colours, its group."""
    collection = collection_of(spec)
    if collection is not None:
        record["description"] = f"{record['description']} From the {collection.name} collection."
    if int(str(record["sku"]).rsplit("-", 1)[1]) in VARIANTS:
        record["group"] = str(record["sku"]).lower()
    return record


def _audience(spec: GarmentSpec, wearer: str) -> str:
    return "unisex" if spec.style in _RANGE["unisex"] and spec.style != "belt" else wearer


def _key(spec: GarmentSpec, audience: str) -> tuple[str, ...]:
    return (audience, spec.style, spec.colour, spec.pattern, spec.length)


def _fresh(
    rng: np.random.Generator, style: str, audience: str, taken: set[tuple[str, ...]]
) -> GarmentSpec:
    """Return a garment of a style that the boutique does not have yet."""
    spec = None
    for _ in range(60):
        colours = HARMONIES[int(rng.integers(len(HARMONIES)))]
        spec = sample_garment(rng, _CATEGORY_OF[style], style=style, colours=colours)
        spec = replace(spec, fit=audience if audience in ("men", "kids") else "women")
        dull = spec.colour == "white" and (spec.fabric == "leather" or rng.random() < 0.7)
        if not dull and _key(spec, audience) not in taken:
            return spec
    assert spec is not None
    return spec


def _records(
    chosen: list[tuple[GarmentSpec, str]],
    rng: np.random.Generator,
    titles: set[str],
    before: int = 0,
) -> list[tuple[GarmentSpec, Record]]:
    """Return garments with their records, numbered on from `before`; `titles` grows by theirs."""
    stock = []
    for number, (spec, audience) in enumerate(chosen, start=before + 1):
        brand = _brand(rng, spec, audience)
        title = title_of(spec, audience, rng)
        if title in titles:
            title = f"{title} by {brand.name}"
        titles.add(title)
        stock.append((spec, _record(number, spec, title, audience=audience, maker=brand, rng=rng)))
    return stock


def _brand(rng: np.random.Generator, spec: GarmentSpec, audience: str) -> Brand:
    fitting = [
        b for b in BRANDS if audience in b.audiences and (not b.only or spec.category in b.only)
    ]
    return fitting[int(rng.integers(len(fitting)))]


def _record(
    number: int,
    spec: GarmentSpec,
    title: str,
    *,
    audience: str,
    maker: Brand,
    rng: np.random.Generator,
) -> Record:
    material = materials_of(spec, rng)
    price = price_of(spec, maker.factor * (0.62 if audience == "kids" else 1.0), rng)
    initials = "".join(word[0] for word in maker.name.replace("&", "").split()).upper()
    sku = f"{initials}-{number:04d}"
    record: Record = {
        "sku": sku, "title": title, "description": describe(spec, material, audience, rng), "brand": maker.name,
        "category": spec.category.value, "price": f"{price:.2f}", "currency": "EUR",
    }  # fmt: skip
    if rng.random() < 0.14:
        record["sale_price"] = (
            f"{round(price * float(rng.choice([0.6, 0.7, 0.75, 0.8]))) - 0.1:.2f}"
        )
    record |= {"availability": availability_of(rng), "audience": audience, "colour": spec.colour}
    if spec.second_colour:
        record["second_colour"] = spec.second_colour
    return record | {
        "pattern": spec.pattern, "material": material, "sizes": sizes_of(spec, audience),
        "image": f"images/{sku.lower()}.webp", "link": f"https://example.com/items/{sku}",
    }  # fmt: skip
