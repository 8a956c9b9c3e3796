"""An encoder's `attributes.json` -> families of answers, each told by phrases.

{"pattern": {"temperature": 0.03, "threshold": 0.6, "categories": [],
             "answers": {"plain": ["a plain {kind}"], "stripe": ["a striped {kind}"]}},
 "sleeve": {...}, "length": {...}}

Temperature and threshold are what calibration found; patterns go by `index.model.patterns`' names.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from index.model.patterns import pattern_key
from segmentation.common.errors import WeightsError
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
_FILE: Final = TypeAdapter(dict[Literal["pattern", "sleeve", "length"], Family])


def families_of(encoder: str) -> Families:
    """Return the families of an encoder by its name; none where it is no folder with a file.

    Raises:
        WeightsError: the file is damaged.
    """
    folder = Path(encoder.removeprefix("local-dir:")).expanduser()
    return families_in(folder) if folder.is_dir() else {}


def families_in(folder: Path) -> Families:
    """Return the families of an encoder's folder; none where it has no `attributes.json`.

    Raises:
        WeightsError: the file is damaged.
    """
    path = folder / FILE
    try:
        told = _FILE.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise _refused(path, f"{where or 'the file'}: {first['msg']}") from error
    for name in told["pattern"].answers if "pattern" in told else ():
        if pattern_key(name) != name:
            raise _refused(
                path, f"pattern.answers: {name!r}, which is called {pattern_key(name)!r}"
            )
    return {str(name): family for name, family in told.items()}


def _refused(path: Path, got: str) -> WeightsError:
    return WeightsError(
        "the encoder's attributes cannot be read",
        got=f"{path}: {got}",
        expected="families of at least two answers with phrases, a temperature and a threshold",
        next_step=f"Put back the {FILE} that belongs to the encoder, or take it away: "
        "then only colours are read.",
    )
