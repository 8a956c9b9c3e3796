"""Which kinds of garment people wore together: counts over the training outfits.

{"outfits": 1640, "kinds": {"bag": 900, "dress": 420}, "pairs": {"bag+dress": 212}}

A pair's names are sorted and joined by `+`. The file is made where the scorer is trained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from index.model.calibration import CalibrationFile
from segmentation.common.taxonomy import Category

SHIPPED: Final = Path(__file__).parent / "weights" / "kinds.json"
_Count: TypeAlias = Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class PairCounts:
    """In how many outfits kinds were worn. The empty one knows nothing.

    Attributes:
        kinds: kind -> outfits with it.
        pairs: unordered pair of kinds -> outfits with both.
    """

    kinds: Mapping[Category, int] = field(default_factory=dict)
    pairs: Mapping[frozenset[Category], int] = field(default_factory=dict)

    def beside(self, kind: Category, worn: Category) -> tuple[int, int]:
        """Return in how many of the outfits with what is worn a kind was, and how many these are.

        >>> dress, bag = Category.DRESS, Category.BAG
        >>> PairCounts({dress: 420}, {frozenset({bag, dress}): 212}).beside(bag, dress)
        (212, 420)
        """
        return self.pairs.get(frozenset({kind, worn}), 0), self.kinds.get(worn, 0)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    outfits: _Count
    kinds: dict[Category, _Count]
    pairs: dict[str, _Count]

    @model_validator(mode="after")
    def _counts_agree(self) -> _File:
        for kind, count in self.kinds.items():
            if count > self.outfits:
                raise ValueError(f"{count} outfits with a {kind}, of {self.outfits} in all")
        for name, count in self.pairs.items():
            kinds = [self.kinds.get(Category(kind), 0) for kind in name.split("+")]
            if len(kinds) != 2 or count > min(kinds):
                raise ValueError(f"{count} outfits with {name}, of {kinds} with one of them")
        return self


@cache
def shipped() -> PairCounts:
    """Return the counts that are shipped; it is read once."""
    return counts_in(SHIPPED)


_COUNTS: Final = CalibrationFile(
    _File.model_validate_json,
    what="the counts of kinds worn together cannot be read",
    expected="numbers of outfits, kinds and pairs of kinds that agree with one another",
    next_step="Put back the {name} that belongs to the scorer, or take it away: then "
    "reasons do not speak of it.",
)


def counts_in(path: Path) -> PairCounts:
    """Return the counts of a file; the empty ones where there is none.

    Raises:
        WeightsError: the file is damaged.
    """
    result = _COUNTS.read(path)
    if result is None:
        return PairCounts()
    pairs = {frozenset(map(Category, name.split("+"))): n for name, n in result.pairs.items()}
    return PairCounts(result.kinds, pairs)
