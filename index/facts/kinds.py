"""The table of fine kinds, `kinds.toml`: what convention says of each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from index.model.garment_facts import Audience, Formality, GarmentFacts, Warmth
from segmentation.common.errors import Refusal
from segmentation.common.taxonomy import SLOT_OF, Category, Slot

FILE: Final = Path(__file__).parent / "kinds.toml"


class FineKind(BaseModel):
    """One fine kind, and what convention says of it.

    Attributes:
        categories: the kinds that detector and feeds know it by; the usual one first.
        formality: how dressy it usually is; None where it may be anything.
        warmth: the days for which it is worn; None where on all.
        audience: women or men where one of them alone wears it as a rule.
        occasions: what it is usually bought for.
        outer: it is worn over a top.
        toe: whether a shoe shows the toes; empty for what is no shoe.
        english, german: what shops call it, parted by commas.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    formality: Formality | None = None
    warmth: Warmth | None = None
    audience: Literal[Audience.WOMEN, Audience.MEN] | None = None
    occasions: tuple[Literal["work", "everyday", "evening", "celebration", "sport"], ...] = ()
    outer: bool = False
    toe: Literal["", "open", "closed"] = ""
    english: str
    german: str

    @property
    def category(self) -> Category:
        """The kind that it usually is."""
        return self.categories[0]

    @property
    def slot(self) -> Slot:
        """The place that it usually takes in an outfit."""
        return SLOT_OF[self.category]

    def facts(self, name: str) -> GarmentFacts:
        """Return what convention says of a garment of this kind, by its name.

        For whom it is cut is left open: convention is no statement of a shop.
        """
        return GarmentFacts(name, self.formality, self.warmth)


_TABLE: Final = TypeAdapter(dict[str, FineKind])


@cache
def fine_kinds() -> Mapping[str, FineKind]:
    """Return the table by name.

    Raises:
        Refusal: the file is damaged.
    """
    try:
        return _TABLE.validate_python(tomllib.loads(FILE.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise Refusal(
            "the table of fine kinds cannot be read",
            got=f"{FILE}: {str(error).splitlines()[0]}",
            expected="a table for each kind, as the head of the file describes",
            next_step="Mend the line, or install the package again.",
        ) from error
