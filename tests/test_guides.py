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
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest
from PIL import Image

from recommender.sample import BOUTIQUE, outfit_paths
from tests.browser import running

pytestmark = pytest.mark.timeout(600)

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"
GUIDES: Final = ("quick-start", "merchants", "storefronts", "researchers", "operations")
SERVES: Final = "recommender serve api"
SMALL: Final = {
    r"--outfits \d+ --garments \d+": "--outfits 12 --garments 40",
    r"--steps \d+": "--steps 1",
    r"--seeds \d+": "--seeds 1",
}
"""Numbers of the pages that take hours -> numbers that take seconds."""


def blocks(page: str) -> list[tuple[str, str]]:
    """Return language and text of a page's code blocks, in order."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"^```(\w+)\n(.+?)^```$", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose catalogue holds a part of the sample boutique."""
    folder = tmp_path_factory.mktemp("stocked")
    running.index(folder / "home", running.write_part_of_the_boutique(folder / "feed", every=14))
    return folder / "home"


@pytest.fixture
def desk(stocked: Path, tmp_path: Path) -> Path:
    """The folder that a reader works in."""
    shutil.copytree(stocked, tmp_path / "home")
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
        told = {"id": row["sku"], "image_link": Path(row["image"]).name}
        told |= {"product_type": row["category"], "availability": "in_stock"}
        google.append({**told, "title": row["title"], "price": f"{row['price']} EUR"})
        own.append({**told, "Produktname": row["title"], "price": row["price"]})
    for name, records, mark in (("products.tsv", google, "\t"), ("export.csv", own, ",")):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(records[0]), delimiter=mark)
            table.writeheader()
            table.writerows(records)


@contextmanager
def served(desk: Path, environment: dict[str, str], port: int) -> Iterator[None]:
    """Run the API until the end of the page."""
    command = [sys.executable, "-m", "recommender.cli", "serve", "api", "--port", str(port)]
    with (desk / "api.log").open("wb") as log:
        api = subprocess.Popen(command, cwd=desk, env=environment, stdout=log, stderr=log)
        try:
            wait_for(port, api, desk / "api.log")
            yield
        finally:
            api.terminate()
            api.wait(30)


def wait_for(port: int, api: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and api.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).is_success:
                return
        except httpx.HTTPError:
            pass
        threading.Event().wait(0.3)
    raise AssertionError(log.read_text(errors="replace"))


def script(text: str, port: int) -> str:
    """Return a block as it is run here."""
    lines = text.replace("127.0.0.1:8000", f"127.0.0.1:{port}").splitlines()
    kept = [line for line in lines if not line.startswith(("source ", "make "))]
    ran = "\n".join(kept)
    for numbers, small in SMALL.items():
        ran = re.sub(numbers, small, ran)
    return ran


@pytest.mark.parametrize("page", GUIDES)
def test_every_command_of_a_guide_runs(page: str, desk: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "RECOMMENDER_HOME": str(desk / "home"),
        "RECOMMENDER_LOG": "off",
    }
    shell, python = ["set -euo pipefail"], []
    for language, text in blocks(page):
        assert language in ("sh", "python"), f"{page}: a block of {language}"
        if language == "python":
            python.append(text)
        else:
            shell.append(script(text.replace(SERVES, ""), port))
    (desk / "page.sh").write_text("\n".join(shell) + "\n")
    (desk / "page.py").write_text(script("\n".join(python), port))
    # a server sees what is imported while it runs; a page that sets a catalogue serves that one
    catalogue = re.search(r"export RECOMMENDER_CATALOGUE=(\S+)", "\n".join(shell))
    if catalogue:
        environment["RECOMMENDER_CATALOGUE"] = catalogue.group(1)
    asks = "127.0.0.1" in "\n".join([*shell, *python])
    if asks:
        with served(desk, environment, port):
            run(desk, environment)
    else:
        run(desk, environment)


def run(desk: Path, environment: dict[str, str]) -> None:
    for command in (["bash", "-x", "page.sh"], [sys.executable, "page.py"]):
        done = subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]


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
