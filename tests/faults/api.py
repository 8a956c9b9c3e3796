"""Requests made by chance, from a new seed each batch, to the API over models that are stand-ins."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.campaign import Tally
from tests.recommender.api_cases import SEED, photos, require_documented, run, shop_and_app

EXAMPLES = 40


@contextmanager
def opened(folder: Path) -> Iterator[Callable[[int], Tally]]:
    """Yield what asks a new shop a batch of questions."""

    def batch(number: int) -> Tally:
        place = folder / str(number)
        place.mkdir()
        shop, app = shop_and_app(place)
        met = run(app, examples=EXAMPLES, seed=SEED + number)
        require_documented(met, app)
        shop.database.close()
        shutil.rmtree(place)
        counts = Counter({f"{status // 100}xx": 0 for status in met.statuses})
        for status, count in met.statuses.items():
            counts[f"{status // 100}xx" if status != 503 else "503 as documented"] += count
        return Tally(met.cases.total(), counts)

    with photos():
        yield batch
