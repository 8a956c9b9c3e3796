"""What is known of a garment -> a caption, in many phrasings."""

from __future__ import annotations

from typing import Final

import numpy as np

from index.training.examples import Example

_FRAMES: Final = (
    "{}", "a {}", "a photo of a {}", "{} on plain background", "one {}", "shop photo of a {}",
    "{}, fashion", "picture of {}",
)  # fmt: skip


def caption(example: Example, rng: np.random.Generator) -> str:
    """Return one phrasing of what is known: kind always, colour mostly, the rest at times."""
    name = example.name if rng.random() < 0.75 else example.category.value
    before: list[str] = []
    after = ""
    if example.colours and rng.random() < 0.8:
        if rng.random() < 0.2:
            after = f" in {example.colours[0]}"
        else:
            before.append(example.colours[0])
            if len(example.colours) > 1 and rng.random() < 0.4:
                before[0] += f" and {example.colours[1]}"
    if example.pattern and rng.random() < 0.7:
        before.append(example.pattern)
    if example.words and rng.random() < 0.4:
        before.append(example.words[int(rng.integers(len(example.words)))])
    rng.shuffle(before)
    frame = _FRAMES[int(rng.integers(len(_FRAMES)))]
    return frame.format(" ".join([*before, name]) + after)
