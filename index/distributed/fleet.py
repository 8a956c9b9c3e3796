"""Ray Data as the fleet: jobs -> files, read here -> vectors, made anywhere -> back, streamed.

This machine reads the pictures and workers get their bytes, so that no folder is shared. Ray holds
back the reading while workers are busy: memory stays flat however many jobs there are. Where a node
dies Ray gives its work to another; it may come back twice, and writing twice is writing once.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from types import ModuleType
from typing import Final

import pyarrow as pa

from index.distributed.cluster import broken, connected
from index.distributed.jobs import EncodingJob, Finished, Recipe
from index.distributed.worker import Files, Station
from index.errors import ClusterError
from index.files.images import ImageStore
from index.importing.plan import batched
from segmentation.common.errors import Refusal

WINDOW: Final = 100_000
"""Jobs of one pipeline. Workers load their models anew for each; the driver holds so many names."""


@dataclass(frozen=True)
class Resources:
    """What is asked of the cluster.

    Attributes:
        workers: processes that encode; 0 for as many as the cluster has room for.
        cpus: processors of each.
        gpus: GPUs of each, or a share of one.
    """

    workers: int = 0
    cpus: float = 1.0
    gpus: float = 0.0


@dataclass(frozen=True)
class RayFleet:
    """Encodes on a Ray cluster.

    Attributes:
        recipe: how a worker makes its workbench.
        fingerprint: the encoder that a worker must have.
        images: where this machine keeps the pictures.
        address: see `cluster.connected`.
        resources: how many workers, and what each of them takes.
        batch_size: jobs that a worker is given at once.
        window: jobs of one pipeline.
    """

    recipe: Recipe
    fingerprint: str
    images: ImageStore
    address: str = ""
    resources: Resources = Resources()
    batch_size: int = 32
    window: int = WINDOW

    def encode(self, jobs: Iterable[EncodingJob]) -> Iterator[list[Finished]]:
        """Yield what became of jobs. See `Fleet.encode`; where there are none, no cluster is asked.

        Raises:
            ClusterError: there is no such cluster, it has no room, or it gave the work up.
            Refusal: a worker's models cannot be used.
        """
        rest = iter(jobs)
        first = list(islice(rest, self.window))
        if not first:
            return
        with connected(self.address) as ray:
            number = self._number(ray)
            for window in self._windows(first, rest):
                try:
                    yield from self._run(ray, window, number)
                except ray.exceptions.RayError as error:
                    raise broken(error) from error

    def _windows(
        self, first: list[EncodingJob], rest: Iterator[EncodingJob]
    ) -> Iterator[list[EncodingJob]]:
        yield first
        yield from batched(rest, self.window)

    def _run(
        self, ray: ModuleType, jobs: Sequence[EncodingJob], number: int
    ) -> Iterator[list[Finished]]:
        settings, data = ray.data.DataContext.get_current(), ray.data
        settings.enable_progress_bars = settings.print_on_execution_start = False
        blocks = [
            pa.table({"job": [pickle.dumps(job) for job in batch]})
            for batch in batched(jobs, self.batch_size)
        ]
        number = min(number, len(blocks))
        read = data.from_arrow(blocks).map_batches(
            _Reading(self.images),
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=0,
            compute=data.TaskPoolStrategy(size=1),
            label_selector={"ray.io/node-id": ray.get_runtime_context().get_node_id()},
        )
        made = read.map_batches(
            _Making,
            batch_size=None,
            batch_format="pyarrow",
            fn_constructor_args=(self.recipe, self.fingerprint),
            num_cpus=self.resources.cpus,
            num_gpus=self.resources.gpus or None,
            # one may stay when nodes are lost: a pool that insists on all would wait for ever
            compute=data.ActorPoolStrategy(
                min_size=1,
                max_size=number,
                initial_size=number,
                max_tasks_in_flight_per_actor=2,
            ),
        )
        for block in made.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            for answer in block["answer"].to_pylist():
                yield _finished(pickle.loads(answer))

    def _number(self, ray: ModuleType) -> int:
        """Return how many workers there will be.

        Raises:
            ClusterError: no node has what one of them takes.
        """
        wanted = self.resources
        nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        room = sum(room_of(node, wanted) for node in nodes)
        if room == 0:
            most = max((node.get("CPU", 0.0) for node in nodes), default=0.0)
            gpus = max((node.get("GPU", 0.0) for node in nodes), default=0.0)
            raise ClusterError(
                "no node of the cluster has what a worker takes",
                got=f"at most {most:g} processors and {gpus:g} GPUs on one of {len(nodes)} nodes",
                expected=f"{wanted.cpus:g} processors and {wanted.gpus:g} GPUs",
                next_step="Start nodes that have them, or ask for less.",
            )
        return min(wanted.workers, room) if wanted.workers else room


class _Reading:
    """Reads the pictures of jobs from this machine's folder."""

    def __init__(self, images: ImageStore) -> None:
        self._images = images

    def __call__(self, block: pa.Table) -> pa.Table:
        jobs = block["job"].to_pylist()
        files = [pickle.dumps(self._files(pickle.loads(job))) for job in jobs]
        return pa.table({"job": jobs, "files": pa.array(files, pa.large_binary())})

    def _files(self, job: EncodingJob) -> Files:
        return [self._file(name) for name in job.names]

    def _file(self, name: str) -> bytes | str:
        try:
            return self._images.path_of(name).read_bytes()
        except (OSError, ValueError) as error:
            return str(error)


class _Making:
    """A `Station` that speaks in blocks."""

    def __init__(self, recipe: Recipe, fingerprint: str) -> None:
        self._station = Station(recipe, fingerprint)

    def __call__(self, block: pa.Table) -> pa.Table:
        rows = zip(block["job"].to_pylist(), block["files"].to_pylist(), strict=True)
        jobs = [(pickle.loads(job), pickle.loads(files)) for job, files in rows]
        return pa.table({"answer": [pickle.dumps(self._station.answer(jobs))]})


def _finished(answer: list[Finished] | Refusal) -> list[Finished]:
    if isinstance(answer, Refusal):
        raise answer
    return answer


def room_of(node: dict[str, float], wanted: Resources) -> int:
    """Return how many such workers a node with these resources has room for."""
    rooms = [
        int(node.get(name, 0.0) / each)
        for name, each in (("CPU", wanted.cpus), ("GPU", wanted.gpus))
        if each
    ]
    return min(rooms, default=1)
