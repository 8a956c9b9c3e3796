"""Make the golden vectors of the shipped encoder anew."""

from __future__ import annotations

import numpy as np

from tests.index.golden import FOLDER, made

for name, vectors in made().items():
    np.save(FOLDER / f"{name}.npy", vectors)
