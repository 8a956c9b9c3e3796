"""UNet and YOLACT learn, are measured alike, and refuse each other's weights."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from segmentation.common.boxes import box_of
from segmentation.common.errors import Refusal, WeightsError
from segmentation.common.garments import Garment, Garments, Photo
from segmentation.common.taxonomy import Category
from segmentation.common.weight_files import write_tensors
from segmentation.datasets import read_folder
from segmentation.datasets.labelled import LabelledPhoto
from segmentation.detector import maskrcnn
from segmentation.detector import network as detector_network
from segmentation.training.baselines import compare, loading, unet
from segmentation.training.baselines.unet import UnetSegmenter
from segmentation.training.baselines.unet_training import (
    class_numbers,
    train_unet,
    unet_losses,
)
from segmentation.training.baselines.yolact import network
from segmentation.training.baselines.yolact.segmenter import YolactSegmenter
from segmentation.training.baselines.yolact.training import train_yolact
from segmentation.training.measuring.evaluate import Measurement, measure
from segmentation.training.runs import loop
from segmentation.training.runs.progress import read_history
from segmentation.training.samples.mixture import Sample
from tests.street import write_street

UNET = unet.Spec(short_side=64, long_side=96, decoder=(32, 32, 24, 16, 16))
YOLACT = network.Spec(short_side=64, long_side=96, channels=32, prototypes=8)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_street(tmp_path_factory.mktemp("data") / "street")


def schedule(steps: int) -> loop.Schedule:
    return loop.Schedule(steps, warm_up=2, average_decay=0.5, save_every=steps)


def figures_on_train(
    segmenter: UnetSegmenter | YolactSegmenter, street: Path
) -> dict[str, float | dict[str, float]]:
    return measure(segmenter, read_folder(street, "train")[1], lambda _line: None).figures


@pytest.mark.parametrize("from_scratch", [False, True])
def test_a_unet_overfits_a_few_photos(street: Path, tmp_path: Path, from_scratch: bool) -> None:
    torch.manual_seed(0)
    out, lines = tmp_path / "unet.safetensors", list[str]()
    spec = train_unet(
        [street], out, schedule=schedule(40), spec=UNET, from_scratch=from_scratch,
        report=lines.append,
    )  # fmt: skip
    assert spec.photos == 4 and unet.read_weights(out)[0] == spec
    first, *_, last = read_history(tmp_path / "unet.history.jsonl")
    assert (first.step, last.step) == (10, 40) and last.losses["pixels"] < first.losses["pixels"]
    figures = figures_on_train(UnetSegmenter.load(out), street)
    assert figures["per_class"]["pants"] > 0.5  # type: ignore[index]


def test_a_yolact_overfits_a_few_photos(street: Path, tmp_path: Path) -> None:
    out = tmp_path / "yolact.safetensors"
    torch.manual_seed(0)
    train_yolact([street], out, schedule=schedule(48), spec=YOLACT, report=lambda _line: None)
    figures = figures_on_train(YolactSegmenter.load(out), street)
    assert figures["per_class"]["pants"] > 0.3  # type: ignore[index]


def test_models_refuse_foreign_and_missing_weights(tmp_path: Path) -> None:
    mine = tmp_path / "unet.safetensors"
    unet.write_weights(mine, unet.build(UNET), UNET)
    assert UnetSegmenter.load(mine, (32, 64)).spec.short_side == 32
    for name, load in loading.LOADERS.items():
        with pytest.raises(WeightsError, match="cannot be read"):
            load(tmp_path / "missing.safetensors", None)
        if name != "unet":
            with pytest.raises(WeightsError, match=f"got .*unet-.*; expected {name}-"):
                load(mine, None)


@pytest.mark.parametrize("kind", loading.LOADERS)
def test_models_refuse_specs_and_tensors_that_do_not_fit(tmp_path: Path, kind: str) -> None:
    module: Any = {"maskrcnn": detector_network, "unet": unet, "yolact": network}[kind]
    spec, path = asdict(module.Spec()), tmp_path / "a.safetensors"
    faults: list[dict[str, Any]] = [
        spec,  # of which no tensor is there
        {**spec, "unheard_of": 1},
        {**spec, "categories": ["sofa"]},
        {**spec, "categories": 7},
    ]
    for fault in faults:
        write_tensors(path, {"a": torch.zeros(1)}, module.ARCHITECTURE, fault)
        with pytest.raises(WeightsError, match="do not fit their network"):
            loading.LOADERS[kind](path, None)
    save_file({"a": torch.zeros(1)}, path, {"architecture": module.ARCHITECTURE})
    with pytest.raises(WeightsError, match="do not fit their network"):
        loading.LOADERS[kind](path, None)


def test_a_detector_may_see_photos_at_another_size() -> None:
    detector = maskrcnn.Detector.load(size=(352, 544))
    assert (detector.spec.short_side, detector.spec.long_side) == (352, 544)


def test_a_segmenter_that_finds_nothing_and_one_that_finds_a_photo_of_no_garment() -> None:
    photo = Photo(np.zeros((40, 30, 3), np.uint8))
    nothing = unet.build(UNET)
    with torch.no_grad():
        head = nothing.get_submodule("segmentation_head.0")
        head.get_parameter("bias")[0] = 1e4  # everything is background
    assert len(UnetSegmenter(nothing, UNET).segment(photo)) == 0
    found = YolactSegmenter(network.Yolact(YOLACT, pretrained=False), YOLACT).segment(photo)
    assert (found.height, found.width) == (40, 30) and len(found) == 0


class Answers:
    """Answers each photo with what is prepared for it."""

    def __init__(self, answers: list[Garments]) -> None:
        self._answers = [answer for answer in answers for _ in range(2)]

    def segment(self, photo: Photo) -> Garments:
        return self._answers.pop(0)

    segment_all = segment


def measured(photos: list[LabelledPhoto], *, perfect: bool) -> Measurement:
    answers = []
    for record in photos:
        rgb, masks = record.read()
        found = []
        for value, label in record.labels.items():
            box = box_of(masks[value])
            if perfect and isinstance(label, Category) and box is not None:
                found.append(Garment(label, 0.9, box, masks[value]))
        answers.append(Garments(rgb.shape[0], rgb.shape[1], tuple(found)))
    return measure(Answers(answers), photos, lambda _line: None)


@pytest.mark.parametrize(("perfect", "reached"), [(False, 0.0), (True, 1.0)])
def test_figures_of_an_empty_and_a_perfect_answer(
    street: Path, perfect: bool, reached: float
) -> None:
    result = measured(read_folder(street, "val")[1], perfect=perfect)
    names = ("ap", "ap50", "ap75", "ar", "miou", "slot_iou")
    assert {result.figures[name] for name in names} == {reached}
    assert result.figures["per_class"] == {"hat": reached, "pants": reached}
    background = result.figures["background_accuracy"]
    assert 0.7 < background < 0.8
    assert result.figures["pixel_accuracy"] == (1.0 if perfect else background)
    curve = result.precision.curve()
    assert curve["overall"] == curve["per_class"]["hat"] == [reached] * 101
    assert curve["recall"][::50] == [0.0, 0.5, 1.0]


def sample_of(labels: list[int], masks: list[list[list[int]]], **more: torch.Tensor) -> Sample:
    target = {
        "labels": torch.tensor(labels, dtype=torch.int64),
        "masks": torch.tensor(masks, dtype=torch.uint8).reshape(-1, 2, 2),
        **more,
    }
    return torch.zeros(3, 2, 2), target


def test_a_sample_becomes_a_picture_of_class_numbers() -> None:
    assert class_numbers(sample_of([], [])[1]).tolist() == [[0, 0], [0, 0]]
    overlapping = sample_of([4, 9], [[[1, 0], [0, 0]], [[1, 1], [0, 0]]])
    assert class_numbers(overlapping[1]).tolist() == [[4, 9], [0, 0]]


class Fixed(torch.nn.Module):
    """Says class 2 everywhere."""

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(len(pixels), 3, *pixels.shape[2:])
        logits[:, 2] = 9.0
        return logits


def test_background_may_be_called_what_is_worn_unmarked() -> None:
    strict = unet_losses(Fixed(), [sample_of([], [])])
    forgiving = unet_losses(Fixed(), [sample_of([], [], unmarked=torch.tensor([2]))])
    assert float(strict["pixels"]) > 5 > 1 > float(forgiving["pixels"])


def test_a_comparison_writes_a_file_for_each_model_and_size(street: Path, tmp_path: Path) -> None:
    weights = tmp_path / "mine.safetensors"
    unet.write_weights(weights, unet.build(UNET), UNET)
    log = tmp_path / "train.log"
    log.write_text("step 20/20 0.60 s/step eta 0.0 min lr 1.00e-05 pixels 0.250 dice 0.500\n")
    written = compare.compare(
        {"unet-scratch": weights}, street, tmp_path / "out", logs={"unet-scratch": log},
        command="compare", report=lambda _line: None,
    )  # fmt: skip
    assert [path.name for path in written] == [
        "unet-scratch-256x384.json",
        "unet-scratch-352x544.json",
    ]
    result = json.loads(written[1].read_text())
    assert (result["model"], result["kind"], result["size"]) == ("unet-scratch", "unet", [352, 544])
    assert result["figures"]["photos"] == result["train"]["photos"] == 2
    assert result["weights"]["parameters"] > 1e6 and len(result["curve"]["overall"]) == 101
    training = result["training"]
    assert (training["steps"], training["minutes"], training["epochs"]) == (20, 0.2, None)
    assert training["final_losses"] == {"pixels": 0.25, "dice": 0.5}


def test_a_comparison_refuses_a_kind_it_does_not_know(street: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="got resnet; expected a name that begins with maskrcnn"):
        compare.compare(
            {"resnet": tmp_path}, street, tmp_path / "out", logs={}, command="",
            report=lambda _line: None,
        )  # fmt: skip
