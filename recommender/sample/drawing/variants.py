"""Garments that come in several colours: the same cut, price and words, another colour and SKU."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from recommender.sample.drawing.collections import collection_of
from recommender.sample.drawing.words import Record, availability_of
from segmentation.rendering import GarmentSpec

VARIANTS: Final[dict[int, tuple[tuple[str, str | None], ...]]] = {
    1: (("navy", "white"), ("cream", "coral")), 8: (("black", None), ("olive", None)), 12: (("burgundy", None),),
    13: (("cream", None),), 15: (("navy", None),), 22: (("black", None), ("burgundy", None)), 24: (("beige", None),),
    30: (("navy", None),), 34: (("charcoal", None),), 42: (("navy", None), ("green", None)), 46: (("cream", None),),
}  # fmt: skip
"""Number in the catalogue -> the further colours that the same garment comes in."""


def variants(
    stock: list[tuple[GarmentSpec, Record]], rng: np.random.Generator, titles: set[str]
) -> list[tuple[GarmentSpec, Record]]:
    """Return the further colours of a stock's garments, numbered on behind it.

    Args:
        stock: every garment so far, in the order of its numbers.
        rng: chooses what is reduced and what has run out.
        titles: what is taken; those of the variants are added.
    """
    made: list[tuple[GarmentSpec, Record]] = []
    for number, colours in VARIANTS.items():
        base, record = stock[number - 1]
        for colour, second in colours:
            seed = base.seed + 13 * len(made) + 1
            spec = replace(base, colour=colour, second_colour=second, seed=seed)
            own = _recoloured(record, base, spec, len(stock) + len(made) + 1)
            if own["title"] in titles:
                own["title"] = f"{own['title']} by {own['brand']}"
            titles.add(str(own["title"]))
            own["availability"] = availability_of(rng)
            if rng.random() < 0.75:
                own.pop("sale_price", None)
            made.append((spec, own))
    return made


def _recoloured(record: Record, base: GarmentSpec, spec: GarmentSpec, number: int) -> Record:
    sku = f"{str(record['sku']).rsplit('-', 1)[0]}-{number:04d}"
    own = record | {
        "sku": sku, "title": _title(str(record["title"]), base, spec), "colour": spec.colour,
        "description": _description(str(record["description"]), base, spec),
        "image": f"images/{sku.lower()}.webp", "link": f"https://example.com/items/{sku}",
    }  # fmt: skip
    if spec.second_colour:
        own["second_colour"] = spec.second_colour
    return own


def _title(title: str, base: GarmentSpec, spec: GarmentSpec) -> str:
    old, new = ("mid-blue" if s.colour == "denim blue" else s.colour for s in (base, spec))
    result = (title[0].lower() + title[1:]).replace(old, new, 1)
    return result[0].upper() + result[1:]


def _description(description: str, base: GarmentSpec, spec: GarmentSpec) -> str:
    old, new = (
        f"{s.colour} and {s.second_colour}" if s.second_colour else s.colour for s in (base, spec)
    )
    words = description.split(" From the ")[0].replace(f" in {old}", f" in {new}", 1)
    collection = collection_of(spec)
    return f"{words} From the {collection.name} collection." if collection else words
