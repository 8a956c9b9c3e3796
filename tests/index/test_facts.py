"""Facts of garments: from words, from vectors, stored, and shown only where they are known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.catalogue.catalog import Catalog
from index.catalogue.counting import count
from index.catalogue.records import Picture, as_given
from index.catalogue.writing import CatalogWriter, Entry, Vector
from index.facts.heads import (
    FILE,
    GROUND,
    LAID_FLAT,
    NEVER,
    OTHER,
    FactFamily,
    FactHeads,
    Header,
    heads_in,
    heads_of,
)
from index.facts.kinds import fine_kinds
from index.facts.reader import FactsReader
from index.facts.words import Worded, facts_in, fine_kind_in
from index.importing.rereading import Rereader
from index.model.filters import Filters
from index.model.garment_facts import Audience, Formality, GarmentFacts, Warmth
from index.model.items import CatalogItem
from segmentation.common.errors import WeightsError
from segmentation.common.taxonomy import Category
from tests.fakes import FakeEncoder
from tests.index.conftest import Shop

DIM = 4


def heads(threshold: float = 0.9, fingerprint: str = "f") -> FactHeads:
    """Return heads whose answers follow the place of a vector's one."""
    families = {
        "fine_kind": FactFamily(answers=("blazer", "parka", "pump"), thresholds=(threshold,) * 3),
        "formality": FactFamily(answers=("casual", "formal"), thresholds=(threshold, NEVER)),
        "warmth": FactFamily(answers=("hot", "any"), thresholds=(threshold,) * 2),
        "audience": FactFamily(answers=("women", "men", "kids"), thresholds=(threshold,) * 3),
    }
    tensors: dict[str, NDArray[np.float32]] = {}
    for layer in range(2):
        tensors[f"trunk.{layer}.weight"] = np.eye(DIM, dtype=np.float32)
        tensors[f"trunk.{layer}.bias"] = np.zeros(DIM, np.float32)
    for name, family in families.items():
        size = len(family.answers)
        tensors[f"{name}.weight"] = 10 * np.eye(size, DIM, dtype=np.float32)
        tensors[f"{name}.bias"] = np.zeros(size, np.float32)
    return FactHeads(Header(fingerprint=fingerprint, families=families), tensors)


def row(at: int) -> NDArray[np.float32]:
    return np.eye(DIM, dtype=np.float32)[[at]]


@pytest.mark.parametrize(
    ("category", "title", "fine_kind"),
    [
        (Category.JACKET, "Women's wool blazer in navy", "blazer"),
        (Category.COAT, "Parka mit Kapuze", "parka"),
        (Category.SHOE, "Damen Winterstiefel", "winter boot"),
        (Category.SHOE, "Women black boots", "boot"),
        (Category.SHOE, "Brown suede desert boots", "ankle boot"),
        (Category.SHOE, "Nike Men Running Shoes", "running shoe"),
        (Category.TOP, "Polo T-shirt", "polo"),
        (Category.TOP, "Ribbed cami top", "camisole"),
        (Category.DRESS, "Shirt dress with belt", "shirt dress"),
        (Category.BAG, "Shopper aus Leder", "tote"),
        (Category.HAT, "Strohhut", "straw hat"),
        (Category.BAG, "Model 42", ""),
        (Category.SKIRT, "Jacket", ""),
    ],
)
def test_titles_name_fine_kinds(category: Category, title: str, fine_kind: str) -> None:
    assert fine_kind_in(category, title) == fine_kind


@pytest.mark.parametrize(
    ("worded", "known"),
    [
        (Worded(Category.TOP, "Sleeveless running top"), ("sport", "hot", None)),
        (Worded(Category.JACKET, "Grey wool blazer"), ("smart", "cold", None)),
        (Worded(Category.TOP, "Wool t-shirt"), ("casual", "mild", None)),
        (
            Worded(Category.PANTS, "Girls' leggings", audience=Audience.WOMEN),
            ("casual", None, "kids"),
        ),
        (Worded(Category.TOP, "Tee", sizes=("6-9M",)), ("casual", "hot", "kids")),
        (Worded(Category.TOP, "Baby blue tee"), ("casual", "hot", None)),
        (Worded(Category.SHIRT, "Herren Hemd"), (None, "mild", "men")),
        (Worded(Category.SHIRT, "Shirt", audience=Audience.UNISEX), (None, "mild", "unisex")),
        (Worded(Category.JACKET, "Sport coat"), ("smart", "mild", None)),
    ],
)
def test_words_say_how_dressy_how_warm_and_for_whom(
    worded: Worded, known: tuple[str | None, ...]
) -> None:
    facts = facts_in(worded)
    assert (facts.formality, facts.warmth, facts.audience) == known


