"""One look at every photo of a data set; what cannot be used is noted, and the look goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Label
from segmentation.datasets import read_folder
from segmentation.datasets.clothing_co_parsing import is_clothing_co_parsing, read_tagged
from segmentation.datasets.clothing_dataset import is_clothing_dataset, read_clothing_dataset
from segmentation.datasets.labelled import (
    UNREADABLE,
    LabelledPhoto,
    Refused,
    RunLengths,
    unreadable,
)
from segmentation.training.exploring.duplicates import Fingerprint, fingerprint

if TYPE_CHECKING:  # the loop loads torch; a report needs none
    from segmentation.training.runs.loop import Report

SPLITS: Final = ("train", "val")


@dataclass(frozen=True)
class SurveyedGarment:
    """A garment, or a part of one, in a photo.

    Attributes:
        label: what it is.
        share: of the photo's pixels, 0 to 1; None where it is named but has no mask.
        described: names of its attributes; None where they were never labelled.
        attributes: known attributes by name, such as colour.
    """

    label: Label
    share: float | None
    described: frozenset[str] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class SeenPhoto:
    """What is kept of a photo.

    Attributes:
        id: its name in the data set.
        split: the part of the data set that it belongs to.
        size_wh: width and height in pixels.
        sha256: of the file.
        looks: its fingerprint, alike for pictures that look alike.
        worn: what is in it.
    """

    id: str
    split: str
    size_wh: tuple[int, int]
    sha256: str
    looks: Fingerprint
    worn: tuple[SurveyedGarment, ...]

    @property
    def labels(self) -> frozenset[Label]:
        """The kinds of things in it."""
        return frozenset(each.label for each in self.worn)


@dataclass(frozen=True)
class Broken:
    """A record, or a mask of one, that cannot be used.

    Attributes:
        what: what is wrong with it.
        got: which it is, and what was found there.
    """

    what: str
    got: str


@dataclass(frozen=True)
class Survey:
    """All that the report is made of.

    Attributes:
        name: of the data set's folder.
        kind: the layout it is in.
        photos: those that can be used, in the order of the data set.
        broken: those that cannot, and masks that are empty.
    """

    name: str
    kind: str
    photos: tuple[SeenPhoto, ...]
    broken: tuple[Broken, ...]


def look_at(folder: Path, report: Report) -> Survey:
    """Return the survey of a data set.

    Args:
        folder: in a layout that `read_folder` reads, or a folder of single garments.
        report: receives progress lines.

    Raises:
        DatasetError: the folder is in no known layout, or no record of it can be read.
    """
    broken: dict[str, Broken] = {}  # splits are read one by one: a bad line may come up in each

    def note(error: DatasetError) -> None:
        broken.setdefault(str(error), Broken(error.what, error.got))

    kind, records = _records(folder, note)
    photos = []
    for number, record in enumerate(records, start=1):
        try:
            photos.append(_seen(record, note))
        except DatasetError as error:
            note(error)
        if number % 200 == 0:
            report(f"{number}/{len(records)} photos")
    return Survey(folder.resolve().name, kind, tuple(photos), tuple(broken.values()))


def _records(folder: Path, refused: Refused) -> tuple[str, list[LabelledPhoto]]:
    if is_clothing_dataset(folder):
        return "single garments", [
            _without_masks(each.id, each.path, each.split, frozenset({each.category}))
            for each in read_clothing_dataset(folder)
        ]
    kind, records = "", list[LabelledPhoto]()
    for split in SPLITS:
        kind, photos = read_folder(folder, split, refused)
        records += photos
    if is_clothing_co_parsing(folder):
        tagged = read_tagged(folder, refused)
        records += [_without_masks(path.stem, path, "tags", labels) for path, labels in tagged]
    return kind, records


def _without_masks(name: str, path: Path, split: str, worn: Iterable[Label]) -> LabelledPhoto:
    return LabelledPhoto(name, path, RunLengths((0, 0), {}), {}, split, unmarked=frozenset(worn))


def _seen(record: LabelledPhoto, note: Refused) -> SeenPhoto:
    try:
        data = record.photo_path.read_bytes()
        with Image.open(BytesIO(data)) as picture:
            width, height = picture.size
            picture.draft("L", (256, 256))  # a large JPEG is decoded at a fraction of the work
            looks = fingerprint(picture.convert("L"))
    except UNREADABLE as error:
        raise unreadable(record.photo_path, error) from error
    shares = {v: float(mask.mean()) for v, mask in record.read_masks((height, width)).items()}
    for value, share in shares.items():
        if not share:
            note(_empty(record, value))
    marked = [_worn(record, value, share) for value, share in shares.items() if share]
    unmarked = [SurveyedGarment(label, None) for label in sorted(record.unmarked)]
    return SeenPhoto(
        id=record.id,
        split=record.split,
        size_wh=(width, height),
        sha256=hashlib.sha256(data).hexdigest(),
        looks=looks,
        worn=(*marked, *unmarked),
    )


def _worn(record: LabelledPhoto, value: int, share: float) -> SurveyedGarment:
    return SurveyedGarment(
        record.labels[value],
        share,
        record.described.get(value),
        record.attributes.get(value, {}),
    )


def _empty(record: LabelledPhoto, value: int) -> DatasetError:
    return DatasetError(
        "a mask is empty",
        got=f"{record.id}: value {value}, {record.labels[value]}",
        expected="at least one pixel",
        next_step="Take the label out, or mark where it lies.",
    )
