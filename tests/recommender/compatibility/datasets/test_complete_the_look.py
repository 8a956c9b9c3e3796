from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from recommender.compatibility.datasets import read_outfits, read_questions
from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category
from tests.recommender.compatibility.datasets.written import (
    BLUE,
    GREEN,
    HEIGHT,
    RED,
    WIDTH,
    mean,
    signatures,
    unasked,
)

HEADER = "image_signature bounding_x  bounding_y  bounding_width  bounding_height label\n"
ONE, TWO = signatures("train", 2)
VAL = signatures("val", 1)[0]
LEFT, RIGHT = ("0.0", "0.0", "0.5", "1.0"), ("0.5", "0.5", "0.5", "0.5004")
Row = tuple[str, tuple[str, str, str, str], str]
SHOES, TOP, RING = (ONE, LEFT, "Shoes"), (ONE, RIGHT, "Shirts & Tops"), (ONE, RIGHT, "Rings")
BOOTS, COAT, EARRING = (TWO, LEFT, "Shoes"), (TWO, RIGHT, "Coats & Jackets"), (TWO, LEFT, "Jewelry")


def write(folder: Path, rows: Sequence[Row], name: str = "raw_train.tsv") -> Path:
    """A table of these items, and collages that are red on the left and green on the right."""
    (folder / "datasets").mkdir(parents=True, exist_ok=True)
    parts = ["\t".join((outfit, *box, label)) for outfit, box, label in rows]
    (folder / "datasets" / name).write_text(HEADER + "\n".join(parts) + "\n")
    rgb = np.full((HEIGHT, WIDTH, 3), RED, dtype=np.uint8)
    rgb[:, WIDTH // 2 :] = GREEN
    rgb[: HEIGHT // 2, WIDTH // 2 :] = BLUE
    (folder / "pins" / "00").mkdir(parents=True, exist_ok=True)
    for outfit, _, _ in rows:
        Image.fromarray(rgb).save(folder / "pins" / "00" / f"{outfit}.jpg", format="PNG")
    return folder


def part(row: Row) -> dict[str, str]:
    outfit, box, label = row
    return dict(zip("xywh", box, strict=True)) | {"signature": outfit, "label": label}


def ask(folder: Path, question: Sequence[Row], answers: Sequence[Row], name: str = "fitb") -> None:
    entry = {"question": [part(row) for row in question], "answers": [part(row) for row in answers]}
    (folder / "datasets" / f"{name}.json").write_text(json.dumps([entry]))


def test_the_parts_of_a_collage_are_worn_and_asked_for_and_have_no_scene(tmp_path: Path) -> None:
    (file,) = read_outfits(write(tmp_path, [SHOES, TOP]), "train", find=unasked)
    outfit = file.read()
    assert (file.id, outfit.id, outfit.scene) == (ONE, ONE, None)
    assert [piece.category for piece in outfit.pieces] == [Category.SHOE, Category.TOP]
    assert all(piece.asked and piece.worn and piece.box_xyxy is None for piece in outfit.pieces)


def test_each_piece_is_its_own_part_of_the_collage_squared(tmp_path: Path) -> None:
    (file,) = read_outfits(write(tmp_path, [SHOES, TOP]), "train", find=unasked)
    shoes, top = (piece.rgb for piece in file.read().pieces)
    assert shoes.shape == top.shape == (224, 224, 3)
    assert (mean(shoes), mean(top)) == (RED, GREEN)
    assert (top[:, 40:184] == GREEN).all()  # nothing of the blue above, nor of the red beside


def test_outfits_keep_the_order_of_the_file_and_their_pieces_together(tmp_path: Path) -> None:
    folder = write(tmp_path, [SHOES, BOOTS, TOP, COAT, SHOES])
    files = read_outfits(folder, "train", find=unasked)
    assert [file.id for file in files] == [ONE, TWO]
    pieces = [[piece.category for piece in file.read().pieces] for file in files]
    assert pieces == [[Category.SHOE, Category.TOP], [Category.SHOE, Category.JACKET]]


def test_jewellery_is_left_out_and_so_is_an_outfit_of_nothing_else(tmp_path: Path) -> None:
    files = read_outfits(write(tmp_path, [SHOES, RING, EARRING]), "train", find=unasked)
    assert [len(file.read().pieces) for file in files] == [1]


def test_no_collage_is_in_two_splits(tmp_path: Path) -> None:
    folder = write(tmp_path, [SHOES, (VAL, LEFT, "Hats"), TOP, (VAL, RIGHT, "Skirts")])
    write(folder, [BOOTS, COAT], "raw_test.tsv")
    read = {
        split: [file.id for file in read_outfits(folder, split, find=unasked)]
        for split in ("train", "val", "test")
    }
    assert read == {"train": [ONE], "val": [VAL], "test": [TWO]}


def test_the_first_answer_is_right_and_ids_are_those_of_the_pieces(tmp_path: Path) -> None:
    folder = write(tmp_path, [SHOES, TOP, RING, BOOTS, COAT], "raw_test.tsv")
    ask(folder, [TOP, RING], [SHOES, BOOTS])
    (question,) = read_questions(folder, "test")
    first, second = (file.read() for file in read_outfits(folder, "test", find=unasked))
    shoes, top = (piece.id for piece in first.pieces)
    assert question.worn == (top,)  # the ring is no garment
    assert question.answers == (shoes, second.pieces[0].id)
    assert question.right == 0


@pytest.mark.parametrize(
    ("question", "answers"), [([RING], [SHOES, BOOTS]), ([TOP], [SHOES, EARRING])]
)
def test_a_question_without_garments_or_about_jewellery_is_left_out(
    tmp_path: Path, question: list[Row], answers: list[Row]
) -> None:
    folder = write(tmp_path, [SHOES, TOP, RING, BOOTS, COAT, EARRING], "raw_test.tsv")
    ask(folder, question, answers)
    assert read_questions(folder, "test") == []


def test_only_the_test_split_has_questions(tmp_path: Path) -> None:
    folder = write(write(tmp_path, [SHOES, TOP]), [SHOES, TOP, BOOTS], "raw_test.tsv")
    assert read_questions(folder, "test") == []
    ask(folder, [TOP], [SHOES, BOOTS], "test_FITB")
    assert [len(read_questions(folder, split)) for split in ("train", "val", "test")] == [0, 0, 1]


def test_two_files_of_questions_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, [SHOES, TOP, BOOTS], "raw_test.tsv")
    ask(folder, [TOP], [SHOES, BOOTS], "fitb_a")
    ask(folder, [TOP], [SHOES, BOOTS], "fitb_b")
    with pytest.raises(DatasetError, match=r"fitb_a\.json, fitb_b\.json"):
        read_questions(folder, "test")


def test_a_question_about_an_item_that_no_line_has_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, [SHOES, TOP], "raw_test.tsv")
    ask(folder, [TOP], [SHOES, BOOTS])
    with pytest.raises(DatasetError, match=rf"question 1 of fitb\.json.*{TWO}"):
        read_questions(folder, "test")


