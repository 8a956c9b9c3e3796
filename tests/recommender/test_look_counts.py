"""What is counted of looks: nothing that a person would wince at."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from index.facts.words import Worded, facts_in
from index.model.items import CatalogItem
from recommender.bench.look_counts import Answered, counted
from recommender.completion.asking import CompleteRequest
from recommender.completion.complete import complete
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import shipped
from recommender.outfits.outfit import Outfit
from recommender.photos.photo_analysis import analyse
from recommender.wire.terms import Gain, Idea
from segmentation.common.taxonomy import Category
from tests.recommender.fakes import (
    DRESSED,
    FakeDetector,
    FakeSearcher,
    FakeServices,
    Found,
    item,
    photo,
)

TITLES: dict[Category, Sequence[str]] = {
    Category.SHOE: ("Pumps", "Sneakers", "Ankle boots", "Ballet flats", "Flip-flops", "Slippers", "Loafers"),
    Category.BAG: ("Handbag", "Clutch", "Backpack", "Tote bag", "Gym bag", "Wallet"),
    Category.JACKET: ("Blazer", "Track jacket", "Ski jacket", "Denim jacket", "Leather jacket"),
    Category.HAT: ("Trapper hat", "Straw hat", "Baseball cap", "Kids' cap"),
    Category.GLOVE: ("Leather gloves",),
    Category.SOCK: ("Crew socks",),
    Category.WATCH: ("Sports watch", "Dress watch"),
    Category.PANTS: ("Jeans", "Joggers", "Suit trousers", "Chinos"),
    Category.SKIRT: ("Pencil skirt", "Denim skirt"),
    Category.TOP: ("T-shirt", "Sports top", "Hoodie", "Camisole"),
}  # fmt: skip
COLOURS = ("black", "navy", "red", "green", "camel", "white")
OUTFITS: Sequence[Sequence[Found]] = (
    DRESSED,
    ((Category.SHIRT, 0.9, (0.2, 0.1, 0.8, 0.5)),),
    ((Category.PANTS, 0.9, (0.2, 0.5, 0.8, 0.9)), (Category.TOP, 0.8, (0.2, 0.1, 0.8, 0.5))),
    ((Category.SKIRT, 0.9, (0.2, 0.5, 0.8, 0.9)),),
)


def catalogue() -> list[CatalogItem]:
    """Return a shop that sells everything, sports kit and children's things too."""
    made = []
    for kind, titles in TITLES.items():
        for number, (title, colour) in enumerate((t, c) for t in titles for c in COLOURS):
            facts = facts_in(Worded(kind, title))
            made.append(
                item(
                    f"{kind}-{number}",
                    kind,
                    str(Decimal(10 + number)),
                    facts=facts,
                    colour=colour,
                )
            )
    return made


def services(found: Sequence[Found]) -> FakeServices:
    return FakeServices(FakeSearcher(catalogue()), FakeDetector(found))


def answered(found: Sequence[Found], colour: tuple[int, int, int]) -> Answered:
    given = photo(colour, width=100, height=150)
    answer = complete(analyse(given, services(found)), services(found), CompleteRequest())
    garments = answer.garments
    rows = np.eye(len(garments), max(2, len(garments)), dtype=np.float32)
    return Answered("a", given, Outfit.of_garments(garments, rows), answer)


def test_looks_for_many_outfits_are_outfits_that_break_no_rule() -> None:
    colours = ((192, 40, 48), (36, 46, 78), (55, 119, 81), (246, 245, 242))
    given = [answered(found, colour) for found in OUTFITS for colour in colours]
    counts = counted(given, Stylist(shipped()))
    assert counts.outfits == 16 and counts.looks >= 40
    assert (counts.empty, counts.below_three, counts.vetoed) == (0, 0, 0)
    assert (counts.children, counts.mixed, counts.twice) == (0, 0, 0)
    assert counts.ideas >= 4


def test_what_nobody_should_see_is_counted() -> None:
    [one] = [answered(DRESSED, (192, 40, 48))]
    counts = counted([one, one], Stylist(shipped()))
    assert counts.repeated == len(one.answer.looks) and counts.distinct <= 0.5
    sells = next(pick.item.sku for look in one.answer.looks for pick in look.picks.values())
    assert counted([one], Stylist(shipped()), [sells, "nobody's"]).popular >= 1
    bare = counted([], Stylist(shipped()))
    assert (bare.looks, bare.distinct, bare.most) == (0, 0.0, 0)


WHOLE: Sequence[Found] = (
    (Category.PANTS, 0.9, (0.2, 0.5, 0.8, 0.9)),
    (Category.TOP, 0.8, (0.2, 0.1, 0.8, 0.5)),
    (Category.SHOE, 0.7, (0.2, 0.9, 0.8, 1.0)),
)


def test_a_complete_outfit_is_said_to_be_and_offered_changes() -> None:
    answer = complete(analyse(photo(), services(WHOLE)), services(WHOLE), CompleteRequest())
    assert answer.is_complete and answer.note.startswith("Your outfit is complete")
    gains = [look.change.gain for look in answer.looks if look.change]
    assert len(gains) == len(answer.looks) and Gain.WARMER in gains
    for look in answer.looks:
        assert look.change is not None and look.change.text.endswith(".")
        gone = set(range(3)) - set(look.worn)
        assert gone == set(look.change.replaced)
        assert 1 <= len(look.picks) <= 2 and set(look.change.by) == set(look.picks)
    warmer = next(look for look in answer.looks if look.change and look.change.gain is Gain.WARMER)
    assert "warm enough for" in (warmer.change.text if warmer.change else "")


def test_one_change_can_be_asked_for() -> None:
    answer = complete(
        analyse(photo(), services(WHOLE)), services(WHOLE), CompleteRequest(change=Gain.DRESS_UP)
    )
    assert {look.change.gain for look in answer.looks if look.change} == {Gain.DRESS_UP}


def test_the_dearest_picks_are_made_cheaper() -> None:
    asked = CompleteRequest(change=Gain.CHEAPER, picked=("bag-30", "shoe-5"))
    answer = complete(analyse(photo(), services(WHOLE[:2])), services(WHOLE[:2]), asked)
    for look in answer.looks:
        assert look.change is not None and look.change.replaced_skus
        assert sum(look.totals.values()) < Decimal(40 + 15) and "less" in look.change.text
    none = complete(
        analyse(photo(), services(WHOLE[:2])),
        services(WHOLE[:2]),
        CompleteRequest(change=Gain.CHEAPER),
    )
    assert none.look.reason == "The catalogue has nothing for this change of the outfit."


def test_looks_say_which_idea_of_colour_they_follow() -> None:
    answer = complete(
        analyse(photo((36, 46, 78)), services(OUTFITS[1])), services(OUTFITS[1]), CompleteRequest()
    )
    assert {look.idea for look in answer.looks} <= set(Idea) and len(answer.looks) == 3
