"""What reads facts off vectors: fitted on what is known, silent where it is not sure, refused elsewhere."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from index.facts.heads import GROUND, NEVER, OTHER, FactHeads
from index.facts.kinds import fine_kinds
from index.facts.reader import ANY, FactsReader
from index.model.garment_facts import Audience, Formality, Warmth
from index.model.items import Pictures
from index.training.garment_facts.contact_sheets import draw_sheets
from index.training.garment_facts.encoded import (
    Encoded,
    as_imported,
    cut_from,
    drawn,
    encode,
    on_white,
)
from index.training.garment_facts.evaluate import figures, probes
from index.training.garment_facts.fitting import fit, joined
from index.training.garment_facts.judged import ADULT, Judged, details, judged
from index.training.garment_facts.labelled import Labelled, part_of, read_labelled
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Photo, Rgb
from segmentation.common.taxonomy import Category

DIM = 12
KINDS = ("blazer", "parka", "hoodie")
SPLITS = ("fit", "fit", "calibrate", "val")


def grey() -> Rgb:
    return np.full((8, 8, 3), 90, np.uint8)


def garments(count: int = 480, noise: float = 0.15) -> Encoded:
    """Return jackets whose vectors show fine kind and audience, but nothing of formality."""
    rng = np.random.default_rng(0)
    pictures, rows = [], []
    for number in range(count):
        kind, audience = number // 4 % 3, number // 12 % 3
        answers = {
            "fine_kind": KINDS[kind],
            "audience": ("women", "men", "kids")[audience],
            "formality": ("casual", "smart")[int(rng.integers(2))],
        }
        if number % 40 < 4:
            answers = {"audience": ADULT}
            audience = number % 2
        row = rng.normal(0, noise, DIM)
        row[kind] += 1
        row[3 + audience] += 1
        pictures.append(
            Labelled(
                f"product-photos/{number}", Category.JACKET, answers, SPLITS[number % 4], grey,
                words={"gender": ("Women", "Men", "Boys")[audience]},
            )
        )  # fmt: skip
        rows.append(row / np.linalg.norm(row))
    return Encoded(pictures, np.array(rows, np.float32), np.zeros(count, np.bool_))


@pytest.fixture(scope="module")
def known() -> Encoded:
    return garments()


def silent(line: str) -> None:
    """Report nothing."""


@pytest.fixture(scope="module")
def heads(known: Encoded) -> FactHeads:
    return fit(known, "f", silent, min_steps=200, nets=1)


def test_several_networks_are_one_whose_logits_are_their_mean(
    known: Encoded, heads: FactHeads
) -> None:
    other = {name: part[::-1].copy() for name, part in heads.tensors.items()}
    families = heads.header.families
    both = FactHeads(heads.header, joined([heads.tensors, other], families))
    rows = known.vectors[:8]
    alone = [FactHeads(heads.header, each).logits(rows) for each in (heads.tensors, other)]
    for name, logits in both.logits(rows).items():
        np.testing.assert_allclose(logits, (alone[0][name] + alone[1][name]) / 2, atol=0.05)


def test_what_vectors_show_is_answered_and_the_rest_is_not(
    known: Encoded, heads: FactHeads
) -> None:
    held = known.part("val")
    result = figures(heads, known.part("fit").pictures, held)
    for name in ("fine_kind", "audience"):
        assert result[name]["right_where_answered"] >= 0.9
        assert result[name]["answered"] >= 0.8
        assert result[name]["accuracy"] > result[name]["majority"] + 0.3
    assert result["formality"]["answered"] < 0.2, "chance is no knowledge"
    assert set(result["audience"]["confusion"]) == {"women", "men", "kids"}
    [facts] = FactsReader(heads).read(held.vectors[:1], [Category.JACKET])
    assert facts.fine_kind in KINDS
    assert sum(facts.shares["audience"].values()) == pytest.approx(1, abs=0.03)


def test_details_are_learned_apart_and_calibrated_on_what_was_seen(known: Encoded) -> None:
    rows = known.vectors
    pictures = [
        replace(
            picture,
            answers={**picture.answers, "pattern": "check" if row[0] > row[1] else "plain"},
            seen=frozenset({"pattern"} if number % 8 < 4 else ()),
        )
        for number, (picture, row) in enumerate(zip(known.pictures, rows, strict=True))
    ]
    both = fit(Encoded(pictures, rows, known.cut), "f", silent, min_steps=60, nets=1)
    alone = fit(known, "f", silent, min_steps=60, nets=1)
    for name in ("fine_kind", "audience"):
        np.testing.assert_allclose(
            both.logits(rows[:9])[name], alone.logits(rows[:9])[name], atol=1e-3
        )
    family = both.header.families["pattern"]
    right = both.logits(rows)["pattern"].argmax(axis=1) == [
        family.answers.index(each.answers["pattern"]) for each in pictures
    ]
    assert right.mean() > 0.9 and max(family.thresholds) <= 1
    held = Encoded(pictures, rows, known.cut).part("val")
    told = figures(both, [], held, lambda vectors, kinds: ["check"] * len(kinds))
    counts = told["pattern"]["by_eye"]
    assert set(counts) == {"clothes, seen, shop's", "told by titles"}
    seen = counts["clothes, seen, shop's"]
    assert seen["heads"]["likeliest_right"] > 0.9 > seen["phrases"]["likeliest_right"]
    assert seen["area_under_curve"] > 0.95 and seen["known"] == len(held.pictures) // 2


def test_what_was_seen_is_a_pattern_or_a_toe() -> None:
    seen = details()
    assert len(seen) > 1500
    assert {name for each in seen.values() for name in each} == {"pattern", "toe"}
    patterns = {each["pattern"] for each in seen.values() if "pattern" in each}
    assert patterns == {"plain", "stripe", "check", "dots", "floral", "print"}
    assert {each["toe"] for each in seen.values() if "toe" in each} == {"open", "closed"}


def test_the_same_seed_gives_the_same_heads(known: Encoded) -> None:
    few = known.where(np.arange(len(known.pictures)) < 200)
    one, other = (fit(few, "f", silent, min_steps=30, nets=2) for _ in range(2))
    assert one.header == other.header
    assert all(np.array_equal(one.tensors[name], other.tensors[name]) for name in one.tensors)


def test_an_answer_that_nobody_can_check_is_never_given(known: Encoded) -> None:
    chosen = [
        p.split != "calibrate" or p.answers.get("fine_kind") != "parka" for p in known.pictures
    ]
    family = fit(known.where(np.array(chosen)), "f", silent, min_steps=200, nets=1).header.families[
        "fine_kind"
    ]
    assert family.thresholds[family.answers.index("parka")] == NEVER


def test_probes_ask_for_the_shops_own_labels(known: Encoded) -> None:
    result = probes(known, silent)
    assert result["gender"]["classes"] == 3
    assert result["gender"]["accuracy"] > 0.9
    assert result["gender"]["of_the_surest_0.8"] >= result["gender"]["accuracy"]
    assert "usage" not in result, "nothing is known of it"


def test_sheets_show_what_is_answered(known: Encoded, heads: FactHeads, tmp_path: Path) -> None:
    files = draw_sheets(heads, known.part("val"), tmp_path / "sheets")
    assert {file.stem for file in files} == {"fine_kind", "formality", "warmth", "audience"}
    for file in files:
        with Image.open(file) as sheet:
            assert sheet.size == (1500, 820)


def test_a_white_ground_is_cut_away() -> None:
    rgb = np.full((80, 60, 3), 255, np.uint8)
    rgb[20:60, 15:45] = (200, 30, 30)
    rgb[35:40, 25:30] = 255  # a white print is no ground
    mask = on_white(rgb)
    assert mask is not None
    assert mask.sum() == 40 * 30
    piece = cut_from(rgb, mask)
    assert piece.shape == (224, 224, 3)
    assert (piece[0, 0] == 127).all()
    assert on_white(np.full((80, 60, 3), 255, np.uint8)) is None
    assert on_white(np.zeros((80, 60, 3), np.uint8)) is None


class Encoder:
    """Says how bright a picture is, and how often it was asked."""

    fingerprint = "bright"

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.asked = 0

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, 2) unit rows."""
        self.asked += len(images_rgb)
        angles = [float(rgb.mean()) / 255 for rgb in images_rgb]
        return np.array([[np.cos(a), np.sin(a)] for a in angles], np.float32)


