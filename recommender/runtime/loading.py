"""The models that the settings name, read from this machine. Torch is loaded when the first one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recommender.compatibility.model import Scorer, SimilarityAndColour
from recommender.ports import Detector
from recommender.settings import Settings
from segmentation.common.errors import WeightsError

if TYPE_CHECKING:
    from index.encoders.encoder import Encoder


def detector(settings: Settings) -> Detector:
    """Return the garment detector, refined by segment-anything where a checkpoint is set."""
    _prepare_machine(settings)
    from segmentation.detector import maskrcnn
    from segmentation.engines.choice import Engine

    found = maskrcnn.Detector.load(
        settings.detector or maskrcnn.WEIGHTS, engine=Engine(settings.engine)
    )
    if settings.sam_checkpoint is None:
        return found
    from segmentation.detector.refine import RefinedDetector, Refiner

    refiner = Refiner.load(settings.sam_checkpoint)
    return RefinedDetector(found, refiner)


def for_catalogue(given: Detector) -> tuple[Detector, ...]:
    """Return a detector as it looks at pictures that one garment fills: smaller, faster, coarse at first."""
    from segmentation.detector import coarse, maskrcnn

    if isinstance(given, maskrcnn.Detector):
        return given.at(coarse.COARSE_SIZE, coarse=True), given.at(maskrcnn.CATALOGUE_SIZE)
    return (given,)  # its masks are refined at the photo's own size


def encoder_name(settings: Settings) -> str:
    """Return the name or folder of the encoder."""
    from index.encoders import encoder as encoders

    return settings.encoder or str(encoders.WEIGHTS)


def encoder(settings: Settings) -> Encoder:
    """Return the encoder."""
    _prepare_machine(settings)
    from index.encoders import encoder as encoders
    from segmentation.engines.choice import Engine

    return encoders.OpenClipEncoder(encoder_name(settings), engine=Engine(settings.engine))


def scorer(settings: Settings, fingerprint: str) -> Scorer:
    """Return what scores looks made of an encoder's vectors; see `Wiring.scorer`."""
    from recommender.compatibility import learned, saved

    chosen = settings.compatibility
    model = saved.read_model(chosen / saved.FILE if chosen else saved.WEIGHTS)
    if model.fingerprint == fingerprint:
        return learned.Compatibility(model)
    if chosen is None:
        return SimilarityAndColour()
    raise WeightsError(
        "this compatibility model was trained for another encoder",
        got=f"{chosen}: made with {model.fingerprint}",
        expected=f"one for the encoder in use, {fingerprint}",
        next_step="Run `recommender train compatibility` with this encoder, or unset "
        "RECOMMENDER_COMPATIBILITY.",
    )


def _prepare_machine(settings: Settings) -> None:
    """Set up memory and threads, and import the libraries of the networks, before these are."""
    import torch

    from segmentation.common.precision import keep_freed_memory, one_thread_for_numpy
    from segmentation.detector import libraries

    libraries.load("torchvision", "timm", "open_clip")
    keep_freed_memory()
    one_thread_for_numpy()
    if settings.threads:
        torch.set_num_threads(settings.threads)
