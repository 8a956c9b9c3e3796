"""A random walk over every store: add, change, delete, search, publish and reopen, against NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.index.stores.engines import Plan, Published, unit
from tests.index.stores.test_contract import recall

STEPS = 12


class Walk:
    """A store and the oracle beside it."""

    def __init__(self, published: Published, seed: int) -> None:
        self.published, self.chance, self.seed = published, np.random.default_rng(seed), seed
        self.next = 1
        self.rows: dict[int, NDArray[np.float32]] = {}
        self.add(400)

    def add(self, number: int) -> None:
        """Keys are given once, as the database does."""
        for row in unit(int(self.chance.integers(1_000_000)), number):
            self.rows[self.next] = row
            self.next += int(self.chance.integers(1, 4))

    def change(self) -> None:
        keys = self.chance.choice(sorted(self.rows), size=min(9, len(self.rows)), replace=False)
        for key, row in zip(
            keys.tolist(), unit(int(self.chance.integers(1_000_000)), 9), strict=False
        ):
            self.rows[key] = row

    def delete(self) -> None:
        share = self.chance.choice([0.02, 0.6])
        self.rows = {k: row for k, row in self.rows.items() if self.chance.random() >= share}

    def step(self) -> None:
        for act in (self.delete, self.change, lambda: self.add(int(self.chance.choice([3, 300])))):
            if self.chance.random() < 0.6:
                act()

    def look(self) -> float:
        """Compare with NumPy, with and without a filter, also after opening the store again."""
        k = int(self.chance.integers(1, 30))
        store = self.published.publish(dict(self.rows))
        assert store.count == len(self.rows)
        keys = np.asarray(sorted(self.rows), np.int64)
        if len(keys):
            held = store.vectors_of(keys)
            np.testing.assert_allclose(
                held, np.stack([self.rows[k] for k in keys.tolist()]), atol=2e-3
            )
        for key in {*range(1, self.next)} - set(self.rows):
            with pytest.raises(KeyError):
                store.vectors_of(np.asarray([key], np.int64))
            break
        share = self.chance.choice([0.02, 0.3, 0.8])
        allowed = {key for key in range(1, self.next) if self.chance.random() < share}
        found = [recall(store, self.rows, k, None, 10), recall(store, self.rows, k, allowed, 10)]
        return float(np.mean([*found, recall(self.published.reopen(), self.rows, k, None, 10)]))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_walk_is_followed(plan: Plan, tmp_path: Path, seed: int) -> None:
    walk = Walk(Published(plan.make(tmp_path / "server"), tmp_path / "generations"), seed)
    recalls = [walk.look()]
    for _ in range(STEPS):
        walk.step()
        recalls.append(walk.look())
    assert np.mean(recalls) >= plan.recall
