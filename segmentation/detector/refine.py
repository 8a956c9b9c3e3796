"""segment-anything as a refiner: finer masks for what the detector found. Optional.

SAM (Kirillov et al., ICCV 2023) is asked for the mask inside each garment's box. It knows outlines
but no garments: from the box of a jacket it may well return the whole person. So its mask is kept
only where it agrees with the detector's, and the detector's is kept elsewhere.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from segmentation.common.boxes import box_of
from segmentation.common.errors import WeightsError
from segmentation.common.garments import Garment, Garments, Mask, Photo, Rgb
from segmentation.common.masks import iou
from segmentation.common.taxonomy import Category

AGREEMENT: Final = 0.7
"""SAM's mask is kept where its IoU with the detector's is higher."""
_WIDTH_KEY: Final = "image_encoder.pos_embed"


class Finder(Protocol):
    """A detector, as far as it matters here."""

    def segment(self, photo: Photo, *, everyone: bool = False) -> Garments:
        """Return the garments of a photo."""

    def outline(self, photo: Photo, box_xyxy: Sequence[float], category: Category) -> Garment:
        """Return the garment of a kind that fills a box."""

    def kinds(self, photo: Photo, box_xyxy: Sequence[float]) -> list[tuple[Category, float]]:
        """Return what the garment in a box may be, likeliest first."""


class Predictor(Protocol):
    """The part of `segment_anything.SamPredictor` that is used here."""

    def set_image(self, image: Rgb) -> None:
        """Embed an H x W x 3 uint8 RGB picture."""

    def predict(
        self, *, box: NDArray[np.float64], multimask_output: bool
    ) -> tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.float32]]:
        """Return (1, H, W) masks, their scores and logits for a (4,) xyxy box in pixels."""

    def reset_image(self) -> None:
        """Forget the picture."""


class Refiner:
    """Gives garments finer masks; safe to share between threads, one photo at a time."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._lock = threading.Lock()

    @classmethod
    def load(cls, checkpoint: Path) -> Refiner:
        """Return the refiner of a SAM checkpoint, of whichever of the three published sizes.

        Raises:
            WeightsError: the checkpoint is missing, damaged or foreign, or the extra `refine` is
                not installed.
        """
        try:
            from segment_anything import (
                SamPredictor,
                build_sam_vit_b,
                build_sam_vit_h,
                build_sam_vit_l,
            )
        except ModuleNotFoundError as error:
            raise WeightsError(
                "refining needs a package that is not installed",
                got=f"no {error.name}",
                expected="the extra `refine`",
                next_step="Run `pip install 'complete-the-look[refine]'`, or unset RECOMMENDER_SAM.",
            ) from error
        published = {768: build_sam_vit_b, 1024: build_sam_vit_l, 1280: build_sam_vit_h}
        return cls(SamPredictor(load_sam(checkpoint, published)))

    def refine(self, photo: Photo, garments: Garments) -> Garments:
        """Return the same garments in the same order, with SAM's masks where the two agree.

        The photo is embedded once, however many garments there are, and forgotten afterwards.
        """
        if not garments:
            return garments
        with self._lock, torch.inference_mode():
            self._predictor.set_image(photo.rgb)
            try:
                refined = tuple(self._refined(garment) for garment in garments)
            finally:
                self._predictor.reset_image()
        return Garments(garments.height, garments.width, refined)

    def _refined(self, garment: Garment) -> Garment:
        masks, _, _ = self._predictor.predict(
            box=np.array(garment.box_xyxy), multimask_output=False
        )
        return agreed(garment, np.asarray(masks[0], dtype=bool))


class RefinedDetector:
    """A detector whose garments get finer masks."""

    def __init__(self, detector: Finder, refiner: Refiner) -> None:
        self._detector, self._refiner = detector, refiner

    def segment(self, photo: Photo, *, everyone: bool = False) -> Garments:
        """Return the garments of a photo; see the detector that is wrapped."""
        return self._refiner.refine(photo, self._detector.segment(photo, everyone=everyone))

    def outline(self, photo: Photo, box_xyxy: Sequence[float], category: Category) -> Garment:
        """Return the garment of a kind that fills a box; see the detector that is wrapped."""
        garment = self._detector.outline(photo, box_xyxy, category)
        [refined] = self._refiner.refine(photo, Garments(photo.height, photo.width, (garment,)))
        return refined

    def kinds(self, photo: Photo, box_xyxy: Sequence[float]) -> list[tuple[Category, float]]:
        """Return what the garment in a box may be; see the detector that is wrapped."""
        return self._detector.kinds(photo, box_xyxy)


def agreed(garment: Garment, mask: Mask) -> Garment:
    """Return the garment with another mask, and its box, if that agrees with its own.

    >>> own = np.zeros((4, 4), dtype=bool)
    >>> own[:, :3] = True
    >>> belt = Garment(Category.BELT, 0.9, (0.0, 0.0, 3.0, 4.0), own)
    >>> agreed(belt, np.ones((4, 4), dtype=bool)).box_xyxy
    (0.0, 0.0, 4.0, 4.0)
    >>> agreed(belt, ~own) is belt
    True
    """
    box = box_of(mask)
    if box is None or iou(garment.mask, mask) <= AGREEMENT:
        return garment
    return replace(garment, box_xyxy=box, mask=mask)


def load_sam(checkpoint: Path, builders: Mapping[int, Callable[[], nn.Module]]) -> nn.Module:
    """Return a SAM with the weights of a checkpoint, ready to predict.

    Args:
        checkpoint: a state dictionary as the authors publish them; tensors only, no code is run.
        builders: width of the image encoder -> what builds a SAM of that width.

    Raises:
        WeightsError: the checkpoint is missing, damaged or foreign.
    """
    state = _read(checkpoint)
    position = state.get(_WIDTH_KEY)
    width = position.shape[-1] if isinstance(position, Tensor) and position.ndim else 0
    if width not in builders:
        raise _refused(checkpoint, "no image encoder of a known width")
    model = builders[width]()
    try:
        model.load_state_dict(state)
    except (RuntimeError, TypeError) as error:
        raise _refused(checkpoint, str(error)) from error
    return model.eval()


def _read(checkpoint: Path) -> dict[str, Any]:
    try:
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    # What torch.load raises for a file that it did not write is documented nowhere: these were seen.
    except (OSError, EOFError, RuntimeError, ValueError, pickle.UnpicklingError) as error:
        raise _refused(checkpoint, str(error)) from error
    if not isinstance(state, dict):
        raise _refused(checkpoint, f"a {type(state).__name__}")
    return state


def _refused(checkpoint: Path, got: str) -> WeightsError:
    first = got.splitlines()[0][:200] if got else "an empty file"
    return WeightsError(
        "the segment-anything checkpoint cannot be used",
        got=f"{checkpoint}: {first}",
        expected="a checkpoint of vit_b, vit_l or vit_h as segment-anything publishes it",
        next_step="Fetch it again, give another, or unset RECOMMENDER_SAM to do without.",
    )
