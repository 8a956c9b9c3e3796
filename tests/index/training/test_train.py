"""The encoder's trainer learns, its captions say what is known, and what it writes can be served."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from index.encoders.encoder import OpenClipEncoder
from index.training.examples.garments import read_all
from index.training.measuring.evaluate import evaluate_encoder
from index.training.train import train_encoder
from segmentation.common.errors import DatasetError, WeightsError
from segmentation.datasets.splits import held_out
from segmentation.training.runs import loop
from tests.street import write_street


def test_about_a_tenth_is_held_out() -> None:
    share = np.mean([held_out(str(number).encode()) for number in range(2000)])
    assert 0.08 < share < 0.13


def test_no_garments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no garments of the split"):
        read_all([], "train")


def test_two_folders_of_one_kind_are_both_read(tmp_path: Path) -> None:
    folders = [write_street(tmp_path / name) for name in ("one", "other")]
    assert len(read_all(folders, "train")) == 2 * len(read_all(folders[:1], "train"))


def test_the_encoder_overfits_and_can_be_served(tmp_path: Path) -> None:
    torch.manual_seed(0)
    street, out, lines = write_street(tmp_path / "street"), tmp_path / "encoder", list[str]()
    schedule = loop.Schedule(steps=8, warm_up=2, average_decay=0.5, save_every=4)
    train_encoder([street], out, schedule=schedule, report=lines.append)
    assert any("eta" in line for line in lines)
    assert {path.name for path in out.iterdir()} == {
        "attributes.json",
        "open_clip_config.json",
        "open_clip_model.safetensors",
        "training.history.jsonl",
    }
    encoder = OpenClipEncoder.load(out)
    examples = read_all([street], "train")
    vectors = encoder.encode_images([example.served() for example in examples])
    assert vectors.shape == (len(examples), encoder.dim) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(examples)), abs=1e-3)
    assert encoder.encode_images([]).shape == (0, encoder.dim)
    words = encoder.encode_texts(["a hat", "pants"])
    kinds = [["hat", "pants"][best] for best in np.argmax(vectors @ words.T, axis=1)]
    assert kinds == [example.facts.name for example in examples]


def test_its_figures_are_measured_on_the_held_out_garments(tmp_path: Path) -> None:
    street = write_street(tmp_path / "street")
    figures = evaluate_encoder([street])
    assert figures["held_out"] == 3 and figures["gallery"] == 9
    assert figures["cutout_kind_p1"] == 1.0  # hats and trousers: anything tells them apart
    assert set(figures["imagenet"]) == set(figures["random"]) < set(figures)
    assert figures["chance"]["caption_median_rank"] == 2.0 >= figures["caption_median_rank"]
    assert figures["wishes"] == figures["text_queries"] == 0  # too few to ask


def test_an_encoder_that_is_not_there_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="RECOMMENDER_ENCODER"):
        OpenClipEncoder.load(tmp_path / "nothing")
