"""The wheel: what serves, whole; the laboratory only where it is asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from recommender.cli.terminal.options import training_tools
from recommender.errors import RequestError
from tests.browser.running import app, write_part_of_the_boutique
from tests.test_architecture import ROOT, python_folders

LABORATORY = {"training", "rendering", "bench", "datasets", "drawing"}
MEGABYTE = 1_000_000

EVERY_MODULE = """
import importlib, json, pathlib, sys
root = pathlib.Path(sys.argv[1])
names = [".".join(path.relative_to(root).with_suffix("").parts) for path in root.glob("*/**/*.py")]
names = [name.removesuffix(".__init__") for name in names]
outside = {"migrations.env", "recommender.cli.__main__", "ui.app", "ui.server"}
for name in names:
    if name not in outside and not name.startswith("migrations.versions"):
        module = importlib.import_module(name)
        assert pathlib.Path(module.__file__).is_relative_to(root), module
print(json.dumps(sorted(names)))
"""


BARE = """
import sys  # an environment that this tree was installed into finds it wherever a module is missing
sys.meta_path[:] = [f for f in sys.meta_path if "__editable__" not in getattr(f, "__module__", "")]
"""


def build(folder: Path, **environment: str) -> zipfile.ZipFile:
    """Build the wheel into a folder; nothing is written to the tree, and nothing old is taken."""
    words = ["-q", "egg_info", "-e", f"{folder}/egg", "build", "-b", f"{folder}/build"]
    words += ["bdist_wheel", "-d", f"{folder}/wheel"]
    (folder / "egg").mkdir()
    subprocess.run(
        [sys.executable, "-W", "ignore", "setup.py", *words],
        cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True,
    )  # fmt: skip
    [wheel] = (folder / "wheel").glob("*.whl")
    return zipfile.ZipFile(wheel)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installed wheel, built as a user builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    with build(folder) as wheel:
        assert Path(str(wheel.filename)).stat().st_size < 60 * MEGABYTE
        wheel.extractall(folder / "installed")
    (folder / "installed" / "sitecustomize.py").write_text(BARE)
    return folder / "installed"


def packages(installed: Path) -> set[str]:
    return {
        ".".join(path.parent.relative_to(installed).parts) for path in installed.glob("*/**/*.py")
    }


def test_the_wheel_has_what_serves_and_no_laboratory(installed: Path) -> None:
    wanted = {name for name in python_folders() if not LABORATORY & set(name.split("."))}
    assert packages(installed) == wanted and len(wanted) > 30
    for kept in (
        "segmentation/weights/maskrcnn.safetensors",
        "recommender/sample/boutique/catalog.jsonl",
        "recommender/locales/de/LC_MESSAGES/recommender.mo",
        "recommender/api/embed/embed.js",
        "ui/page.css",
    ):
        assert (installed / kept).is_file()


def test_a_wheel_has_the_laboratory_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABORATORY", "1")
    done = subprocess.run(
        [sys.executable, "-c", ASK_SETUP], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert set(json.loads(done.stdout)) == python_folders()


ASK_SETUP = """
import json, setuptools
setuptools.setup = lambda packages: print(json.dumps(packages))
exec(open("setup.py").read())
"""


def test_every_module_of_the_wheel_loads_without_the_laboratory(installed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EVERY_MODULE, str(installed)],
        cwd=installed, env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) > 250


def test_training_says_that_a_wheel_has_none() -> None:
    with pytest.raises(RequestError, match=r"pip install -e"), training_tools():
        raise ModuleNotFoundError(name="segmentation.training")
    with pytest.raises(RequestError, match=r"complete-the-look\[train\]"), training_tools():
        raise ModuleNotFoundError(name="matplotlib")


@pytest.mark.timeout(600)
def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    feed = write_part_of_the_boutique(tmp_path / "shop", every=100)
    environment = {
        **os.environ, "PYTHONPATH": str(installed), "RECOMMENDER_HOME": str(tmp_path / "home"),
    }  # fmt: skip

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "recommender.cli", *words],
            cwd=installed, env=environment, capture_output=True, text=True,
        )  # fmt: skip

    done = command("catalog", "import", str(feed))
    assert done.returncode == 0, done.stderr
    with app(tmp_path / "home", log=tmp_path / "log", timeout_s=300, product=installed) as address:
        assert address.startswith("http://127.0.0.1:")