def test_vectors_are_kept_between_runs_of_one_encoder(tmp_path: Path) -> None:
    pictures = [
        Labelled(f"x/{n}", Category.TOP, {"warmth": "hot"}, "fit", partial(np.full, (4, 4, 3), n, np.uint8))
        for n in range(10)
    ]  # fmt: skip
    cache, encoder = tmp_path / "vectors.npz", Encoder()
    first = encode(pictures[:6], encoder, cache, silent)
    again = encode(pictures, encoder, cache, silent)
    assert encoder.asked == 10
    np.testing.assert_array_equal(again.vectors[:6], first.vectors)
    other = Encoder()
    other.fingerprint = "another"
    encode(pictures, other, cache, silent)
    assert other.asked == 10


def test_all_children_are_drawn_and_the_others_weigh_what_they_stand_for(known: Encoded) -> None:
    chosen = drawn(known.pictures, 360)
    assert [sum(p.split == s for p in chosen) for s in ("calibrate", "val")] == [90, 90]
    fit_on = [p for p in chosen if p.split == "fit"]
    everything = [p for p in known.pictures if p.split == "fit"]
    assert len(fit_on) == 180
    kids = {p.id for p in everything if p.answers.get("audience") == "kids"}
    assert kids <= {p.id for p in fit_on}
    assert {p.weight for p in fit_on if p.id in kids} == {1.0}
    assert sum(p.weight for p in fit_on) == pytest.approx(len(everything))


