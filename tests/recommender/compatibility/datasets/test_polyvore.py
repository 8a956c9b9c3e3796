from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from recommender.compatibility.datasets import read_outfits, read_questions
from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category
from tests.recommender.compatibility.datasets.written import (
    BLUE,
    GREEN,
    RED,
    mean,
    picture,
    unasked,
)

CATEGORIES = (
    "3,dress,all-body\n43,pump,shoes\n43,heels,shoes\n65,ring,jewellery\n51,belt,accessories \n"
)
DRESS, PUMPS, HEELS, BELT, RING = "101", "102", "103", "104", "105"
ITEMS = {DRESS: ("3", RED), PUMPS: ("43", GREEN), HEELS: ("43", BLUE), BELT: ("51", GREEN)}
Outfits = Mapping[str, Sequence[str]]
TWO: Outfits = {"900": [DRESS, RING, PUMPS], "901": [HEELS, BELT]}


def write(folder: Path, outfits: Outfits, name: str = "train", version: str = "disjoint") -> Path:
    """One version of the data set with one split; the folder of the version."""
    kinds = {item: kind for item, (kind, _) in ITEMS.items()} | {RING: "65"}
    metadata = {
        item: {"url_name": "a", "categories": ["b", "c"], "title": "", "category_id": kind}
        for item, kind in kinds.items()
    }
    (folder / "polyvore_item_metadata.json").write_text(json.dumps(metadata))
    (folder / "categories.csv").write_text(CATEGORIES)
    for item, (_, colour) in ITEMS.items():
        picture(folder / "images" / f"{item}.jpg", colour)
    (folder / version).mkdir(exist_ok=True)
    if name != "train":
        (folder / version / "train.json").write_text("[]")
    (folder / version / f"{name}.json").write_text(
        json.dumps(
            [
                {
                    "set_id": set_id,
                    "items": [
                        {"item_id": item, "index": index} for index, item in enumerate(items, 1)
                    ],
                }
                for set_id, items in outfits.items()
            ]
        )
    )
    return folder / version


def ask(folder: Path, question: Any, answers: Any, name: str = "train") -> None:
    entry = {"question": question, "blank_position": 1, "answers": answers}
    (folder / f"fill_in_blank_{name}.json").write_text(json.dumps([entry]))


def test_an_outfit_is_product_shots_that_are_worn_and_asked_for(tmp_path: Path) -> None:
    first, second = read_outfits(write(tmp_path, TWO), "train", find=unasked)
    outfit = first.read()
    assert (first.id, outfit.id, outfit.scene) == ("900", "900", None)
    assert [(piece.id, piece.category) for piece in outfit.pieces] == [
        (DRESS, Category.DRESS),
        (PUMPS, Category.SHOE),
    ]  # the ring is no garment, and its picture is not needed
    assert all(piece.asked and piece.worn and piece.box_xyxy is None for piece in outfit.pieces)
    assert [mean(piece.rgb) for piece in outfit.pieces] == [RED, GREEN]
    assert outfit.pieces[0].rgb.shape == (224, 224, 3)
    assert [piece.id for piece in second.read().pieces] == [HEELS, BELT]


def test_an_item_that_a_set_has_twice_is_one_piece(tmp_path: Path) -> None:
    (file,) = read_outfits(write(tmp_path, {"900": [DRESS, BELT, DRESS]}), "train", find=unasked)
    assert [piece.id for piece in file.read().pieces] == [DRESS, BELT]


def test_a_set_of_jewellery_is_no_outfit(tmp_path: Path) -> None:
    folder = write(tmp_path, {"900": [RING], "901": [BELT]})
    assert [file.id for file in read_outfits(folder, "train", find=unasked)] == ["901"]


@pytest.mark.parametrize("version", ["disjoint", "nondisjoint"])
@pytest.mark.parametrize(
    ("split", "name"), [("train", "train"), ("val", "valid"), ("test", "test")]
)
def test_each_split_is_the_published_file(
    tmp_path: Path, version: str, split: str, name: str
) -> None:
    for each in ("valid", "test", "train"):
        folder = write(tmp_path, {f"{each}-{version}": [DRESS, BELT]}, each, version)
    files = read_outfits(folder, split, find=unasked)
    assert [file.id for file in files] == [f"{name}-{version}"]


@pytest.mark.parametrize("right", [0, 1])
def test_the_right_answer_is_the_one_of_the_questions_own_set(tmp_path: Path, right: int) -> None:
    folder = write(tmp_path, TWO)
    answers = ["900_3", "901_1"] if right == 0 else ["901_1", "900_3"]
    ask(folder, ["900_1", "900_2"], answers)
    (question,) = read_questions(folder, "train")
    assert question.worn == (DRESS,)  # the ring is no garment
    assert question.answers == ((PUMPS, HEELS) if right == 0 else (HEELS, PUMPS))
    assert question.right == right


@pytest.mark.parametrize(
    ("question", "answers"), [(["900_2"], ["900_3", "901_1"]), (["901_1"], ["901_2", "900_2"])]
)
def test_a_question_without_garments_or_about_jewellery_is_left_out(
    tmp_path: Path, question: list[str], answers: list[str]
) -> None:
    folder = write(tmp_path, TWO)
    ask(folder, question, answers)
    assert read_questions(folder, "train") == []


