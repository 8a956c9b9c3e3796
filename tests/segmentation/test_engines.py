"""What runs the detector: torch, or a graph in 8-bit integers where that is right and faster here."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from recommender.runtime import loading
from recommender.sample import outfit_paths
from recommender.settings import Settings
from segmentation.common.errors import DatasetError, WeightsError
from segmentation.common.garments import Photo
from segmentation.common.photo import decode
from segmentation.detector import trunk
from segmentation.detector.maskrcnn import CATALOGUE_SIZE, WEIGHTS, Detector
from segmentation.detector.network import Spec, build, write_weights
from segmentation.engines.choice import DTYPES, Engine, clearly_better, torch_dtype
from segmentation.engines.graph import Graph, GraphUnfit, digest_of, graph_beside, openvino
from segmentation.training import quantizing

SHIPPED = graph_beside(WEIGHTS)


@pytest.fixture(scope="module")
def compiled() -> Detector:
    return Detector.load(engine=Engine.INT8)


@pytest.fixture(scope="module")
def photo() -> Photo:
    return decode(outfit_paths()[4].read_bytes())


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return weights of another network, the shipped graph beside them."""
    spec = Spec(("hat", "dress"), channels=16, box_width=8, short_side=64, long_side=96)
    path = tmp_path / "maskrcnn.safetensors"
    write_weights(path, build(spec).state_dict(), spec)
    shutil.copy(SHIPPED, graph_beside(path))
    return path


def answer(value: float, seconds: float = 0.0) -> Any:
    def run() -> list[torch.Tensor]:
        time.sleep(seconds)
        return [torch.full((4,), value)]

    return run


def test_a_compiled_network_is_taken_where_it_is_right_and_faster() -> None:
    exact, slow = answer(1.0), answer(1.0, 0.01)
    assert clearly_better(exact, slow, answer(1.1)) == ""
    assert "differ from torch's by 0.50" in clearly_better(exact, slow, answer(1.5))
    assert "differ" in clearly_better(exact, slow, answer(float("nan")))
    assert "ms where torch takes" in clearly_better(exact, exact, answer(1.0, 0.01))


def test_both_engines_find_the_same_garments(compiled: Detector, photo: Photo) -> None:
    plain = Detector.load(engine=Engine.FLOAT32)
    assert (plain.engine, compiled.engine) == (Engine.FLOAT32, Engine.INT8)
    exact, found = plain.segment(photo), compiled.segment(photo)
    sure = {garment.category: garment for garment in exact if garment.score > 0.9}
    same = {garment.category: garment for garment in found}
    assert len(sure) >= 3 and set(sure) <= set(same)
    for kind, garment in sure.items():
        both = garment.mask & same[kind].mask
        assert both.sum() > 0.85 * (garment.mask | same[kind].mask).sum()


def test_threads_that_share_a_graph_do_not_disturb_each_other(
    compiled: Detector, photo: Photo
) -> None:
    smaller = compiled.at(CATALOGUE_SIZE)
    photos = [photo, Photo(np.ascontiguousarray(photo.rgb[:, ::-1]))] * 2
    alone = [smaller.segment(each) for each in photos[:2]] * 2
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(smaller.segment, photos))
    for one, other in zip(alone, together, strict=True):
        assert [garment.category for garment in one] == [garment.category for garment in other]
        np.testing.assert_array_equal([g.mask for g in one], [g.mask for g in other])


def test_the_shipped_graph_is_of_the_shipped_weights() -> None:
    assert Graph.read(SHIPPED, WEIGHTS, 1)
    assert SHIPPED.stat().st_size < 5_000_000


@pytest.mark.parametrize("engine", [Engine.AUTO, Engine.INT8])
def test_a_graph_of_other_weights_is_left_alone(
    small: Path, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    assert Detector.load(small, engine=engine).engine in DTYPES
    assert "was made from other weights" in caplog.text


def test_a_damaged_graph_is_left_alone(small: Path, caplog: pytest.LogCaptureFixture) -> None:
    graph_beside(small).write_bytes(SHIPPED.read_bytes()[:-100])
    assert Detector.load(small).engine in DTYPES
    assert "cannot be read" in caplog.text


def test_a_graph_that_openvino_cannot_read_is_left_alone(
    small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    noise = {name: np.zeros(9, dtype=np.uint8) for name in ("graph", "constants")}
    save_file(noise, graph_beside(small), {"weights": digest_of(small)})
    assert Detector.load(small).engine in DTYPES
    assert "cannot be compiled here" in caplog.text


def test_torch_serves_where_there_is_no_graph(
    small: Path, caplog: pytest.LogCaptureFixture
) -> None:
    graph_beside(small).unlink()
    assert Detector.load(small).engine in DTYPES and not caplog.records


def test_torch_serves_where_openvino_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    trunk._graph.cache_clear()
    assert Detector.load().engine in DTYPES
    assert "OpenVINO cannot be imported" in caplog.text


def test_torch_serves_where_it_is_faster(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(trunk, "_CHOSEN", {})
    monkeypatch.setattr(trunk, "clearly_better", lambda *_: "it takes 9.0 ms where torch takes 1.0")
    assert Detector.load().engine in DTYPES
    assert "it takes 9.0 ms" in caplog.text


def test_openvino_comes_without_its_telemetry() -> None:
    assert openvino() and sys.modules["openvino_telemetry"] is None


def test_the_setting_overrides_the_choice() -> None:
    detector = loading.detector(Settings(engine="float32"))
    assert isinstance(detector, Detector) and detector.engine is Engine.FLOAT32
    assert torch_dtype(Engine.BFLOAT16) is torch.bfloat16
    assert torch_dtype(Engine.INT8) is torch_dtype(Engine.AUTO)


def test_a_graph_needs_training_photos_and_its_extra(
    monkeypatch: pytest.MonkeyPatch, small: Path
) -> None:
    with pytest.raises(DatasetError, match="no training photos"):
        quantizing.training_photos([], 5)
    monkeypatch.setitem(sys.modules, "nncf", None)
    with pytest.raises(WeightsError, match="the extra `quantize`"):
        quantizing.quantize(small, [])


def test_a_stamp_is_the_sum_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert digest_of(tmp_path / "empty").startswith("e3b0c44298fc1c14")
    with pytest.raises(GraphUnfit, match="cannot be read"):
        Graph.read(tmp_path / "none.safetensors", tmp_path / "empty", 1)
