"""Every command, option and setting that exists is documented, and nothing else is.

The reference pages are split into sections by their `## ` headings; each test compares what the
code has with what the page says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from index.encoders.encoder import WEIGHTS
from recommender.cli.app import app
from recommender.settings import PREFIX, Settings

DOCS = Path(__file__).parent.parent / "docs"
UNIVERSAL = {"--help"}


def sections(page: str) -> dict[str, str]:
    """Return heading -> text of a page's `## ` sections, backticks taken off the heading."""
    parts = re.split(r"^## (.+)$", (DOCS / page).read_text(), flags=re.MULTILINE)
    return {head.strip("`"): text for head, text in zip(parts[1::2], parts[2::2], strict=True)}


def commands(command: Any = None, path: str = "recommender") -> Iterator[tuple[str, Any]]:
    """Yield the words and the object of every command that does something."""
    command = command or typer.main.get_command(app)
    inner = getattr(command, "commands", None)
    if not inner:
        yield path, command
        return
    for name, each in inner.items():
        yield from commands(each, f"{path} {name}")


def options(command: Any) -> set[str]:
    """Return every spelling of a command's options."""
    shown = [each for each in command.params if each.param_type_name == "option"]
    return {word for each in shown for word in each.opts} - UNIVERSAL


COMMANDS = dict(commands())


def test_every_command_has_its_section_and_no_other_has() -> None:
    assert set(sections("cli.md")) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_stands_in_its_commands_section(name: str) -> None:
    rows = re.findall(r"^\| (`-.+?) \|", sections("cli.md")[name], flags=re.MULTILINE)
    documented = {word for row in rows for word in re.findall(r"`(-[^`]+)`", row)}
    assert documented == options(COMMANDS[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_explains_itself(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert all(each.help for each in command.params if each.param_type_name == "option")


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(
        rf"^\| `({PREFIX}\w+)` \| (.+?) \|", (DOCS / "settings.md").read_text(), flags=re.MULTILINE
    )
    documented = dict(rows)
    assert set(documented) == {PREFIX + name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if field.default and field.default_factory is None:
            assert documented[PREFIX + name.upper()] == f"`{field.default}`"


def test_calibrated_thresholds_stand_as_the_weights_have_them() -> None:
    least = json.loads((WEIGHTS / "guessing.json").read_text())["least"]
    assert f"`{least}` for the shipped one" in (DOCS / "settings.md").read_text()
    assert f"| confidence {least} or more, the default |" in (DOCS / "index.md").read_text()
    identical = json.loads((WEIGHTS / "relevance.json").read_text())["identical"]
    assert f"threshold, {identical}," in (DOCS / "encoder.md").read_text()
