"""Survey -> tables: what is counted, and in which words. Nothing is drawn here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from segmentation.common.taxonomy import Category, Label, Part
from segmentation.training.exploring import faults
from segmentation.training.exploring.section import Cell, Section, once
from segmentation.training.exploring.survey import SeenPhoto, Survey, SurveyedGarment

ORDER: Final[tuple[Label, ...]] = (*Category, *Part)


def sections_of(survey: Survey) -> list[Section]:
    """Return all sections of the report, in their order."""
    makers: tuple[Callable[[Survey], Section], ...] = (
        _splits, _per_photo, _classes, _sizes, _areas, _together, _attributes,
        faults.duplicates, faults.broken,
    )  # fmt: skip
    return [make(survey) for make in makers]


def _splits(survey: Survey) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for split in once(photo.split for photo in survey.photos):
        photos = [photo for photo in survey.photos if photo.split == split]
        masks = sum(_masks(photo) for photo in photos)
        with_masks = sum(_masks(photo) > 0 for photo in photos)
        rows.append((split, len(photos), with_masks, masks, _named(photos)))
    return Section(
        "splits",
        "Photos by split",
        f"{len(survey.photos)} photos can be used, {len(survey.broken)} records are broken.",
        ("split", "photos", "photos with masks", "masks", "named without a mask"),
        tuple(rows),
    )


def _per_photo(survey: Survey) -> Section:
    splits = once(photo.split for photo in survey.photos)
    counts = Counter((len(photo.worn), photo.split) for photo in survey.photos)
    numbers = [len(photo.worn) for photo in survey.photos]
    mean = f"{np.mean(numbers):.1f}" if numbers else "none"
    return Section(
        "garments_per_photo",
        "Garments per photo",
        f"On average {mean}, parts of garments and those that are only named counted as well.",
        ("garments", *splits),
        tuple(
            (number, *(counts[number, split] for split in splits))
            for number in range(max(numbers, default=-1) + 1)
        ),
    )


def _classes(survey: Survey) -> Section:
    masks = Counter(e.label for e in _all(survey) if e.share is not None)
    named = Counter(e.label for e in _all(survey) if e.share is None)
    photos = Counter(label for photo in survey.photos for label in photo.labels)
    rows = [
        (label.value, masks[label], named[label], photos[label], _percent(photos[label], survey))
        for label in sorted(photos, key=lambda label: (-photos[label], ORDER.index(label)))
    ]
    absent = [category.value for category in Category if category not in photos]
    return Section(
        "classes",
        "Class balance",
        f"{len(rows)} kinds occur. " + (f"Never: {', '.join(absent)}." if absent else ""),
        ("kind", "masks", "named without a mask", "photos", "photos, %"),
        tuple(rows),
    )


def _sizes(survey: Survey) -> Section:
    sizes = Counter(photo.size_wh for photo in survey.photos)
    text = "No photos."
    if sizes:
        sides = np.array([photo.size_wh for photo in survey.photos])
        low, middle, high = (np.percentile(sides, q, axis=0).astype(int) for q in (0, 50, 100))
        text = (
            f"{len(sizes)} sizes. Width {low[0]} to {high[0]}, median {middle[0]}; "
            f"height {low[1]} to {high[1]}, median {middle[1]} pixels."
        )
    ordered = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    return Section(
        "sizes",
        "Photo sizes",
        text,
        ("width, px", "height, px", "photos"),
        tuple((width, height, count) for (width, height), count in ordered),
    )


def _areas(survey: Survey) -> Section:
    shares: dict[Label, list[float]] = {}
    for each in _all(survey):
        if each.share is not None:
            shares.setdefault(each.label, []).append(100 * each.share)
    rows: list[tuple[Cell, ...]] = []
    for label in sorted(shares, key=lambda label: (-float(np.median(shares[label])), label)):
        spread = np.percentile(shares[label], (5, 50, 95))
        rows.append((label.value, len(shares[label]), *(round(float(q), 3) for q in spread)))
    return Section(
        "mask_areas",
        "Mask areas",
        "How much of its photo a mask covers: the median, and what nine in ten lie between."
        if rows
        else "No photo has masks.",
        ("kind", "masks", "5th percentile, %", "median, %", "95th percentile, %"),
        tuple(rows),
    )


def _together(survey: Survey) -> Section:
    pairs = Counter(
        (one, other) for photo in survey.photos for one in photo.labels for other in photo.labels
    )
    labels = [label for label in ORDER if pairs[label, label]]
    return Section(
        "co_occurrence",
        "Co-occurrence",
        "In how many photos two kinds stand together; on the diagonal, all photos with a kind. "
        "The colour is the share of the row's photos that the column is in as well.",
        ("kind", *(label.value for label in labels)),
        tuple((one.value, *(pairs[one, other] for other in labels)) for one in labels),
    )


def _attributes(survey: Survey) -> Section:
    garments = [each for each in _all(survey) if each.share is not None]
    described = [each for each in garments if each.described is not None]
    counts: Counter[tuple[str, str]] = Counter()
    for each in garments:
        counts.update(("described", name) for name in each.described or ())
        counts.update(each.attributes.items())
    known = sum(bool(each.attributes) for each in garments)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Section(
        "attributes",
        "Attributes",
        f"Of {len(garments)} masks, {len(described)} were described in the data set's own list of "
        f"attributes and {known} carry attributes by name, such as a colour.",
        ("attribute", "value", "masks"),
        tuple((name, value, count) for (name, value), count in ordered),
    )


def _all(survey: Survey) -> Iterable[SurveyedGarment]:
    return (each for photo in survey.photos for each in photo.worn)


def _masks(photo: SeenPhoto) -> int:
    return sum(each.share is not None for each in photo.worn)


def _named(photos: Iterable[SeenPhoto]) -> int:
    return sum(each.share is None for photo in photos for each in photo.worn)


def _percent(count: int, survey: Survey) -> float:
    return round(100 * count / len(survey.photos), 1)
