"""What is known of a garment -> a caption, in many phrasings, and what it claims."""

from __future__ import annotations

from typing import Final

import numpy as np

from index.training.examples.facts import Claim, Facts

FRAMES: Final = (
    "{}", "a {}", "a photo of a {}", "one {}", "shop photo of a {}",
    "{}, fashion", "picture of {}", "the {}", "{} for sale",
)  # fmt: skip
"""Around a whole description."""
COLOUR_FRAMES: Final = ("{}", "{} clothes", "something {}", "a {} garment", "in {}")
PATTERN_FRAMES: Final = ("{}", "{} cloth", "something {}", "a {} garment", "{} pattern")
SLEEVE_FRAMES: Final = ("{}", "with {}", "a garment with {}")
LENGTH_FRAMES: Final = ("{}", "a {} garment", "something {}")
PATTERN_WORDS: Final = {
    "plain": ("plain", "solid"),
    "stripe": ("striped", "stripe", "stripes"),
    "pinstripe": ("pinstriped", "pinstripe"),
    "check": ("checked", "check", "plaid", "checkered"),
    "dots": ("dotted", "polka dot", "dots"),
    "floral": ("floral", "flowers", "flower print"),
}
"""Pattern -> what people type."""
SLEEVE_WORDS: Final = {
    "sleeveless": "sleeveless", "short": "short sleeves", "three-quarter": "three-quarter sleeves",
    "long": "long sleeves",
}  # fmt: skip
SLEEVES: Final = {"t-shirt": "short", "short-sleeve shirt": "short", "long-sleeved top": "long"}
"""Names that say the sleeve."""
LENGTH_WORDS: Final = {
    "cropped": "cropped", "mini": "mini", "knee": "knee-length", "midi": "midi", "maxi": "maxi",
    "ankle": "ankle-length", "full": "full-length",
}  # fmt: skip

AUDIENCE_FRAMES: Final = ("{}", "{} clothes", "{} fashion", "a {} garment")
USAGE_FRAMES: Final = ("{}", "{} clothes", "something {}")
AUDIENCE_WORDS: Final = {"women": "women's", "men": "men's", "kids": "children's"}
USAGE_WORDS: Final = {
    "sport": "sports", "casual": "casual", "smart": "smart", "formal": "formal", "ethnic": "ethnic",
}  # fmt: skip

SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "navy": ("navy blue",), "burgundy": ("maroon",), "light grey": ("silver",), "cream": ("off-white", "off white"),
    "lilac": ("lavender",), "coral": ("peach",), "teal": ("turquoise",), "mustard": ("gold",),
    "grey": ("gray", "steel"), "tan": ("copper",), "denim blue": ("denim",),
    "t-shirt": ("tshirt", "tee"), "sports shoes": ("trainers", "running shoes"), "sneakers": ("trainers",),
    "heels": ("high heels",), "flip-flops": ("flip flops", "slippers"), "formal shoes": ("oxfords", "dress shoes"),
    "handbag": ("bag", "ladies' bag"), "backpack": ("rucksack",), "tank top": ("camisole", "vest top", "undershirt"),
    "sweater": ("jumper", "pullover"), "trousers": ("pants", "chinos"), "track pants": ("joggers", "sweatpants"),
    "sunglasses": ("shades",), "polo shirt": ("polo", "polo t-shirt"), "cap": ("baseball cap",),
    "hoodie": ("hooded sweatshirt",), "blazer": ("suit jacket",), "long-sleeved top": ("long sleeve top",),
    "muffler": ("winter scarf",), "rain jacket": ("windcheater", "waterproof jacket"),
    "women's": ("women", "ladies'", "for women"), "men's": ("men", "for men"),
    "children's": ("kids'", "kids", "for children"), "sports": ("sport", "sportswear", "gym"),
    "formal": ("office", "formal wear"), "ethnic": ("traditional",),
}  # fmt: skip
"""Word -> what people type instead of it."""
OTHERWISE: Final = 0.35
"""How often another word is said where there is one."""


def spoken(word: str, rng: np.random.Generator) -> str:
    """Return a word, or at times another that people type for it."""
    others = SYNONYMS.get(word, ())
    if not others or rng.random() >= OTHERWISE:
        return word
    return others[int(rng.integers(len(others)))]


def caption(facts: Facts, rng: np.random.Generator) -> Claim:
    """Return one phrasing of what is known: kind always, colour mostly, the rest at times."""
    name = facts.name if rng.random() < 0.75 else facts.category.value
    before, after, colours = _coloured(facts, rng)
    pattern = facts.pattern if facts.pattern and rng.random() < 0.7 else ""
    if pattern == "plain" and rng.random() < 0.6:  # few people say it
        pattern = ""
    if pattern:
        words = PATTERN_WORDS[pattern]
        before.append(words[int(rng.integers(len(words)))])
    said = tuple(word for word in facts.words if rng.random() < 0.25)
    before.extend(said)
    sleeve = facts.sleeve if facts.sleeve and rng.random() < 0.3 else ""
    length = facts.length if facts.length and rng.random() < 0.3 else ""
    if sleeve:
        after += f" with {SLEEVE_WORDS[sleeve]}"
    if length:
        before.append(LENGTH_WORDS[length])
    audience = facts.audience if rng.random() < 0.35 else ""
    usage = facts.usage if rng.random() < 0.25 else ""
    if usage:
        before.append(spoken(USAGE_WORDS[usage], rng))
    rng.shuffle(before)
    if audience:
        before.insert(0, spoken(AUDIENCE_WORDS[audience], rng))
    frame = FRAMES[int(rng.integers(len(FRAMES)))]
    text = frame.format(" ".join([*before, spoken(name, rng)]) + after)
    sleeve = sleeve or SLEEVES.get(name, "")
    return Claim(
        text, facts.category, name, colours, pattern, sleeve, length, said, audience, usage
    )


def _coloured(facts: Facts, rng: np.random.Generator) -> tuple[list[str], str, tuple[str, ...]]:
    """Return words before the name, words after it, and the colours that they say."""
    if not facts.colours or rng.random() >= 0.8:
        return [], "", ()
    first = facts.colours[0]
    word = spoken(first, rng)
    if rng.random() < 0.2:
        return [], f" in {word}", (first,)
    if len(facts.colours) > 1 and rng.random() < 0.4:
        return [f"{first} and {facts.colours[1]}"], "", facts.colours[:2]
    return [word], "", (first,)
