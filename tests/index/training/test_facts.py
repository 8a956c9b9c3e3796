"""A claim is true, false or unknown of a garment, and captions claim only what is known."""

from __future__ import annotations

import numpy as np
import pytest

from index.training.examples.captions import SYNONYMS, caption
from index.training.examples.facts import FALSE, TRUE, UNKNOWN, Claim, Facts, truth, verdict
from index.training.examples.vocabulary import COLOUR, KIND, phrased, vocabulary_of
from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Category

BLAZER = Facts(Category.JACKET, "blazer", ("navy", "white"), "stripe", sleeve="long")


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Claim("", Category.JACKET, "jacket"), TRUE),
        (Claim("", Category.JACKET, "parka"), UNKNOWN),
        (Claim("", Category.SHOE, "boots"), FALSE),
        (Claim("", colours=("white",)), TRUE),
        (Claim("", colours=("black",)), UNKNOWN),
        (Claim("", colours=("navy", "red")), FALSE),
        (Claim("", pattern="pinstripe"), UNKNOWN),
        (Claim("", pattern="floral"), FALSE),
        (Claim("", sleeve="short"), FALSE),
        (Claim("", length="midi"), UNKNOWN),
        (Claim("", words=("silk",)), UNKNOWN),
        (Claim("", Category.SHOE, "boots", words=("silk",)), FALSE),
    ],
)
def test_a_claim_is_as_good_as_its_weakest_part(claim: Claim, expected: int) -> None:
    assert verdict(claim, BLAZER) == expected


def test_captions_are_true_and_say_only_what_is_known() -> None:
    claims = [caption(BLAZER, np.random.default_rng(n)) for n in range(80)]
    assert truth([BLAZER], claims).min() == TRUE
    said = " / ".join(claim.text for claim in claims)
    assert all(word in said for word in ("blazer", "jacket", "navy", "strip", "long sleeves"))
    bare = [caption(Facts(Category.HAT, "hat"), np.random.default_rng(n)).text for n in range(40)]
    assert not any(word in text for text in bare for word in (*PALETTE, "plain", "sleeve"))


def test_a_vocabulary_holds_names_categories_and_all_colours() -> None:
    words = vocabulary_of([BLAZER])
    assert [claim.name for claim in words[KIND]] == ["blazer", "jacket"]
    assert [claim.text for claim in words[COLOUR]] == list(PALETTE)
    texts = phrased(COLOUR, words[COLOUR], np.random.default_rng(0))
    assert len(texts) == len(PALETTE)
    assert all(
        any(word in text for word in (name, *SYNONYMS.get(name, ())))
        for name, text in zip(PALETTE, texts, strict=True)
    )