def product_folder(folder: Path) -> Path:
    """Return a folder of three product photos in the published layout."""
    folder.mkdir()
    columns = [
        "id",
        "gender",
        "subCategory",
        "articleType",
        "baseColour",
        "usage",
        "productDisplayName",
        "file",
    ]
    rows = [
        ["1", "Men", "Topwear", "Shirts", "Blue", "Formal", "Arrow Men Blue Formal Shirt", "large"],
        ["2", "Women", "Shoes", "Heels", "Black", "Casual", "Catwalk Women Black Heels", "large"],
        ["3", "Women", "Topwear", "Tshirts", "Pink", "Casual", "Gini Girl's Pink Tee", "large"],
        ["4", "Unisex", "Shoes", "Casual Shoes", "Pink", "Casual", "Shoe", "large"],
    ]
    with (folder / "products.csv").open("w", newline="") as table:
        csv.writer(table).writerows([columns, *rows])
    with zipfile.ZipFile(folder / "large.zip", "w") as archive:
        for row in rows:
            data = io.BytesIO()
            Image.new("RGB", (6, 8), "white").save(data, "WEBP")
            archive.writestr(f"{row[0]}.webp", data.getvalue())
    return folder


def test_products_say_facts_by_their_words(tmp_path: Path) -> None:
    found = read_labelled([product_folder(tmp_path / "shop")])
    record = {each.id.split("/")[1]: dict(each.answers) for each in found}
    assert record["1"] == {
        "fine_kind": "dress shirt", "formality": "formal", "warmth": "mild", "audience": "men",
        GROUND: OTHER,
    }  # fmt: skip
    assert record["2"] == {
        "fine_kind": "pump", "formality": "smart", "warmth": "any", "audience": "women",
        GROUND: OTHER,
    }  # fmt: skip
    assert record["3"]["audience"] == "kids", "a title says more than the table's gender"
    assert "audience" not in record["4"]
    assert found[0].read().shape == (8, 6, 3)


def test_folders_without_a_fact_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no garment of which a fact is known"):
        read_labelled([])
    with pytest.raises(DatasetError):
        read_labelled([tmp_path])


def test_parts_do_not_overlap_and_stay() -> None:
    parts = [part_of(f"a/{n}", "train") for n in range(1000)]
    assert 150 < parts.count("calibrate") < 250
    assert set(parts) == {"fit", "calibrate"}
    assert part_of("a/1", "val") == "val"


def test_garments_laid_flat_are_judged_by_id() -> None:
    seen = judged().values()
    assert {each.audience for each in seen} == {*Audience, ADULT, ""} - {Audience.UNKNOWN}
    assert {each.fine_kind for each in seen} - {""} <= set(fine_kinds())
    assert {each.formality for each in seen} == {*Formality, ""}
    assert {each.warmth for each in seen} == {*Warmth, ANY, ""}
    assert all(each.answers() or each.audience == Audience.UNISEX for each in seen)
    assert len(seen) > 3000


def test_what_was_seen_goes_before_convention() -> None:
    assert Judged("unisex", "t-shirt", "", "any").answers() == {
        "fine_kind": "t-shirt", "formality": "casual", "warmth": "hot", "audience": ADULT,
    }  # fmt: skip
    assert Judged("kids", "sweater", "smart", "mild").answers() == {
        "fine_kind": "sweater", "formality": "smart", "warmth": "mild", "audience": "kids",
    }  # fmt: skip
    assert Judged("", "dress", "", "").answers() == {"fine_kind": "dress", "warmth": "mild"}


def test_what_is_laid_flat_is_cut_out_as_imported_and_seen_whole_where_it_is_fitted_on() -> None:
    def cutter(
        photo: Photo, category: Category | None, pictures: Pictures = Pictures.AUTO
    ) -> tuple[Rgb, Mapping[str, str]]:
        return photo.rgb // 2, {}

    def flat(split: str) -> Labelled:
        return Labelled("x/1", Category.TOP, {"warmth": "hot"}, split, grey, flat=True, weight=6.0)

    on_white = Labelled("x/2", Category.TOP, {"warmth": "hot"}, "fit", grey)
    whole, piece, shop = as_imported([flat("fit"), on_white], cutter)
    assert (whole.id, whole.weight, whole.cut) == ("x/1", 3.0, False)
    assert (piece.id, piece.weight, piece.cut) == ("x/1 cut out", 3.0, True)
    assert piece.read().max() == 45
    assert shop is on_white
    assert [each.id for each in as_imported([flat("val")], cutter)] == ["x/1 cut out"]
