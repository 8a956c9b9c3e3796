"""The command line in a temporary home, with models that load at once."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from typer.testing import CliRunner, Result

from index.encoders.attribute_prompts import Families
from index.encoders.clothes import OPEN
from index.facts.reader import FactsReader
from recommender.cli.app import app
from recommender.compatibility.network import DIM, CompatibilityNet
from recommender.compatibility.rows import KINDS, width_of
from recommender.compatibility.saved import FILE, Saved, write_model
from recommender.runtime.wiring import Wiring
from recommender.settings import PREFIX, Settings
from tests.fakes import EVERYTHING, FakeEncoder
from tests.recommender.fakes import DRESSED, FakeDetector

ROWS = [
    {"sku": "boots", "title": "Boots", "category": "boots", "colour": "black", "price": "90.00"},
    {"sku": "pumps", "title": "Pumps", "category": "heels", "colour": "red", "price": "60.00"},
    {"sku": "tote", "title": "Tote", "category": "bag", "colour": "camel", "price": "40.00"},
    {"sku": "clutch", "title": "Clutch", "category": "bag", "colour": "navy", "price": "25.00"},
    {"sku": "parka", "title": "Parka", "category": "coat", "colour": "olive", "price": "120.00"},
    {"sku": "gown", "title": "Gown", "category": "dress", "colour": "red", "price": "200.00"},
    {"sku": "skirt", "title": "Skirt", "category": "skirt", "colour": "navy", "price": "35.00"},
    {"sku": "cap", "title": "Kids' cap", "category": "hat", "audience": "kids", "price": "9.00"},
]


def picture(colour: tuple[int, int, int] = (192, 40, 48), kind: str = "PNG") -> bytes:
    """Return an encoded picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 60), colour).save(buffer, kind)
    return buffer.getvalue()


@dataclass
class Shell:
    """Runs commands as a user would.

    Attributes:
        folder: where the user's own files lie.
        home: the product's home.
        detector: what every photo is said to hold.
        families: what the encoder can be asked of a garment.
    """

    folder: Path
    home: Path
    detector: FakeDetector = field(default_factory=lambda: FakeDetector(DRESSED))
    encoder: FakeEncoder = field(default_factory=FakeEncoder)
    families: Families = field(default_factory=dict)

    def run(self, *words: str | Path) -> Result:
        """Run one command."""
        return CliRunner().invoke(app, [str(word) for word in words])

    def ok(self, *words: str | Path) -> list[Any]:
        """Run a command that must succeed, and return its lines of JSON."""
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    def refused(self, *words: str | Path) -> str:
        """Run a command that must be refused, and return what it says on stderr."""
        result = self.run(*words)
        assert result.exit_code == 1, result.output
        assert "Traceback" not in result.output
        for part in ("Error: ", "got: ", "expected: ", "next step: "):
            assert part in result.stderr
        return result.stderr

    def file(self, name: str, data: bytes) -> Path:
        """Write one of the user's files."""
        path = self.folder / name
        path.write_bytes(data)
        return path

    def feed(self, rows: list[dict[str, Any]] = ROWS) -> Path:
        """Write a feed, and a picture for each row."""
        folder = self.folder / "feed"
        folder.mkdir(exist_ok=True)
        lines = []
        for number, row in enumerate(rows):
            colour = (number * 53 % 256, number * 97 % 256, number * 151 % 256)
            (folder / f"{row['sku']}.png").write_bytes(picture(colour))
            lines.append(json.dumps({"image": f"{row['sku']}.png", "currency": "EUR", **row}))
        (folder / "feed.jsonl").write_text("\n".join(lines))
        return folder / "feed.jsonl"

    def skus(self) -> list[str]:
        """Return what the catalogue holds."""
        return [row["sku"] for row in self.ok("catalog", "list")]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    made = Shell(tmp_path, tmp_path / "home")
    monkeypatch.setenv("RECOMMENDER_HOME", str(made.home))
    monkeypatch.setattr(Wiring, "_load_detector", lambda _: made.detector)
    monkeypatch.setattr(Wiring, "_load_encoder", lambda _: made.encoder)
    monkeypatch.setattr(Wiring, "_families", lambda _: made.families)
    monkeypatch.setattr(Wiring, "_relevance", lambda _: EVERYTHING)
    monkeypatch.setattr(Wiring, "_facts", lambda _: FactsReader())
    monkeypatch.setattr(Wiring, "_clothes", lambda _: OPEN)
    opened: list[Wiring] = []
    begin = Wiring.__init__

    def remembered(self: Wiring, settings: Settings, *, serving: bool = False) -> None:
        begin(self, settings, serving=serving)
        opened.append(self)

    monkeypatch.setattr(Wiring, "__init__", remembered)
    monkeypatch.chdir(tmp_path)
    yield made
    for each in opened:
        each.close()


@pytest.fixture
def network(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a compatibility network for the shell's encoder, untrained; an index has its field."""
    folder, width = shell.folder / "network", width_of(shell.encoder.dim)
    kinds = torch.arange(len(KINDS)).repeat(8)
    with torch.random.fork_rng():
        torch.manual_seed(5)
        worn = torch.nn.functional.normalize(torch.randn(len(kinds), DIM), dim=-1)
        made = CompatibilityNet(width).eval()
    saved = Saved(made, shell.encoder.fingerprint, worn, kinds, 0.5)
    write_model(folder / FILE, saved, width)
    monkeypatch.setenv("RECOMMENDER_COMPATIBILITY", str(folder))
    return folder


@pytest.fixture
def stocked(shell: Shell) -> Shell:
    """A shell whose catalogue is imported."""
    shell.ok("catalog", "import", shell.feed())
    return shell
