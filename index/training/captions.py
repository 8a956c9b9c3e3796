"""What is known of a garment -> a caption, in many phrasings, and what it claims."""

from __future__ import annotations

from typing import Final

import numpy as np

from index.training.facts import Claim, Facts

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
    rng.shuffle(before)
    frame = FRAMES[int(rng.integers(len(FRAMES)))]
    text = frame.format(" ".join([*before, name]) + after)
    sleeve = sleeve or SLEEVES.get(name, "")
    return Claim(text, facts.category, name, colours, pattern, sleeve, length, said)


def _coloured(facts: Facts, rng: np.random.Generator) -> tuple[list[str], str, tuple[str, ...]]:
    """Return words before the name, words after it, and the colours that they say."""
    if not facts.colours or rng.random() >= 0.8:
        return [], "", ()
    first = facts.colours[0]
    if rng.random() < 0.2:
        return [], f" in {first}", (first,)
    if len(facts.colours) > 1 and rng.random() < 0.4:
        return [f"{first} and {facts.colours[1]}"], "", facts.colours[:2]
    return [first], "", (first,)
