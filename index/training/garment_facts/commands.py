"""`train facts` and `evaluate facts`: from folders to a file, from folders to figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.encoders.attribute_prompts import families_of
from index.encoders.attributes import AttributeReader
from index.encoders.encoder import OpenClipEncoder
from index.facts.heads import FILE, heads_in
from index.importing.encoding import Cutter
from index.training.garment_facts.contact_sheets import draw_sheets
from index.training.garment_facts.encoded import Report, as_imported, drawn, encode
from index.training.garment_facts.evaluate import figures, probes
from index.training.garment_facts.fitting import fit
from index.training.garment_facts.labelled import read_labelled
from index.training.measuring.features import ImageNetFeatures
from segmentation.common.taxonomy import Category

LIMIT: Final = 14_000
"""Product photos that are encoded: about two minutes on two processors."""


def train_facts(
    folders: Sequence[Path],
    encoder: Path,
    out: Path,
    *,
    limit: int,
    cache: Path | None,
    cutter: Cutter,
    report: Report,
) -> dict[str, Any]:
    """Write the heads of an encoder, and return the figures of those that were kept to calibrate.

    Args:
        folders: data sets, as `read_labelled` reads them.
        encoder: its folder.
        out: the folder that the heads are written to.
        limit: product photos that are encoded.
        cache: keeps vectors between runs; None for nowhere.
        cutter: as a catalogue's import cuts items out.
        report: receives progress lines.

    Raises:
        DatasetError: the folders hold nothing to learn from.
        WeightsError: the encoder cannot be read.
    """
    model = OpenClipEncoder.load(encoder)
    known = [each for each in drawn(read_labelled(folders), limit) if each.split != "val"]
    pictures = as_imported(known, cutter)
    report(f"{len(pictures)} pictures of garments of which a fact is known")
    encoded = encode(pictures, model, cache, report)
    heads = fit(encoded, model.fingerprint, report)
    out.mkdir(parents=True, exist_ok=True)
    heads.write(out / FILE)
    return {
        name: {
            "answers": len(family.answers),
            "given": sum(threshold <= 1 for threshold in family.thresholds),
            "temperature": family.temperature,
        }
        for name, family in heads.header.families.items()
    }


def evaluate_facts(
    folders: Sequence[Path],
    encoder: Path,
    *,
    limit: int,
    cache: Path | None,
    cutter: Cutter,
    compared: bool,
    sheets: Path | None,
    report: Report,
) -> dict[str, Any]:
    """Return the figures of an encoder's heads on what no training saw.

    Args:
        folders: data sets, as `read_labelled` reads them.
        encoder: its folder, with its heads.
        limit: product photos that are encoded.
        cache: keeps vectors between runs; None for nowhere.
        cutter: as a catalogue's import cuts items out.
        compared: measure the same heads on ImageNet features too, and probes of the shop's labels.
        sheets: a folder for contact sheets, fifty garments a fact; None for none.
        report: receives progress lines.

    Raises:
        DatasetError: the folders hold nothing to measure on.
        WeightsError: the encoder or its heads cannot be used.
    """
    model = OpenClipEncoder.load(encoder)
    heads = heads_in(encoder, model.fingerprint)
    pictures = as_imported(drawn(read_labelled(folders), limit), cutter)
    wanted = [each for each in pictures if compared or each.split == "val"]
    report(f"{len(wanted)} pictures of garments of which a fact is known")
    encoded = encode(wanted, model, cache, report)
    held = encoded.part("val")
    reader = AttributeReader(model, families_of(str(encoder)))

    def phrases(vectors: NDArray[np.float32], kinds: Sequence[Category]) -> list[str]:
        return [each.pattern for each in reader.read([None] * len(kinds), vectors, kinds)]

    result = figures(heads, [each for each in pictures if each.split == "fit"], held, phrases)
    if sheets is not None:
        draw_sheets(heads, held, sheets)
    if compared:
        result["probes"] = probes(encoded, report)
        plain = _Plain()
        untouched = encode(encoded.pictures, plain, None, report)
        others = fit(untouched, plain.fingerprint, report)
        result["imagenet"] = _short(
            figures(others, untouched.part("fit").pictures, untouched.part("val"))
        )
        result["imagenet"]["probes"] = probes(untouched, report)
    return result


class _Plain(ImageNetFeatures):
    """The backbone's untouched features, as an encoder."""

    fingerprint = "imagenet"


def _short(figures: dict[str, Any]) -> dict[str, Any]:
    kept = ("accuracy", "answered", "right_where_answered")
    return {
        name: {key: family[key] for key in kept}
        for name, family in figures.items()
        if isinstance(family, dict)
    }
