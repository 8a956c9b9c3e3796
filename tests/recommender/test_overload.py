"""Large photos at once, sent to the real server with the real models; `make faults` sends fifty."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from tests.recommender.overload import FULL, Burst, overload

log = logging.getLogger(__name__)

FEW = Burst(photos=16, waiting=3, most_bytes=FULL.most_bytes)


def test_large_photos_at_once(boutique: Path, tmp_path: Path) -> None:
    shutil.copytree(boutique, tmp_path / "home")
    log.info("%s", overload(tmp_path / "home", tmp_path / "log", FEW))
