"""Photos exported to the two foreign layouts come back as they were, and can be trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from segmentation.common.garments import Photo
from segmentation.common.masks import encode
from segmentation.common.taxonomy import Category
from segmentation.datasets import read_folder
from segmentation.datasets.export import app, described, write_fashionpedia, write_imaterialist
from segmentation.datasets.imaterialist import split_of
from segmentation.datasets.labelled import LabelledPhoto, RunLengths
from segmentation.detector import maskrcnn
from segmentation.detector.detections import paste
from segmentation.detector.network import Spec
from segmentation.rendering.dataset import write_dataset
from segmentation.training import train
from segmentation.training.runs import fitting, loop
from segmentation.training.samples.mixture import MixtureSource
from tests.fashion import HAT, HEIGHT, WIDTH, attributes, same_masks, write_photos
from tests.street import write_street

SHARED = Path(__file__).parents[3] / "shared" / "data" / "clothing-co-parsing"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    write_dataset(folder, outfits=1, garments=1, seed=4)
    return folder


def both_splits(folder: Path) -> list[LabelledPhoto]:
    return [photo for split in ("train", "val") for photo in read_folder(folder, split)[1]]


def test_nothing_to_export_is_refused_when_it_is_read(tmp_path: Path) -> None:
    write_fashionpedia([], tmp_path / "f")
    assert both_splits(tmp_path / "f") == []


@pytest.mark.parametrize("layout", ["imaterialist", "fashionpedia"])
def test_street_photos_come_back(tmp_path: Path, layout: str) -> None:
    street = write_street(tmp_path / "street")
    result = CliRunner().invoke(app, [layout, str(street), str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    wanted = read_folder(street, "train")[1] if layout == "imaterialist" else both_splits(street)
    found = {photo.id: photo for photo in both_splits(tmp_path / "out")}
    assert found.keys() == {photo.id for photo in wanted}
    assert all(same_masks(photo, found[photo.id]) for photo in wanted)
    if layout == "fashionpedia":
        assert all(photo.split == found[photo.id].split for photo in wanted)
    assert not any(photo.described for photo in found.values())


@pytest.mark.parametrize("write", [write_imaterialist, write_fashionpedia])
def test_rendered_outfits_come_back_with_their_attributes(
    rendered: Path, tmp_path: Path, write: Callable[[list[LabelledPhoto], Path], None]
) -> None:
    wanted = both_splits(rendered)
    write(wanted, tmp_path)
    found = {photo.id: photo for photo in both_splits(tmp_path)}
    assert len(wanted) == len(found) == 2
    for photo in wanted:
        assert same_masks(photo, found[photo.id])
        masks = photo.read()[1]
        parts = [described(photo, value) for value in photo.labels if masks[value].any()]
        assert parts == attributes(found[photo.id])
    assert any(name.startswith("pattern: ") for name in attributes(found[wanted[0].id])[0] or ())


def test_overlapping_parts_come_back_and_only_json_knows_what_was_not_described(
    tmp_path: Path,
) -> None:
    wanted = write_photos(tmp_path / "photos")
    write_imaterialist(wanted, tmp_path / "i")
    write_fashionpedia(wanted, tmp_path / "f")
    kaggle, coco = both_splits(tmp_path / "i"), both_splits(tmp_path / "f")
    for photo in wanted:
        [theirs] = [each for each in coco if each.id == photo.id]
        assert same_masks(photo, theirs) and attributes(theirs) == attributes(photo)
        [theirs] = [each for each in kaggle if each.id == photo.id]
        assert same_masks(photo, theirs)
        assert attributes(theirs) == [photo.described.get(v, frozenset()) for v in photo.labels]
        assert theirs.split == split_of(photo.id)


def test_a_mask_without_pixels_is_left_out(tmp_path: Path) -> None:
    [photo] = write_photos(tmp_path / "photos", 1)
    counts = {v: encode(mask)["counts"].encode() for v, mask in photo.read()[1].items()}
    counts[HAT + 1] = encode(np.zeros((HEIGHT, WIDTH), bool))["counts"].encode()
    labels = {**photo.labels, HAT + 1: Category.BAG}
    hidden = replace(photo, labels=labels, regions=RunLengths((HEIGHT, WIDTH), counts))
    write_imaterialist([hidden], tmp_path / "i")
    [found] = both_splits(tmp_path / "i")
    assert Category.BAG not in found.labels.values() and same_masks(photo, found)


@pytest.mark.parametrize("write", [write_imaterialist, write_fashionpedia])
def test_a_detector_of_parts_and_attributes_trains_and_serves(
    tmp_path: Path,
    write: Callable[[list[LabelledPhoto], Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fitting, "BATCH", 2)
    spec_for = train.spec_for

    def small(
        sources: Sequence[MixtureSource],
    ) -> Spec:  # a step takes seconds at full size
        return replace(spec_for(sources), short_side=112, long_side=176)

    monkeypatch.setattr(train, "spec_for", small)
    photos = write_photos(tmp_path / "photos")
    write(photos, tmp_path / "data")
    weights, lines = tmp_path / "maskrcnn.safetensors", list[str]()
    schedule = loop.Schedule(steps=2, warm_up=1, save_every=2)
    train.train_detector([tmp_path / "data"], weights, schedule=schedule, report=lines.append)
    assert any("attributes" in line for line in lines if line.startswith("step"))
    detector = maskrcnn.Detector.load(weights)
    assert detector.spec.categories[-1] == "pocket"
    assert detector.spec.attributes == ("plain", "tight (fit)")
    detector._model.roi_heads.score_thresh = 0.0  # after two steps it is sure of nothing
    photo = Photo(photos[0].read()[0])
    found = detector.detect(photo)
    assert len(found.details) == len(found.labels) > 0
    assert all(isinstance(garment.category, Category) for garment in paste(found, photo))


@pytest.mark.shared_data
@pytest.mark.parametrize("write", [write_imaterialist, write_fashionpedia])
def test_real_street_photos_come_back(
    tmp_path: Path, write: Callable[[list[LabelledPhoto], Path], None]
) -> None:
    if not SHARED.is_dir():
        pytest.skip(f"no {SHARED}")
    wanted = read_folder(SHARED, "val")[1][:5]
    write(wanted, tmp_path)
    found = {photo.id: photo for photo in both_splits(tmp_path)}
    assert len(found) == 5 and all(same_masks(photo, found[photo.id]) for photo in wanted)
