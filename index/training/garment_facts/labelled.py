"""Data sets -> pictures of garments with the facts that their words say, to fit and to measure on.

The facts of a product are what `index.facts.words` reads in its title and article type, its gender, and
its usage where that says more than the shop's everyday "Casual". A tenth of each set, chosen by the hash
of the id, is `val` and is seen by no training, neither the encoder's nor this one; of the rest a fifth
is kept to calibrate on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from index.facts.heads import GROUND, LAID_FLAT, OTHER
from index.facts.reader import PRINT
from index.facts.words import Worded, facts_in
from index.model.garment_facts import Audience, Formality, GarmentFacts
from index.training.examples.garments import read_examples
from index.training.examples.product_facts import PATTERNS, SLEEVES
from index.training.garment_facts.judged import ADULT, Judged, answers_of, details, judged
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Rgb
from segmentation.common.photo import decode
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from segmentation.datasets.clothing_dataset import is_clothing_dataset, read_clothing_dataset
from segmentation.datasets.products.clothing_full import is_clothing_full, read_clothing_full
from segmentation.datasets.products.product_photos import (
    ProductPhoto,
    is_product_photos,
    read_product_photos,
)

VAGUE: Final = frozenset({"boots", "suit", "bodysuit", "glasses", "flats"})
"""Words of street photos that name more than one fine kind."""
USAGES: Final = {
    "Sports": Formality.SPORT, "Formal": Formality.FORMAL, "Smart Casual": Formality.SMART,
    "Party": Formality.SMART,
}  # fmt: skip
"""The usages that say how dressy a product is; "Casual" is said of nearly everything."""
GENDERS: Final = {
    "Men": Audience.MEN, "Women": Audience.WOMEN, "Boys": Audience.KIDS, "Girls": Audience.KIDS,
    "Unisex": Audience.UNISEX,
}  # fmt: skip
ETHNIC: Final[Mapping[str, Category]] = {
    "Kurtas": Category.TOP, "Kurta Sets": Category.DRESS, "Sarees": Category.DRESS,
}  # fmt: skip
"""Articles that are in no category of the taxonomy, and what a shop here would file them under."""
PATTERN_WORDS: Final = (*PATTERNS, (re.compile(r"\b(?:print|printed|graphic)\b"), PRINT))
SLEEVE_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(("t-shirt", "polo", "short-sleeved shirt"), "short"),
    **dict.fromkeys(("tank top", "camisole"), "sleeveless"),
    **dict.fromkeys(("long-sleeved top", "sweatshirt", "hoodie", "sweater", "turtleneck"), "long"),
    **dict.fromkeys(
        ("blazer", "jacket", "coat", "cardigan", "rain jacket", "denim jacket"), "long"
    ),
}
"""Fine kind -> its sleeves."""
HEAVY: Final = 6.0
"""What a photo of a garment laid flat weighs: few, and unlike a shop's."""
CLOTHES: Final = frozenset((Slot.TOP, Slot.OUTER, Slot.BOTTOM, Slot.ONE_PIECE, Slot.SHOES))
FINER: Final = {
    "Longsleeve": "long sleeve top", "Undershirt": "tank top", "Outwear": "", "Hat": "", "Shoes": "",
    "Pants": "", "Shirt": "", "Skirt": "", "Dress": "", "Top": "",
}  # fmt: skip
"""Labels of clothing-full that another word says, or that say no more than the kind."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """One picture of a garment.

    Attributes:
        id: the data set and the picture's id in it.
        category: its kind.
        answers: family -> what is known; families of which nothing is known are left out.
        split: `fit`, `calibrate` or `val`.
        read: returns the picture, H x W x 3 uint8 RGB.
        cut: it is a cut-out already; else a white ground may be cut away.
        flat: it is laid flat or hangs, in somebody's photo.
        weight: how many pictures like it it stands for where something is fitted.
        seen: families whose answers somebody saw where no words say them.
        words: `gender`, `usage`, `article` and `title` of a product, for figures beside earlier ones.
    """

    id: str
    category: Category
    answers: Mapping[str, str]
    split: str
    read: Callable[[], Rgb]
    cut: bool = False
    flat: bool = False
    weight: float = 1.0
    seen: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)


def read_labelled(folders: Sequence[Path]) -> list[Labelled]:
    """Return all pictures of which something is known, of every folder that is there.

    Raises:
        DatasetError: there are none, or a folder is in none of the known layouts.
    """
    found = [_seen(each) for folder in folders for each in _read(folder) if each.answers]
    if not found:
        raise DatasetError(
            "no garment of which a fact is known",
            got=", ".join(map(str, folders)) or "no folders",
            expected="product photos, clothing-full, clothing-dataset-small or street photos",
            next_step="Give the folders of the data sets with --data.",
        )
    return found


def _seen(picture: Labelled) -> Labelled:
    """Return a picture with what was seen on it, and how it is shown."""
    seen = details().get(picture.id, {})
    ground = LAID_FLAT if picture.flat else OTHER
    answers = {**picture.answers, **seen, GROUND: ground}
    return replace(picture, answers=answers, seen=frozenset(seen))


def _read(folder: Path) -> Iterator[Labelled]:
    if is_product_photos(folder):
        yield from _products(folder)
    elif is_clothing_full(folder):
        yield from _finer(folder)
    elif is_clothing_dataset(folder):
        yield from _flat(folder)
    else:
        yield from _worn(folder)


def _products(folder: Path) -> Iterator[Labelled]:
    for product in read_product_photos(folder):
        category = product.category or ETHNIC.get(product.article)
        if category is not None:
            name = f"product-photos/{product.id}"
            facts = facts_of_product(product, category)
            words = {
                "gender": product.gender, "usage": product.usage, "article": product.article,
                "title": product.title,
            }  # fmt: skip
            yield Labelled(
                name,
                category,
                {**answers_of(facts), **attributes_of(facts.fine_kind, product.title)},
                part_of(name, product.split),
                product.rgb,
                words=words,
            )


def facts_of_product(product: ProductPhoto, category: Category) -> GarmentFacts:
    """Return what a product's words say of it."""
    audience = GENDERS.get(product.gender, Audience.UNKNOWN)
    facts = facts_in(Worded(category, product.title, product.article, audience=audience))
    formality = USAGES.get(product.usage, facts.formality)
    if product.usage == "Casual":
        if facts.formality is Formality.FORMAL:
            formality = None  # the shop and convention disagree
        elif facts.formality is None and SLOT_OF[category] in CLOTHES:
            formality = Formality.CASUAL
    return replace(facts, formality=formality)


