"""Survey -> what should not be in a data set: photos that are there twice, and broken records."""

from __future__ import annotations

from segmentation.training.exploring.duplicates import alike_groups, same_groups
from segmentation.training.exploring.section import Cell, Section, once
from segmentation.training.exploring.survey import Survey


def duplicates(survey: Survey) -> Section:
    """Return the groups of photos that are there twice, and the splits that they lie in."""
    photos = survey.photos
    same = same_groups([photo.sha256 for photo in photos])
    alike = [
        group
        for group in alike_groups([photo.looks for photo in photos])
        if len({photos[number].sha256 for number in group}) > 1
    ]
    rows: list[tuple[Cell, ...]] = []
    crossing = 0
    for kind, groups in (("same file", same), ("looks alike", alike)):
        for group in groups:
            members = [photos[number] for number in group]
            splits = once(photo.split for photo in members)
            crossing += {"train", "val"} <= set(splits)
            names = ", ".join(photo.id for photo in members)
            rows.append((kind, len(group), ", ".join(splits), names))
    return Section(
        "duplicates",
        "Duplicates",
        f"{len(same)} groups of the same file, {len(alike)} groups of pictures that look alike; "
        f"{crossing} of them lie in both train and val, where a figure would be too good.",
        ("how alike", "photos", "splits", "ids"),
        tuple(rows),
    )


def broken(survey: Survey) -> Section:
    """Return what cannot be used, record by record."""
    return Section(
        "broken",
        "Broken records",
        f"{len(survey.broken)} records or masks cannot be used; they are not counted above.",
        ("what is wrong", "where"),
        tuple((each.what, each.got) for each in survey.broken),
    )
