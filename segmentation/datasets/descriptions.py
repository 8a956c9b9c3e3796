"""What the numbers of iMaterialist 2019 and Fashionpedia files mean: categories and attributes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import OFFICIAL_NAMES, Category, Label, label_of


@dataclass(frozen=True)
class Descriptions:
    """The vocabulary of a file.

    Attributes:
        labels: category id -> garment or part.
        attributes: attribute id -> name; a name that several ids share carries its id, "peg #12".
    """

    labels: Mapping[int, Label]
    attributes: Mapping[int, str]

    def label(self, number: int) -> Label:
        """Return the garment or part of a category id.

        Raises:
            ValueError: the file does not describe it.
        """
        if number not in self.labels:
            raise ValueError(f"unknown class {number}")
        return self.labels[number]

    def names(self, numbers: list[int]) -> frozenset[str]:
        """Return the names of attribute ids.

        Raises:
            ValueError: the file does not describe one of them.
        """
        unknown = [number for number in numbers if number not in self.attributes]
        if unknown:
            raise ValueError(f"unknown attribute {unknown[0]}")
        return frozenset(self.attributes[number] for number in numbers)


def official_name(label: Label) -> str:
    """Return the name that both data sets' files give a garment or part.

    >>> official_name(Category.BAG)
    'bag, wallet'
    """
    return OFFICIAL_NAMES[label] if isinstance(label, Category) else label.value


def read_json(path: Path) -> dict[str, Any]:
    """Return the object that a JSON file holds.

    Raises:
        DatasetError: there is no such file, or it is damaged.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"{path.name} cannot be read",
            got=f"{path}: {error}",
            expected="a JSON file as it was published",
            next_step="Put the published file there, or unpack it again.",
        ) from error
    if not isinstance(content, dict):
        raise _not_described(path, type(content).__name__)
    return content


def descriptions_in(content: Mapping[str, Any], path: Path) -> Descriptions:
    """Return the vocabulary that a file's `categories` and `attributes` describe.

    Args:
        content: the file's JSON object.
        path: the file, for messages.

    Raises:
        DatasetError: they are missing or damaged, or a category is not the official one.
    """
    try:
        categories = {int(item["id"]): str(item["name"]) for item in content["categories"]}
        attributes = {int(item["id"]): str(item["name"]) for item in content["attributes"]}
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _not_described(path, f"{type(error).__name__}: {error}") from error
    shared = {name for name, count in Counter(attributes.values()).items() if count > 1}
    return Descriptions(
        {number: _label(number, name, path) for number, name in categories.items()},
        {
            number: f"{name} #{number}" if name in shared else name
            for number, name in attributes.items()
        },
    )


def _label(number: int, name: str, path: Path) -> Label:
    label = label_of(number)
    if official_name(label) != name:
        raise DatasetError(
            f"{path.name} numbers its categories otherwise",
            got=f"{number} is {name!r}",
            expected=f"{number} is {official_name(label)!r}",
            next_step="Use the official ids of iMaterialist 2019 / Fashionpedia, 0 to 45.",
        )
    return label


def _not_described(path: Path, got: str) -> DatasetError:
    return DatasetError(
        f"{path.name} does not describe its categories and attributes",
        got=got,
        expected="lists `categories` and `attributes` of objects with `id` and `name`",
        next_step="Put the published file there, or unpack it again.",
    )