def test_the_table_is_whole() -> None:
    table = fine_kinds()
    assert len(table) >= 120
    without = set(Category).difference(*(kind.categories for kind in table.values()))
    assert without <= {Category.LEG_WARMER}
    for name, kind in table.items():
        assert (kind.toe == "") == (Category.SHOE not in kind.categories), name
        assert len(name) <= 40
        said = fine_kind_in(kind.category, kind.english.split(",")[0])
        assert said == name, f"{name} is called {said}"


def test_facts_have_an_order() -> None:
    assert [each.grade for each in Formality] == [0, 1, 2, 3]
    assert [each.grade for each in Warmth] == [0, 1, 2]


def test_what_is_not_sure_is_unknown() -> None:
    [sure] = FactsReader(heads()).read(row(0), [Category.JACKET])
    assert sure.known() == {
        "fine_kind": "blazer", "formality": "casual", "warmth": "hot", "audience": "women",
    }  # fmt: skip
    assert sure.shares["audience"]["women"] > 0.9
    [never] = FactsReader(heads(threshold=NEVER)).read(row(0), [Category.JACKET])
    assert never.known() == {}
    [denied] = FactsReader(heads()).read(row(1), [Category.COAT])
    assert denied.fine_kind == "parka"
    assert denied.formality is Formality.CASUAL, "convention, where no head is sure"
    assert denied.warmth is None, "worn on all days is known, and no warmth"
    assert FactsReader().read(row(0), [Category.JACKET]) == [GarmentFacts()]


def test_a_fine_kind_is_one_of_its_category() -> None:
    [shoe] = FactsReader(heads()).read(row(0), [Category.SHOE])
    assert shoe.fine_kind == "pump"


def test_nobody_in_a_photo_is_said_to_be_a_woman_a_man_or_a_child() -> None:
    for at in range(DIM):
        [worn] = FactsReader(heads()).read_worn(row(at), [Category.SHOE])
        assert "audience" not in worn.known()
        assert set(worn.shares.get("audience", {})) <= {"women", "men"}
    [worn] = FactsReader(heads()).read_worn(row(0), [Category.SHOE])
    assert worn.shares["audience"] == {"women": 1.0}


def test_heads_come_back_and_fit_one_encoder(tmp_path: Path) -> None:
    heads().write(tmp_path / FILE)
    back = heads_in(tmp_path, "f")
    assert back.header == heads().header
    np.testing.assert_array_equal(back.logits(row(1))["warmth"], heads().logits(row(1))["warmth"])
    with pytest.raises(WeightsError, match="fitted for f, not for g"):
        heads_in(tmp_path, "g")
    (tmp_path / FILE).write_bytes(b"damaged")
    with pytest.raises(WeightsError, match=r"facts\.safetensors"):
        heads_in(tmp_path, "f")
    assert heads_of(str(tmp_path / "none"), lambda: "f") is None


ITEM = CatalogItem("a", "Plain thing", Category.JACKET, "")


def test_words_go_before_the_picture() -> None:
    seen = Picture("p", "0" * 64, {"fine_kind": "parka", "formality": "casual", "warmth": "cold"})
    shown = seen.shown_by(ITEM)
    assert shown.facts.fine_kind == "parka"
    assert as_given(shown) == CatalogItem("a", "Plain thing", Category.JACKET, "p")
    named = CatalogItem("a", "Formal blazer", Category.JACKET, "")
    assert seen.shown_by(named).facts == GarmentFacts("blazer", Formality.FORMAL, Warmth.MILD)


def test_a_pattern_that_the_title_says_goes_before_the_picture() -> None:
    seen = Picture("p", "0" * 64, {"pattern": "check"})
    for title, pattern in (
        ("Shirt", "check"),
        ("Striped shirt", "stripe"),
        ("Printed shirt", ""),
    ):
        given = CatalogItem("a", title, Category.SHIRT, "")
        shown = seen.shown_by(given)
        assert shown.pattern == pattern, title
        assert as_given(shown).pattern == ""
    stated = CatalogItem("a", "Striped shirt", Category.SHIRT, "", pattern="dots")
    assert seen.shown_by(stated).pattern == "dots", "what the shop states goes before all"


