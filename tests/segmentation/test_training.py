"""The trainer learns, resumes exactly, and says so when a loss is not finite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from segmentation.common.errors import DatasetError, WeightsError
from segmentation.common.garments import Photo
from segmentation.common.taxonomy import Category
from segmentation.datasets import read_folder
from segmentation.datasets.clothing_co_parsing import read_tagged
from segmentation.detector import maskrcnn
from segmentation.detector.detections import Detections, paste, reported
from segmentation.training.measuring.evaluate import evaluate_detector
from segmentation.training.runs import loop
from segmentation.training.runs.sources import recipe_for, sources_of
from segmentation.training.samples.mixture import (
    Mixture,
    MixtureSource,
    Vocabulary,
    repeat_factors,
    to_sample,
)
from segmentation.training.samples.scenes import Scene
from segmentation.training.train import train_detector
from tests.street import HAT, LABELS, PANTS, write_street

VOCABULARY = Vocabulary({category: category.id + 1 for category in Category})


@pytest.fixture
def street(tmp_path: Path) -> Path:
    return write_street(tmp_path / "street")


def test_the_reader_maps_labels_and_keeps_splits_apart(street: Path) -> None:
    kind, train = read_folder(street, "train")
    _, held_out = read_folder(street, "val")
    assert kind == "clothing-co-parsing"
    assert [photo.id for photo in train] == ["0001", "0002", "0003", "0004"]
    assert [photo.id for photo in held_out] == ["0005", "0006"]
    assert train[0].labels == {HAT: Category.HAT, PANTS: Category.PANTS}


def test_a_vest_over_nothing_is_a_top_and_a_dress_below_a_top_is_a_skirt(tmp_path: Path) -> None:
    folder = write_street(tmp_path / "street", photos=3)
    labels = np.zeros((160, 100), dtype=np.uint8)
    labels[20:60, 30:70] = LABELS.index("vest")
    Image.fromarray(labels).save(folder / "masks" / "0001.png")
    labels[60:120, 30:70] = LABELS.index("dress")
    labels[20:60, 30:45] = LABELS.index("shirt")
    Image.fromarray(labels).save(folder / "masks" / "0002.png")
    alone, both = read_folder(folder, "train")[1]
    assert set(alone.labels.values()) == {Category.TOP}
    assert set(both.labels.values()) == {Category.VEST, Category.SHIRT, Category.SKIRT}
    assert sorted(both.names.values()) == ["dress", "shirt", "vest"]
    tags = '{"id": 9, "split": "tags", "tags": ["vest", "jeans"]}'
    (folder / "photos.jsonl").write_text(tags)
    [(_, worn)] = read_tagged(folder)
    assert worn == {Category.TOP: ("vest",), Category.PANTS: ("jeans",)}


def test_a_folder_of_no_known_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no data set"):
        read_folder(tmp_path, "train")


def test_sample_masks_lie_in_their_boxes(street: Path) -> None:
    _, photos = read_folder(street, "train")
    pixels, target = Mixture([MixtureSource(photos)], VOCABULARY)[3]
    assert pixels.shape == (3, 688, 448) and 0 <= float(pixels.min()) <= float(pixels.max()) <= 1
    assert len(target["boxes"]) == len(target["labels"]) == len(target["masks"]) > 0
    for (left, top, right, bottom), mask in zip(
        target["boxes"].int().tolist(), target["masks"], strict=True
    ):
        assert int(mask[top:bottom, left:right].sum()) == int(mask.sum()) > 0


def test_a_sample_is_a_function_of_its_number(street: Path) -> None:
    _, photos = read_folder(street, "train")
    one, same = (Mixture([MixtureSource(photos, 1, True, True)], VOCABULARY)[5] for _ in range(2))
    assert torch.equal(one[0], same[0]) and torch.equal(one[1]["masks"], same[1]["masks"])


def test_photos_of_rare_garments_are_repeated(street: Path) -> None:
    _, photos = read_folder(street, "train")
    assert repeat_factors(photos, 1.0).tolist() == pytest.approx([2**0.5, 1, 2**0.5, 1])


def test_a_folder_without_training_photos_is_refused(street: Path, tmp_path: Path) -> None:
    index = street / "photos.jsonl"
    index.write_text(index.read_text().replace('"train"', '"val"'))
    with pytest.raises(DatasetError, match=r"no training photos in a folder: got .*street"):
        sources_of([street], lambda _line: None)


def test_each_kind_of_data_has_its_use(street: Path) -> None:
    [source] = sources_of([street], lambda _line: None)
    assert (source.kind, source.turns, source.lends, source.borrows) == (
        "clothing-co-parsing", 6, True, True,
    )  # fmt: skip


def test_a_recipe_tells_network_data_and_start(street: Path, tmp_path: Path) -> None:
    sources = sources_of([street], lambda _line: None)
    weights = tmp_path / "w"
    weights.write_bytes(b"")
    recipe = recipe_for("net", {"channels": 8}, sources, weights)
    assert recipe.splitlines()[:3] == [
        "architecture: net", "channels: 8", "data: 4 of clothing-co-parsing",
    ]  # fmt: skip
    assert "start: sha256 e3b0c442" in recipe
    assert recipe != recipe_for("net", {"channels": 8}, sources, "ImageNet")


def test_a_photo_without_garments_still_makes_a_sample() -> None:
    _, target = to_sample(Scene(np.zeros((8, 8, 3), np.uint8), ()), VOCABULARY)
    assert target["boxes"].shape == (0, 4) and target["masks"].shape == (0, 8, 8)


def test_the_detector_overfits_a_few_photos(street: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    out, lines = tmp_path / "out" / "maskrcnn.safetensors", list[str]()
    schedule = loop.Schedule(steps=24, warm_up=2, average_decay=0.5, save_every=12)
    train_detector([street], out, schedule=schedule, batch=2, report=lines.append)
    progress = [line for line in lines if line.startswith("step")]
    assert "eta" in progress[0] and len(progress) == 3
    rgb, masks = read_folder(street, "train")[1][0].read()
    found = maskrcnn.Detector.load(out).detect(Photo(rgb))
    best = paste(found.take([found.labels.index(Category.PANTS)]), Photo(rgb))[0]
    assert best.score > 0.3
    overlap = np.count_nonzero(best.mask & masks[PANTS])
    assert overlap > 0.3 * np.count_nonzero(masks[PANTS])  # untrained, none is found
    figures = evaluate_detector([street], out)
    assert figures["photos"] == 2 and figures["ap50"] > 0.2
    assert {"ap", "ap50", "ap75", "ar", "miou", "per_class", "ms_per_photo"} <= set(figures)
    with pytest.raises(WeightsError, match="batch: 2; expected batch: 4"):
        train_detector([street], out, schedule=schedule, resume=True, report=lines.append)


def test_confusable_names_of_one_garment_share_their_score() -> None:
    place, elsewhere = [10.0, 10.0, 50.0, 90.0], [60.0, 10.0, 90.0, 90.0]
    found = Detections(
        boxes_xyxy=torch.tensor([place, place, place, elsewhere]),
        scores=torch.tensor([0.3, 0.25, 0.2, 0.3]),
        labels=(Category.SHIRT, Category.TOP, Category.BAG, Category.SHIRT),
        mask_probabilities=torch.zeros(4, 1, 28, 28),
    )
    assert reported(found, lambda _category: 0.5) == [0]
    assert reported(found, lambda _category: 0.3) == [0, 3]
    assert reported(found, lambda _category: 0.6) == []


class Slope(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))


def slope_run(
    steps: int, path: Path, *, resume: bool, poison: int = -1, recipe: str = "recipe: slope"
) -> tuple[Tensor, list[str]]:
    model, lines = Slope(), list[str]()
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.1)

    def batches(first: int) -> Iterator[float]:
        yield from (float("nan") if n == poison else 1.0 + n % 3 for n in range(first, 1000))

    def losses(module: nn.Module, batch: float) -> dict[str, Tensor]:
        weight = module.get_parameter("weight")
        return {"square": (batch * weight).square().sum()}

    schedule = loop.Schedule(steps=20, warm_up=3, save_every=5, average_decay=0.9)
    stop = [n for n in range(steps)]

    def limited(first: int) -> Iterator[float]:
        for number, batch in zip(range(first, len(stop)), batches(first), strict=False):
            del number
            yield batch

    trained = loop.run(
        model, optimiser, limited, losses, schedule, checkpoint=path, recipe=recipe, resume=resume,
        report=lines.append,
    )  # fmt: skip
    return trained.get_parameter("weight").detach(), lines


def test_a_resumed_run_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    unbroken, _ = slope_run(20, tmp_path / "a.pt", resume=False)
    slope_run(10, tmp_path / "b.pt", resume=False)
    resumed, _ = slope_run(20, tmp_path / "b.pt", resume=True)
    assert torch.equal(unbroken, resumed)


def test_a_run_does_not_take_anothers_checkpoint_up(tmp_path: Path) -> None:
    slope_run(10, tmp_path / "a.pt", resume=False)
    with pytest.raises(WeightsError, match="recipe: slope; expected recipe: other"):
        slope_run(20, tmp_path / "a.pt", resume=True, recipe="recipe: other")


def test_a_loss_that_is_not_finite_is_skipped_and_said(tmp_path: Path) -> None:
    weight, lines = slope_run(20, tmp_path / "a.pt", resume=False, poison=4)
    assert torch.isfinite(weight).all()
    assert any("step 4: skipped, loss not finite" in line for line in lines)


def test_losses_that_stay_infinite_end_the_run(tmp_path: Path) -> None:
    model = Slope()

    def losses(module: nn.Module, _batch: int) -> dict[str, Tensor]:
        return {"square": module.get_parameter("weight").sum() * float("inf")}

    with pytest.raises(loop.TrainingDiverged, match="not finite"):
        loop.run(
            model,
            torch.optim.AdamW(model.parameters()),
            lambda first: iter(range(first, 100)),
            losses,
            loop.Schedule(steps=100),
            checkpoint=tmp_path / "a.pt",
            recipe="",
            resume=False,
            report=lambda _line: None,
        )


def test_damaged_or_foreign_weights_are_refused(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"\xff" * 64)
    for path in (damaged, tmp_path / "missing.safetensors"):
        with pytest.raises(WeightsError, match="cannot be read"):
            maskrcnn.Detector.load(path)
