"""An encoder's `attributes.json` -> families of answers, each described by phrases.

{"pattern": {"temperature": 0.03, "threshold": 0.6, "categories": [],
             "answers": {"plain": ["a plain {kind}"], "stripe": ["a striped {kind}"]}},
 "sleeve": {...}, "length": {...}}

Temperature and threshold are what calibration found; patterns go by `index.model.patterns`' names.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from index.model.calibration import CalibrationFile, folder_of
from index.model.patterns import pattern_key
from segmentation.common.taxonomy import Category

FILE: Final = "attributes.json"
"""Lies beside an encoder's weights."""
KIND: Final = "{kind}"
"""Stands in a phrase for the garment's kind."""


def _phrase(text: str) -> str:
    if not text.strip() or set("{}") & set(text.replace(KIND, "")):
        raise ValueError(f"{text!r} is no phrase; it may hold {KIND} and no other braces")
    return text


def _answer(name: str) -> str:
    if not 1 <= len(name) <= 100 or name != name.strip().casefold():
        raise ValueError(f"{name!r} is no answer's name: 1 to 100 characters, lower case")
    return name


_Phrase: TypeAlias = Annotated[str, AfterValidator(_phrase)]
_Answer: TypeAlias = Annotated[str, AfterValidator(_answer)]


class Family(BaseModel):
    """Answers that exclude each other, such as plain, stripe and check.

    Attributes:
        temperature: cosines are divided by it before the softmax.
        threshold: the least share of the softmax at which an answer is given, 0 to 1.
        answers: name -> phrases; at least two.
        categories: kinds that the family is asked of; empty for all.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    temperature: float = Field(gt=0, allow_inf_nan=False)
    threshold: float = Field(ge=0, le=1, allow_inf_nan=False)
    answers: dict[_Answer, Annotated[list[_Phrase], Field(min_length=1)]] = Field(min_length=2)
    categories: frozenset[Category] = frozenset()

    def texts(self, kind: str) -> list[list[str]]:
        """Return each answer's phrases for a kind of garment."""
        return [[p.replace(KIND, kind) for p in phrases] for phrases in self.answers.values()]

    def key_of(self, category: Category) -> str | None:
        """Return what tells one set of phrases from another; None where it is not asked."""
        if self.categories and category not in self.categories:
            return None
        spoken = any(KIND in phrase for phrases in self.answers.values() for phrase in phrases)
        return category.value if spoken else ""


Families: TypeAlias = Mapping[str, Family]
"""By name: `pattern`, `sleeve`, `length`."""
_FILE: Final = CalibrationFile(
    TypeAdapter(dict[Literal["pattern", "sleeve", "length"], Family]).validate_json,
    what="the encoder's attributes cannot be read",
    expected="families of at least two answers with phrases, a temperature and a threshold",
    next_step="Put back the {name} that belongs to the encoder, or take it away: "
    "then only colours are read.",
)


def families_of(encoder: str) -> Families:
    """Return the families of an encoder by its name; none where it is no folder with a file.

    Raises:
        WeightsError: the file is damaged.
    """
    return families_in(folder_of(encoder))


def families_in(folder: Path) -> Families:
    """Return the families of an encoder's folder; none where it has no `attributes.json`.

    Raises:
        WeightsError: the file is damaged.
    """
    result = _FILE.read(folder / FILE) or {}
    for name in result["pattern"].answers if "pattern" in result else ():
        if pattern_key(name) != name:
            got = f"pattern.answers: {name!r}, which is called {pattern_key(name)!r}"
            raise _FILE.refused(folder / FILE, got)
    return {str(name): family for name, family in result.items()}
