"""`python -m segmentation.rendering OUT --outfits N --garments M --seed S` writes a data set."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

from segmentation.rendering.dataset import write_dataset


def main() -> None:
    """Parse the command line and write the data set."""
    parser = argparse.ArgumentParser(prog="python -m segmentation.rendering", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--outfits", type=int, default=300)
    parser.add_argument("--garments", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    write_dataset(given.out, given.outfits, given.garments, given.seed)


if __name__ == "__main__":
    main()
