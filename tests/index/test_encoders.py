"""Which encoders a name may mean, and what their fingerprints tell apart."""

from __future__ import annotations

import importlib.util
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from index.encoders import pretrained
from index.encoders.encoder import OpenClipEncoder
from index.encoders.encoder_names import Source, find
from segmentation.common.errors import WeightsError
from tests.tiny_encoder import write_encoder

PICTURES = [
    np.random.default_rng(n).integers(0, 255, (40 + n, 30, 3), dtype=np.uint8) for n in range(3)
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def its_fingerprint(tiny: Path) -> str:
    return OpenClipEncoder(str(tiny)).fingerprint


def test_a_folder_may_be_named_with_or_without_its_schema(tiny: Path, its_fingerprint: str) -> None:
    encoder = OpenClipEncoder(f"local-dir:{tiny}")
    assert encoder.fingerprint == its_fingerprint and encoder.dim == 16
    for rows in (encoder.encode_images(PICTURES), encoder.encode_texts(["red", "blue", "a hat"])):
        assert rows.shape == (3, 16) and rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert encoder.encode_texts([]).shape == encoder.encode_images([]).shape == (0, 16)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("hf-hub:Marqo/marqo-fashionSigLIP", Source("hf-hub:Marqo/marqo-fashionSigLIP")),
        ("ViT-B-32/laion2b_s34b_b79k", Source("ViT-B-32", "laion2b_s34b_b79k")),
        ("ViT-B/32/openai", Source("ViT-B-32", "openai", quick_gelu=True)),
        ("RN50x4", Source("RN50x4", "openai", quick_gelu=True)),
        ("local-dir:/nowhere", Source("local-dir:/nowhere")),
    ],
)
def test_what_a_name_means(name: str, source: Source) -> None:
    assert find(name) == source


def test_an_architecture_takes_a_file_of_weights(tmp_path: Path) -> None:
    mine = tmp_path / "mine.safetensors"
    mine.write_bytes(b"")
    assert find(f"ViT-B-32/{mine}") == Source("ViT-B-32", str(mine))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ViT-B-32", r"22 pretrained sets.*ViT-B-32/openai.*17 more"),
        ("ViT-B-32/mine", r"no pretrained set or file mine.*ViT-B-32/openai"),
        ("ViT-B32/openai", r"no architecture has this name.*Near.*ViT-B-32"),
        ("hf-hub:nobody/nothing", r"nobody/nothing is not in.*cache.*create_model\('hf-hub:nobody"),
        ("ViT-B-32/openai", r"not in.*cache.*create_model\('ViT-B-32', 'openai'\).*get_tokenizer"),
        ("local-dir:/nowhere", r"not found: /nowhere.*RECOMMENDER_ENCODER"),
    ],
)
def test_what_is_not_on_the_machine_is_refused_at_once(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    started = time.process_time()
    with pytest.raises(WeightsError, match=rf"(?s){said}"):
        OpenClipEncoder(name)
    assert time.process_time() - started < 5


def test_the_hub_is_asked_again_afterwards() -> None:
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    with pretrained._offline():
        assert constants.HF_HUB_OFFLINE
    assert before == constants.HF_HUB_OFFLINE


def test_a_folder_without_weights_is_refused_not_filled_with_chance(tmp_path: Path) -> None:
    write_encoder(tmp_path)
    (tmp_path / "open_clip_model.safetensors").unlink()
    with pytest.raises(WeightsError, match="open_clip_model"):
        OpenClipEncoder(str(tmp_path))


def test_a_package_that_a_model_needs_is_named(tmp_path: Path) -> None:
    write_encoder(tmp_path, model_cfg__text_cfg__hf_tokenizer_name="t5-small")
    here = importlib.util.find_spec("transformers")
    wanted = str(tmp_path) if here else "pip install transformers"
    with pytest.raises(WeightsError, match=wanted):
        OpenClipEncoder(str(tmp_path))


@pytest.mark.parametrize(
    "changes",
    [
        {"preprocess_cfg__mean": [0.5, 0.5, 0.4]},
        {"preprocess_cfg__std": [0.25, 0.25, 0.3]},
        {"preprocess_cfg__interpolation": "bilinear"},
        {"preprocess_cfg__resize_mode": "squash"},
        {"preprocess_cfg__fill_color": 0},
        {"model_cfg__vision_cfg__image_size": 48},
        {"model_cfg__vision_cfg__head_width": 8},
        {"model_cfg__quick_gelu": True},
        {"model_cfg__text_cfg__context_length": 10},
        {"model_cfg__text_cfg__heads": 4},
        {"model_cfg__text_cfg__tokenizer_kwargs": {"clean": "canonicalize"}},
        {"seed": 1},
    ],
    ids=str,
)
def test_whatever_changes_vectors_changes_the_fingerprint(
    changes: dict[str, Any], tmp_path: Path, its_fingerprint: str
) -> None:
    assert OpenClipEncoder(str(write_encoder(tmp_path, **changes))).fingerprint != its_fingerprint


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"preprocess_cfg__std": 0.25},
        {"preprocess_cfg__interpolation": "random"},  # open_clip's word for bicubic when serving
        {"model_cfg__vision_cfg__patch_dropout": 0.5},
        {"model_cfg__quick_gelu": False},
        {"model_cfg__init_logit_scale": 3.0},
    ],
    ids=str,
)
def test_what_changes_no_vector_changes_no_fingerprint(
    changes: dict[str, Any], tmp_path: Path, its_fingerprint: str
) -> None:
    assert OpenClipEncoder(str(write_encoder(tmp_path, **changes))).fingerprint == its_fingerprint


def test_a_fill_that_fills_nothing_counts_for_nothing(tmp_path: Path) -> None:
    squashed: dict[str, Any] = {"preprocess_cfg__resize_mode": "squash"}
    one, other = (
        OpenClipEncoder(
            str(write_encoder(tmp_path / str(fill), **squashed, preprocess_cfg__fill_color=fill))
        )
        for fill in (0, 255)
    )
    assert one.fingerprint == other.fingerprint
    assert np.array_equal(one.encode_images(PICTURES), other.encode_images(PICTURES))


def test_place_precision_and_temperature_count_for_nothing(
    tiny: Path, tmp_path: Path, its_fingerprint: str
) -> None:
    elsewhere = Path(shutil.copytree(tiny, tmp_path / "elsewhere"))
    state = load_file(elsewhere / "open_clip_model.safetensors")
    state["logit_scale"] = torch.tensor(1.5)
    save_file(state, elsewhere / "open_clip_model.safetensors")
    moved = OpenClipEncoder(str(elsewhere))
    assert moved.fingerprint == its_fingerprint
    rows = OpenClipEncoder(str(tiny)).encode_texts(["a red hat"])
    assert np.array_equal(moved.encode_texts(["a red hat"]), rows)
    halves = {name: tensor.half() for name, tensor in state.items()}
    fingerprints = []
    for name, weights in (("half", halves), ("full", {n: t.float() for n, t in halves.items()})):
        folder = Path(shutil.copytree(tiny, tmp_path / name))
        save_file(weights, folder / "open_clip_model.safetensors")
        fingerprints.append(OpenClipEncoder(str(folder)).fingerprint)
    assert fingerprints[0] == fingerprints[1] != its_fingerprint


def test_what_is_missing_can_be_told_without_reading_weights(tiny: Path) -> None:
    pretrained.require(str(tiny))
    with pytest.raises(WeightsError, match="nowhere"):
        pretrained.require("local-dir:/nowhere")