def attributes_of(fine_kind: str, title: str = "") -> dict[str, str]:
    """Return the pattern that a title says, and the sleeve that a title or the fine kind says.

    >>> attributes_of("t-shirt", "Puma Men Striped Tee"), attributes_of("hoodie")
    ({'pattern': 'stripe', 'sleeve': 'short'}, {'sleeve': 'long'})
    """
    words = title.casefold()
    pattern = next((name for entry, name in PATTERN_WORDS if entry.search(words)), "")
    sleeve = next((name for entry, name in SLEEVES if entry.search(words)), "")
    sleeve = sleeve or SLEEVE_OF.get(fine_kind, "")
    return {k: v for k, v in (("pattern", pattern), ("sleeve", sleeve)) if v}


def part_of(name: str, split: str) -> str:
    """Return `val`, or `calibrate` for a fifth of the rest by the hash of the name, else `fit`."""
    if split == "val":
        return "val"
    return "calibrate" if hashlib.sha256(f"calibrate/{name}".encode()).digest()[0] < 51 else "fit"


def _finer(folder: Path) -> Iterator[Labelled]:
    seen = judged()
    for garment in read_clothing_full(folder):
        name = f"clothing-full/{garment.id}"
        by_eye = seen.get(garment.id, Judged(ADULT, "", "", ""))
        word = by_eye.fine_kind or FINER.get(garment.label, garment.label)
        facts = facts_in(Worded(garment.category, word))
        answers = {**answers_of(facts), **attributes_of(facts.fine_kind)}
        if by_eye.audience == Audience.KIDS or not facts.audience:
            answers["audience"] = by_eye.audience
        part = part_of(name, garment.split)
        yield Labelled(name, garment.category, answers, part, garment.rgb, flat=True, weight=HEAVY)


def _flat(folder: Path) -> Iterator[Labelled]:
    """Yield the photos of single garments that somebody looked at."""
    seen = judged()
    for garment in read_clothing_dataset(folder):
        if garment.id in seen:
            name = f"clothing-dataset/{garment.id}"
            by_eye = seen[garment.id]
            answers = {**by_eye.answers(), **attributes_of(by_eye.fine_kind)}
            part = part_of(name, garment.split)
            picture = partial(_decoded, garment.path)
            yield Labelled(name, garment.category, answers, part, picture, flat=True, weight=HEAVY)


def _decoded(path: Path) -> Rgb:
    return decode(path.read_bytes()).rgb


def _worn(folder: Path) -> Iterator[Labelled]:
    for split in ("train", "val"):
        for example in read_examples(folder, split):
            name, word = example.id, example.facts.name
            answers = answers_of(facts_in(Worded(example.facts.category, word)))
            answers |= attributes_of(answers.get("fine_kind", ""))
            if word in VAGUE:
                answers.pop("fine_kind", None)
            piece = example.cut_out()
            part = part_of(name, split)
            yield Labelled(
                name, example.facts.category, answers, part, partial(_same, piece), cut=True
            )


def _same(piece: Rgb) -> Rgb:
    return piece
