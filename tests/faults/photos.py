"""Photos that were spoiled by chance, decoded as a server decodes those of strangers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.campaign import Tally
from tests.segmentation.damaged_pictures import KINDS, damaged, pictures
from tests.segmentation.decoding_run import MOST_PIXELS, Run, decoding

A_BATCH = 2000


@contextmanager
def opened(_: Path) -> Iterator[Callable[[int], Tally]]:
    """Start the children that decode, and yield what sends them a batch of photos."""
    with decoding() as pool:

        def batch(number: int) -> Tally:
            run = Run(pool, damaged(A_BATCH, seed=7 + number, chosen=number == 0))
            run.go()
            run.require_unharmed(A_BATCH)
            for kind in KINDS:
                whole = pool.decode(pictures(kind)[0], max_pixels=MOST_PIXELS)
                assert whole.rgb.shape == (120, 160, 3), "it goes on decoding"
            counts = Counter({"decoded": run.ends["decoded"]})
            counts["refused"] = A_BATCH - run.ends["decoded"]
            counts["children replaced"] = max(len(run.children) - 2, 0)
            return Tally(A_BATCH, counts)

        yield batch
