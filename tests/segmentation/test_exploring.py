"""The exploratory report: what it counts, what it finds broken, and what it must never hold."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from recommender.cli.app import app
from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category
from segmentation.datasets.export import write_fashionpedia, write_imaterialist
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.datasets.self_labelled import SelfLabelledWriter
from segmentation.rendering import write_dataset
from segmentation.training.exploring.counts import sections_of
from segmentation.training.exploring.duplicates import alike_groups, fingerprint
from segmentation.training.exploring.page import html_page
from segmentation.training.exploring.section import Cell
from segmentation.training.exploring.survey import Survey, look_at
from tests.fashion import write_photos
from tests.street import write_street

Rows = list[tuple[Cell, ...]]


def silent(_line: str) -> None:
    pass


def tables(survey: Survey) -> dict[str, Rows]:
    return {section.name: list(section.rows) for section in sections_of(survey)}


def test_an_empty_survey_makes_a_page_without_plots() -> None:
    empty = Survey("nothing", "rendered", (), ())
    assert tables(empty)["broken"] == []
    assert "<svg" not in html_page(empty, sections_of(empty))


def test_a_street_data_set_is_counted(tmp_path: Path) -> None:
    counted = tables(look_at(write_street(tmp_path / "street"), silent))
    assert counted["splits"] == [("train", 4, 4, 6, 0), ("val", 2, 2, 3, 0)]
    assert counted["garments_per_photo"] == [(0, 0, 0), (1, 2, 1), (2, 2, 1)]
    assert counted["classes"] == [("pants", 6, 0, 6, 100.0), ("hat", 3, 0, 3, 50.0)]
    assert counted["sizes"] == [(100, 160, 6)]
    assert counted["co_occurrence"] == [("pants", 6, 3), ("hat", 3, 3)]
    assert counted["mask_areas"] == [("pants", 6, 20.0, 20.0, 20.0), ("hat", 3, 3.75, 3.75, 3.75)]
    assert counted["attributes"] == [] and counted["broken"] == []


def test_tags_without_masks_are_counted_as_named(tmp_path: Path) -> None:
    street = write_street(tmp_path / "street")
    shutil.copy(street / "photos" / "0001.jpg", street / "photos" / "0009.jpg")
    with (street / "photos.jsonl").open("a") as lines:
        lines.write('\n{"id": 9, "split": "tags", "tags": ["hat", "skin", "belt"]}')
    counted = tables(look_at(street, silent))
    assert counted["splits"][-1] == ("tags", 1, 0, 0, 2)
    assert ("belt", 0, 1, 1, 14.3) in counted["classes"]
    assert counted["duplicates"][0] == ("same file", 2, "train, tags", "0001, 0009")


def test_single_garments_need_no_masks(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for number, label in enumerate(("t-shirt", "dress", "dress")):
        (tmp_path / "shop" / label).mkdir(parents=True, exist_ok=True)
        noise = rng.integers(0, 255, (60, 40, 3), dtype=np.uint8)
        Image.fromarray(noise).save(tmp_path / "shop" / label / f"{number}.jpg")
    counted = tables(look_at(tmp_path / "shop", silent))
    assert counted["classes"] == [("dress", 0, 2, 2, 66.7), ("top", 0, 1, 1, 33.3)]
    assert counted["mask_areas"] == [] and counted["broken"] == []


def test_attributes_of_rendered_garments_are_counted(tmp_path: Path) -> None:
    write_dataset(tmp_path / "rendered", outfits=0, garments=2, seed=1)
    counted = tables(look_at(tmp_path / "rendered", silent))
    assert {row[0] for row in counted["attributes"]} >= {"colour", "style"}


@pytest.mark.parametrize("write", [write_imaterialist, write_fashionpedia])
def test_parts_and_described_attributes_of_the_challenges_are_counted(
    tmp_path: Path, write: Callable[[Sequence[LabelledPhoto], Path], object]
) -> None:
    write(write_photos(tmp_path / "photos"), tmp_path / "data")
    counted = tables(look_at(tmp_path / "data", silent))
    assert sorted(row[:2] for row in counted["classes"]) == [
        ("hat", 4),
        ("pants", 4),
        ("pocket", 4),
    ]
    assert set(counted["attributes"]) == {
        ("described", "plain", 4), ("described", "tight (fit)", 4),
    }  # fmt: skip


def test_a_challenge_photo_that_is_missing_is_listed_with_its_line(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos")
    write_imaterialist(photos, tmp_path / "data")
    (tmp_path / "data" / "train" / "a1.jpg").unlink()
    counted = tables(look_at(tmp_path / "data", silent))
    [(what, where)] = counted["broken"]
    assert "line" in f"{what} {where}" and "a1.jpg" in str(where)
    assert sum(int(row[1]) for row in counted["splits"]) == len(photos) - 1


def broken_street(folder: Path) -> Path:
    """Four records that cannot be used, each for its own reason, and two that can."""
    street = write_street(folder)
    (street / "photos" / "0001.jpg").unlink()
    (street / "photos" / "0002.jpg").write_bytes(b"no picture")
    (street / "masks" / "0003.png").unlink()
    Image.new("RGB", (90, 90)).save(street / "photos" / "0004.jpg")
    lines = (street / "photos.jsonl").read_text() + '\n{"id": 8}\nno json'
    (street / "photos.jsonl").write_text(lines)
    return street


def test_broken_records_are_listed_each_with_its_record(tmp_path: Path) -> None:
    counted = tables(look_at(broken_street(tmp_path / "street"), silent))
    parts = {f"{what}: {where}" for what, where in counted["broken"]}
    assert len(parts) == 6 and counted["splits"] == [("val", 2, 2, 3, 0)]
    for expected in (
        r"line 1 of photos\.jsonl .*: .*photos/0001\.jpg: FileNotFoundError",
        r"line 2 of photos\.jsonl .*: .*photos/0002\.jpg: UnidentifiedImageError",
        r"line 3 of photos\.jsonl .*: .*masks/0003\.png: FileNotFoundError",
        r"line 4 of photos\.jsonl differ in size: .*masks/0004\.png of 160 x 100",
        r"line 7 of photos\.jsonl cannot be used: KeyError",
        r"line 8 of photos\.jsonl cannot be used: JSONDecodeError",
    ):
        assert any(re.search(expected, line) for line in parts), expected


def test_an_empty_mask_is_noted_and_its_photo_kept(tmp_path: Path) -> None:
    photo = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(photo)
    hidden, above = np.zeros((8, 8), np.bool_), np.ones((8, 8), np.bool_)
    hidden[0, 0] = True
    with SelfLabelledWriter(tmp_path / "own", "own") as writer:
        writer.add(photo, "train", [(Category.BELT, hidden), (Category.COAT, above)])
    counted = tables(look_at(tmp_path / "own", silent))
    assert counted["broken"] == [("a mask is empty", "00000: value 1, belt")]
    assert counted["classes"] == [("coat", 1, 0, 1, 100.0)]


def test_a_folder_of_no_known_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no data set"):
        look_at(tmp_path, silent)


def test_copies_look_alike_and_other_pictures_do_not() -> None:
    rng = np.random.default_rng(0)
    low = [rng.integers(0, 255, (9, 6), dtype=np.uint8) for _ in range(3)]
    pictures = [Image.fromarray(each).resize((120, 180), Image.Resampling.BICUBIC) for each in low]
    smaller = pictures[1].resize((80, 120)).point(lambda value: 0.8 * value + 10)
    assert alike_groups([fingerprint(each) for each in (*pictures, smaller)]) == [[1, 3]]


class Addresses(HTMLParser):
    """Everything that a page would load or link to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.found += [
            value or "" for name, value in attrs if name in {"src", "href", "xlink:href", "style"}
        ]


