"""The sample boutique: invented garments and outfits, drawn by the project's own renderer.

    boutique/catalog.jsonl    one garment a line
    boutique/images/          one picture a garment, 420 x 560 WebP
    boutique/outfits.json     what each outfit wears, with boxes and masks
    boutique/outfits/         figures, 480 x 720 WebP

Importing this module reads nothing; `python -m recommender.sample.drawing.draw` draws it all again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

BOUTIQUE: Final[Path] = Path(__file__).parent / "boutique"
"""The folder that holds the boutique."""


def outfit_paths() -> list[Path]:
    """Return the pictures of the sample outfits, sorted by name."""
    return sorted((BOUTIQUE / "outfits").glob("*.webp"))
