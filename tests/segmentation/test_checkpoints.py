"""A checkpoint is taken up by its own run alone; all others are refused, and so is damage."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from segmentation.common.errors import WeightsError
from segmentation.training.runs.checkpoints import Checkpoint, recipe_of

RECIPE = recipe_of(architecture="line", photos=4, start="ImageNet")


def checkpoint(path: Path, model: nn.Module, recipe: str = RECIPE) -> Checkpoint:
    return Checkpoint(path, recipe, {"model": model})


def test_a_run_without_a_checkpoint_begins_at_0(tmp_path: Path) -> None:
    assert checkpoint(tmp_path / "none.pt", nn.Linear(1, 1)).take_up() == 0


def test_a_run_takes_its_own_checkpoint_up(tmp_path: Path) -> None:
    one, other = nn.Linear(2, 1), nn.Linear(2, 1)
    checkpoint(tmp_path / "new" / "a.pt", one).write(7)
    assert checkpoint(tmp_path / "new" / "a.pt", other).take_up() == 7
    assert torch.equal(one.weight, other.weight)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.pt"]


@pytest.mark.parametrize(
    ("recipe", "answer"),
    [
        (
            recipe_of(architecture="line", photos=9, start="ImageNet"),
            "a.pt: photos: 4; expected photos: 9. Leave out --resume",
        ),
        (
            recipe_of(architecture="curve", photos=4, start="sha256 0"),
            "architecture: line; start: ImageNet; expected architecture: curve; start: sha256 0",
        ),
    ],
)
def test_a_run_refuses_anothers_and_says_what_differs(
    tmp_path: Path, recipe: str, answer: str
) -> None:
    path, model = tmp_path / "a.pt", nn.Linear(2, 1)
    checkpoint(path, model).write(7)
    with pytest.raises(WeightsError, match="of another run") as refused:
        checkpoint(path, model, recipe).take_up()
    assert answer in str(refused.value) and "another --out" in refused.value.next_step


def test_a_checkpoint_that_does_not_tell_its_run_is_refused(tmp_path: Path) -> None:
    path, model = tmp_path / "a.pt", nn.Linear(2, 1)
    torch.save({"step": 3, "model": model.state_dict()}, path)
    with pytest.raises(WeightsError, match=r"got .*none of what its run was"):
        checkpoint(path, model).take_up()


def test_damaged_checkpoints_are_refused(tmp_path: Path) -> None:
    path, model = tmp_path / "a.pt", nn.Linear(2, 1)
    checkpoint(path, model).write(7)
    whole = path.read_bytes()
    for damaged in (b"", b"no checkpoint", whole[: len(whole) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(WeightsError, match="the checkpoint cannot be read"):
            checkpoint(path, model).take_up()
    for content in ([1], {"step": 7, "recipe": RECIPE}):
        torch.save(content, path)
        with pytest.raises(WeightsError, match="the checkpoint cannot be read"):
            checkpoint(path, model).take_up()


def test_a_checkpoint_of_other_shapes_is_refused(tmp_path: Path) -> None:
    checkpoint(tmp_path / "a.pt", nn.Linear(3, 1)).write(7)
    with pytest.raises(WeightsError, match="the checkpoint cannot be read"):
        checkpoint(tmp_path / "a.pt", nn.Linear(2, 1)).take_up()
