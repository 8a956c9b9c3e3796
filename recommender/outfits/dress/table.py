"""The stylist's table: a TOML file of conventions -> rules that were checked, a shop's own over ours.

What the file may say stands in docs/stylist.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from index.model.garment_facts import Warmth
from recommender.wire.terms import Occasion, Season
from segmentation.common.errors import Refusal
from segmentation.common.taxonomy import Category, Slot


class StylistError(Refusal):
    """The table of dress conventions cannot be used."""


SHIPPED: Final = Path(__file__).parent / "stylist.toml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Names = tuple[Annotated[str, Field(min_length=1)], ...]
Range = Annotated[tuple[float, float], Field(description="Least and most, both included.")]


class Selector(_Part):
    """Which pieces a rule means: those that fit every field that is given.

    Attributes:
        any: names of groups, fine kinds, categories or slots.
        but: names that are left out again.
        formality: least and most grade, 0 for sport to 3 for formal.
        warmth: for which days.
        pattern, colour, length, brand: values, compared without case.
    """

    any: Names = ()
    but: Names = ()
    formality: Range | None = None
    warmth: tuple[Warmth, ...] = ()
    pattern: Names = ()
    colour: Names = ()
    length: Names = ()
    brand: Names = ()

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError("a selector names something: any, formality, brand, ...")
        return self


def _selector(given: Any) -> Any:
    if isinstance(given, str):
        return {"any": [given]}
    return {"any": given} if isinstance(given, list) else given


Which = Annotated[Selector, BeforeValidator(_selector)]


class When(_Part):
    """The days and occasions on which a rule counts; on all where nothing is given."""

    warmer_than: float | None = None
    colder_than: float | None = None
    occasion: tuple[Occasion, ...] = ()

    def holds(self, temperature_c: float, occasion: Occasion | None) -> bool:
        """Return whether it counts on such a day."""
        return (
            (self.warmer_than is None or temperature_c > self.warmer_than)
            and (self.colder_than is None or temperature_c < self.colder_than)
            and (not self.occasion or occasion in self.occasion)
        )


class Pair(_Part):
    """Two kinds of pieces that are never worn together."""

    one: Which
    other: Which
    when: When = When()
    why: str = ""


class Cost(Pair):
    """Two kinds of pieces that are seldom worn together; a negative cost joins them."""

    cost: float = Field(ge=-1, le=1)


class Need(_Part):
    """A kind of piece that is worn only with another."""

    one: Which
    needs: Which
    why: str = ""


class Ban(_Part):
    """A kind of piece that is not proposed at all on some days or occasions."""

    one: Which
    when: When = When()
    why: str = ""


class Dress(_Part):
    """What an occasion asks for: grades of formality, and whether each piece that is liked gains."""

    formality: Range
    likes: Names = ()


class DressLimits(_Part):
    """What a whole outfit keeps to.

    Attributes:
        strong_colours: hues that are neither neutral nor near one another, at most.
        patterns: patterned pieces, at most.
        formality_spread: grades between the dressiest and the least dressy piece that cost nothing,
            and those from which an outfit is refused.
        degrees: how far a piece may lie outside its days at no cost, and from where it is refused.
        likeness: what is worn is taken for men's below the first mean likeness to women's items, for
            women's above the second; between them it is open.
    """

    strong_colours: int = Field(ge=1)
    patterns: int = Field(ge=1)
    formality_spread: Range
    degrees: Range
    likeness: Range


class Words(_Part):
    """What people say for an occasion or a season, in small letters; the languages of the app together."""

    occasions: Mapping[Occasion, Names] = {}
    seasons: Mapping[Season, Names] = {}


class Table(_Part):
    """All conventions.

    Attributes:
        groups: name -> names of fine kinds, categories or other groups.
        days: fine kind, group or category -> the coldest and the warmest day it is worn on, in °C.
        grades: fine kind, group or category -> its usual formality, where nothing else says it.
        audience: women or men -> kinds that say for whom they are cut when they are worn.
        seasons: season -> its usual day in °C.
        occasions: what each asks for.
        never, costs, needs, bans: the rules.
        limits: of the whole outfit.
        words: that say an occasion or a season where somebody searches.
    """

    groups: Mapping[str, Names] = {}
    days: Mapping[str, Range] = {}
    grades: Mapping[str, float] = {}
    audience: Mapping[Literal["women", "men"], Names] = {}
    seasons: Mapping[Season, float]
    occasions: Mapping[Occasion, Dress]
    never: tuple[Pair, ...] = ()
    costs: tuple[Cost, ...] = ()
    needs: tuple[Need, ...] = ()
    bans: tuple[Ban, ...] = ()
    limits: DressLimits
    words: Words = Words()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name, members in (("seasons", Season), ("occasions", Occasion)):
            missing = set(members) - set(getattr(self, name))
            if missing:
                raise ValueError(f"{name}: {', '.join(sorted(missing))} missing")
        return self

    def members(self, names: Iterable[str]) -> frozenset[str]:
        """Return names with all that their groups hold, groups in groups too.

        Raises:
            ValueError: a group holds itself.
        """
        found: set[str] = set()
        waiting = [name.casefold() for name in names]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [each.casefold() for each in self.groups.get(name, ())]
        return frozenset(found)


def known_names() -> frozenset[str]:
    """Return the names of categories and slots, which need no group."""
    return frozenset(each.value for each in (*Category, *Slot))


@cache
def shipped() -> Table:
    """Return our own table; it is read once."""
    return read(SHIPPED)


def table_of(own: Path | None) -> Table:
    """Return our table with a shop's own over it: lists grow, named values are replaced.

    Raises:
        StylistError: the file cannot be read, or says what a table may not say.
    """
    if own is None:
        return shipped()
    return _checked(_merged(_document(SHIPPED), _document(own)), own)


def read(path: Path) -> Table:
    """Return the table of a file.

    Raises:
        StylistError: it cannot be read, or says what a table may not say.
    """
    return _checked(_document(path), path)


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refused(path, str(error)) from error


def _merged(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    both = dict(ours)
    for name, value in theirs.items():
        before = both.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            both[name] = _merged(before, value)
        elif isinstance(before, list) and isinstance(value, list) and _rules(value):
            both[name] = [*before, *value]
        else:
            both[name] = value
    return both


def _rules(value: list[Any]) -> bool:
    return all(isinstance(each, dict) for each in value)


def _checked(document: dict[str, Any], path: Path) -> Table:
    try:
        return Table.model_validate(document)
    except ValidationError as error:
        wrong = [
            f"{'.'.join(str(part) for part in each['loc']) or 'the file'}: {each['msg']}"
            for each in error.errors()[:5]
        ]
        raise _refused(path, "; ".join(wrong)) from error


def _refused(path: Path, got: str) -> StylistError:
    return StylistError(
        "the stylist's table cannot be used",
        got=f"{path}: {got}",
        expected="a TOML file that docs/stylist.md describes",
        next_step="Mend the file, or unset RECOMMENDER_STYLIST.",
    )
