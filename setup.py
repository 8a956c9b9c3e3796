"""Which packages a wheel has: what serves. The laboratory comes where it is asked for.

`LABORATORY=1 pip wheel .` adds training, measuring, rendering and the readers of data sets; an
editable install (`pip install -e .`) reads this tree and has them anyway.
"""

from __future__ import annotations

import os

from setuptools import find_packages, setup

ROOMS = ("segmentation", "index", "recommender", "ui", "migrations")
LABORATORY = ("training", "rendering", "bench", "datasets", "drawing")

setup(
    packages=find_packages(
        include=[name for room in ROOMS for name in (room, f"{room}.*")],
        exclude=[name for folder in LABORATORY for name in (f"*.{folder}", f"*.{folder}.*")]
        if not os.environ.get("LABORATORY")
        else [],
    )
)
