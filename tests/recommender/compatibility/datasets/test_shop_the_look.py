from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from recommender.compatibility.datasets import read_outfits, read_questions
from recommender.compatibility.ensembles import Ensemble
from segmentation.common.errors import DatasetError
from segmentation.common.garments import Garment, Garments, Rgb
from segmentation.common.taxonomy import Category
from tests.recommender.compatibility.datasets.written import (
    BLUE,
    GREEN,
    GREY,
    HEIGHT,
    RED,
    WIDTH,
    garment,
    lines,
    mean,
    nothing,
    picture,
    signatures,
    unasked,
)

SCENE, OTHER, EARLIER = signatures("train", 3)
VAL = signatures("val", 1)[0]
SHOE, BAG, RING = "5" * 32, "b" * 32, "e" * 32
KINDS = {
    SHOE: "Apparel & Accessories|Shoes",
    BAG: "Apparel & Accessories|Handbags, Wallets & Cases",
    RING: "Apparel & Accessories|Jewelry|Earrings",
}
BOX = [0.25, 0.75, 0.75, 1.0]  # 20, 90, 60, 120 in a scene's pixels


def record(scene: str, product: str, bbox: Sequence[Any] = BOX) -> dict[str, Any]:
    return {"product": product, "scene": scene, "bbox": list(bbox)}


def write(folder: Path, records: Sequence[dict[str, Any]], missing: str = "") -> Path:
    """A folder of these lines, with every picture that they name but one."""
    lines(folder / "fashion.json", records)
    (folder / "fashion-cat.json").write_text(json.dumps(KINDS))
    for each in records:
        if each["scene"] != missing:
            picture(folder / "scenes" / f"{each['scene']}.jpg", GREEN, (WIDTH, HEIGHT))
        if each["product"] != missing:
            picture(folder / "products" / "a" / f"{each['product']}.jpg", RED, (40, 20))
    return folder


def finder(*garments: Garment) -> Any:
    return lambda rgb: Garments(rgb.shape[0], rgb.shape[1], garments)


def only(folder: Path, *garments: Garment) -> Ensemble:
    """The one training outfit of a folder in whose scene these garments are found."""
    (file,) = read_outfits(folder, "train", find=finder(*garments))
    return file.read()


def test_a_product_is_asked_for_with_its_box_in_pixels_and_is_not_worn(tmp_path: Path) -> None:
    outfit = only(write(tmp_path, [record(SCENE, SHOE)]))
    (piece,) = outfit.pieces
    assert (outfit.id, piece.id, piece.category) == (SCENE, SHOE, Category.SHOE)
    assert (piece.asked, piece.worn) == (True, False)
    assert piece.box_xyxy == (20.0, 90.0, 60.0, 120.0)
    assert piece.rgb.shape == (224, 224, 3)
    assert mean(piece.rgb) == RED
    assert piece.rgb[0, 0].tolist() == list(GREY)  # twice as wide as high: a band above it
    assert outfit.scene is not None
    assert outfit.scene.shape == (HEIGHT, WIDTH, 3)


def test_what_is_found_in_the_scene_is_worn_and_cut_out_and_not_asked_for(tmp_path: Path) -> None:
    folder = write(tmp_path, [record(SCENE, SHOE)])
    _, worn = only(folder, garment(Category.DRESS, 10, 20, 70, 80)).pieces
    assert (worn.category, worn.asked, worn.worn) == (Category.DRESS, False, True)
    assert worn.box_xyxy == (10.0, 20.0, 70.0, 80.0)
    assert mean(worn.rgb) == GREEN
    assert worn.rgb[0, 0].tolist() == list(GREY)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (garment(Category.SHOE, 0, 0, 10, 10), False),  # its slot, elsewhere
        (garment(Category.SOCK, 20, 90, 60, 120), False),  # another slot, the same place
        (garment(Category.SOCK, 20, 98, 60, 120), False),  # IoU 0.73
        (garment(Category.SOCK, 20, 60, 60, 120), True),  # IoU 0.5 exactly
        (garment(Category.DRESS, 10, 20, 70, 80), True),
    ],
)
def test_what_overlaps_the_product_or_takes_its_slot_is_the_product(
    tmp_path: Path, found: Garment, kept: bool
) -> None:
    worn = only(write(tmp_path, [record(SCENE, SHOE)]), found).pieces[1:]
    assert bool(worn) is kept


def test_all_lines_of_a_scene_are_one_outfit_and_each_product_hides_its_slot(
    tmp_path: Path,
) -> None:
    records = [record(SCENE, SHOE), record(OTHER, BAG), record(SCENE, BAG, [0, 0, 0.2, 0.2])]
    folder = write(tmp_path, [*records, records[0]])
    found = [garment(Category.BAG, 40, 40, 60, 60), garment(Category.SHOE, 0, 110, 9, 119)]
    files = read_outfits(folder, "train", find=finder(*found))
    assert [file.id for file in files] == [SCENE, OTHER]
    first, second = (file.read().pieces for file in files)
    assert [piece.id for piece in first] == [SHOE, BAG]
    assert [(piece.category, piece.worn) for piece in second] == [
        (Category.BAG, False),
        (Category.SHOE, True),
    ]


