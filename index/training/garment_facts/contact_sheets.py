"""Fifty held-out garments for each fact, with what is answered of them, to look at.

A green frame is right by the labels, a red one wrong, none where they say nothing. Sheets of photos of
people or of a shop stay on the machine that draws them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from index.facts.heads import FactHeads
from index.facts.reader import FactsReader
from index.model.garment_facts import FACTS
from index.training.garment_facts.encoded import Encoded, view_of
from index.training.garment_facts.judged import ADULT

ACROSS, DOWN, TILE, LINE = 10, 5, 150, 14
RIGHT: Final = (30, 140, 60)
WRONG: Final = (210, 30, 30)


def draw_sheets(heads: FactHeads, held: Encoded, folder: Path) -> list[Path]:
    """Return the files of the sheets, one a fact: evenly drawn garments of which it is answered."""
    folder.mkdir(parents=True, exist_ok=True)
    read = FactsReader(heads).read(held.vectors, [each.category for each in held.pictures])
    files = []
    for fact in FACTS:
        answered = [at for at, facts in enumerate(read) if facts.known().get(fact)]
        places = np.linspace(0, len(answered) - 1, min(ACROSS * DOWN, len(answered))).astype(int)
        sheet = Image.new("RGB", (ACROSS * TILE, DOWN * (TILE + LINE)), "white")
        pen = ImageDraw.Draw(sheet)
        for number, at in enumerate(answered[place] for place in places):
            left, top = number % ACROSS * TILE, number // ACROSS * (TILE + LINE)
            picture = held.pictures[at]
            view, _ = view_of(picture)
            sheet.paste(
                Image.fromarray(view).resize((TILE - 6, TILE - 6)), (left + 3, top + LINE + 3)
            )
            answer, known = read[at].known()[fact], picture.answers.get(fact)
            pen.text((left + 3, top + 1), answer, fill="black")
            if known and known != ADULT:
                box = (left + 1, top + LINE + 1, left + TILE - 2, top + LINE + TILE - 2)
                pen.rectangle(box, outline=RIGHT if known == answer else WRONG, width=2)
        files.append(folder / f"{fact}.png")
        sheet.save(files[-1])
    return files
