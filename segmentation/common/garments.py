"""The record that every room speaks: a photo, and the garments found in it.

Everything is validated at birth and frozen, arrays included; numpy only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentation.common.taxonomy import SLOT_OF, Category, Slot

Rgb: TypeAlias = NDArray[np.uint8]
"""H x W x 3 uint8, RGB."""
Mask: TypeAlias = NDArray[np.bool_]
"""H x W bool, True on the garment."""


@dataclass(frozen=True, eq=False)
class Photo:
    """A decoded picture, upright.

    Attributes:
        rgb: H x W x 3 uint8 RGB, read-only; what was transparent lies on white.
        alpha: H x W uint8, 0 where the picture was transparent, read-only; None where it never was.
    """

    rgb: Rgb
    alpha: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise ValueError(
                f"rgb: got {self.rgb.shape} {self.rgb.dtype}; expected H x W x 3 uint8"
            )
        if 0 in self.rgb.shape:
            raise ValueError(f"rgb: got {self.rgb.shape}; expected at least one pixel")
        object.__setattr__(self, "rgb", _frozen(self.rgb))
        if self.alpha is not None:
            if self.alpha.shape != self.rgb.shape[:2] or self.alpha.dtype != np.uint8:
                raise ValueError(
                    f"alpha: got {self.alpha.shape} {self.alpha.dtype}; "
                    f"expected {self.rgb.shape[:2]} uint8"
                )
            object.__setattr__(self, "alpha", _frozen(self.alpha))

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.rgb.shape[0])


@dataclass(frozen=True, eq=False)
class Garment:
    """One garment in a photo.

    Attributes:
        category: what it is.
        score: the detector's confidence, 0 to 1.
        box_xyxy: left, top, right, bottom in pixels of the photo, right and bottom exclusive.
        mask: H x W bool over the whole photo, read-only.
        attributes: measured attributes such as `colour`, by name.
    """

    category: Category
    score: float
    box_xyxy: tuple[float, float, float, float]
    mask: Mask
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score: got {self.score}; expected 0 to 1")
        left, top, right, bottom = self.box_xyxy
        if not (left < right and top < bottom):
            raise ValueError(f"box_xyxy: got {self.box_xyxy}; expected left < right, top < bottom")
        if self.mask.ndim != 2 or self.mask.dtype != np.bool_:
            raise ValueError(f"mask: got {self.mask.shape} {self.mask.dtype}; expected H x W bool")
        object.__setattr__(self, "mask", _frozen(self.mask))
        object.__setattr__(self, "attributes", MappingProxyType(dict(self.attributes)))

    @property
    def slot(self) -> Slot:
        """The place it takes in an outfit."""
        return SLOT_OF[self.category]


@dataclass(frozen=True, eq=False)
class Garments(Sequence[Garment]):
    """The garments of one photo, best score first.

    Attributes:
        height, width: size of the photo in pixels; every mask has this shape.
        items: the garments, sorted by falling score at birth.
    """

    height: int
    width: int
    items: tuple[Garment, ...] = ()

    def __post_init__(self) -> None:
        for garment in self.items:
            if garment.mask.shape != (self.height, self.width):
                raise ValueError(
                    f"mask: got {garment.mask.shape}; expected {(self.height, self.width)}"
                )
        ordered = tuple(sorted(self.items, key=lambda garment: -garment.score))
        object.__setattr__(self, "items", ordered)

    @classmethod
    def empty(cls, photo: Photo) -> Garments:
        """Return the answer for a photo in which nothing was found."""
        return cls(photo.height, photo.width)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Garment]:
        return iter(self.items)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # Sequence's overloads
        return self.items[index]

    def where(self, keep: Sequence[bool] | NDArray[np.bool_]) -> Garments:
        """Return the garments whose flag in `keep` is true.

        Raises:
            ValueError: `keep` has another length.
        """
        kept = tuple(g for g, flag in zip(self.items, keep, strict=True) if flag)
        return Garments(self.height, self.width, kept)


def _frozen(array: NDArray[np.generic]) -> NDArray[np.generic]:
    view = np.ascontiguousarray(array).view()
    view.setflags(write=False)
    return view
