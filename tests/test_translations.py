"""Every text of the app and of reasons has its German, and what is compiled is what is written."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import recommender
import ui

MARKS = {"say", "say_many", "say_as", "N_", "P_"}
ROOMS = {"ui": ui, "recommender": recommender}


def folder(room: str) -> Path:
    return Path(str(ROOMS[room].__file__)).parent


def catalogue(room: str) -> Path:
    return folder(room) / "locales" / "de" / "LC_MESSAGES" / f"{room}.po"


def texts_of(room: Path) -> Iterator[tuple[str | None, str]]:
    """Read the texts by the code's own grammar: pybabel passes over those within f-strings."""
    for path in room.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in MARKS:
                said = [each.value for each in node.args if isinstance(each, ast.Constant)]
                placed = node.func.id in {"say_as", "P_"}
                if len(said) > placed:
                    yield (said[0], said[1]) if placed else (None, said[0])


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_is_translated(room: str) -> None:
    used = set(texts_of(folder(room)))
    with catalogue(room).open("rb") as file:
        told = [message for message in read_po(file, locale="de") if message.id]
    keys = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in told}
    assert len(used) > 90
    assert used - keys == set(), "run `make translations`, then translate what is new"
    assert keys - used == set(), "run `make translations`"
    for message in told:
        assert not message.fuzzy, message.id
        ids, texts = message.id, message.string
        many = isinstance(ids, tuple)
        assert all(texts) if many else texts, f"not translated: {ids}"
        wanted = names(ids[-1] if many else ids)
        for text in texts if many else [texts]:
            assert names(text) == wanted, ids


def names(text: str) -> set[str]:
    return set(re.findall(r"{(\w*)}", text))


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_compiled_is_what_is_written(room: str) -> None:
    with catalogue(room).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    with catalogue(room).open("rb") as file:
        for message in read_po(file, locale="de"):
            if isinstance(message.id, tuple):
                said = tuple(compiled.ngettext(*message.id, n) for n in (1, 2))
                assert said == message.string
            elif message.id and message.context:
                assert compiled.pgettext(message.context, message.id) == message.string
            elif message.id:
                assert compiled.gettext(message.id) == message.string
