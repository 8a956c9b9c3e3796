"""Every command in the guides of docs/ is run, in order, as a reader would, with the shipped models.

What a reader does by hand is prepared: a photo `outfit.jpg`, a shop's feed in `my-shop`, pictures in
`my-wardrobe`, a catalogue. What stays running (`serve api`) runs beside the rest on a free port.
Training is run with small numbers instead of those on the page.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from recommender.sample import BOUTIQUE, outfit_paths
from tests.forge import forge

pytestmark = pytest.mark.timeout(1200)

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"
GUIDES: Final = (
    "quick-start", "merchants", "storefronts", "researchers", "operations", "ten-minutes",
)  # fmt: skip
SERVES: Final = "recommender serve api"
SERVED: Final = """
recommender serve api --port {port} > api.log 2>&1 & API=$!
trap 'kill $API; wait $API || true' EXIT
until curl -fs http://127.0.0.1:{port}/{ready}; do kill -0 $API; sleep 0.3; done
"""
"""What stands for a terminal of the server's own: it serves until the page ends."""
BEGINS_EMPTY: Final = "ten-minutes"
"""Its server has nothing to answer from before the page imports: it lives, and is not ready."""
FETCHES: Final = "recommender samples fetch"
OFFLINE: Final = "python -m tests.recommender.samples_offline"
"""What stands for the network: the same command, from drawn pictures on loopback."""
SMALL: Final = {
    r"--outfits \d+ --garments \d+": "--outfits 12 --garments 40",
    r"--steps \d+": "--steps 1",
    r"samples_offline --limit \d+": "samples_offline --limit 1",
}
"""Numbers of the pages that take hours -> numbers that take seconds."""


def blocks(page: str) -> list[tuple[str, str]]:
    """Return language and text of a page's code blocks, in order."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"^```(\w+)\n(.+?)^```$", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a `recommender` and a `python` that begin in a moment."""
    with forge(tmp_path_factory.mktemp("forge")) as folder:
        yield folder


@pytest.fixture
def desk(boutique: Path, tmp_path: Path) -> Path:
    """The folder that a reader works in."""
    shutil.copytree(boutique, tmp_path / "home")
    with Image.open(outfit_paths()[0]) as photo:
        photo.convert("RGB").save(tmp_path / "outfit.jpg", quality=92)
    lines = (BOUTIQUE / "catalog.jsonl").read_text(encoding="utf-8").splitlines()[:6]
    rows = [json.loads(line) for line in lines]
    write_shop(tmp_path / "my-shop", rows)
    for row in rows[:4]:
        folder = tmp_path / "my-wardrobe" / row["category"]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(BOUTIQUE / row["image"], folder / Path(row["image"]).name)
    return tmp_path


def write_shop(folder: Path, rows: list[dict[str, str]]) -> None:
    """Write a Google feed, a table with a column of its own, and the pictures of both."""
    folder.mkdir()
    google, own = [], []
    for row in rows:
        shutil.copyfile(BOUTIQUE / row["image"], folder / Path(row["image"]).name)
        record = {"id": row["sku"], "image_link": Path(row["image"]).name}
        record |= {"product_type": row["category"], "availability": "in_stock"}
        google.append({**record, "title": row["title"], "price": f"{row['price']} EUR"})
        own.append({**record, "Produktname": row["title"], "price": row["price"]})
    for name, records, mark in (("products.tsv", google, "\t"), ("export.csv", own, ",")):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(records[0]), delimiter=mark)
            table.writeheader()
            table.writerows(records)


def script(text: str, port: int, ready: str = "readyz") -> str:
    """Return a block as it is run here; its server is waited for until `ready` answers."""
    lines = text.replace("127.0.0.1:8000", f"127.0.0.1:{port}").splitlines()
    kept = [line for line in lines if not line.startswith(("source ", "make "))]
    ran = (
        "\n".join(kept)
        .replace(SERVES, SERVED.format(port=port, ready=ready))
        .replace(FETCHES, OFFLINE)
    )
    for numbers, small in SMALL.items():
        ran = re.sub(numbers, small, ran)
    return ran


@pytest.mark.parametrize("page", GUIDES)
def test_every_command_of_a_guide_runs(page: str, desk: Path, scripts: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shell: list[str] = ["set -euo pipefail"]
    python: list[str] = []
    ready = "healthz" if page == BEGINS_EMPTY else "readyz"
    for language, text in blocks(page):
        if language == "html":  # a browser opens it: tests/browser/test_storefront.py
            continue
        assert language in ("sh", "python"), f"{page}: a block of {language}"
        (python if language == "python" else shell).append(script(text, port, ready))
    (desk / "page.py").write_text("\n".join(python))
    (desk / "page.sh").write_text("\n".join([*shell, "python page.py"]) + "\n")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join(
            map(str, (scripts, Path(sys.executable).parent, os.environ["PATH"]))
        ),
        "PYTHONPATH": str(ROOT),
        "RECOMMENDER_HOME": str(desk / "home"),
        "RECOMMENDER_LOG": "off",
    }
    done = subprocess.run(
        ["bash", "-x", "page.sh"], cwd=desk, env=environment, capture_output=True, text=True
    )
    log = desk / "api.log"
    sentence = log.read_text(errors="replace") if log.is_file() else ""
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:] + sentence[-4000:]


def test_every_target_of_make_that_a_guide_names_is_there() -> None:
    named = {
        word
        for page in (*GUIDES, "../README")
        for word in re.findall(
            r"(?:^|`)make ([a-z][a-z-]*)", (DOCS / f"{page}.md").read_text(), re.M
        )
    }
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"demo", "test", "train"} <= named <= targets
