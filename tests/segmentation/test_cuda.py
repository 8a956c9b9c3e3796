"""The detector on a CUDA device, a pretended one: nothing is left behind, and numbers are the processor's own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from recommender.runtime import loading
from recommender.sample import outfit_paths
from recommender.settings import Settings
from segmentation.common.errors import DeviceError
from segmentation.common.garments import Garments, Photo
from segmentation.common.photo import decode
from segmentation.common.taxonomy import Category
from segmentation.detector.coarse import COARSE_SIZE
from segmentation.detector.detections import Detections
from segmentation.detector.inputs import Look
from segmentation.detector.maskrcnn import Detector
from segmentation.engines import device
from segmentation.engines.choice import DTYPES, Engine
from segmentation.engines.device import CUDA, Device, device_of, machine, synchronize
from segmentation.engines.joining import Joined
from tests.fake_cuda import Away, FakeCuda, pretended

SIZE = (320, 492)
"""Short and long side: half the work of the spec's own."""


@pytest.fixture(scope="module")
def gpu() -> Iterator[FakeCuda]:
    with pytest.MonkeyPatch.context() as patch, pretended(patch, bf16=False) as cuda:
        yield cuda


@pytest.fixture(scope="module")
def there(gpu: FakeCuda) -> Detector:
    with gpu:
        return Detector.load(size=SIZE)


@pytest.fixture(scope="module")
def here() -> Detector:
    return Detector.load(size=SIZE, engine=Engine.FLOAT32)


@pytest.fixture(scope="module")
def photo() -> Photo:
    return decode(outfit_paths()[4].read_bytes())