def test_the_ids_of_what_is_worn_differ_from_scene_to_scene(tmp_path: Path) -> None:
    folder = write(tmp_path, [record(SCENE, SHOE), record(OTHER, SHOE)])
    found = [garment(Category.HAT, 40, 0, 60, 10), garment(Category.DRESS, 10, 20, 70, 80)]
    files = read_outfits(folder, "train", find=finder(*found))
    assert len({piece.id for file in files for piece in file.read().pieces if piece.worn}) == 4


def test_jewellery_is_left_out_even_where_its_picture_is_missing(tmp_path: Path) -> None:
    folder = write(tmp_path, [record(SCENE, RING), record(SCENE, SHOE)], missing=RING)
    assert [piece.id for piece in only(folder).pieces] == [SHOE]


def test_no_scene_is_in_both_splits_and_all_its_products_stay_together(tmp_path: Path) -> None:
    records = [record(scene, each) for each in (SHOE, BAG) for scene in (SCENE, VAL, OTHER)]
    folder = write(tmp_path, records)
    train, val = (read_outfits(folder, split, find=nothing) for split in ("train", "val"))
    assert ([f.id for f in train], [f.id for f in val]) == ([SCENE, OTHER], [VAL])
    assert all(len(file.read().pieces) == 2 for file in (*train, *val))
    assert read_outfits(folder, "test", find=nothing) == []


def test_no_picture_is_opened_and_nothing_is_searched_before_an_outfit_is_read(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path, [record(SCENE, SHOE)])
    (folder / "scenes" / f"{SCENE}.jpg").write_text("sofa")
    (file,) = read_outfits(folder, "train", find=unasked)
    with pytest.raises(DatasetError, match=rf"{SCENE}\.jpg"):
        file.read()


def test_the_set_asks_no_questions(tmp_path: Path) -> None:
    assert read_questions(write(tmp_path, [record(SCENE, SHOE)]), "val") == []


REFUSED: dict[str, tuple[str, str]] = {
    "no JSON": ("{", "bbox of four numbers"),
    "no object": ("[]", "bbox of four numbers"),
    "no scene": (json.dumps({"product": SHOE, "bbox": BOX}), "'scene'"),
    "a word in the box": (json.dumps(record(SCENE, SHOE, ["a", 0, 1, 1])), "bbox of four numbers"),
    "three numbers": (json.dumps(record(SCENE, SHOE, [0, 0, 1])), "fractions of the picture"),
    "beyond the picture": (json.dumps(record(SCENE, SHOE, [0, 0, 1.1, 1])), "from 0 to 1"),
    "in pixels": (json.dumps(record(SCENE, SHOE, [20, 90, 60, 120])), "from 0 to 1"),
    "right before left": (json.dumps(record(SCENE, SHOE, [0.5, 0, 0.2, 1])), "left < right"),
    "not a number": (json.dumps(record(SCENE, SHOE, [0, 0, float("nan"), 1])), "from 0 to 1"),
    "an unknown product": (json.dumps(record(SCENE, "0" * 32)), "fashion-cat.json"),
    "an unknown scene": (json.dumps(record(EARLIER, SHOE)), f"no picture {EARLIER}.jpg"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_line_that_cannot_be_used_is_refused_by_its_number(tmp_path: Path, what: str) -> None:
    line, value = REFUSED[what]
    folder = write(tmp_path, [record(SCENE, SHOE)])
    with (folder / "fashion.json").open("a") as file:
        file.write(line + "\n")
    with pytest.raises(DatasetError, match=r"line 2 of fashion\.json") as caught:
        read_outfits(folder, "train", find=nothing)
    assert value in str(caught.value)


def test_refused_lines_can_be_left_out(tmp_path: Path) -> None:
    folder = write(tmp_path, [record(SCENE, SHOE), record(SCENE, BAG)], missing=BAG)
    refusal: list[DatasetError] = []
    (file,) = read_outfits(folder, "train", find=nothing, refused=refusal.append)
    assert [piece.id for piece in file.read().pieces] == [SHOE]
    assert [BAG in str(error) for error in refusal] == [True]


def test_a_category_that_is_not_mapped_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, [record(SCENE, SHOE)])
    (folder / "fashion-cat.json").write_text(json.dumps({SHOE: "Furniture|Sofas"}))
    with pytest.raises(DatasetError, match=r"Furniture\|Sofas"):
        read_outfits(folder, "train", find=nothing)


def test_a_damaged_category_file_is_refused_by_its_name(tmp_path: Path) -> None:
    folder = write(tmp_path, [record(SCENE, SHOE)])
    (folder / "fashion-cat.json").write_text("[1]")
    with pytest.raises(DatasetError, match=r"fashion-cat\.json cannot be read"):
        read_outfits(folder, "train", find=nothing)


def test_the_detector_sees_the_scene_as_it_is(tmp_path: Path) -> None:
    folder = write(tmp_path, [record(SCENE, SHOE)])
    picture(folder / "scenes" / f"{SCENE}.jpg", BLUE, (WIDTH, HEIGHT))
    seen: list[Rgb] = []

    def find(rgb: Rgb) -> Garments:
        seen.append(rgb)
        return nothing(rgb)

    read_outfits(folder, "train", find=find)[0].read()
    assert [(rgb.shape, mean(rgb)) for rgb in seen] == [((HEIGHT, WIDTH, 3), BLUE)]
