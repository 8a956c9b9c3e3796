"""Encoding on a cluster: what travels to its workers, and what they make of it there."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import dataclass
from pathlib import Path

from index.distributed.fleet import RayFleet, Resources
from index.errors import ClusterError
from index.importing.encoding import Workbench
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings


@dataclass(frozen=True)
class WorkerRecipe:
    """Makes indexing's workbench from this machine's models, once they are known to be the same.

    The package must be installed on the worker. Shipped weights come with it; others must lie at
    the same path as on the machine that builds.

    Attributes:
        settings: those that name models and threads; nothing else travels.
        sums: SHA-256 of what cuts out: the detector's weights, and a segment-anything checkpoint.
    """

    settings: Settings
    sums: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings, resources: Resources) -> WorkerRecipe:
        """Return the recipe for these settings.

        Args:
            settings: of the machine that builds.
            resources: of a worker: as many threads as processors where the settings do not say, and a GPU
                only where one is kept for it.

        Raises:
            ClusterError: weights that the settings name are not here.
        """
        carried = Settings.model_construct(
            detector=settings.detector,
            sam=settings.sam_checkpoint,
            encoder=settings.encoder,
            threads=settings.threads or max(1, int(resources.cpus)),
            engine="cpu" if settings.engine == "auto" and not resources.gpus else settings.engine,
        )
        return cls(carried, _sums(carried))

    def __call__(self) -> Workbench:
        """Return the workbench.

        Raises:
            ClusterError: weights are missing here, or are others.
            WeightsError: the encoder cannot be loaded.
        """
        found = _sums(self.settings)
        if found != self.sums:
            raise ClusterError(
                "a worker has another detector",
                got=f"weights {', '.join(each[:12] for each in found)} on {platform.node()}",
                expected=f"{', '.join(each[:12] for each in self.sums)}, those of the machine that "
                "builds",
                next_step="Install the same version there and put the same weights at the same "
                "path, then run this again: what was written stays.",
            )
        wiring = Wiring(self.settings)
        return Workbench(wiring.cutter, wiring.encoder, wiring.attributes, facts=wiring.facts)


def fleet_of(wiring: Wiring, address: str, resources: Resources) -> RayFleet:
    """Return the Ray cluster at an address as what encodes this wiring's pictures.

    Args:
        wiring: its settings and its encoder decide what a worker must have.
        address: `HOST:PORT`; empty for a cluster that is started here while it is needed.
        resources: how many workers, and what each takes.

    Raises:
        ClusterError: weights that the settings name are not here.
    """
    return RayFleet(
        WorkerRecipe.of(wiring.settings, resources),
        wiring.encoder.fingerprint,
        wiring.images,
        address,
        resources,
    )


def _sums(settings: Settings) -> tuple[str, ...]:
    from segmentation.detector import maskrcnn  # loads torch

    files = (settings.detector or maskrcnn.WEIGHTS, settings.sam)
    return tuple(_sum(file) for file in files if file is not None)


def _sum(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise ClusterError(
            "the weights for cutting out cannot be read",
            got=f"{error.strerror or error} ({file} on {platform.node()})",
            expected="the same file on every machine",
            next_step="Copy it there, or unset RECOMMENDER_DETECTOR and RECOMMENDER_SAM for the "
            "shipped detector.",
        ) from error
