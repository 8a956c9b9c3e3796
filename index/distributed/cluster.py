"""A connection to a Ray cluster, or to one that is started here for as long as it is needed.

Ray reads its environment when it is imported; nothing else imports it.
"""

from __future__ import annotations

import importlib
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Final

from index.errors import ClusterError

LOOPBACK: Final = "127.0.0.1"
STORE_BYTES: Final = 512 * 1024 * 1024
"""Shared memory of a cluster that is started here; pictures on their way lie in it."""
_KNOCK_S: Final = 5.0
_AGAIN: Final = "then run this again: what was written stays, and only the rest is encoded."


@contextmanager
def connected(address: str, cpus: int | None = None) -> Iterator[ModuleType]:
    """Yield `ray`, connected; a process that is connected already is left as it is.

    Args:
        address: `HOST:PORT` of a cluster that this machine is part of; empty for one that is
            started here, on loopback alone, and ends with the block.
        cpus: processors that a cluster started here has; all where not given.

    Raises:
        ClusterError: Ray is not installed, or there is no such cluster.
    """
    ray = _imported(address)
    if ray.is_initialized():
        yield ray
        return
    try:
        if address:
            _knock(address)
            ray.init(address=address, log_to_driver=False, logging_level="ERROR")
        else:
            ray.init(
                address="local",
                num_cpus=cpus,
                include_dashboard=False,
                object_store_memory=STORE_BYTES,
                log_to_driver=False,
                logging_level="ERROR",
                _node_ip_address=LOOPBACK,
            )
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreachable(address, str(error)) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _imported(address: str) -> ModuleType:
    if "://" in address:
        raise ClusterError(
            "this address of a cluster is not supported",
            got=address,
            expected="HOST:PORT of a cluster that this machine is part of",
            next_step="Run `ray start --address=HOST:PORT` on this machine and give HOST:PORT: the "
            "pictures are read here.",
        )
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is sent to anybody
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # it warns of what is meant here
    if not address or address.partition(":")[0] in (LOOPBACK, "localhost"):
        # else Ray puts this machine's outward address in the place of 127.0.0.1
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        ray = importlib.import_module("ray")
        importlib.import_module("ray.data")
        logging.getLogger("ray.data").setLevel(logging.ERROR)
    except ModuleNotFoundError as error:
        raise ClusterError(
            "the engine ray needs a package that is not installed",
            got=f"no {error.name}",
            expected="the extra `scale`",
            next_step="Run `pip install 'complete-the-look[scale]'`.",
        ) from error
    return ray


def _knock(address: str) -> None:
    """Raise where nothing listens; Ray itself would try for minutes."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal():
        raise ValueError(f"{address!r} is not HOST:PORT")
    with socket.create_connection((host.strip("[]"), int(port)), _KNOCK_S):
        pass


def _unreachable(address: str, got: str) -> ClusterError:
    return ClusterError(
        f"the Ray cluster {address or 'on this machine'} cannot be used",
        got=got.strip().splitlines()[0] if got.strip() else "no answer",
        expected="a cluster of the same version of Ray and Python that this machine is part of",
        next_step=f"Run `ray status` on this machine and mend what it says, {_AGAIN}",
    )


def broken(got: BaseException) -> ClusterError:
    """Return the refusal for work that a cluster gave up."""
    last = str(got).strip().splitlines()
    return ClusterError(
        "the Ray cluster could not do the work",
        got=f"{type(got).__name__}: {last[-1] if last else ''}",
        expected="workers with the same version of complete-the-look, and memory enough",
        next_step=f"Mend that on the workers, {_AGAIN}",
    )
