"""The folder list is the architecture: what stands where, and that nothing stands elsewhere."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
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


def test_every_package_is_under_the_type_checker_and_the_layers() -> None:
    assert set(PYPROJECT["tool"]["mypy"]["packages"]) == PACKAGES | {"tests"}
    assert set(PYPROJECT["tool"]["importlinter"]["root_packages"]) == PACKAGES


PAGE = ROOT / "docs" / "architecture.md"
SIGNS = sorted(path for room in ROOMS for path in (ROOT / room).rglob("README.md"))
DOOR_SIGNS = [path for path in SIGNS if path.parent.name != "weights"]


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_door_sign(room: str) -> None:
    sign = (ROOT / room / "README.md").read_text()
    assert sign.startswith("# Room") and "Not here" in sign


def test_every_folder_has_its_door_sign_and_its_line_in_the_architecture() -> None:
    folders = {name.replace(".", "/") for name in python_folders()}
    assert folders - {str(p.parent.relative_to(ROOT)) for p in DOOR_SIGNS} == {
        "migrations",
        "migrations/versions",
    }
    named = set(re.findall(r"`([\w/]+)/`", PAGE.read_text()))
    assert folders - named == set()


MOST = 12
"""Modules flat at the top of a folder."""


def test_no_folder_is_a_corridor() -> None:
    flat = {path.parent: 0 for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    for folder in flat:
        flat[folder] = len([path for path in folder.glob("*.py") if path.stem != "__init__"])
    assert {
        str(folder.relative_to(ROOT)) for folder, count in flat.items() if count > MOST
    } == set()


def names_of(path: Path) -> set[str]:
    """Return the names that a module gives to something, its classes' members included."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


@cache  # reading all modules takes seconds: not while tests are collected
def modules() -> dict[Path, set[str]]:
    return {path: names_of(path) for room in ROOMS for path in (ROOT / room).rglob("*.py")}


@cache
def defined() -> set[str]:
    return set[str]().union(*modules().values())


FILES = {path.name for room in ROOMS for path in (ROOT / room).rglob("*.*")}


def exists(word: str, page: Path) -> bool:
    """Return whether what a page calls by a file's, a folder's or a symbol's name is there."""
    if re.fullmatch(r"[\w./]*\w\.(py|md|json|toml)|[\w./]*\w/", word):
        bases = (ROOT, page.parent, *(ROOT / room for room in ROOMS))
        return any((base / word).exists() for base in bases) or ("/" not in word and word in FILES)
    if re.fullmatch(r"(segmentation|index|recommender|ui)(\.\w+)+", word):
        module, _, symbol = word.rpartition(".")
        places = [ROOT.joinpath(*name.split(".")) for name in (word, module)]
        if any(place.is_dir() or place.with_suffix(".py").exists() for place in places[:1]):
            return True
        return symbol in modules().get(places[1].with_suffix(".py"), set())
    if found := re.fullmatch(r"([a-z_]+)\.(\w+)(\(.*\))?", word):
        named = [names for path, names in modules().items() if path.stem == found[1]]
        return any(found[2] in names for names in named)
    if re.fullmatch(r"[A-Z][a-z]+\w*|[A-Z]{4,}", word):
        return word in defined()
    return True


NOT_OURS = {
    "images/",
    "unclaimed/",
    "journal/",
    "fetching/",
    "wardrobe/",
    "catalog.sqlite3",
    "os.replace",
}
"""What stands in a user's home, or in Python's own library."""


@pytest.mark.parametrize("page", [PAGE, *DOOR_SIGNS], ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_name_only_what_exists(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    said = set(re.findall(r"`([^`\n]+)`", text))
    assert {word for word in said if not exists(word, page)} - NOT_OURS == set()


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