@pytest.mark.parametrize(
    ("question", "answers", "answer"),
    [
        (["900_1"], ["900_3", "999_1"], "999_1"),
        (["900_9"], ["900_3", "901_1"], "900_9"),
        (["900_1"], ["901_2", "901_1"], "0 answers"),
        (["900_1"], ["900_2", "900_3"], "2 answers"),
        (["900_1", "901_1"], ["900_3", "901_2"], "one set in the question"),
        ([], ["900_3", "901_1"], "0 answers"),
        (None, ["900_3", "901_1"], "TypeError"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_by_its_number(
    tmp_path: Path, question: Any, answers: list[str], answer: str
) -> None:
    folder = write(tmp_path, TWO)
    ask(folder, question, answers)
    with pytest.raises(DatasetError, match=r"question 1 of fill_in_blank_train\.json") as caught:
        read_questions(folder, "train")
    assert answer in str(caught.value)


def test_questions_are_those_of_the_split(tmp_path: Path) -> None:
    folder = write(tmp_path, TWO, "valid")
    ask(folder, ["900_1"], ["900_3", "901_1"], "valid")
    assert len(read_questions(folder, "val")) == 1
    with pytest.raises(DatasetError, match=r"fill_in_blank_train\.json cannot be read"):
        read_questions(folder, "train")


def test_the_folder_of_both_versions_is_refused_with_their_names(tmp_path: Path) -> None:
    write(tmp_path, TWO)
    with pytest.raises(DatasetError) as caught:
        read_outfits(tmp_path, "train", find=unasked)
    assert str(tmp_path / "disjoint") in caught.value.next_step


def test_an_item_without_a_picture_is_refused_by_its_outfit(tmp_path: Path) -> None:
    folder = write(tmp_path, TWO)
    (tmp_path / "images" / f"{BELT}.jpg").unlink()
    with pytest.raises(DatasetError, match=rf"outfit 2 of train\.json.*no picture {BELT}\.jpg"):
        read_outfits(folder, "train", find=unasked)


def test_what_is_refused_can_be_left_out_together_with_its_questions(tmp_path: Path) -> None:
    folder = write(tmp_path, TWO)
    ask(folder, ["900_1"], ["900_3", "901_1"])
    (tmp_path / "images" / f"{BELT}.jpg").unlink()
    refusal: list[DatasetError] = []
    files = read_outfits(folder, "train", find=unasked, refused=refusal.append)
    assert ([file.id for file in files], len(refusal)) == (["900"], 1)
    assert read_questions(folder, "train", refused=refusal.append) == []
    assert "901_1" in str(refusal[-1])


@pytest.mark.parametrize(
    "entry", [7, {}, {"set_id": "1"}, {"set_id": "1", "items": [{"index": 1}]}]
)
def test_a_damaged_outfit_is_refused_by_its_number(tmp_path: Path, entry: Any) -> None:
    folder = write(tmp_path, TWO)
    (folder / "train.json").write_text(json.dumps([entry]))
    with pytest.raises(DatasetError, match=r"outfit 1 of train\.json"):
        read_outfits(folder, "train", find=unasked)


@pytest.mark.parametrize(
    ("category", "answer"),
    [("3,sofa,furniture", "'sofa'"), ("4,dress,all-body", "category_id 3")],
)
def test_a_category_that_is_not_known_is_refused_by_its_name(
    tmp_path: Path, category: str, answer: str
) -> None:
    folder = write(tmp_path, {"900": [DRESS]})
    (tmp_path / "categories.csv").write_text(category + "\n")
    with pytest.raises(DatasetError, match=r"outfit 1 of train\.json") as caught:
        read_outfits(folder, "train", find=unasked)
    assert answer in str(caught.value)


def test_of_a_category_that_is_listed_twice_the_first_name_counts(tmp_path: Path) -> None:
    folder = write(tmp_path, {"900": [DRESS]})
    (tmp_path / "categories.csv").write_text("3,gown,all-body\n3,ring,jewellery\n")
    (file,) = read_outfits(folder, "train", find=unasked)
    assert [piece.category for piece in file.read().pieces] == [Category.DRESS]


def test_an_item_that_the_metadata_lacks_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, {"900": ["777"]})
    with pytest.raises(DatasetError, match="item 777"):
        read_outfits(folder, "train", find=unasked)


@pytest.mark.parametrize("file", ["polyvore_item_metadata.json", "disjoint/train.json"])
def test_a_file_that_breaks_off_is_refused_by_its_name(tmp_path: Path, file: str) -> None:
    folder = write(tmp_path, TWO)
    path = tmp_path / file
    path.write_text(path.read_text()[:-1])
    with pytest.raises(DatasetError, match=rf"{path.name} cannot be read"):
        read_outfits(folder, "train", find=unasked)


def test_pictures_are_opened_only_when_an_outfit_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path, TWO)
    (tmp_path / "images" / f"{DRESS}.jpg").write_text("sofa")
    first, second = read_outfits(folder, "train", find=unasked)
    assert second.read().id == "901"
    with pytest.raises(DatasetError, match=rf"{DRESS}\.jpg"):
        first.read()
