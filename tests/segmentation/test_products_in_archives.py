"""Products in archives: what the tables say, which picture is whose, and what is refused."""

from __future__ import annotations

import io
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category
from segmentation.datasets.products.article_types import (
    ARTICLE_TYPES,
    CLOTHING_FULL,
    WITHOUT_CLOTHES,
)
from segmentation.datasets.products.clothing_full import is_clothing_full, read_clothing_full
from segmentation.datasets.products.product_photos import (
    COLUMNS,
    ProductPhoto,
    is_product_photos,
    read_product_photos,
)

DATA = Path(__file__).parents[3] / "shared" / "data"


def archive(path: Path, colours: dict[str, tuple[int, int, int]]) -> None:
    with ZipFile(path, "w") as file:
        for name, colour in colours.items():
            data = io.BytesIO()
            Image.new("RGB", (12, 16), colour).save(data, "WEBP", lossless=True)
            file.writestr(f"{name}.webp", data.getvalue())


def shop(folder: Path, *rows: str) -> Path:
    lines = [",".join(COLUMNS), *rows]
    (folder / "products.csv").write_text("\n".join(lines) + "\n")
    return folder


TIE = '7,Men,Ties,Ties,Navy Blue,Formal,"Tie, striped",large'
BOTTLE = "8,Unisex,Water Bottle,Water Bottle,,,Bottle,small"


def test_a_product_has_what_its_line_says_and_its_own_picture(tmp_path: Path) -> None:
    shop(tmp_path, TIE, BOTTLE)
    archive(tmp_path / "large.zip", {"7": (200, 0, 0), "8": (0, 0, 200)})
    archive(tmp_path / "small.zip", {"8": (0, 200, 0)})
    assert is_product_photos(tmp_path)
    tie, bottle = read_product_photos(tmp_path)
    assert (tie.id, tie.article, tie.gender, tie.usage) == ("7", "Ties", "Men", "Formal")
    assert (tie.colour, tie.title, tie.category) == ("Navy Blue", "Tie, striped", Category.TIE)
    assert (bottle.category, bottle.usage, bottle.large, tie.large) == (None, "", False, True)
    assert tie.rgb().shape == (16, 12, 3)
    assert np.abs(bottle.rgb()[0, 0].astype(int) - (0, 200, 0)).max() < 8


def test_a_tenth_is_held_out_by_id_whatever_the_order(tmp_path: Path) -> None:
    rows = [TIE.replace("7,", f"{number},", 1) for number in range(400)]
    archive(tmp_path / "large.zip", {str(number): (1, 2, 3) for number in range(400)})
    splits = {each.id: each.split for each in read_product_photos(shop(tmp_path, *rows))}
    again = {each.id: each.split for each in read_product_photos(shop(tmp_path, *rows[::-1]))}
    assert splits == again
    assert 20 <= list(splits.values()).count("val") <= 60


def test_one_archive_alone_does(tmp_path: Path) -> None:
    archive(tmp_path / "small.zip", {"8": (0, 200, 0)})
    assert [each.id for each in read_product_photos(shop(tmp_path, TIE, BOTTLE))] == ["8"]


@pytest.mark.parametrize("row", [TIE, "7,Men"])
def test_a_line_without_picture_or_fields_is_refused_by_its_number(
    tmp_path: Path, row: str
) -> None:
    archive(tmp_path / "large.zip", {"9": (1, 2, 3)})
    shop(tmp_path, row, TIE.replace("7,", "9,", 1))
    if row == TIE:
        with pytest.raises(DatasetError, match=r"line 2 of products\.csv"):
            read_product_photos(tmp_path)
    refusals: list[DatasetError] = []
    assert [each.id for each in read_product_photos(tmp_path, refusals.append)] == ["9"]


def test_a_damaged_archive_picture_or_table_is_refused(tmp_path: Path) -> None:
    shop(tmp_path, TIE)
    with pytest.raises(DatasetError, match="no archive"):
        read_product_photos(tmp_path)
    (tmp_path / "large.zip").write_bytes(b"no archive")
    with pytest.raises(DatasetError, match="cannot be opened"):
        read_product_photos(tmp_path)
    with ZipFile(tmp_path / "other.zip", "w") as file:
        file.writestr("7.webp", b"no picture")
    broken = ProductPhoto("7", "Ties", "Men", "", "", "", "train", tmp_path / "other.zip")
    with pytest.raises(DatasetError, match=r"7\.webp"):
        broken.rgb()
    (tmp_path / "products.csv").write_text("id,gender\n1,Men\n")
    with pytest.raises(DatasetError, match="no column"):
        read_product_photos(tmp_path)


def test_other_processes_read_the_pictures_too(tmp_path: Path) -> None:
    archive(tmp_path / "large.zip", {str(n): (n, 0, 0) for n in range(0, 250, 50)})
    rows = [TIE.replace("7,", f"{n},", 1) for n in range(0, 250, 50)]
    products = read_product_photos(shop(tmp_path, *rows))
    products[0].rgb()
    with ProcessPoolExecutor(2) as pool:
        reds = [int(rgb[0, 0, 0]) for rgb in pool.map(ProductPhoto.rgb, products)]
    assert np.abs(np.array(reds) - [int(each.id) for each in products]).max() < 8


def test_finer_garments_have_their_labels(tmp_path: Path) -> None:
    (tmp_path / "images.csv").write_text("image,label\na,Polo\nb,Blazer\nc,Not sure\n")
    archive(tmp_path / "photos.zip", {"a": (9, 9, 9), "b": (90, 9, 9)})
    assert is_clothing_full(tmp_path)
    assert not is_product_photos(tmp_path)
    polo, blazer = read_clothing_full(tmp_path)
    assert (polo.category, blazer.category) == (Category.TOP, Category.JACKET)
    assert np.abs(blazer.rgb()[0, 0].astype(int) - (90, 9, 9)).max() < 8
    (tmp_path / "images.csv").write_text("image,label\nd,Polo\n")
    with pytest.raises(DatasetError, match=r"line 2 of images\.csv"):
        read_clothing_full(tmp_path)


def test_what_has_no_clothes_is_no_category() -> None:
    assert not WITHOUT_CLOTHES & ARTICLE_TYPES.keys()


@pytest.mark.shared_data
def test_the_public_tables_are_read_whole() -> None:
    if not (DATA / "product-photos").is_dir():
        pytest.skip(f"no {DATA}/product-photos")
    products = read_product_photos(DATA / "product-photos")
    assert len(products) == 34_455
    assert sum(each.large for each in products) == 9_800
    assert 0.09 < sum(each.split == "val" for each in products) / len(products) < 0.11
    known = {each.article for each in products}
    assert known >= ARTICLE_TYPES.keys() | WITHOUT_CLOTHES
    assert products[0].rgb().shape == (224, 168, 3)
    finer = read_clothing_full(DATA / "clothing-full")
    assert len(finer) == 762
    assert {each.label for each in finer} == CLOTHING_FULL.keys()
