"""Simulated people: hidden tastes over a catalogue's attributes, and what they would like of it.

A taste is made of colour families, pattern families, formality and price. It knows nothing of any
encoder's vectors; what is liked of an item is read off its shop's words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.model.items import CatalogItem
from index.model.patterns import pattern_key

Rows = NDArray[np.float64]

COMMON: Final = 0.3
"""How much of their directions all people share: without it, popularity could know little."""
COLOURS: Final = (
    ("black", "charcoal"), ("grey", "light grey"), ("white", "cream"), ("navy", "blue"),
    ("denim blue", "light blue"), ("beige", "camel", "tan", "khaki"), ("brown",),
    ("green", "olive", "mint", "teal"), ("red", "burgundy", "coral"),
    ("pink", "magenta", "purple", "lilac"), ("orange", "mustard", "yellow"),
)  # fmt: skip
PATTERNS: Final = (
    ("plain",), ("stripe", "pinstripe"), ("check", "gingham"), ("dots",), ("floral",)
)  # fmt: skip
FORMAL: Final = frozenset(
    [
        "blazer",
        "tailored",
        "silk",
        "satin",
        "pumps",
        "clutch",
        "tie",
        "loafers",
        "coat",
        "pencil",
        "blouse",
        "handbag",
        "pleated",
        "slip",
        "wrap",
        "waistcoat",
        "watch",
        "leather",
        "fedora",
        "trench",
        "merino",
        "wool",
        "turtleneck",
    ]
)
CASUAL: Final = frozenset(
    [
        "hoodie",
        "sweatshirt",
        "tee",
        "jeans",
        "denim",
        "joggers",
        "sneakers",
        "backpack",
        "cap",
        "beanie",
        "shorts",
        "bomber",
        "parka",
        "canvas",
        "nylon",
        "leggings",
        "jersey",
        "tank",
        "polo",
        "tote",
        "chinos",
        "gilet",
        "playsuit",
    ]
)


def hidden_tastes(
    items: Sequence[CatalogItem], people: int, rng: np.random.Generator, *, common: float = COMMON
) -> Rows:
    """Return (people, items) how much each would like each: mean 0 and spread 1 for each person.

    A person's four parts have random shares of their taste: a random direction in colour families,
    one in pattern families, one in formality, and a price that they find right for its slot.

    Args:
        items: of a catalogue.
        people: how many.
        rng: chance.
        common: how much of the directions all share, 0 to 1.
    """
    formal = np.array([[_formality(item)] for item in items])
    known = [
        _directed(
            _families([item.colour.casefold() for item in items], COLOURS), people, rng, common
        ),
        _directed(
            _families([pattern_key(item.pattern) for item in items], PATTERNS), people, rng, common
        ),
        _directed(formal, people, rng, common),
        -((_dear(items)[None] - rng.normal(size=(people, 1))) ** 2),
    ]
    shares = np.sqrt(rng.dirichlet([2.0] * len(known), size=people))
    parts = np.stack([_standard(part) for part in known], axis=2)
    return _standard(np.einsum("pnk,pk->pn", parts, shares))


def liked_of_shown(
    tastes: Rows, shown: NDArray[np.bool_], likes: int, rng: np.random.Generator,
    *, at_once: int = 12, noise: float = 0.5,
) -> NDArray[np.int64]:  # fmt: skip
    """Return (people, likes) items, in the order they were liked in.

    Each like is the best of a dozen items seen at once, as it appears at that moment: the hidden
    taste plus Gumbel noise. Nothing is liked twice.

    Args:
        tastes: (people, items).
        shown: (people, items) what each may see.
        likes: of each person.
        rng: chance.
        at_once: items seen for each like.
        noise: scale of the noise, in spreads of the taste.
    """
    liked = np.zeros((len(tastes), likes), np.int64)
    for person, taste in enumerate(tastes):
        left = np.flatnonzero(shown[person])
        for number in range(likes):
            seen = rng.choice(left, min(at_once, len(left)), replace=False)
            appeal = taste[seen] + noise * rng.gumbel(size=len(seen))
            liked[person, number] = seen[np.argmax(appeal)]
            left = left[left != liked[person, number]]
    return liked


def relevance(taste: Rows) -> NDArray[np.int64]:
    """Return (n,) grades of one person's items: the best tenth 3, the next 15 % 2, the next 25 % 1.

    >>> relevance(np.arange(20.0)).tolist()[9:]
    [0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3]
    """
    place = np.argsort(np.argsort(-taste, kind="stable"), kind="stable") / len(taste)
    return np.asarray(3 - np.searchsorted([0.1, 0.25, 0.5], place, side="right"), np.int64)


def _directed(features: Rows, people: int, rng: np.random.Generator, common: float) -> Rows:
    """Return (people, n) items along directions that people share a part of."""
    own = rng.normal(size=(people, features.shape[1]))
    shared = rng.normal(size=(1, features.shape[1]))
    directions = np.sqrt(1 - common) * own + np.sqrt(common) * shared
    return np.asarray(directions @ features.T, np.float64)


def _families(words: Sequence[str], families: Sequence[Sequence[str]]) -> Rows:
    return np.array([[float(word in family) for family in families] for word in words])


def _formality(item: CatalogItem) -> float:
    words = set(re.findall(r"[a-z]+", f"{item.title} {item.material}".casefold()))
    return float(bool(words & FORMAL)) - float(bool(words & CASUAL))


def _dear(items: Sequence[CatalogItem]) -> Rows:
    """Return (n,) standardised logarithms of prices, each within its slot; 0 without a price."""
    found = np.zeros(len(items))
    for slot in {item.slot for item in items}:
        rows = [i for i, item in enumerate(items) if item.slot is slot and item.asking_price]
        if rows:
            found[rows] = _standard(np.log([[float(items[i].asking_price or 1) for i in rows]]))[0]
    return found


def _standard(rows: Rows) -> Rows:
    """Return rows with mean 0 and spread 1; a row without spread is all 0."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(centred.std(axis=1, keepdims=True), 1e-9))