@pytest.mark.parametrize("shop", ["sqlite"], indirect=True)
def test_items_are_filtered_and_counted_by_facts(shop: Shop) -> None:
    titles = {"a": "Kids' parka", "b": "Ladies' blazer", "c": "Jacket", "d": "Men's blazer"}
    with shop.database.writing() as session:
        CatalogWriter(session).upsert(
            [
                Entry(CatalogItem(sku, title, Category.JACKET, ""), Picture("p", "0" * 64, {}))
                for sku, title in titles.items()
            ]
        )

    def skus(filters: Filters) -> list[str]:
        with shop.database.reading() as session:
            return [item.sku for item in Catalog(session).page(filters)]

    assert skus(Filters(audiences=frozenset({Audience.WOMEN}))) == ["b", "c"], (
        "unknown passes, men's not"
    )
    assert skus(Filters(audiences=frozenset({Audience.KIDS}))) == ["a"]
    assert skus(Filters(audiences=frozenset({Audience.UNKNOWN}))) == ["c"]
    assert skus(Filters(formalities=frozenset({Formality.SMART}))) == ["b", "d"]
    cold = Filters(warmths=frozenset({Warmth.COLD}), fine_kinds=frozenset({"parka"}))
    assert skus(cold) == ["a"]
    with shop.database.reading() as session:
        facets = count(session, Filters(), "default").facets
    assert facets["fine_kind"] == {"blazer": 2, "jacket": 1, "parka": 1}
    assert facets["audience"] == {"kids": 1, "men": 1, "unknown": 1, "women": 1}


@pytest.mark.parametrize("shop", ["sqlite"], indirect=True)
def test_facts_are_read_anew_from_stored_vectors(shop: Shop) -> None:
    encoder = FakeEncoder()
    unit = encoder.encode_images([np.zeros((4, 4, 3), np.uint8)])[0]
    vector = Vector(unit, encoder.fingerprint)
    with shop.database.writing() as session:
        CatalogWriter(session).upsert(
            [Entry(ITEM, Picture("p", "0" * 64, {"colour": "red"}), vector)]
        )
    record = {"warmth": "cold"}

    class Reader(FactsReader):
        """Says what it is told to say."""

        def read(
            self, vectors_unit: NDArray[np.float32], categories: Sequence[Category]
        ) -> list[GarmentFacts]:
            """Return the same of all."""
            return [GarmentFacts(warmth=Warmth(record["warmth"]))] * len(categories)

    rereader = Rereader(shop.database, "default", encoder, None, Reader())
    assert rereader.run() == 1
    assert shop.item("a").facts.warmth is Warmth.COLD
    assert shop.item("a").colour == "red", "what else was measured stays"
    assert rereader.run() == 0
    record["warmth"] = "hot"
    assert rereader.run() == 1
    assert shop.item("a").facts.warmth is Warmth.HOT


def test_what_is_laid_flat_has_thresholds_of_its_own() -> None:
    plain = heads()
    families = {
        **plain.header.families,
        "warmth": FactFamily(
            answers=("hot", "any"), thresholds=(0.9, 0.9), laid_flat=(NEVER, NEVER)
        ),
        GROUND: FactFamily(answers=(LAID_FLAT, OTHER)),
    }
    for laid, warmth in ((1, ""), (-1, "hot")):
        tensors = {
            **plain.tensors,
            f"{GROUND}.weight": np.zeros((2, DIM), np.float32),
            f"{GROUND}.bias": np.array([laid, 0], np.float32),
        }
        reader = FactsReader(FactHeads(Header(fingerprint="f", families=families), tensors))
        [facts] = reader.read(row(0), [Category.JACKET])
        assert facts.shares["warmth"]["hot"] > 0.9
        assert GROUND not in facts.shares
        assert facts.known().get("warmth", "") == (warmth or "mild"), "else convention says"
        assert facts.fine_kind == "blazer", "what has none keeps the usual ones"


def test_heads_have_the_last_word_on_pattern_and_sleeve() -> None:
    plain = heads()
    assert FactsReader(plain).corrected([{"pattern": "floral"}], row(0), [Category.TOP]) == [
        {"pattern": "floral"}
    ]
    families = {
        **plain.header.families,
        "pattern": FactFamily(answers=("print", "stripe"), thresholds=(0.9, 0.9)),
    }
    tensors = {
        **plain.tensors,
        "pattern.weight": 10 * np.eye(2, DIM, dtype=np.float32),
        "pattern.bias": np.zeros(2, np.float32),
    }
    reader = FactsReader(FactHeads(Header(fingerprint="f", families=families), tensors))
    parts = [{"pattern": "floral", "sleeve": "long"}]
    kinds = [Category.TOP]
    assert reader.corrected(parts, row(0), kinds) == [{"sleeve": "long"}], "a print is no pattern"
    assert reader.corrected(parts, row(1), kinds) == [{"sleeve": "long", "pattern": "stripe"}]
    assert reader.corrected(parts, row(3), kinds) == [{"sleeve": "long"}], "not sure"
    assert reader.corrected(parts, row(1), [Category.SHOE]) == [{"sleeve": "long"}]
    assert reader.read(row(1), kinds)[0].shares["pattern"] == {"stripe": 1.0}, "compared softly"
