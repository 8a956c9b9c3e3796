"""What is asked of workers and what they answer; it knows no engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from index.catalogue.entries import Vector
from index.importing.encoding import Workbench
from index.model.items import Pictures
from segmentation.common.taxonomy import Category

Recipe: TypeAlias = Callable[[], Workbench]
"""Makes a workbench on the machine it is called on. It is pickled: what it names must be installed
there, and it carries settings by value."""


@dataclass(frozen=True)
class EncodingJob:
    """Pictures of one item that wait for the encoder.

    Attributes:
        sku: the item's.
        category: what is cut out.
        names: our files, as `ImageStore` names them.
        pictures: what they show.
    """

    sku: str
    category: Category
    names: tuple[str, ...]
    pictures: Pictures = Pictures.AUTO


@dataclass(frozen=True, eq=False)
class EncodedPicture:
    """What became of one picture: its vector, and what was measured on it by field name."""

    vector: Vector
    measured: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Finished:
    """What became of a job's pictures, by name; where one cannot be used, the reason."""

    sku: str
    seen: Mapping[str, EncodedPicture | str]


class Fleet(Protocol):
    """Machines that encode."""

    def encode(self, jobs: Iterable[EncodingJob]) -> Iterator[list[Finished]]:
        """Yield what became of jobs, some at a time and in any order, each once or more.

        Raises:
            Refusal: a worker or the whole cluster cannot be used. What was yielded stands.
        """
        ...
