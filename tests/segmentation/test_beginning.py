"""What a detector takes over from another one goes by name, not by place."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from segmentation.detector.network import Spec, build, read_weights, write_weights
from segmentation.training.runs.beginning import ATTRIBUTE_LAYER, ROWS_A_CLASS, begin_from


def spec_of(categories: tuple[str, ...], attributes: tuple[str, ...]) -> Spec:
    return Spec(categories, attributes, channels=16, box_width=8)


OLD = spec_of(("shirt", "hat", "collar"), ("plain", "long"))


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights whose rows are numbered: each holds its class's or attribute's place."""
    path = tmp_path_factory.mktemp("weights") / "old.safetensors"
    model = build(OLD)
    with torch.no_grad():
        for layer, each in {**ROWS_A_CLASS, ATTRIBUTE_LAYER: 1}.items():
            for parameter in model.get_submodule(layer).parameters():
                for row in range(len(parameter)):
                    parameter[row] = 10 + row // each
    write_weights(path, model.state_dict(), OLD)
    return path


def begun(old: Path, spec: Spec) -> nn.Module:
    model: nn.Module = build(spec)
    with torch.no_grad():
        for layer in (*ROWS_A_CLASS, *([ATTRIBUTE_LAYER] if spec.attributes else [])):
            for parameter in model.get_submodule(layer).parameters():
                parameter.zero_()
    begin_from(model, old, spec)
    return model


def values(rows: Tensor, each: int) -> list[float]:
    """Return each class's value, which all of its rows hold."""
    flat = rows.flatten(start_dim=1) if rows.ndim > 1 else rows[:, None]
    groups = flat.reshape(len(rows) // each, -1)
    assert torch.equal(groups.amin(dim=1), groups.amax(dim=1))
    return groups[:, 0].tolist()


@pytest.mark.parametrize(
    ("categories", "classes"),
    [
        ((), [10]),
        (("shirt", "hat", "collar"), [10, 11, 12, 13]),
        (("shirt", "hat", "sleeve"), [10, 11, 12, 0]),
        (("hat", "shirt", "pocket", "collar", "sleeve"), [10, 12, 11, 0, 13, 0]),
    ],
    ids=["none", "the same", "as many but others", "more, in another order"],
)
def test_class_rows_go_by_name(
    old: Path, categories: tuple[str, ...], classes: list[float]
) -> None:
    model = begun(old, spec_of(categories, ()))
    for layer, each in ROWS_A_CLASS.items():
        for parameter in model.get_submodule(layer).parameters():
            assert values(parameter.detach(), each) == classes


@pytest.mark.parametrize(
    ("attributes", "rows"),
    [(("long", "plain"), [11, 10]), (("short", "long"), [0, 11]), (("long",), [11])],
)
def test_attribute_rows_go_by_name(
    old: Path, attributes: tuple[str, ...], rows: list[float]
) -> None:
    model = begun(old, spec_of(OLD.categories, attributes))
    for parameter in model.get_submodule(ATTRIBUTE_LAYER).parameters():
        assert values(parameter.detach(), 1) == rows


def test_all_other_layers_are_taken_over(old: Path) -> None:
    model, given = begun(old, spec_of(("hat",), ())), read_weights(old)[1]
    own = model.state_dict()
    rest = [name for name in own if name.rpartition(".")[0] not in ROWS_A_CLASS]
    assert len(rest) > 100 and all(torch.equal(own[name], given[name]) for name in rest)
