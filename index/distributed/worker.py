"""The part that runs on a worker: it loads the models once, then turns pictures into vectors."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from index.distributed.jobs import EncodedPicture, EncodingJob, Finished, Recipe
from index.errors import ClusterError
from index.importing.encoding import CutOut, Workbench
from segmentation.common.errors import PhotoError, Refusal
from segmentation.common.photo import decode

Files: TypeAlias = Sequence[bytes | str]
"""A job's files in its order; a text says why there is none."""


@dataclass(frozen=True)
class Worker:
    """Encodes jobs; made by `Worker.ready`."""

    workbench: Workbench

    @classmethod
    def ready(cls, recipe: Recipe, fingerprint: str) -> Worker:
        """Return a worker whose encoder is the one that the catalogue is built with.

        Raises:
            ClusterError: it has another encoder; its vectors would not fit the others.
            Refusal: its models cannot be loaded.
        """
        workbench = recipe()
        found = workbench.encoder.fingerprint
        if found != fingerprint:
            raise ClusterError(
                "a worker has another encoder",
                got=f"{found} on {platform.node()}",
                expected=f"{fingerprint}, the encoder of the machine that builds",
                next_step="Install the same version there and put the same weights at the same "
                "path, then run this again: what was written stays.",
            )
        return cls(workbench)

    def encode(self, jobs: Sequence[tuple[EncodingJob, Files]]) -> list[Finished]:
        """Return what became of each job, in order; all cut-outs go through the encoder at once.

        Raises:
            WeightsError: the encoder's answer is unusable.
        """
        seen: list[dict[str, EncodedPicture | str]] = [{} for _ in jobs]
        waiting: list[tuple[int, str, CutOut]] = []
        for at, (job, pictures) in enumerate(jobs):
            for name, data in zip(job.names, pictures, strict=True):
                made = self._cut(job, data)
                if isinstance(made, str):
                    seen[at][name] = made
                else:
                    waiting.append((at, name, made))
        pieces = [piece for _, _, piece in waiting]
        vectors = self.workbench.vectors([piece.cutout_rgb for piece in pieces])
        measured = self.workbench.measured(pieces, vectors)
        for (at, name, _), vector, entry in zip(waiting, vectors, measured, strict=True):
            seen[at][name] = EncodedPicture(vector, entry)
        return [Finished(job.sku, each) for (job, _), each in zip(jobs, seen, strict=True)]

    def _cut(self, job: EncodingJob, data: bytes | str) -> CutOut | str:
        if isinstance(data, str):
            return data
        try:
            cutout_rgb, measured = self.workbench.cutter(decode(data), job.category, job.pictures)
        except PhotoError as error:
            return str(error)
        return CutOut(cutout_rgb, job.category, measured)


class Station:
    """A worker as an engine calls it: a refusal comes back as an answer, not as a broken process.

    An engine restarts a process that breaks, for ever; a refusal has to reach the user.
    """

    def __init__(self, recipe: Recipe, fingerprint: str) -> None:
        """Load the models. A refusal is kept until the first call."""
        try:
            self._worker: Worker | Refusal = Worker.ready(recipe, fingerprint)
        except Refusal as refusal:
            self._worker = refusal

    def answer(self, jobs: Sequence[tuple[EncodingJob, Files]]) -> list[Finished] | Refusal:
        """Return what became of each job, or why this worker cannot be used."""
        if isinstance(self._worker, Refusal):
            return self._worker
        try:
            return self._worker.encode(jobs)
        except Refusal as refusal:
            return refusal
