import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segmentation.common import masks
from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from segmentation.datasets.rendered import read_rendered
from segmentation.rendering import (
    STYLES,
    GarmentSpec,
    render_garment,
    render_outfit,
    sample_garment,
    sample_outfit,
    write_dataset,
)

EVERY_STYLE = [(category, style) for category, styles in STYLES.items() for style in styles]


def test_every_category_has_a_style() -> None:
    assert set(STYLES) == set(Category)


@pytest.mark.parametrize(("category", "style"), EVERY_STYLE, ids=lambda value: str(value))
def test_every_style_renders_inside_the_picture(category: Category, style: str) -> None:
    spec = sample_garment(np.random.default_rng(1), category, style=style)
    rendering = render_garment(spec, (144, 192))
    (garment,) = rendering.garments
    assert rendering.rgb.shape == (192, 144, 3) and rendering.rgb.dtype == np.uint8
    assert garment.category is category
    assert garment.attributes["colour"] == spec.colour
    assert 0.01 < garment.mask.mean() < 0.8
    edge = garment.mask.copy()
    edge[1:-1, 1:-1] = False
    assert not edge.any()


@pytest.mark.parametrize("seed", range(10))
def test_outfits_have_disjoint_exact_masks(seed: int) -> None:
    worn = sample_outfit(np.random.default_rng(seed), "men" if seed % 3 == 0 else "women")
    rendering = render_outfit(worn, seed, (200, 304))
    stack = np.stack([garment.mask for garment in rendering.garments])
    assert stack.sum(0).max() == 1
    assert np.array_equal(stack.any(0), rendering.labels > 0)
    hidden = {spec.category for spec in worn} - {spec.category for spec in rendering.specs}
    seen_always = {Slot.OUTER, Slot.ONE_PIECE, Slot.SHOES, Slot.BAG}
    assert not {SLOT_OF[category] for category in hidden} & seen_always
    for garment in rendering.garments:
        rows, columns = np.flatnonzero(garment.mask.any(1)), np.flatnonzero(garment.mask.any(0))
        assert garment.box_xyxy == (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)


def test_both_shoes_are_one_mask() -> None:
    worn = (
        GarmentSpec(Category.DRESS, "A-line dress", "teal"),
        GarmentSpec(Category.SHOE, "sneakers", "white"),
    )
    rendering = render_outfit(worn, 3, (400, 608))
    shoes = [garment for garment in rendering.garments if garment.category is Category.SHOE]
    assert len(shoes) == 1
    left, _, right, _ = shoes[0].box_xyxy
    middle = int((left + right) / 2)
    assert shoes[0].mask[:, :middle].any() and shoes[0].mask[:, middle:].any()


def test_a_coat_hides_what_lies_under_it() -> None:
    shirt = GarmentSpec(Category.SHIRT, "shirt", "white")
    coat = GarmentSpec(Category.COAT, "wool coat", "navy", closure="closed")
    alone = render_outfit((shirt,), 5, (200, 304)).garments[0].mask.sum()
    under = render_outfit((shirt, coat), 5, (200, 304)).garments
    assert sum(g.mask.sum() for g in under if g.category is Category.SHIRT) < 0.3 * alone


def test_nobody_dressed_is_no_garment() -> None:
    rendering = render_outfit((), 0, (100, 152))
    assert len(rendering.garments) == 0
    assert not rendering.labels.any()


def test_outfits_make_sense() -> None:
    for seed in range(150):
        slots = [SLOT_OF[spec.category] for spec in sample_outfit(np.random.default_rng(seed))]
        assert (Slot.ONE_PIECE in slots) != (Slot.BOTTOM in slots)
        assert (Slot.ONE_PIECE in slots) != (Slot.TOP in slots)
        assert slots.count(Slot.SHOES) == 1 and slots.count(Slot.OUTER) <= 1


def test_the_same_seed_draws_the_same_picture() -> None:
    worn = sample_outfit(np.random.default_rng(4))
    first, second = (render_outfit(worn, 9, (200, 304), finer=2) for _ in range(2))
    assert np.array_equal(first.rgb, second.rgb) and np.array_equal(first.labels, second.labels)
    assert not np.array_equal(first.rgb, render_outfit(worn, 10, (200, 304), finer=2).rgb)


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"style": "toga"}, "style: got 'toga'"),
        ({"colour": "octarine"}, "colour: got 'octarine'"),
        ({"pattern": "stripe"}, "second_colour: got None"),
    ],
)
def test_a_wrong_spec_says_what_is_wrong(fields: dict[str, str], answer: str) -> None:
    given = {"style": "t-shirt", "colour": "red", **fields}
    with pytest.raises(ValueError, match=answer):
        GarmentSpec(Category.TOP, **given)  # type: ignore[arg-type]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_dataset(tmp_path, outfits=3, garments=3, seed=7)
    records = read_rendered(tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "rendered.jsonl").read_text().splitlines()]
    assert [record.id for record in records] == [line["id"] for line in lines]
    assert [line["kind"] for line in lines] == ["outfit"] * 3 + ["garment"] * 3
    for record, line in zip(records, lines, strict=True):
        mask = np.asarray(Image.open(tmp_path / "masks" / f"{record.id}.png"))
        with Image.open(record.photo_path) as photo:
            assert photo.size == (line["width"], line["height"]) == mask.shape[::-1]
        assert set(np.unique(mask)) - {0} == set(record.labels)
        for item in line["garments"]:
            assert record.labels[item["value"]] == item["category"]
            assert record.attributes[item["value"]] == item["attributes"]


def test_writing_twice_gives_the_same_bytes_and_prefix(tmp_path: Path) -> None:
    write_dataset(tmp_path / "a", outfits=2, garments=1, seed=3)
    write_dataset(tmp_path / "b", outfits=2, garments=1, seed=3)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 7
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_the_command_writes_a_data_set(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "segmentation.rendering", str(tmp_path / "out")]
    subprocess.run([*command, "--outfits", "1", "--garments", "0"], check=True)
    assert len(read_rendered(tmp_path / "out")) == 1


def test_a_folder_without_the_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"without rendered\.jsonl.*segmentation\.rendering"):
        read_rendered(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "{}",
        '{"id": "0", "split": "val", "garments": [{"value": 1, "category": "sofa"}]}',
    ],
)
def test_a_line_that_cannot_be_read_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "rendered.jsonl").write_text(line + "\n")
    with pytest.raises(DatasetError, match="line 1"):
        read_rendered(tmp_path)


def test_a_missing_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rendered.jsonl").write_text('{"id": "00000", "split": "val", "garments": []}\n')
    with pytest.raises(DatasetError, match="missing"):
        read_rendered(tmp_path)


def test_a_mannequin_wears_the_same_in_the_same_pose() -> None:
    specs = (GarmentSpec(Category.DRESS, "A-line dress", "teal"),)
    person = render_outfit(specs, 5, (200, 304))
    figure = render_outfit(specs, 5, (200, 304), mannequin=True)
    assert not np.array_equal(person.rgb, figure.rgb)
    [worn], [shown] = person.garments, figure.garments
    assert masks.iou(worn.mask, shown.mask) > 0.95
