from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.outfits.harmony import SCORE_OF, Relation, coherence, is_neutral, relation
from segmentation.common.colours import PALETTE

NAMES = st.sampled_from([*PALETTE, "", "sparkling"])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("red", "red", Relation.SAME),
        ("red", "black", Relation.NEUTRAL),
        ("navy", "green", Relation.NEUTRAL),
        ("red", "burgundy", Relation.ANALOGOUS),
        ("blue", "purple", Relation.ANALOGOUS),
        ("red", "green", Relation.COMPLEMENTARY),
        ("blue", "orange", Relation.COMPLEMENTARY),
        ("red", "blue", Relation.CLASHING),
        ("light blue", "teal", Relation.CONTRASTING),
        ("red", "sparkling", Relation.UNKNOWN),
        ("", "red", Relation.UNKNOWN),
    ],
)
def test_relations(one: str, other: str, expected: Relation) -> None:
    assert relation(one, other) is expected


@given(NAMES, NAMES)
def test_a_relation_is_mutual(one: str, other: str) -> None:
    assert relation(one, other) is relation(other, one)


@given(NAMES, st.lists(NAMES, max_size=5))
def test_coherence_stays_within_its_bounds(colour: str, worn: list[str]) -> None:
    assert min(SCORE_OF.values()) <= coherence(colour, worn) <= max(SCORE_OF.values())


def test_one_clash_weighs_more_than_its_share() -> None:
    calm, loud = coherence("red", ["white", "black"]), coherence("red", ["white", "black", "blue"])
    average = (2 * SCORE_OF[Relation.NEUTRAL] + SCORE_OF[Relation.CLASHING]) / 3
    assert loud < average < calm


@pytest.mark.parametrize("name", ["black", "grey", "white", "cream", "beige", "navy", "denim blue"])
def test_neutrals(name: str) -> None:
    assert is_neutral(name)


@pytest.mark.parametrize("name", ["red", "magenta", "yellow", "", "sparkling"])
def test_not_neutral(name: str) -> None:
    assert not is_neutral(name)
