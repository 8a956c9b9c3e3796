"""The encoder's trainer learns, its captions say what is known, and what it writes can be served."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from index.encoder import OpenClipEncoder
from index.training.captions import caption
from index.training.examples import Example, read_all
from index.training.train import contrastive, train_encoder
from index.training.views import view
from segmentation.datasets.splits import held_out
from segmentation.errors import DatasetError, WeightsError
from segmentation.taxonomy import Category
from segmentation.training import loop
from tests.street import write_street

PLAIN = np.full((224, 224, 3), 127, dtype=np.uint8)


def test_captions_say_kind_and_only_what_is_known() -> None:
    known = Example(
        "a", "s", PLAIN, "blazer", Category.JACKET, "jacket", ("navy", "white"), "stripe"
    )
    said = {caption(known, np.random.default_rng(n)) for n in range(60)}
    assert all("blazer" in one or "jacket" in one for one in said)
    assert any("navy" in one for one in said) and any("stripe" in one for one in said)
    bare = Example("b", "s", PLAIN, "hat", Category.HAT, "hat")
    for number in range(20):
        assert "navy" not in caption(bare, np.random.default_rng(number))


def test_a_view_differs_and_keeps_the_neutral_background() -> None:
    picture = PLAIN.copy()
    picture[60:160, 60:160] = (200, 30, 30)
    one, other = (view(picture, np.random.default_rng(seed)) for seed in (3, 4))
    assert one.shape == picture.shape and not np.array_equal(one, other)
    assert np.abs(one[0, 0].astype(int) - 127).max() <= 6


def test_equal_captions_are_no_negatives() -> None:
    logits = torch.tensor([[5.0, 5.0], [5.0, 5.0]])
    everything = torch.ones(2, 2, dtype=torch.bool)
    only_itself = torch.eye(2, dtype=torch.bool)
    sharp = torch.tensor([[9.0, 0.0], [0.0, 9.0]])
    assert float(contrastive(logits, everything)) == pytest.approx(float(np.log(2)))
    assert float(contrastive(sharp, only_itself)) < 0.01


def test_about_a_tenth_is_held_out() -> None:
    share = np.mean([held_out(str(number).encode()) for number in range(2000)])
    assert 0.08 < share < 0.13


def test_no_garments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no garments of the split"):
        read_all([], "train")


def test_the_encoder_overfits_and_can_be_served(tmp_path: Path) -> None:
    street, out, lines = write_street(tmp_path / "street"), tmp_path / "encoder", list[str]()
    schedule = loop.Schedule(steps=10, warm_up=2, average_decay=0.5, save_every=5)
    train_encoder([street], out, schedule=schedule, batch=6, report=lines.append)
    assert "eta" in lines[-1]
    assert {path.name for path in out.iterdir()} == {
        "open_clip_config.json",
        "open_clip_model.safetensors",
        "training.history.jsonl",
    }
    encoder = OpenClipEncoder.load(out)
    examples = read_all([street], "train")
    vectors = encoder.encode_images([example.rgb for example in examples])
    assert vectors.shape == (len(examples), encoder.dim) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(examples)), abs=1e-3)
    assert encoder.encode_images([]).shape == (0, encoder.dim)
    words = encoder.encode_texts(["a hat", "pants"])
    kinds = [["hat", "pants"][best] for best in np.argmax(vectors @ words.T, axis=1)]
    assert kinds == [example.name for example in examples]


def test_an_encoder_that_is_not_there_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="RECOMMENDER_ENCODER"):
        OpenClipEncoder.load(tmp_path / "nothing")
