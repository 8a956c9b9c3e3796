"""The folder list is the architecture: what stands where, and that nothing stands elsewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from segmentation.common.taxonomy import CLOTHING_CO_PARSING

ROOT = Path(__file__).parent.parent
ROOMS = ("segmentation", "index", "recommender", "ui")
PACKAGES = {*ROOMS, "migrations"}
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def python_folders() -> set[str]:
    return {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }


def test_no_python_stands_outside_the_rooms() -> None:
    found = {path.parts[len(ROOT.parts)] for path in ROOT.glob("[a-z]*/**/*.py")}
    assert found - {"scratch", "runs", "build", "docs"} == PACKAGES | {"tests"}


def test_every_package_is_shipped() -> None:
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == python_folders()


def test_every_package_is_under_the_type_checker_and_the_layers() -> None:
    assert set(PYPROJECT["tool"]["mypy"]["packages"]) == PACKAGES | {"tests"}
    assert set(PYPROJECT["tool"]["importlinter"]["root_packages"]) == PACKAGES


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_door_sign(room: str) -> None:
    sign = (ROOT / room / "README.md").read_text()
    assert sign.startswith("# Room") and "Not here" in sign


@pytest.mark.parametrize(
    "weights", ["segmentation/weights", "index/weights", "recommender/compatibility/weights"]
)
def test_weights_are_safetensors_with_a_card(weights: str) -> None:
    folder = ROOT / weights
    files = {path.suffix for path in folder.iterdir()}
    assert ".safetensors" in files and not files & {".pt", ".pth", ".bin", ".pkl"}
    card = (folder / "README.md").read_text()
    for part in ("Data", "Command", "Figures", "Limits", "Licence"):
        assert f"## {part}" in card


def test_shipped_weights_stay_under_sixty_megabytes() -> None:
    sizes = [
        path.stat().st_size
        for room in ROOMS
        for path in (ROOT / room).rglob("weights/*.safetensors")
    ]
    assert 0 < sum(sizes) < 60e6


def test_the_written_label_table_is_the_one_in_use() -> None:
    rows = re.findall(
        r"^\| ([\w-]+) \| (\w+) \| [^|]*\|$", (ROOT / "docs/data.md").read_text(), re.M
    )
    written = {label: category for label, category in rows if label in CLOTHING_CO_PARSING}
    in_use = {label: c.value if c else "dropped" for label, c in CLOTHING_CO_PARSING.items()}
    assert written == in_use
