"""What one person saw on photos of garments: for whom, of which fine kind, how dressy, for which days.

`judged.csv` holds it, a line a photo; `seen.csv` holds patterns and the toes of shoes, of photos of
which no words say them. What was doubtful is empty.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from index.facts.kinds import fine_kinds
from index.facts.reader import ANY, FINE_KIND
from index.model.garment_facts import Audience, GarmentFacts, Warmth

TABLE: Final = Path(__file__).parent / "judged.csv"
DETAILS: Final = Path(__file__).parent / "seen.csv"
ADULT: Final = "adult"
"""Known to be no child's; whether women's or men's is not known."""


@dataclass(frozen=True)
class Judged:
    """What somebody saw of one garment; each is empty where it was doubtful.

    Attributes:
        audience: `kids`, `women`, `men`, `unisex`, or `adult` where it was not seen whose.
        fine_kind: a name of `index.facts.kinds`.
        formality: of this very piece.
        warmth: the days it is for, `any` for all.
    """

    audience: str
    fine_kind: str
    formality: str
    warmth: str

    def answers(self) -> dict[str, str]:
        """Return family -> answer; what was doubtful is what convention says of the fine kind.

        What either wears is an adult's like any other: only that it is no child's can be learned of it.
        """
        usual = (
            answers_of(fine_kinds()[self.fine_kind].facts(self.fine_kind)) if self.fine_kind else {}
        )
        audience = ADULT if self.audience == Audience.UNISEX else self.audience
        seen = {
            FINE_KIND: self.fine_kind, "formality": self.formality or usual.get("formality", ""),
            "warmth": warmth_of(self.warmth, usual.get("warmth", "")), "audience": audience,
        }  # fmt: skip
        return {name: answer for name, answer in seen.items() if answer}


def warmth_of(seen: str, usual: str) -> str:
    """Return for which days a garment is by what was seen and what convention says of its fine kind.

    Nobody sees whether a T-shirt is for hot days or for all, or a shoe for mild days or for all: there
    convention decides, as it does of products, else the same garment had two answers.

    >>> warmth_of("any", "hot"), warmth_of("mild", "any"), warmth_of("mild", "cold"), warmth_of("hot", "")
    ('hot', 'any', 'mild', 'hot')
    """
    vague = seen == ANY or (seen == Warmth.MILD and usual == ANY)
    return usual if usual and (vague or not seen) else seen


def answers_of(facts: GarmentFacts) -> dict[str, str]:
    """Return family -> answer; a garment for all days says so, one for anybody says nothing.

    >>> from index.model.garment_facts import Formality
    >>> answers_of(GarmentFacts("jeans", Formality.CASUAL, audience=Audience.UNISEX))
    {'fine_kind': 'jeans', 'formality': 'casual', 'warmth': 'any'}
    """
    answers = facts.known()
    if facts.fine_kind and facts.warmth is None and fine_kinds()[facts.fine_kind].warmth is None:
        answers["warmth"] = ANY
    if answers.get("audience") == Audience.UNISEX:
        del answers["audience"]
    return answers


@cache
def judged() -> Mapping[str, Judged]:
    """Return id of a photo -> what was seen."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return {row.pop("id"): Judged(**row) for row in csv.DictReader(table)}


@cache
def details() -> Mapping[str, Mapping[str, str]]:
    """Return id of a picture -> its `pattern` and `toe` as seen, doubtful ones left out."""
    with DETAILS.open(encoding="utf-8", newline="") as table:
        return {
            row.pop("id"): {name: answer for name, answer in row.items() if answer}
            for row in csv.DictReader(table)
        }