@pytest.mark.parametrize("entry", [{}, {"question": [], "answers": [{}]}, 7, {"question": 1}])
def test_a_damaged_question_is_refused_by_its_number(tmp_path: Path, entry: Any) -> None:
    folder = write(tmp_path, [SHOES, TOP], "raw_test.tsv")
    (folder / "datasets" / "fitb.json").write_text(json.dumps([entry]))
    with pytest.raises(DatasetError, match=r"question 1 of fitb\.json"):
        read_questions(folder, "test")


REFUSED: dict[str, tuple[str, str]] = {
    "spaces": (" ".join((ONE, *LEFT, "Shoes")), "parted by tabs"),
    "a field short": ("\t".join((ONE, *LEFT[:3], "Shoes")), "parted by tabs"),
    "no number": ("\t".join((ONE, "a", *LEFT[1:], "Shoes")), "parted by tabs"),
    "beyond the picture": ("\t".join((ONE, "0.6", "0", "0.5", "1", "Shoes")), "from 0 to 1"),
    "an empty box": ("\t".join((ONE, "0.6", "0", "0", "1", "Shoes")), "left < right"),
    "an unknown label": ("\t".join((ONE, *LEFT, "Sofas")), "'Sofas'"),
    "no picture": ("\t".join((TWO, *LEFT, "Shoes")), f"no picture {TWO}.jpg"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_line_that_cannot_be_used_is_refused_by_its_number(tmp_path: Path, what: str) -> None:
    line, value = REFUSED[what]
    folder = write(tmp_path, [SHOES])
    with (folder / "datasets" / "raw_train.tsv").open("a") as file:
        file.write(line + "\n")
    with pytest.raises(DatasetError, match=r"line 3 of raw_train\.tsv") as caught:
        read_outfits(folder, "train", find=unasked)
    assert value in str(caught.value)


def test_a_split_whose_file_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"raw_test\.tsv cannot be read"):
        read_outfits(write(tmp_path, [SHOES]), "test", find=unasked)


def test_a_damaged_collage_is_refused_when_its_outfit_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path, [SHOES])
    (folder / "pins" / "00" / f"{ONE}.jpg").write_bytes(b"")
    (file,) = read_outfits(folder, "train", find=unasked)
    with pytest.raises(DatasetError, match=rf"{ONE}\.jpg"):
        file.read()
