"""What is known of one garment beyond its kind: how fine a kind, how dressy, how warm, for whom.

Each fact may be unknown, and stays so wherever neither words nor a picture say it surely enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

FACTS: Final = ("fine_kind", "formality", "warmth", "audience")
"""The facts that have an answer, by their names everywhere."""


class Audience(StrEnum):
    """Whom an item is cut for. Only ever excludes; never guessed from a person."""

    WOMEN = "women"
    MEN = "men"
    UNISEX = "unisex"
    KIDS = "kids"
    UNKNOWN = "unknown"
    """its shop says nothing: it passes wherever an adult's audience is asked for"""


class Formality(StrEnum):
    """How dressy a garment is. The members' order is theirs; texts do not compare, `grade` does."""

    SPORT = "sport"
    CASUAL = "casual"
    SMART = "smart"
    FORMAL = "formal"

    @property
    def grade(self) -> int:
        """0 for sport to 3 for formal."""
        return list(Formality).index(self)


class Warmth(StrEnum):
    """The days for which a garment is worn."""

    HOT = "hot"
    MILD = "mild"
    COLD = "cold"

    @property
    def grade(self) -> int:
        """0 for hot days to 2 for cold ones."""
        return list(Warmth).index(self)


@dataclass(frozen=True)
class GarmentFacts:
    """What is known of one garment.

    Attributes:
        fine_kind: a name of `index.facts.kinds`, "blazer"; empty where unknown.
        formality: how dressy it is; None where unknown.
        warmth: for which days; None where unknown, or where it is worn on all.
        audience: whom it is cut for, of catalogue items only; None where unknown, and always of a
            garment in a photo.
        shares: family -> answer -> calibrated probability, where a model said it, for soft
            comparisons; not stored. A photo's garment has under `audience` its likeness to women's
            and men's items of a catalogue, which is never shown as an answer.
    """

    fine_kind: str = ""
    formality: Formality | None = None
    warmth: Warmth | None = None
    audience: Audience | None = None
    shares: Mapping[str, Mapping[str, float]] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )

    def known(self) -> dict[str, str]:
        """Return those facts that are known, by name.

        >>> GarmentFacts("blazer", Formality.SMART).known()
        {'fine_kind': 'blazer', 'formality': 'smart'}
        """
        answers = {name: getattr(self, name) for name in FACTS}
        return {name: str(answer) for name, answer in answers.items() if answer}

    def or_else(self, other: GarmentFacts) -> GarmentFacts:
        """Return these facts; what is unknown is taken from others, and so are all shares."""
        return GarmentFacts(
            self.fine_kind or other.fine_kind,
            self.formality or other.formality,
            self.warmth or other.warmth,
            self.audience or other.audience,
            self.shares or other.shares,
        )

    def without_audience(self) -> GarmentFacts:
        """Return them as of a garment on somebody: no answer says whom it is cut for."""
        return replace(self, audience=None)


def facts_of(answers: Mapping[str, str]) -> GarmentFacts:
    """Return facts from answers by name, as they are stored; other names are left aside.

    Raises:
        ValueError: an answer is none of its family's.
    """
    formality, warmth = answers.get("formality"), answers.get("warmth")
    audience = answers.get("audience")
    return GarmentFacts(
        answers.get("fine_kind", ""),
        Formality(formality) if formality else None,
        Warmth(warmth) if warmth else None,
        Audience(audience) if audience and audience != Audience.UNKNOWN else None,
    )


UNKNOWN: Final = GarmentFacts()
"""Nothing is known."""
