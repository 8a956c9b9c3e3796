"""The stylist's table, and what it says of outfits."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.facts.kinds import fine_kinds
from index.model.garment_facts import Audience, GarmentFacts
from index.model.items import CatalogItem
from recommender.outfits.dress.context import Context, context_of, day_of
from recommender.outfits.dress.lacks import EARNED, fillings, lacks
from recommender.outfits.dress.pieces import Piece, counted_as
from recommender.outfits.dress.rules import BUSY, DressRules
from recommender.outfits.dress.shades import fits, idea_of
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.dress.table import SHIPPED, StylistError, shipped, table_of
from recommender.outfits.dress.whole import Outfitting
from recommender.wire.terms import Idea, Occasion, Season
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fakes import item

STYLIST = Stylist(shipped())


def thing(fine_kind: str, **fields: Any) -> CatalogItem:
    """Return an item of a fine kind."""
    kind = fine_kinds()[fine_kind].category
    return item(f"{fine_kind}-{fields}", kind, facts=GarmentFacts(fine_kind), **fields)


def piece(fine_kind: str, **fields: Any) -> Piece:
    return STYLIST.item(thing(fine_kind, **fields))


def rules(**context: Any) -> DressRules:
    return DressRules(STYLIST, Context(**{"formality": 1.3, "temperature_c": 18.0, **context}))


def never(one: str, other: str, **context: Any) -> bool:
    refused, _ = rules(**context).between([piece(one)], [piece(other)])
    return bool(refused[0, 0])


def test_pieces_that_no_rule_tells_apart_are_marked_once() -> None:
    stylist, chance = Stylist(shipped()), np.random.default_rng(4)
    bounds = [grade for side in stylist._sides for each in side for grade in each.formality or ()]
    grades = [*bounds, *chance.uniform(0, 3, 60).round(3).tolist()]
    known = [piece(name) for name in ("blazer", "flat sandal", "jeans")]
    pieces = [
        replace(each, grade=grade, brand=f"Maker {at}", pattern=["", "stripe", "paisley"][at % 3])
        for each in known
        for at, grade in enumerate(grades)
    ]
    for number, side in enumerate(stylist._sides):
        fitting = [[stylist.fits(each, one) for each in side] for one in pieces]
        np.testing.assert_array_equal(stylist.marked(pieces, number), fitting)
    assert len(stylist._marks) < len(pieces) / 3, "whatever their makers and their very grades"


def names_in(value: Any) -> list[str]:
    """Return the names in a side of a rule: one, a list, or a table with them."""
    if isinstance(value, dict):
        return [*value.get("any", []), *value.get("but", [])]
    return [value] if isinstance(value, str) else list(value)


def named() -> list[str]:
    """Return every name of the table."""
    record = tomllib.loads(SHIPPED.read_text("utf-8"))
    rules = [rule for part in ("never", "costs", "needs", "bans") for rule in record[part]]
    sides = [rule[side] for rule in rules for side in ("one", "other", "needs") if side in rule]
    lists = [*record["groups"].values(), *record["audience"].values()]
    lists += [occasion["likes"] for occasion in record["occasions"].values()]
    names = [name for each in (*sides, *lists) for name in names_in(each)]
    return [*names, *record["days"], *record["grades"]]


def test_every_name_of_the_table_means_something() -> None:
    plain = {*Category, *Slot, "hot", "mild", "cold"}
    known = {*fine_kinds(), *shipped().groups, *(str(name) for name in plain)}
    assert [each for each in named() if each not in known] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ski jacket", "pump"),
        ("track jacket", "pencil skirt"),
        ("hoodie", "cocktail dress"),
        ("crew socks", "heeled sandal"),
        ("crew socks", "mini skirt"),
        ("winter scarf", "sundress"),
        ("winter gloves", "denim shorts"),
        ("trapper hat", "denim shorts"),
        ("backpack", "cocktail dress"),
        ("sports watch", "evening gown"),
        ("flip-flop", "dress trousers"),
        ("straw hat", "overcoat"),
        ("baseball cap", "pump"),
        ("beanie", "winter gloves"),
        ("tunic", "midi skirt"),
    ],
)
def test_what_nobody_would_wear_together(one: str, other: str) -> None:
    assert never(one, other) and never(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("blazer", "jeans"),
        ("trainer", "midi skirt"),
        ("ankle boot", "dress"),
        ("fedora", "overcoat"),
        ("tunic", "leggings"),
    ],
)
def test_what_many_wear_together(one: str, other: str) -> None:
    assert not never(one, other)


def test_two_winter_accessories_are_for_the_cold() -> None:
    assert never("beanie", "winter gloves") and not never(
        "beanie", "winter gloves", temperature_c=-5
    )


def test_what_is_merely_called_boots_may_be_too_warm_for_a_mild_day() -> None:
    boots = [piece("boot"), piece("ankle boot")]
    refused, cost = rules(temperature_c=18.0).alone(boots)
    assert not refused.any() and cost[0] > cost[1]
    assert rules(temperature_c=23.0).alone(boots)[0].tolist() == [True, False]
    _, cold = rules(temperature_c=8.0).alone(boots)
    assert cold[0] == pytest.approx(cold[1], abs=0.1)


def test_womens_and_mens_are_never_mixed() -> None:
    hers, his = piece("jeans", audience=Audience.WOMEN), piece("t-shirt", audience=Audience.MEN)
    refused, _ = rules().between([hers], [his])
    assert refused.all()


def test_children_s_items_never_reach_adults_looks() -> None:
    said = piece("t-shirt", audience=Audience.KIDS)
    seen = STYLIST.item(
        item("s", Category.TOP, facts=GarmentFacts("t-shirt", audience=Audience.KIDS))
    )
    adult = piece("t-shirt", audience=Audience.WOMEN)
    refused, _ = rules().alone([said, seen, adult])
    assert refused.tolist() == [True, True, False]
    refused, _ = rules(audience=Audience.KIDS).alone([said, adult])
    assert refused.tolist() == [False, True]


def test_the_day_refuses_and_costs() -> None:
    pieces = [piece("ski jacket"), piece("parka"), piece("denim jacket")]
    refused, cost = rules(temperature_c=25.0).alone(pieces)
    assert refused[:2].all() and not refused[2] and cost[2] > 0
    refused, cost = rules(temperature_c=12.0).alone(pieces)
    assert not refused[2] and cost[2] < 0.2


def test_an_occasion_refuses_what_is_far_from_it_and_likes_what_it_likes() -> None:
    pieces = [piece("joggers"), piece("clutch"), piece("crossbody bag")]
    refused, cost = rules(occasion=Occasion.EVENING, formality=2.0).alone(pieces)
    assert refused[0] and not refused[1] and cost[1] < cost[2]


def whole(worn: list[Piece], new: list[Piece]) -> np.ndarray[Any, Any]:
    """Return what each of the new pieces costs alone beside what is worn."""
    board = Outfitting.of(worn, new, rules())
    held = np.zeros((1, 0), dtype=np.intp)
    return np.asarray(board.costs(held, np.arange(len(new)))[0])


def test_formality_is_compared_over_the_whole_outfit() -> None:
    costs = whole([piece("dress trousers")], [piece("running shoe"), piece("loafer")])
    assert np.isinf(costs[0]) and costs[1] == 0


def test_one_accent_of_colour_is_enough() -> None:
    new = [piece("tote", colour=name) for name in ("red", "black", "green", "yellow")]
    board = Outfitting.of([piece("jeans", colour="navy")], new, rules())
    held = np.array([[0]], dtype=np.intp)
    cost = board.costs(held, np.array([1, 2, 3]))[0]
    assert cost[0] == 0 < cost[1]
    three = np.array([[0, 2, 3]], dtype=np.intp)
    blue = Outfitting.of([], [*new, piece("tote", colour="blue")], rules())
    assert np.isinf(blue.costs(three, np.array([4]))[0, 0])


def test_patterns_that_are_asked_for_are_not_refused() -> None:
    worn, new = [piece("jeans", pattern="check")], [piece("tote", pattern="stripe")]
    held, row = np.zeros((1, 0), dtype=np.intp), np.array([0])
    assert np.isinf(Outfitting.of(worn, new, rules()).costs(held, row)[0, 0])
    asked = replace(rules(), patterned=True)
    assert np.isfinite(Outfitting.of(worn, new, asked).costs(held, row)[0, 0])


def test_patterns_are_few() -> None:
    striped, floral, dotted = (
        piece("scarf", pattern=name) for name in ("stripe", "floral", "dots")
    )
    costs = whole([striped, floral], [dotted, piece("scarf", pattern="plain")])
    assert np.isinf(costs[0]) and np.isfinite(costs[1])


def looks_like(title: str, category: Category, **shares: dict[str, float]) -> Piece:
    """Return an item as its title and its picture suggest it."""
    kind = "pump" if category is Category.SHOE else ""
    return STYLIST.item(item(title, category, facts=GarmentFacts(kind, shares=shares)))


def test_what_likely_has_a_pattern_costs_beside_a_pattern() -> None:
    checked = looks_like("Checked shirt", Category.SHIRT)
    skirts = [
        looks_like("Skirt", Category.SKIRT, pattern={"plain": plain, "floral": 1 - plain})
        for plain in (0.95, 0.6, 0.1)
    ]
    assert (checked.motif, [round(each.motif or 0, 2) for each in skirts]) == (1, [0.05, 0.4, 0.9])
    _, cost = rules().between(skirts, [checked])
    assert cost[0, 0] < 0.05 < cost[1, 0] < cost[2, 0]
    costs = whole([checked], skirts)
    assert np.isfinite(costs[:2]).all() and np.isinf(costs[2])
    asked = replace(rules(), patterned=True)
    assert not asked.between(skirts, [checked])[1].any(), "patterns were asked for"


def test_shoes_and_bags_of_many_colours_cost() -> None:
    plain, busy = (
        looks_like("Bag", Category.BAG, pattern={"plain": share, "print": 1 - share})
        for share in (1.0, 0.0)
    )
    _, cost = rules().alone([plain, busy])
    assert cost[1] == pytest.approx(cost[0] + BUSY[Slot.BAG])
    assert looks_like("Watch", Category.WATCH, pattern={"plain": 0.1}).motif is None


def test_a_pump_that_shows_the_toes_is_a_sandal() -> None:
    open_, doubtful = (
        looks_like("Heels", Category.SHOE, toe={"open": share, "closed": 1 - share})
        for share in (0.9, 0.4)
    )
    assert open_.fine_kind == "heeled sandal" and open_.is_open_shoe
    assert open_.doubt == pytest.approx(0.1)
    assert doubtful.fine_kind == "pump" and doubtful.doubt == 0
    facts = GarmentFacts("pump", shares={"toe": {"open": 0.4, "closed": 0.6}})
    heels = item("Heels", Category.SHOE, facts=facts)
    assert STYLIST.otherwise(heels) == {"heeled sandal": 0.4}, "what it may be is thought of"
    assert rules(temperature_c=5.0).alone([open_])[0][0], "too cold for open toes"


def test_a_tie_needs_a_shirt() -> None:
    assert np.isinf(whole([piece("t-shirt")], [piece("necktie")])[0])
    assert np.isfinite(whole([piece("dress shirt")], [piece("necktie")])[0])


def test_the_day_is_read_off_what_is_worn() -> None:
    assert day_of([piece("jeans"), piece("t-shirt")]) == 17
    assert day_of([piece("parka"), piece("jeans")]) < 9
    assert day_of([piece("denim shorts"), piece("flat sandal")]) > 20


@pytest.mark.parametrize(
    ("worn", "likeness", "expected"),
    [
        (["midi skirt", "pump"], [{}, {}], Audience.WOMEN),
        (["jeans", "t-shirt"], [{}, {}], None),
        (["jeans", "shirt"], [{"women": 0.1, "men": 0.8}] * 2, Audience.MEN),
        (["jeans", "shirt"], [{"women": 0.5, "men": 0.5}] * 2, None),
        (["necktie", "dress shirt"], [{}, {}], Audience.MEN),
    ],
)
def test_whom_it_is_for_is_said_by_garments_alone(
    worn: list[str], likeness: list[dict[str, float]], expected: Audience | None
) -> None:
    found = context_of([piece(each) for each in worn], likeness, shipped())
    assert found.audience is expected
    assert ("audience" in found.read) == (expected is not None)


def test_what_is_asked_for_is_not_read() -> None:
    found = context_of(
        [piece("parka")],
        [{}],
        shipped(),
        occasion=Occasion.WORK,
        season=Season.SUMMER,
        audiences={Audience.MEN},
    )
    assert (found.temperature_c, found.audience, found.read) == (26, Audience.MEN, frozenset())
    assert found.text == "work, warm day" and found.formality >= 1.4


def test_a_context_in_words() -> None:
    assert Context(1.8, 15.0).text == "smart, mild day"
    assert Context(0.2, 2.0).text == "sporty, cold day"


def test_a_misnamed_camisole_is_a_top() -> None:
    assert counted_as(Category.VEST, "camisole") is Category.TOP
    assert counted_as(Category.VEST, "") is Category.VEST
    worn = STYLIST.item(item("s", Category.VEST, facts=GarmentFacts("camisole")))
    assert Slot.TOP not in lacks([worn], Context(1.3)).kinds


def test_what_an_outfit_lacks_follows_the_day() -> None:
    summer = lacks([piece("sundress")], Context(1.2, 28.0))
    assert summer.essential == (Slot.SHOES,) and Slot.OUTER not in summer.kinds
    assert Category.GLOVE not in summer.kinds[Slot.ACCESSORIES]
    winter = lacks([piece("sweater dress")], Context(1.2, 2.0))
    assert {Slot.OUTER, Slot.HOSIERY} <= set(winter.kinds)


def test_an_outfit_is_complete_with_three_pieces_that_dress_one() -> None:
    dressed = [piece("jeans"), piece("t-shirt"), piece("trainer")]
    assert lacks(dressed, Context(1.0)).is_complete
    assert not lacks(dressed[:2], Context(1.0)).is_complete
    assert not lacks([piece("dress"), piece("pump")], Context(1.6)).is_complete


def test_looks_fill_what_is_essential_and_some_more() -> None:
    missing = lacks([piece("shirt")], Context(1.5, 18.0))
    made = fillings(missing, dict.fromkeys(missing.kinds, 0.0), Context(1.5, 18.0), 1, 3)
    assert all(slots[:2] == (Slot.BOTTOM, Slot.SHOES) for slots in made)
    assert [slots[2:] for slots in made] == [(Slot.BAG,), (Slot.OUTER,), (Slot.ACCESSORIES,)]


def test_a_layer_comes_first_on_a_cold_day() -> None:
    cold = Context(1.5, 5.0)
    missing = lacks([piece("shirt")], cold)
    made = fillings(missing, dict.fromkeys(missing.kinds, 0.0), cold, 1, 3)
    assert [slots[2:] for slots in made] == [(Slot.OUTER,)] * 3


def test_what_is_not_essential_has_to_earn_its_place() -> None:
    missing = lacks([piece("shirt")], Context(1.5, 18.0))
    doubtful = {slot: 0.0 if slot in missing.essential else 0.4 for slot in missing.kinds}
    assert fillings(missing, doubtful, Context(1.5), 1, 2) == [(Slot.BOTTOM, Slot.SHOES)] * 2
    lone = lacks([piece("dress")], Context(1.5, 18.0))
    least = {**dict.fromkeys(lone.kinds, 0.5), Slot.SHOES: 0.0, Slot.OUTER: 0.4}
    # a dress and shoes are no outfit yet: the least doubtful piece makes it one
    assert fillings(lone, least, Context(1.5), 1, 1) == [(Slot.SHOES, Slot.OUTER)]


def seen(category: Category, shares: dict[str, float], fine_kind: str = "", **fields: Any) -> Piece:
    """Return an item as a picture suggests it."""
    facts = GarmentFacts(fine_kind, shares={"fine_kind": shares})
    return STYLIST.item(item(f"{category}-{shares}", category, facts=facts, **fields))


def test_a_kind_that_a_picture_suggests_counts_and_its_doubt_costs() -> None:
    sure, likely, open_ = (
        seen(Category.SHOE, shares)
        for shares in ({"pump": 0.95}, {"pump": 0.5, "flat sandal": 0.4}, {"pump": 0.3})
    )
    assert (sure.fine_kind, likely.fine_kind, open_.fine_kind) == ("pump", "pump", "")
    hers = rules(formality=2.0, audience=Audience.WOMEN)
    _, cost = hers.alone([sure, likely, open_, piece("pump")])
    assert cost[3] == 0 < cost[0] < cost[1] < cost[2]
    worded = seen(Category.SHOE, {"trainer": 0.9}, "pump")
    assert (worded.fine_kind, worded.doubt) == ("pump", 0)


def test_a_slipper_that_a_picture_suggests_is_not_proposed() -> None:
    refused, _ = rules().alone([seen(Category.SHOE, {"slipper": 0.6})])
    assert refused[0]


def test_a_layer_of_which_nothing_is_known_is_the_last_choice() -> None:
    unknown, guessed, known = (
        seen(Category.JACKET, {"jacket": 0.9}),
        seen(Category.JACKET, {"blazer": 0.8}),
        piece("blazer"),
    )
    _, cost = rules(formality=2.0).alone([unknown, guessed, known])
    assert cost[0] > cost[1] > cost[2] and cost[0] > EARNED
    kurta = STYLIST.item(item("k", Category.COAT, category_confidence=0.5))
    assert rules().alone([kurta])[0][0]


def test_what_looks_like_a_childs_stays_out_unless_its_shop_says_whose_it_is() -> None:
    facts = GarmentFacts("trainer", shares={"audience": {"kids": 0.3, "women": 0.6}})
    open_ = STYLIST.item(item("a", Category.SHOE, facts=facts))
    said = STYLIST.item(item("b", Category.SHOE, facts=facts, audience=Audience.WOMEN))
    refused, cost = rules(formality=0.8).alone([open_, said])
    assert refused.tolist() == [True, False] and cost[1] == 0


def test_where_it_is_open_what_is_unlike_the_garments_costs() -> None:
    hers, his = (
        STYLIST.item(item(who, Category.SHOE, facts=GarmentFacts("trainer"), audience=who))
        for who in (Audience.WOMEN, Audience.MEN)
    )
    _, cost = rules(lean=0.7).alone([hers, his])
    assert cost[0] < cost[1]
    _, cost = rules(lean=0.3).alone([hers, his])
    assert cost[0] > cost[1]


def test_ideas_of_colour() -> None:
    assert fits(Idea.NEUTRAL, "black", ("red",)) > 0 > fits(Idea.NEUTRAL, "green", ("red",))
    assert fits(Idea.TONAL, "burgundy", ("red",)) > 0 > fits(Idea.TONAL, "green", ("red",))
    assert fits(Idea.CONTRAST, "unicorn", ("red",)) == 0
    assert idea_of(["black", "black"], ["black"]) is Idea.TONAL


def test_a_shop_lays_its_own_table_over_ours(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[limits]\nstrong_colours = 1\npatterns = 2\nformality_spread = [1, 2]\n'
        'degrees = [1, 8]\nlikeness = [0.2, 0.8]\n'
        '[[never]]\none = { brand = ["A"] }\nother = { brand = ["B"] }\nwhy = "rivals"\n'
        '[[costs]]\none = { brand = ["A"] }\nother = { brand = ["A"] }\ncost = -0.2\n'
    )  # fmt: skip
    table = table_of(own)
    assert table.limits.strong_colours == 1
    assert len(table.never) == len(shipped().never) + 1
    rivals = DressRules(Stylist(table), Context(1.3))
    pieces = [piece("tote", brand="A"), piece("jeans", brand="b")]
    refused, _ = rivals.between(pieces[:1], pieces[1:])
    assert refused.all() and "rivals" in rivals.broken(pieces)
    _, cost = rivals.between(pieces[:1], pieces[:1])
    assert cost[0, 0] < 0


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("no = [", "Invalid value"),
        ("[[never]]\none = {}\nother = 'shoe'", "never.*one"),
        ("[occasions.work]\nformality = 'much'", "occasions.work.formality"),
        ("colours = 3", "colours"),
    ],
)
def test_a_table_that_says_what_it_may_not_is_refused(
    tmp_path: Path, text: str, answer: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(StylistError, match=answer):
        table_of(own)
    with pytest.raises(StylistError, match="No such file"):
        table_of(tmp_path / "none.toml")


def test_a_bag_or_a_doubtful_piece_says_nothing_of_whom_it_is_for() -> None:
    assert context_of([piece("jeans"), piece("handbag")], [{}, {}], shipped()).audience is None
    doubtful = seen(Category.SHOE, {"pump": 0.5})
    assert context_of([piece("jeans"), doubtful], [{}, {}], shipped()).audience is None
    sure = seen(Category.SHOE, {"pump": 0.9})
    assert context_of([piece("jeans"), sure], [{}, {}], shipped()).audience is Audience.WOMEN


def test_a_skirt_over_trousers_says_nothing_of_whom_it_is_for() -> None:
    assert context_of([piece("midi skirt")], [{}], shipped()).audience is Audience.WOMEN
    both = [piece("midi skirt"), piece("trousers")]
    assert context_of(both, [{}, {}], shipped()).audience is None