@pytest.fixture(scope="module")
def far_away(photo: Photo) -> Photo:
    """Return a photo in which the person is small, so that it is looked at twice."""
    height, width = photo.height, photo.width
    canvas = np.full((2 * height, 2 * width, 3), photo.rgb[0, 0], np.uint8)
    canvas[height // 2 : height // 2 + height, width // 2 : width // 2 + width] = photo.rgb
    return Photo(canvas)


def assert_same(one: Garments, other: Garments) -> None:
    assert [each.category for each in one] == [each.category for each in other] != []
    for ours, theirs in zip(one, other, strict=True):
        assert ours.score == theirs.score and ours.box_xyxy == theirs.box_xyxy
        np.testing.assert_array_equal(ours.mask, theirs.mask)


def test_the_fake_refuses_what_torch_refuses(gpu: FakeCuda) -> None:
    with gpu:
        rows = torch.arange(6.0).reshape(2, 3)
        moved = rows.to(CUDA)
        made = torch.ones(3, device=CUDA)
        assert isinstance(moved, Away) and moved.device == CUDA == made.device
        assert torch.equal((moved @ made).cpu(), torch.tensor([3.0, 12.0]))
        assert torch.equal(moved[torch.tensor([1])].cpu(), rows[1:])
        assert float((moved * torch.tensor(2.0)).sum()) == 30
        mixtures: tuple[Callable[[], object], ...] = (
            lambda: moved + rows,
            lambda: moved @ torch.ones(3),
            lambda: torch.cat([moved, rows]),
            lambda: torch.stack([made.sum(), torch.tensor(1.0)]),
            lambda: rows[torch.ones(1, dtype=torch.int64, device=CUDA)],
        )
        for mixed in mixtures:
            with pytest.raises(RuntimeError, match="on the same device"):
                mixed()
        with pytest.raises(RuntimeError, match="numpy"):
            moved.numpy()
        moved.mul_(2)
        assert rows.sum() == 15, "what was moved is a copy"


def test_one_photo_goes_there_and_garments_come_back(
    gpu: FakeCuda, there: Detector, here: Detector, photo: Photo
) -> None:
    assert there.engine is Engine.CUDA
    assert {each.device for each in there._model.parameters()} == {CUDA}
    gpu.moves.clear()
    with gpu:
        found, all_found = there.segment(photo), there.segment_all(photo)
    assert gpu.moves[4] == 2, "a photo is moved once"
    assert_same(found, here.segment(photo))
    assert_same(all_found, here.segment_all(photo))


def test_the_closer_look_and_passers_by(
    gpu: FakeCuda, there: Detector, here: Detector, far_away: Photo
) -> None:
    gpu.moves.clear()
    with gpu:
        twice, everyone = there.segment(far_away), there.segment(far_away, everyone=True)
    assert gpu.moves[4] == 3
    assert_same(twice, here.segment(far_away))
    assert_same(everyone, here.segment(far_away, everyone=True))


def test_a_box_by_hand(gpu: FakeCuda, there: Detector, here: Detector, photo: Photo) -> None:
    [first, *_] = here.segment(photo)
    box = first.box_xyxy
    with gpu:
        drawn, kinds = there.outline(photo, box, Category.DRESS), there.kinds(photo, box)
    np.testing.assert_array_equal(drawn.mask, here.outline(photo, box, Category.DRESS).mask)
    assert kinds == here.kinds(photo, box)


def test_nothing_found_is_an_answer(gpu: FakeCuda, there: Detector) -> None:
    with gpu:
        assert not there.segment(Photo(np.full((300, 200, 3), 128, np.uint8)))


def test_an_import_looks_at_several_photos_at_once(
    gpu: FakeCuda, there: Detector, here: Detector, photo: Photo
) -> None:
    coarse, whole = loading.for_catalogue(there)
    assert isinstance(coarse, Detector) and isinstance(whole, Detector)
    assert coarse.engine is whole.engine is Engine.CUDA
    turned = Photo(np.ascontiguousarray(photo.rgb[:, ::-1]))
    photos, batches = [photo, turned, photo, turned, photo], []

    def noted(looks: Sequence[Look]) -> list[Detections]:
        batches.append(len(looks))
        return coarse._detected(looks)

    coarse._joined = Joined(noted, most=2, like=coarse._joined._like)

    def find(given: Photo) -> Garments:
        with FakeCuda():
            return coarse.segment(given)

    with ThreadPoolExecutor(len(photos)) as pool:
        together = list(pool.map(find, photos))
    assert sum(batches) == len(photos) and max(batches) == 2
    alone = [here.at(COARSE_SIZE, coarse=True).segment(each) for each in photos[:2]]
    for one, other in zip(together, [*alone, *alone, alone[0]], strict=True):
        assert [each.category for each in one] == [each.category for each in other] != []
        for ours, theirs in zip(one, other, strict=True):
            assert ours.score == pytest.approx(theirs.score, abs=1e-4)
            assert (ours.mask != theirs.mask).mean() < 1e-4
    with gpu:
        assert_same(whole.segment(photo), loading.for_catalogue(here)[1].segment(photo))


def test_photos_of_two_sizes_do_not_share_a_batch(
    gpu: FakeCuda, there: Detector, photo: Photo
) -> None:
    wide = there._look(Photo(np.zeros((300, 600, 3), np.uint8)))
    assert there._joined._like(wide) != there._joined._like(there._look(photo))
    with gpu, pytest.raises(ValueError, match="broadcast"):
        there._detected([there._look(photo), wide])


@pytest.mark.parametrize("forgotten", ["input", "answer"])
def test_what_is_not_moved_is_found_out(
    gpu: FakeCuda, there: Detector, photo: Photo, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    if forgotten == "input":
        monkeypatch.setattr(Device, "taking", lambda _, inputs: inputs)
    else:
        monkeypatch.setattr(Away, "cpu", lambda self: self)
    for ask in (
        lambda: there.segment(photo),
        lambda: there.outline(photo, (0, 0, 90, 90), Category.DRESS),
        lambda: there.kinds(photo, (0, 0, 90, 90)),
    ):
        with gpu, pytest.raises((RuntimeError, TypeError, NotImplementedError)):
            ask()


def test_a_box_that_is_not_moved_is_found_out(
    gpu: FakeCuda, there: Detector, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = Device.taking
    monkeypatch.setattr(Device, "taking", lambda self, t: taking(self, t) if t.ndim == 4 else t)
    for ask in (
        lambda: there.outline(photo, (0, 0, 90, 90), Category.DRESS),
        lambda: there.kinds(photo, (0, 0, 90, 90)),
    ):
        with gpu, pytest.raises(RuntimeError, match="on the same device"):
            ask()


def test_bfloat16_where_the_gpu_has_it(photo: Photo, here: Detector) -> None:
    with pytest.MonkeyPatch.context() as patch, pretended(patch, bf16=True) as cuda, cuda:
        assert device_of(Engine.AUTO) == Device(CUDA, torch.bfloat16)
        found = Detector.load(size=SIZE, engine=Engine.CUDA).segment(photo)
        assert cuda.dtypes == {torch.bfloat16}
        assert machine().startswith("CUDA device Pretended 1, bfloat16; processor, ")
        synchronize()
    exact = here.segment(photo)
    assert {each.category for each in exact} == {each.category for each in found}


@pytest.mark.parametrize("engine", [Engine.CPU, Engine.FLOAT32, Engine.BFLOAT16, Engine.INT8])
def test_the_processor_serves_where_it_is_set(gpu: FakeCuda, engine: Engine) -> None:
    with gpu:
        assert not device_of(engine).is_cuda


def test_without_a_device_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    device.why_no_cuda.cache_clear()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    try:
        assert device_of(Engine.AUTO).engine in DTYPES and machine().endswith("no CUDA device")
        with pytest.raises(DeviceError, match="RECOMMENDER_ENGINE=cuda") as refusal:
            loading.detector(Settings(engine="cuda"))
        assert torch.__version__ in refusal.value.got and "auto" in refusal.value.next_step
    finally:
        device.why_no_cuda.cache_clear()


def test_a_device_that_cannot_compute_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> torch.Tensor:
        raise RuntimeError("no kernel image is available\nfor execution on the device")

    with pretended(monkeypatch, bf16=True), caplog.at_level(logging.WARNING):
        monkeypatch.setattr(torch, "ones", broken)
        assert not device_of(Engine.AUTO).is_cuda and "no kernel image" in caplog.text
        with pytest.raises(DeviceError, match="got no kernel image is available; expected"):
            device_of(Engine.CUDA)


def test_a_full_device_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> torch.nn.Module:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 MiB.")

    monkeypatch.setattr(torch.nn.Module, "to", full)
    with pytest.raises(DeviceError, match="RECOMMENDER_ENGINE=cpu"):
        Device(CUDA, torch.float32).holding(torch.nn.Linear(1, 1))
