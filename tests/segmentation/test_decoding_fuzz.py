"""A thousand pictures that chance spoiled harm nobody; `make faults` sends 200,000."""

from __future__ import annotations

import logging

from tests.segmentation.damaged_pictures import KINDS, damaged, pictures
from tests.segmentation.decoding_run import Run, decoding

log = logging.getLogger(__name__)

FILES = 1000


def test_damaged_pictures_harm_nobody() -> None:
    with decoding() as pool:
        run = Run(pool, damaged(FILES))
        run.go()
        log.info("%s, peak %d MB, slowest %.2f s", run.ends, run.peak_bytes >> 20, run.slowest_s)
        run.require_unharmed(FILES)
        for kind in KINDS:
            assert pool.decode(pictures(kind)[0]).rgb.shape == (120, 160, 3)
