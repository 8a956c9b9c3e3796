from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.outfits.slots import (
    BY_ESSENCE,
    NOT_WITH,
    PARTNERS,
    RULES_OUT,
    conflict,
    held,
    kinds_for,
    missing,
    resolve,
    with_article,
)
from segmentation.common.taxonomy import SLOT_OF, Category, Slot

WORN = st.lists(st.sampled_from(list(Category)), max_size=8)
ASKED = st.lists(st.sampled_from(list(Slot)), max_size=8)


@pytest.mark.parametrize(
    ("worn", "lacks"),
    [
        ([], "bottom top shoes outer bag accessories"),
        ([Category.DRESS], "shoes outer bag hosiery accessories"),
        ([Category.SHIRT], "bottom shoes outer bag accessories"),
        ([Category.SKIRT], "top shoes outer bag hosiery accessories"),
        ([Category.SHIRT, Category.PANTS, Category.SHOE], "outer bag accessories"),
        ([Category.JUMPSUIT, Category.COAT, Category.BAG], "shoes accessories"),
        ([Category.DRESS, Category.TIGHTS, Category.SHOE, Category.SHOE], "outer bag accessories"),
    ],
)
def test_what_an_outfit_lacks(worn: list[Category], lacks: str) -> None:
    assert [slot.value for slot in missing(worn)] == lacks.split()


@pytest.mark.parametrize("slot", [Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE])
def test_a_dress_leaves_no_room_for_what_it_covers(slot: Slot) -> None:
    wanted = resolve([slot], [Category.DRESS])
    assert wanted.kinds == {}
    assert "a dress" in wanted.notes[slot]


def test_a_top_leaves_no_room_for_a_one_piece() -> None:
    assert conflict(Slot.ONE_PIECE, [Category.SHIRT]) == "a shirt leaves no room for a one-piece"


def test_of_rivals_asked_for_the_first_counts() -> None:
    wanted = resolve([Slot.BOTTOM, Slot.ONE_PIECE], [])
    assert list(wanted.kinds) == [Slot.BOTTOM]
    assert "was asked for as well" in wanted.notes[Slot.ONE_PIECE]


@pytest.mark.parametrize(
    ("kind", "worn", "allowed"),
    [
        (Category.TIE, [Category.SHIRT], True),
        (Category.TIE, [Category.TOP], False),
        (Category.TIE, [Category.SHIRT, Category.SCARF], False),
        (Category.SCARF, [Category.TIE], False),
        (Category.HAT, [Category.HEADBAND], False),
        (Category.HAT, [Category.HAT], False),
        (Category.HAT, [Category.WATCH], True),
        (Category.BELT, [Category.PANTS], True),
        (Category.BELT, [Category.SHIRT], False),
        (Category.TIGHTS, [Category.SKIRT], True),
        (Category.TIGHTS, [Category.PANTS], False),
        (Category.SOCK, [Category.PANTS], True),
    ],
)
def test_kinds_and_their_partners(kind: Category, worn: list[Category], allowed: bool) -> None:
    assert (kind in kinds_for(SLOT_OF[kind], worn)) is allowed


def test_tables_are_sound() -> None:
    assert set(BY_ESSENCE) == set(Slot) and len(BY_ESSENCE) == len(Slot)
    assert all(a in RULES_OUT[b] for a, others in RULES_OUT.items() for b in others)
    assert all(a in NOT_WITH[b] for a, others in NOT_WITH.items() for b in others)
    assert not any(kind in partners for kind, partners in PARTNERS.items())


@given(WORN, ASKED)
def test_whatever_is_wanted_can_be_worn(worn: list[Category], asked: list[Slot]) -> None:
    wanted = resolve(asked, worn)
    filled = held(worn) | set(wanted.kinds)
    added = {b for a in filled for b in RULES_OUT.get(a, ()) if b in wanted.kinds}
    assert not added
    assert all(kinds for kinds in wanted.kinds.values())
    assert all(SLOT_OF[kind] is slot for slot, kinds in wanted.kinds.items() for kind in kinds)
    assert list(wanted.kinds) == [slot for slot in BY_ESSENCE if slot in wanted.kinds]
    if asked:
        assert set(wanted.kinds) | set(wanted.notes) == set(asked)
    assert not set(wanted.kinds) & set(wanted.notes)


@given(st.sampled_from([*Category, *Slot]))
def test_every_word_reads_as_english(thing: Category | Slot) -> None:
    said = with_article(thing)
    assert said.startswith(("a ", "an ")) or said.endswith(("s", "hosiery"))
