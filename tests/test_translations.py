"""Every text of the app and of reasons has its German, and what is compiled is what is written."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import recommender
import ui

MARKS = {"say", "say_many", "say_as", "N_", "P_"}
ROOMS = {"ui": ui, "recommender": recommender}


def folder(room: str) -> Path:
    return Path(str(ROOMS[room].__file__)).parent


def catalogue(room: str) -> Path:
    return folder(room) / "locales" / "de" / "LC_MESSAGES" / f"{room}.po"


SHARED = Path(str(recommender.__file__)).parent / "wire" / "nouns.py"
"""What both rooms translate."""


def texts_of(room: Path) -> Iterator[tuple[str | None, str]]:
    """Read the texts by the code's own grammar: pybabel passes over those within f-strings."""
    for path in {SHARED, *room.rglob("*.py")}:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in MARKS:
                said = [str(each.value) for each in node.args if isinstance(each, ast.Constant)]
                placed = node.func.id in {"say_as", "P_"}
                if len(said) > placed:
                    yield (said[0], said[1]) if placed else (None, said[0])


def messages(room: str) -> list[Message]:
    """Return all but the header."""
    with catalogue(room).open("rb") as file:
        return [message for message in read_po(file, locale="de") if message.id]


def forms(answer: object) -> list[str]:
    """Return a text, or its singular and its plural."""
    return [str(each) for each in answer] if isinstance(answer, list | tuple) else [str(answer)]


def names(text: str) -> set[str]:
    return set(re.findall(r"{(\w*)}", text))


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_is_translated(room: str) -> None:
    used, result = set(texts_of(folder(room))), messages(room)
    keys = {(message.context, forms(message.id)[0]) for message in result}
    assert len(used) > 90
    assert used - keys == set(), "run `make translations`, then translate what is new"
    assert keys - used == set(), "run `make translations`"
    for message in result:
        said, asked = forms(message.string), forms(message.id)
        assert not message.fuzzy, asked
        assert len(said) == len(asked) and all(said), f"not translated: {asked}"
        # "one piece", where English has it, need not name the count
        assert names(said[-1]) == names(asked[-1]) and names(said[0]) <= names(asked[-1]), asked


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_compiled_is_what_is_written(room: str) -> None:
    with catalogue(room).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in messages(room):
        said, asked = forms(message.string), forms(message.id)
        if len(asked) > 1:
            assert [compiled.ngettext(asked[0], asked[1], n) for n in (1, 2)] == said
        elif message.context:
            assert compiled.pgettext(message.context, asked[0]) == said[0]
        else:
            assert compiled.gettext(asked[0]) == said[0]