def test_the_page_asks_no_other_host_and_holds_no_picture(tmp_path: Path) -> None:
    survey = look_at(write_street(tmp_path / "Größe & <b>Ärmel $x_1$"), silent)
    page = html_page(survey, sections_of(survey))
    read = Addresses()
    read.feed(page)
    assert page.count("<svg") == 6 and page.count("<table>") >= 6
    assert not {"img", "image", "script", "iframe", "link", "b"} & read.tags
    assert not [each for each in read.found if "//" in each or each.startswith("data:")]
    assert "url(http" not in page and "base64" not in page
    assert "Größe &amp; &lt;b&gt;Ärmel $x_1$" in page
    assert len(read.ids) == len(set(read.ids))


def test_names_in_plots_are_escaped(tmp_path: Path) -> None:
    write_dataset(tmp_path / "rendered", outfits=0, garments=1, seed=1)
    index = tmp_path / "rendered" / "rendered.jsonl"
    record = json.loads(index.read_text())
    record["garments"][0]["attributes"] = {"süß <i>": '$x_1$ & "y"'}
    index.write_text(json.dumps(record))
    survey = look_at(tmp_path / "rendered", silent)
    page = html_page(survey, sections_of(survey))
    assert "<i>" not in page and page.count("süß &lt;i&gt;") == 2 and "$x_1$ &amp;" in page


def test_the_same_data_gives_the_same_page(tmp_path: Path) -> None:
    survey = look_at(write_street(tmp_path / "street"), silent)
    assert html_page(survey, sections_of(survey)) == html_page(survey, sections_of(survey))


def test_the_command_writes_the_page_and_prints_every_table(tmp_path: Path) -> None:
    street, out = broken_street(tmp_path / "street"), tmp_path / "new" / "report.html"
    done = CliRunner().invoke(app, ["explore", str(street), "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    record = json.loads(done.stdout)
    assert record["kind"] == "clothing-co-parsing" and len(record["broken"]) == 6
    assert record["splits"] == [
        {"split": "val", "photos": 2, "photos with masks": 2, "masks": 3, "named without a mask": 0}
    ]
    assert out.read_text().startswith("<!doctype html>")


def test_the_command_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["explore", str(tmp_path / "nowhere")])
    assert done.exit_code == 1 and "data folder is not there" in done.stderr
