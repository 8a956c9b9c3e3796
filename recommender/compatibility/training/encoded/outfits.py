"""Outfits as arrays: what networks and judges look up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentation.common.errors import DatasetError

Places: TypeAlias = NDArray[np.int64]
MOST_WORN: Final = 10
"""Garments of an outfit that are looked at beside one of its pieces."""
FEWEST: Final = 4
"""Garments that can be asked about, below which nothing is trained or measured."""


@dataclass(frozen=True, eq=False)
class EncodedOutfits:
    """N pieces of many outfits. Draw 0 of everything is undisturbed; K = 1 + `crops.DRAWS`.

    Attributes:
        outfit: (N,) number of the outfit that a piece belongs to.
        names: of the outfits.
        ids: (N,) of the pieces.
        kinds: (N,) official category ids.
        asked, worn: (N,) bool; see `Piece`.
        rows: (K, N, width) float16.
        colours: (K, N) object array of tuples of palette names.
        shrunk: (N, width) float16; the piece without its border, disturbed.
        around, border: (K, N, 8) float32 colour statistics, which the control sees.
        boxes: (N, 4) float32 xyxy, where pieces are worn in shares of their scenes' sides, which the control sees;
            zeros without a scene.
        regions: (K, N, 49, d) float16 of the rectangle beside a piece, draw 0 zeros; None unless wanted.
        imagenet: (K, N, 1280) float16; None unless wanted.
    """

    outfit: NDArray[np.int64]
    names: tuple[str, ...]
    ids: NDArray[np.str_]
    kinds: NDArray[np.int64]
    asked: NDArray[np.bool_]
    worn: NDArray[np.bool_]
    rows: NDArray[np.float16]
    colours: NDArray[np.object_]
    shrunk: NDArray[np.float16]
    around: NDArray[np.float32]
    border: NDArray[np.float32]
    boxes: NDArray[np.float32]
    regions: NDArray[np.float16] | None = None
    imagenet: NDArray[np.float16] | None = None

    def __len__(self) -> int:
        return len(self.outfit)

    def save(self, file: Path, key: str) -> None:
        """Write all to a file, under a key."""
        tables = {
            name: table
            for name, table in vars(self).items()
            if isinstance(table, np.ndarray) and name not in ("colours", "others", "askable")
        }
        colours = [[list(names) for names in draw] for draw in self.colours]
        record = {"key": key, "names": self.names, "colours": colours}
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened:
            np.savez(opened, allow_pickle=False, record=np.array(json.dumps(record)), **tables)

    @classmethod
    def load(cls, file: Path, key: str) -> EncodedOutfits | None:
        """Return what was written under a key; None where the file holds something else."""
        with np.load(file, allow_pickle=False) as opened:
            record = json.loads(str(opened["record"]))
            if record["key"] != key:
                return None
            colours = np.empty((len(record["colours"]), len(opened["outfit"])), dtype=object)
            for place in np.ndindex(*colours.shape):
                colours[place] = tuple(record["colours"][place[0]][place[1]])
            tables = {name: opened[name] for name in opened.files if name != "record"}
            return cls(names=tuple(record["names"]), colours=colours, **tables)

    @cached_property
    def others(self) -> Places:
        """(N, `MOST_WORN`): what is worn beside each piece, -1 where there is less."""
        table = np.full((len(self), MOST_WORN), -1, dtype=np.int64)
        for pieces in self.members:
            worn = pieces[self.worn[pieces]]
            for piece in pieces:
                beside = worn[worn != piece][:MOST_WORN]
                table[piece, : len(beside)] = beside
        return table

    @cached_property
    def members(self) -> list[Places]:
        """The pieces of each outfit."""
        order = np.argsort(self.outfit, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(self.outfit[order])) + 1)

    @cached_property
    def askable(self) -> Places:
        """The pieces that may be asked about: something else is worn."""
        return np.flatnonzero(self.asked & (self.others[:, 0] >= 0))

    def of(self, outfits: NDArray[np.bool_]) -> EncodedOutfits:
        """Return some outfits alone, by a bool for each."""
        number = np.cumsum(outfits) - 1
        kept = outfits[self.outfit]

        def some(table: Any) -> Any:
            return None if table is None else table[:, kept]

        return EncodedOutfits(
            number[self.outfit[kept]],
            tuple(name for name, yes in zip(self.names, outfits, strict=True) if yes),
            self.ids[kept],
            self.kinds[kept],
            self.asked[kept],
            self.worn[kept],
            some(self.rows),
            some(self.colours),
            self.shrunk[kept],
            some(self.around),
            some(self.border),
            self.boxes[kept],
            some(self.regions),
            some(self.imagenet),
        )


def check_enough(seen: EncodedOutfits, what_for: str) -> None:
    """Refuse outfits that are too few.

    Raises:
        DatasetError: fewer than `FEWEST` garments are worn beside others.
    """
    if len(seen.askable) < FEWEST:
        raise DatasetError(
            f"too few outfits {what_for}",
            got=f"{len(seen.names)} outfits, {len(seen.askable)} garments worn beside others",
            expected=f"at least {FEWEST} such garments; hundreds of outfits teach something",
            next_step="Give more data with --data.",
        )
