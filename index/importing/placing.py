"""Rows of a feed -> items of a kind: a row that names none is placed by its main picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.catalogue.catalog import StoredItem
from index.catalogue.embeddings import Key, Made
from index.catalogue.entries import Vector
from index.feeds.rows import FeedRow, Reject
from index.importing.intake import CheckedRow, Shot
from index.importing.making import Begun, Fresh, Maker, WantedPictures
from index.importing.plan import Planner, RowChange
from index.model.items import CatalogItem, Unplaced
from segmentation.common.taxonomy import Category


@dataclass(frozen=True, eq=False)
class Placed:
    """A row whose item's kind is known.

    Attributes:
        row: as the feed gave it.
        item: the item.
        shots: its pictures, the main one first.
        held: what the catalogue has of it.
        change: what it means for the catalogue.
    """

    row: FeedRow
    item: CatalogItem
    shots: tuple[Shot, ...]
    held: StoredItem | None
    change: RowChange

    @property
    def number(self) -> int:
        """Its place in the feed."""
        return self.row.number

    @property
    def encodes(self) -> bool:
        """Whether its pictures are others than before."""
        return self.change in (RowChange.ADDED, RowChange.REPICTURED)

    @property
    def keys(self) -> list[Key]:
        """What its pictures are known by."""
        return [(shot.image_hash, self.item.category.value) for shot in self.shots]

    @property
    def leaving(self) -> Iterable[str]:
        """Our files that it may show no longer."""
        return () if self.held is None else (picture.name for picture in self.held.pictures)


@dataclass
class Placer:
    """Places the rows of one batch.

    Attributes:
        planner, maker: compare with the catalogue; cut out and encode.
        known: what the encoder made of pictures before.
        held: what the catalogue has, by sku.
        begun: pictures that are being cut out already.
        fresh: pictures that were encoded to be placed, as of the kind that was guessed.
        encoded: how many went through the encoder for it.
        rejects: rows that could not be placed.
    """

    planner: Planner
    maker: Maker
    known: Mapping[Key, Made]
    held: Mapping[str, StoredItem]
    begun: Begun = field(default_factory=dict)
    fresh: list[Fresh] = field(default_factory=list, init=False)
    encoded: int = field(default=0, init=False)
    rejects: list[Reject] = field(default_factory=list, init=False)

    def place(self, taken: Sequence[CheckedRow]) -> list[Placed]:
        """Return rows with their items, in order; those that cannot be placed are left out."""
        items = [self.planner.placed(each, self.held.get(each.row.item.sku)) for each in taken]
        pairs = list(zip(taken, items, strict=True))
        guessed = self._guessed([(each, i) for each, i in pairs if isinstance(i, Unplaced)])
        placed = []
        for each, item in pairs:
            found = guessed.get(each.row.number) if isinstance(item, Unplaced) else item
            if found is not None:
                held = self.held.get(found.sku)
                change = self.planner.judge(found, self.planner.hashes(each, held), held)
                if wait := self.planner.torn(each, change, held):
                    self.rejects.append(wait)
                    continue
                placed.append(Placed(each.row, found, each.shots, held, change))
        return placed

    def _guessed(self, rows: Sequence[tuple[CheckedRow, Unplaced]]) -> dict[int, CatalogItem]:
        """Return items by the number of their row."""
        guesser = self.maker.workbench.guesser
        if guesser is None or not rows:
            return {}
        made = self._made([taken for taken, _ in rows])
        hashes = list(made)
        units = [vector.unit for vector in made.values()]
        result = guesser.guess(np.stack(units)) if units else []
        guesses = dict(zip(hashes, result, strict=True))
        items = {}
        for taken, item in rows:
            image_hash = taken.shots[0].image_hash
            if image_hash not in guesses:
                self._reject(taken, str(self.maker.failed[image_hash, None]))
                continue
            category, confidence = guesses[image_hash]
            if confidence < guesser.least:
                self._reject(taken, _unsure(item, category, confidence, guesser.least))
            else:
                items[taken.row.number] = item.placed(category, confidence)
        kinds = {shown: kind for shown, (kind, sure) in guesses.items() if sure >= guesser.least}
        placed = [each for each in self.fresh if each.wish.key[0] in kinds]
        self.fresh = [each.placed(kinds[each.wish.key[0]]) for each in placed]
        return items

    def _made(self, rows: Sequence[CheckedRow]) -> dict[str, Vector]:
        """Return the vectors of main pictures as they are, by SHA-256."""
        wishes = WantedPictures(self.known)
        for taken in rows:
            shot = taken.shots[0]
            wishes.add((shot.image_hash, None), shot.read)
        self.fresh = self.maker.cut(wishes, self.begun)
        self.encoded = self.maker.encode(self.fresh)
        found = {}
        for taken in rows:
            made = self.known.get((taken.shots[0].image_hash, None))
            if made is not None and made.vector is not None:
                found[taken.shots[0].image_hash] = made.vector
        return found | {f.wish.key[0]: f.vector for f in self.fresh if f.vector is not None}

    def _reject(self, taken: CheckedRow, reason: str) -> None:
        self.rejects.append(Reject(taken.row.number, taken.row.item.sku, reason))


def _unsure(item: Unplaced, category: Category, confidence: float, least: float) -> str:
    word = item.fields.get("merchant_category") or "nothing"
    return (
        f"category: got {word!r}, which is no kind that is known, and a picture that looks like "
        f"{category.value} with a confidence of {confidence:.2f}; expected {least:.2f} at least"
    )
