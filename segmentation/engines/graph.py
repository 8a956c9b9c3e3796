"""A network as OpenVINO runs it: read, held to the weights it was made from, given arrays."""

from __future__ import annotations

import functools
import hashlib
import importlib
import queue
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

ARCHITECTURE: Final = "openvino-ir"


class GraphUnfit(Exception):  # noqa: N818  # it says what is so; torch serves instead
    """A compiled graph cannot be used here; the reason is its message."""


def openvino() -> Any:
    """Return the package `openvino`, kept from its telemetry.

    Importing it imports `openvino_telemetry`, which sends what models are converted; where that
    package cannot be imported, OpenVINO does without.

    Raises:
        GraphUnfit: it is not installed, or its libraries do not load.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        importlib.import_module("openvino.opset13")
        return importlib.import_module("openvino")
    except (ImportError, OSError) as error:
        raise GraphUnfit(f"OpenVINO cannot be imported: {error}") from error


@functools.cache
def _core() -> Any:
    """Return the one core of this process.

    It is never given up: with its last network OpenVINO unloads what runs them, under threads that have not ended.
    """
    return openvino().Core()


def graph_beside(weights: Path) -> Path:
    """Return where the graph of some weights lies.

    >>> graph_beside(Path("weights/maskrcnn.safetensors")).as_posix()
    'weights/maskrcnn.int8.safetensors'
    """
    return weights.with_suffix(".int8.safetensors")


def digest_of(weights: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_graph(model: Any, weights: Path) -> Path:
    """Write a network of OpenVINO's beside the float weights that it was made from; return where.

    One file of safetensors: `graph`, its XML compressed, and `constants`, both bytes.
    """
    path = graph_beside(weights)
    with tempfile.TemporaryDirectory() as folder:
        xml = Path(folder) / "graph.xml"
        openvino().save_model(model, xml, compress_to_fp16=True)
        parts = {
            "graph": zlib.compress(xml.read_bytes(), 9),
            "constants": xml.with_suffix(".bin").read_bytes(),
        }
    arrays = {name: np.frombuffer(part, dtype=np.uint8) for name, part in parts.items()}
    save_file(arrays, path, {"architecture": ARCHITECTURE, "weights": digest_of(weights)})
    path.chmod(0o644)  # safetensors writes for its owner alone
    return path


class Graph:
    """A compiled network; safe to share between threads, as many at once as it was compiled for."""

    def __init__(self, model: Any, threads: int, at_once: int = 1, *, bf16: bool = False) -> None:
        """Compile.

        Args:
            model: as OpenVINO read it.
            threads: of the processor, all runs together.
            at_once: runs at the same time, which share the threads.
            bf16: float parts are computed in bfloat16.
        """
        self._model = model
        # It is said, not left open: OpenVINO takes bfloat16 on any processor that has it, and
        # cannot be told by ONEDNN_MAX_CPU_ISA that it must not.
        self._compiled = _core().compile_model(model, "CPU", {
            "INFERENCE_NUM_THREADS": max(threads, at_once),
            "NUM_STREAMS": at_once,
            "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
            "ENABLE_CPU_PINNING": False,
        })  # fmt: skip
        self._free: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(at_once):
            self._free.put(self._compiled.create_infer_request())

    @classmethod
    def read(cls, path: Path, weights: Path, threads: int) -> Graph:
        """Return the graph in a file.

        Args:
            path: as `write_graph` wrote it.
            weights: those that it must have been made from.
            threads: of the processor.

        Raises:
            GraphUnfit: OpenVINO or the file is missing or damaged, or it was made from other weights.
        """
        package = openvino()
        try:
            with safe_open(path, framework="numpy") as file:
                made_from = (file.metadata() or {}).get("weights")
                packed, constants = file.get_tensor("graph"), file.get_tensor("constants")
        except (OSError, SafetensorError) as error:
            raise GraphUnfit(f"{path} cannot be read: {error}") from error
        if made_from != digest_of(weights):
            raise GraphUnfit(f"{path} was made from other weights than {weights}")
        try:
            graph = zlib.decompress(packed.tobytes())
            return cls(_core().read_model(graph, package.Tensor(constants)), threads)
        except (RuntimeError, zlib.error) as error:
            raise GraphUnfit(f"{path} cannot be compiled here: {error}") from error

    def shared(self, at_once: int) -> Graph:
        """Return the same network compiled for several runs at the same time, a thread each."""
        return Graph(self._model, at_once, at_once)

    @contextmanager
    def run(self, inputs: NDArray[np.float32]) -> Iterator[list[NDArray[np.float32]]]:
        """Yield the network's outputs, in order; they are overwritten once the block is left."""
        request = self._free.get()
        try:
            found = request.infer([inputs], share_inputs=True, share_outputs=True)
            yield list(found.values())
        finally:
            self._free.put(request)
